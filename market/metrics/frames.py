"""Daily bars as pandas tables, and what is worked out of them once and kept.

Daily bars change a few times a day, quotes every few seconds: what follows from bars alone
is remembered for as long as the bars live, so that a tick costs no work on tables.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, TypeVar, TypeVarTuple
from weakref import WeakKeyDictionary

from market.metrics.closes import DAY_S
from market.quotes import Bars
from market.sessions import closed_weekdays

if TYPE_CHECKING:
    import pandas as pd

Ts = TypeVarTuple("Ts")
R = TypeVar("R")
COLUMNS = ("open", "high", "low", "close", "volume")


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
def frame_of(bars: Bars) -> pd.DataFrame:
    """Return daily bars as a table: a row per bar by date, the columns that are known.

    The index holds dates without a zone: a bar's UTC date, which is New York's for sessions.
    """
    import numpy as np
    import pandas as pd

    days = np.asarray(bars.times, dtype=np.int64) // DAY_S
    index = pd.DatetimeIndex(days.astype("datetime64[D]").astype("datetime64[s]"), name="date")
    columns = {name: getattr(bars, name) for name in COLUMNS}
    known = {name: np.array(c) for name, c in columns.items() if len(c) == len(bars)}
    return pd.DataFrame(known, index=index)


@kept_with_bars
def on_sessions(bars: Bars) -> pd.DataFrame:
    """Return the rows that lie on XNYS sessions: Cboe also prints values on holidays."""
    import numpy as np

    frame = frame_of(bars)
    days = frame.index.to_numpy().astype("datetime64[D]")
    return frame[np.is_busday(days, holidays=list(closed_weekdays()))]


def before(frame: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return the rows older than a date."""
    import pandas as pd

    return frame[frame.index < pd.Timestamp(day)]


def common_closes(ours: Bars, theirs: Bars, count: int) -> pd.DataFrame:
    """Return the closes, `ours` and `theirs`, of the days that the newest rows of both have.

    Looks at `count` bars of each and a few more, for the days that only one of them has.
    """
    import pandas as pd

    closes = {
        name: frame_of(bars)["close"].tail(count + _SPARE)
        for name, bars in (("ours", ours), ("theirs", theirs))
    }
    single = {name: c[~c.index.duplicated(keep="last")] for name, c in closes.items()}
    return pd.concat(single, axis="columns", join="inner")


_SPARE = 8
