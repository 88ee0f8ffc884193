"""The panel: the members' daily past side by side, sessions x members, on common sessions."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from market.metrics.columns import column, forward_filled
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
    """Closes of members side by side; NaN where a member has none that day."""

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

    def volumes_at(self, row: int) -> Column:
        """Return the shares traded in one session; NaN where they are not known."""
        import numpy as np

        began = self.opened[row] // DAY_S * DAY_S
        bars = (self.past.get(symbol) for symbol in self.symbols)
        told = (np.nan if each is None else _volume_at(each, began) for each in bars)
        return np.fromiter(told, dtype=np.float64)

    def row_on_or_before(self, day: date) -> int | None:
        """Return the newest row that is not after a day; None if all are."""
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
        return forward_filled(self.closes[max(0, row - 8) : row + 1])[-1]


class Detail(NamedTuple):
    """What is seldom asked for, side by side as the closes are; NaN where it is not known."""

    highs: Matrix
    lows: Matrix
    volumes: Matrix


@lru_cache(maxsize=1)
def detail_of(panel: Panel) -> Detail:
    """Return the highs, lows and volumes of a panel.

    A census that needs them needs them more than once. Who has taken it clears this: as tables
    they are 24 MB.
    """
    names = ("high", "low", "volume")
    return Detail(*_tables(panel.symbols, panel.past, panel.days, names))


def panel_of(symbols: Sequence[str], past: Mapping[str, Bars], until: date) -> Panel:
    """Return the panel of the two years up to a completed session."""
    import numpy as np

    days = tuple(sessions_between(sessions_back(until, SESSIONS - 1), until))
    bars = (past.get(symbol) for symbol in symbols)
    return Panel(
        symbols=tuple(symbols),
        days=days,
        opened=array("q", (int(session_of(day).open.timestamp()) for day in days)),
        closes=_tables(symbols, past, days, ("close",))[0],
        known=np.array([np.nan if each is None else len(each) for each in bars], dtype=np.float64),
        source=next((bars.source for bars in past.values()), "yahoo"),
        past=past,
    )


def _tables(
    symbols: Sequence[str], past: Mapping[str, Bars], days: Sequence[date], names: Sequence[str]
) -> list[Matrix]:
    """Return columns of the members' bars side by side, each with a row per day."""
    import numpy as np

    rows_of = _Rows(np.array(days, dtype="datetime64[D]").astype(np.int64))
    tables = [np.full((len(days), len(symbols)), np.nan) for _ in names]
    for place, symbol in enumerate(symbols):
        bars = past.get(symbol)
        if not bars:
            continue
        rows, kept = rows_of(bars.times)
        for table, name in zip(tables, names, strict=True):
            values: array[float] = getattr(bars, name)
            if len(values) == len(bars):
                table[rows, place] = column(values)[kept]
    return tables


def _volume_at(bars: Bars, began: int) -> float:
    """The shares traded on a day that began at some second."""
    row = bisect_left(bars.times, began)
    is_known = row < len(bars.volume) and bars.times[row] < began + DAY_S
    return bars.volume[row] if is_known else math.nan


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
