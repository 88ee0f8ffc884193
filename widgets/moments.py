"""Instants as people read them: New York time, with the weekday or date when it is not today."""

from __future__ import annotations

from datetime import datetime, timedelta

from market.sessions import NEW_YORK, exchange_date
from widgets.strips import MISSING


def moment(at: datetime | None, now: datetime, *, seconds: bool = False) -> str:
    """Return `14:35`, `Fri 16:00` within a week, `12 Jun` further away."""
    if at is None:
        return MISSING
    local = at.astimezone(NEW_YORK)
    days = abs((exchange_date(at) - exchange_date(now)).days)
    if days == 0:
        return f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    if days < 7:
        return f"{local:%a %H:%M}"
    return f"{local.day} {local:%b}" if days < 300 else f"{local:%Y-%m-%d}"


def span_text(span: timedelta | None) -> str:
    """Return a short time: `0.4 s`, `12 s`, `5 m`, `3 h`, `2 d`."""
    if span is None:
        return MISSING
    seconds = max(0.0, span.total_seconds())
    if seconds < 10:
        return f"{seconds:.1f} s"
    for size, unit, most in ((1, "s", 120), (60, "m", 7200), (3600, "h", 172_800)):
        if seconds < most:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86_400:.0f} d"
