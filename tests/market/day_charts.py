"""Made-up five-day charts, of which it is known how volume comes within a day."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from datetime import date

from market.instruments import TRACKER
from market.metrics.day_curve import SPAN
from market.quotes import Bars, Key, Kind
from market.sessions import session_of, sessions_back, sessions_between

STEP = 300


def evenly(day: date, place: float) -> float:
    """As much in every bar of every day."""
    del day, place
    return 1000.0


def five_days(
    until: date,
    volume: Callable[[date, float], float] = evenly,
    *,
    symbol: str = TRACKER,
    sessions: int = 5,
) -> Bars:
    """Five-minute bars of so many whole sessions up to one, at one price.

    Args:
        until: The newest session.
        volume: Shares of a bar by its day and its place in it, from 0 to nearly 1.
        symbol: Whose chart it is.
        sessions: How many.
    """
    days = sessions_between(sessions_back(until, sessions - 1), until)
    times, volumes = array("q"), array("d")
    for session in map(session_of, days):
        opened, closed = int(session.open.timestamp()), int(session.close.timestamp())
        for time in range(opened, closed, STEP):
            times.append(time)
            volumes.append(volume(session.day, (time - opened) / (closed - opened)))
    return Bars(
        key=Key(Kind.CHART, symbol, SPAN),
        interval_s=STEP,
        source="yahoo",
        as_of=session_of(until).close,
        times=times,
        close=array("d", [100.0]) * len(times),
        volume=volumes,
    )
