"""When the simulated market is: its days, and where its time comes from."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from market.clock import Clock, SimulatedClock
from market.quotes import Phase
from market.sessions import session_state

LATE_IN_SESSION = timedelta(hours=5, minutes=30)
"""How long after its open the demo shows a session when the market is closed: 15:00."""


def demo_days() -> tuple[date, date]:
    """Return the first and the last day of the simulated market."""
    from market.feeds.demo_days import FIRST_DAY, LAST_DAY

    return FIRST_DAY, LAST_DAY


def demo_clock(wall: Clock, at: datetime | None, speed: float) -> SimulatedClock:
    """Return the clock of a demo that begins at an instant, by default at a lively one."""
    return SimulatedClock(at if at is not None else demo_start(wall.now()), speed)


def demo_start(now: datetime) -> datetime:
    """Return when a demo begins that was given no instant.

    That is now while the market trades, else 15:00 New York of the last session: a demo on
    a Sunday should show a market at work.
    """
    state = session_state(now)
    if state.phase is Phase.REGULAR:
        return now
    last = state.session
    begins = min(last.open + LATE_IN_SESSION, last.close - timedelta(minutes=30))
    return begins if begins <= now else _afternoon_before(now)


def _afternoon_before(now: datetime) -> datetime:
    return demo_start(now - timedelta(hours=12))
