"""The points of a sparkline: a symbol's price over one window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from market.quotes import Kind
from market.sessions import exchange_date
from market.snapshot import Snapshot
from widgets.bar_times import first_index, intraday_of, session_of_bars

POINTS = 40
"""Most points of a sparkline: two a cell of twenty cells."""


def trend_of(snapshot: Snapshot, symbol: str, window: str) -> tuple[float, ...]:
    """Return a symbol's prices over a window, oldest first; of 1D the regular session's."""
    closes = _day(snapshot, symbol) if window == "1D" else _window(snapshot, symbol, window)
    return thinned(closes)


def thinned(values: Sequence[float], points: int = POINTS) -> tuple[float, ...]:
    """Return at most `points` of the values, evenly spaced, the newest among them."""
    count = len(values)
    if count <= points:
        return tuple(values)
    return tuple(values[(i + 1) * count // points - 1] for i in range(points))


def _day(snapshot: Snapshot, symbol: str) -> Sequence[float]:
    bars = intraday_of(snapshot, symbol)
    if bars is None or not len(bars):
        return ()
    session = session_of_bars(bars)
    if session is None:
        return bars.close
    opens, closes = session.open.timestamp(), session.close.timestamp()
    return [c for t, c in zip(bars.times, bars.close, strict=True) if opens <= t < closes]


def _window(snapshot: Snapshot, symbol: str, window: str) -> Sequence[float]:
    daily = snapshot.series(symbol, Kind.CLOSES, Kind.DAILY)
    if daily is None or not len(daily):
        return ()
    closes = list(daily.close[first_index(daily, window) :])
    quote = snapshot.quotes.get(symbol)
    last_day = exchange_date(datetime.fromtimestamp(daily.times[-1], UTC))
    if quote is not None and exchange_date(quote.as_of) > last_day:
        closes.append(quote.last)
    return closes
