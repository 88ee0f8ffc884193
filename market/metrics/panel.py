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
    """Closes of members, and their highs, lows and volumes; NaN where a member has none that day.

    All but the closes are put together when they are asked for, which is once a day: kept as
    tables they would hold as much memory as the bars.
    """

    symbols: tuple[str, ...]
    """The columns."""
    days: tuple[date, ...]
    """The rows: completed sessions, oldest first."""
    opened: array[int]
    """The sessions' regular opens, Unix seconds UTC."""
    closes: Matrix
    known: Column
    """How many bars of each member are known; NaN where its past has not come yet."""
    source: str = "yahoo"
    """Who told the past."""
    past: Mapping[str, Bars] = {}
    """The members' bars."""

    @property
    def highs(self) -> Matrix:
        """Intraday highs; NaN where they are not known."""
        return _table(self.symbols, self.past, self.days, "high")

    @property
    def lows(self) -> Matrix:
        """Intraday lows; NaN where they are not known."""
        return _table(self.symbols, self.past, self.days, "low")

    @property
    def volumes(self) -> Matrix:
        """Shares traded; NaN where they are not known."""
        return _table(self.symbols, self.past, self.days, "volume")

    def volumes_at(self, row: int) -> Column:
        """Return the shares traded in one session."""
        return _table(self.symbols, self.past, self.days[row : row + 1], "volume")[0]

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
    bars = (past.get(symbol) for symbol in symbols)
    return Panel(
        symbols=tuple(symbols),
        days=days,
        opened=array("q", (int(session_of(day).open.timestamp()) for day in days)),
        closes=_table(symbols, past, days, "close"),
        known=np.array([np.nan if each is None else len(each) for each in bars], dtype=np.float64),
        source=next((bars.source for bars in past.values()), "yahoo"),
        past=past,
    )


def _table(
    symbols: Sequence[str], past: Mapping[str, Bars], days: Sequence[date], name: str
) -> Matrix:
    """Return one column of the members' bars side by side, a row per day."""
    import numpy as np

    rows_of = _Rows(np.array(days, dtype="datetime64[D]").astype(np.int64))
    table = np.full((len(days), len(symbols)), np.nan)
    for column, symbol in enumerate(symbols):
        bars = past.get(symbol)
        values: array[float] = array("d") if bars is None else getattr(bars, name)
        if bars is not None and len(values) == len(bars) > 0:
            rows, kept = rows_of(bars.times)
            table[rows, column] = np.frombuffer(values)[kept]
    return table


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
