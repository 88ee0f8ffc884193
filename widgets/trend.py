"""The points of a sparkline: a symbol's price over one window."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, datetime
from weakref import WeakKeyDictionary

from market.quotes import Bars, Kind
from market.sessions import exchange_date
from market.snapshot import Snapshot
from widgets.bar_times import day_of, first_index, session_of_bars

POINTS = 40
"""Most points of a sparkline: two a cell of twenty cells."""


GROUP = "@"
"""How the symbols of groups of members begin: their day is known as far as captop has seen it."""
FEWEST = 6
"""Levels of a group that make a day's trend; with fewer the month's stands in."""


def trend_of(snapshot: Snapshot, symbol: str, window: str) -> tuple[float, ...]:
    """Return a symbol's prices over a window, oldest first; of 1D the regular session's.

    Of a group's day nothing while little of it is seen: two levels would look like a steady way.
    """
    shown = shown_window(snapshot, symbol, window)
    if shown != "1D":
        return thinned(_window(snapshot, symbol, shown))
    day = _day(snapshot, symbol)
    return () if symbol.startswith(GROUP) and len(day) < FEWEST else day


def shown_window(snapshot: Snapshot, symbol: str, window: str) -> str:
    """Return the window whose prices are drawn: of a group's 1D, while little of it is seen, 1M.

    Not while still less of its past is known than of its day.
    """
    if window != "1D" or not symbol.startswith(GROUP) or len(_day(snapshot, symbol)) >= FEWEST:
        return window
    return "1M" if len(_window(snapshot, symbol, "1M")) >= FEWEST else window


def seen_from(snapshot: Snapshot, symbol: str) -> datetime | None:
    """Return when the first level of a group's day was seen.

    None where nothing is missing: the whole day was seen, or nothing of it. A day's trace begins
    at the open with the previous close, which nobody had to see.
    """
    bars = snapshot.series(symbol, Kind.TRACE)
    session = None if bars is None else session_of_bars(bars)
    if bars is None or session is None:
        return None
    opened = int(session.open.timestamp())
    seen = next((time for time in bars.times if time > opened), opened)
    is_whole = seen <= opened + 2 * bars.interval_s
    return None if is_whole else datetime.fromtimestamp(seen, UTC)


def thinned(values: Sequence[float], points: int = POINTS) -> tuple[float, ...]:
    """Return at most `points` of the values, evenly spaced, the newest among them."""
    count = len(values)
    if count <= points:
        return tuple(values)
    return tuple(values[(i + 1) * count // points - 1] for i in range(points))


def _day(snapshot: Snapshot, symbol: str) -> tuple[float, ...]:
    """Return points of the newest regular session known.

    Before the open a symbol's finest bars may be those of the pre-market alone.
    """
    series = (snapshot.series(symbol, kind) for kind in (Kind.INTRADAY, Kind.TRACE))
    regular = (_regular(bars) for bars in series if bars is not None)
    return max(regular, key=lambda day: day[0], default=(0, ()))[1]


def _regular(bars: Bars) -> tuple[int, tuple[float, ...]]:
    """Return when the regular session's last bar began, and points of it; kept with the bars."""
    known = _REGULAR.get(bars)
    if known is None:
        known = _REGULAR[bars] = _closes_of_session(bars)
    return known


def _closes_of_session(bars: Bars) -> tuple[int, tuple[float, ...]]:
    session = session_of_bars(bars)
    if session is None:
        return (bars.times[-1] if len(bars) else 0), thinned(bars.close)
    start = bisect_left(bars.times, int(session.open.timestamp()))
    stop = bisect_left(bars.times, int(session.close.timestamp()))
    return (bars.times[stop - 1], thinned(bars.close[start:stop])) if start < stop else (0, ())


_REGULAR: WeakKeyDictionary[Bars, tuple[int, tuple[float, ...]]] = WeakKeyDictionary()


def _window(snapshot: Snapshot, symbol: str, window: str) -> Sequence[float]:
    daily = snapshot.series(symbol, Kind.CLOSES, Kind.DAILY)
    if daily is None or not len(daily):
        return ()
    closes = list(daily.close[first_index(daily, window) :])
    quote = snapshot.quotes.get(symbol)
    if quote is not None and exchange_date(quote.as_of) > day_of(daily.times[-1]):
        closes.append(quote.last)
    return closes
