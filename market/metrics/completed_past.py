"""The members' past, one session longer once the listings hold a session's official prices."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from market.metrics.member_prices import Prices
from market.metrics.panel import DAY_S
from market.past import with_session
from market.quotes import Bars
from market.sessions import next_session, previous_session, session_of
from market.snapshot import Snapshot

SETTLED = timedelta(minutes=30)
"""After the close the listings hold the official prices."""


def completed_past(snapshot: Snapshot, prices: Prices, at: datetime) -> tuple[Bars, ...]:
    """The members' past with the session that the listings completed, once that is official.

    What is seen for the first time in a later session may have been struck in mid-session.
    """
    import numpy as np

    session, listings = session_of(prices.day), snapshot.listings
    if at < session.close + SETTLED or listings is None or prices.listed != prices.day:
        return ()
    if not session.close <= listings.as_of < session_of(next_session(prices.day)).open:
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
