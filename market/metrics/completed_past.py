"""The members' past, one session longer once the listings hold a session's official prices."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from market.metrics.member_prices import Prices
from market.metrics.panel import DAY_S
from market.past import with_session
from market.quotes import Bars
from market.sessions import previous_session, session_of
from market.snapshot import Snapshot

SETTLED = timedelta(minutes=30)
"""After the close the listings hold the official prices."""


def completed_past(snapshot: Snapshot, prices: Prices, at: datetime) -> tuple[Bars, ...]:
    """The members' past with the session that the listings completed, once that is official."""
    import numpy as np

    session = session_of(prices.day)
    if at < session.close + SETTLED or snapshot.listings is None:
        return ()
    if prices.listed != prices.day or snapshot.listings.as_of < session.close:
        return ()
    changed: list[Bars] = []
    usable = prices.usable
    for row, symbol in enumerate(prices.symbols):
        past = snapshot.past.get(symbol)
        if past is None or not usable[row] or not _follows(past, prices.day):
            continue
        last, volume = float(prices.last[row]), float(prices.volume[row])
        if np.isfinite(last):
            changed.append(with_session(past, session.open, last, volume))
    return tuple(changed)


def _follows(past: Bars, day: date) -> bool:
    """Whether a session is the very next one of a member's past: no gap is bridged."""
    if not len(past):
        return False
    return (
        past.times[-1] // DAY_S == int(session_of(previous_session(day)).open.timestamp()) // DAY_S
    )
