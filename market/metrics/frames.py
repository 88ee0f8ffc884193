"""Daily bars as tables of columns, and what is worked out of them once and kept.

Daily bars change a few times a day, quotes every few seconds: what follows from bars alone
is remembered for as long as the bars live, so that a tick costs no work on tables.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, TypeVar, TypeVarTuple
from weakref import WeakKeyDictionary

import msgspec

from market.metrics.closes import DAY_S, midnight
from market.quotes import Bars
from market.sessions import closed_weekdays

if TYPE_CHECKING:
    from market.metrics.columns import Column, Flags, Rows

Ts = TypeVarTuple("Ts")
R = TypeVar("R")
COLUMNS = ("open", "high", "low", "close", "volume")


class Frame(msgspec.Struct, frozen=True, eq=False):
    """Daily bars, a row each; a column that is not known is empty."""

    days: Rows
    """Days since 1970: a bar's UTC date, which is New York's for sessions."""
    open: Column
    high: Column
    low: Column
    close: Column
    volume: Column

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.days)

    def rows(self, which: slice | Rows | Flags) -> Frame:
        """Return some rows."""
        columns = (getattr(self, name) for name in COLUMNS)
        kept = (column[which] if len(column) else column for column in columns)
        return Frame(self.days[which], *kept)

    def tail(self, count: int) -> Frame:
        """Return the newest rows, at most `count`."""
        return self.rows(slice(max(0, len(self) - count), None))


def kept_with_bars(function: Callable[[Bars, *Ts], R]) -> Callable[[Bars, *Ts], R]:
    """Remember a function's results for as long as the bars that it was asked about live.

    Further arguments must be hashable; a result must not hold the bars. What it raises is
    not remembered.
    """
    known: WeakKeyDictionary[Bars, dict[object, R]] = WeakKeyDictionary()

    @wraps(function)
    def remembered(bars: Bars, *args: *Ts) -> R:
        results = known.setdefault(bars, {})
        if args not in results:
            results[args] = function(bars, *args)
        return results[args]

    return remembered


@kept_with_bars
def frame_of(bars: Bars) -> Frame:
    """Return daily bars as a table: a row per bar by date. It cannot be written to."""
    import numpy as np

    columns = (np.asarray(getattr(bars, name)) for name in COLUMNS)
    known = (column if len(column) == len(bars) else np.empty(0) for column in columns)
    frame = Frame(np.asarray(bars.times) // DAY_S, *known)
    for name in COLUMNS:
        getattr(frame, name).flags.writeable = False
    return frame


@kept_with_bars
def on_sessions(bars: Bars) -> Frame:
    """Return the rows that lie on XNYS sessions: Cboe also prints values on holidays."""
    import numpy as np

    frame = frame_of(bars)
    days = frame.days.astype("datetime64[D]")
    return frame.rows(np.is_busday(days, holidays=list(closed_weekdays())))


def before(frame: Frame, day: date) -> Frame:
    """Return the rows older than a date."""
    import numpy as np

    return frame.rows(slice(int(np.searchsorted(frame.days, midnight(day) // DAY_S))))


def common_closes(ours: Bars, theirs: Bars, count: int) -> tuple[Column, Column]:
    """Return the closes of both on the days that the newest rows of both have.

    Looks at `count` bars of each and a few more, for the days that only one of them has.
    """
    import numpy as np

    mine, others = (_one_a_day(frame_of(bars).tail(count + _SPARE)) for bars in (ours, theirs))
    found = np.intersect1d(mine.days, others.days, assume_unique=True, return_indices=True)
    return mine.close[found[1]], others.close[found[2]]


def _one_a_day(frame: Frame) -> Frame:
    """Of the rows of one day the last."""
    import numpy as np

    return frame.rows(np.append(frame.days[1:] != frame.days[:-1], True)[: len(frame)])


_SPARE = 8
