"""The panel: the members' daily past side by side, sessions x members, on common sessions."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from market.quotes import Bars
from market.sessions import session_of, sessions_back, sessions_between

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from market.metrics.columns import Column, Matrix

SESSIONS = 505
"""Two years, and the close before them."""
DAY_S = 86_400


class Panel(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """Closes, highs, lows and volumes of members; NaN where a member has none that day."""

    symbols: tuple[str, ...]
    """The columns."""
    days: tuple[date, ...]
    """The rows: completed sessions, oldest first."""
    opened: array[int]
    """The sessions' regular opens, Unix seconds UTC."""
    closes: Matrix
    highs: Matrix
    lows: Matrix
    volumes: Matrix
    known: Column
    """How many bars of each member are known; NaN where its past has not come yet."""
    source: str = "yahoo"
    """Who told the past."""

    def row_on_or_before(self, day: date) -> int | None:
        """Return the newest row that is not after a day; None if all are."""
        from bisect import bisect_right

        row = bisect_right(self.days, day) - 1
        return row if row >= 0 else None

    def closes_on(self, day: date) -> Column:
        """Return the closes of a session; NaN where one is not known, or not of so long ago."""
        import numpy as np

        row = self.row_on_or_before(day)
        is_known = row is not None and self.days[row] == day
        return self.closes[row] if is_known else np.full(len(self.symbols), np.nan)

    def closes_at(self, row: int) -> Column:
        """Return the last known close of each member at a row, of the twelve days before it."""
        from market.metrics.columns import forward_filled

        return forward_filled(self.closes[max(0, row - 8) : row + 1])[-1]


def panel_of(symbols: Sequence[str], past: Mapping[str, Bars], until: date) -> Panel:
    """Return the panel of the two years up to a completed session."""
    import numpy as np

    days = tuple(sessions_between(sessions_back(until, SESSIONS - 1), until))
    numbers = np.array(days, dtype="datetime64[D]").astype(np.int64)
    table = np.full((4, len(days), len(symbols)), np.nan)
    known = np.full(len(symbols), np.nan)
    rows_of = _Rows(numbers)
    for column, symbol in enumerate(symbols):
        bars = past.get(symbol)
        if bars is not None:
            known[column] = len(bars)
        if bars is not None and len(bars):
            rows, kept = rows_of(bars.times)
            for place, values in enumerate((bars.close, bars.high, bars.low, bars.volume)):
                if len(values) == len(bars):
                    table[place, rows, column] = np.frombuffer(values)[kept]
    opened = array("q", (int(session_of(day).open.timestamp()) for day in days))
    return Panel(
        symbols=tuple(symbols),
        days=days,
        opened=opened,
        closes=table[0],
        highs=table[1],
        lows=table[2],
        volumes=table[3],
        known=known,
        source=next((bars.source for bars in past.values()), "yahoo"),
    )


class _Rows:
    """Which rows bars belong to: most members have the very same days."""

    def __init__(self, numbers: NDArray[np.int64]) -> None:
        self._numbers = numbers
        self._known: dict[bytes, tuple[NDArray[np.int64], NDArray[np.bool_]]] = {}

    def __call__(self, times: array[int]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return the rows of the bars that have one, and which bars these are."""
        import numpy as np

        name = times.tobytes()
        if name not in self._known:
            days = np.frombuffer(times, dtype=np.int64) // DAY_S
            places = np.minimum(np.searchsorted(self._numbers, days), len(self._numbers) - 1)
            kept = self._numbers[places] == days
            self._known[name] = places[kept], kept
        return self._known[name]
