"""How old a fund's holdings are: in sessions, since a file of one day appears on the next."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from market.sessions import exchange_date, sessions_between

STALE_AFTER = 4
"""Sessions that may begin before a newer file is missed: one appears on the next (METRICS 17)."""


def why_holdings_late(day: date, now: datetime) -> str:
    """Return why a fund's holdings of a day are late at an instant; empty if they are not."""
    passed = _sessions_since(day, exchange_date(now))
    if passed <= STALE_AFTER:
        return ""
    return f"the weights are of {day_in_words(day, now)}: no newer holdings for {passed} sessions"


def day_in_words(day: date, now: datetime) -> str:
    """Return `5 May`, and the year too where the day is not of the months around `now`."""
    near = abs((exchange_date(now) - day).days) < _NEAR_DAYS
    return f"{day.day} {day:%b}" if near else f"{day.day} {day:%b} {day.year}"


_NEAR_DAYS = 300


@lru_cache(maxsize=16)
def _sessions_since(day: date, today: date) -> int:
    """The sessions after a day, today's included."""
    return sum(1 for _ in sessions_between(day + timedelta(days=1), today))
