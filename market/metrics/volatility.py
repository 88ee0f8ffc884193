"""Realised volatility, annualised with 252 sessions, from logarithmic returns of daily bars.

The estimators are those of Parkinson (1980), Garman and Klass (1980), Rogers and Satchell
(1991) and Yang and Zhang (2000). All but close-to-close need traded opens, highs and lows:
use a fund, not an index. Every function takes the newest bars only and looks at all of them;
a price that is not positive makes the result not a number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log, sqrt
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from market.metrics.frames import Frame
from market.metrics.subject import Unknown

if TYPE_CHECKING:
    import numpy as np

    from market.metrics.columns import Column, Flags

SESSIONS_A_YEAR = 252
_ROUNDING = 1e-6
"""Adjusted prices are rounded apart: a high may miss the close by this share of it."""


class Logs(NamedTuple):
    """The natural logarithms of the four prices of some bars, oldest first."""

    open: Column
    high: Column
    low: Column
    close: Column

    @property
    def gaps(self) -> Column:
        """From each close to the next open: one fewer than bars."""
        return self.open[1:] - self.close[:-1]

    @property
    def days(self) -> Column:
        """From open to close."""
        return self.close - self.open

    @property
    def garman_klass(self) -> Column:
        """Garman and Klass's daily variances."""
        return 0.5 * (self.high - self.low) ** 2 - (2 * log(2) - 1) * self.days**2

    @property
    def rogers_satchell(self) -> Column:
        """Rogers and Satchell's daily variances."""
        up = (self.high - self.close) * (self.high - self.open)
        return up + (self.low - self.close) * (self.low - self.open)


Estimator: TypeAlias = Callable[[Frame], float]


def are_sane(bars: Frame) -> Flags:
    """Return which bars are positive and enclose open and close between high and low."""
    import numpy as np

    is_topped = bars.high >= np.maximum(bars.open, bars.close) * (1 - _ROUNDING)
    is_based = bars.low <= np.minimum(bars.open, bars.close) * (1 + _ROUNDING)
    return (bars.low > 0) & is_topped & is_based


def close_to_close(closes: Sequence[float] | Column) -> float:
    """Return the volatility of n returns from n + 1 closes, about their mean (n - 1)."""
    import numpy as np

    _need(len(closes), 3)
    return _annual(np.var(np.diff(np.log(closes)), ddof=1))


def close_to_close_zero_mean(closes: Sequence[float] | Column) -> float:
    """Return the volatility of n returns from n + 1 closes, about zero."""
    import numpy as np

    _need(len(closes), 2)
    return _annual(np.mean(np.diff(np.log(closes)) ** 2))


def parkinson(bars: Frame) -> float:
    """Return the high-low estimate of n bars."""
    logs = _logs(bars, 1)
    return _annual(((logs.high - logs.low) ** 2).mean() / (4 * log(2)))


def garman_klass(bars: Frame) -> float:
    """Return the open-high-low-close estimate of n bars, without the overnight gap."""
    return _annual(_logs(bars, 1).garman_klass.mean())


def garman_klass_yang_zhang(bars: Frame) -> float:
    """Return Garman and Klass's estimate with the overnight gap, of n from n + 1 bars."""
    logs = _logs(bars, 2)
    return _annual((logs.gaps**2 + logs.garman_klass[1:]).mean())


def rogers_satchell(bars: Frame) -> float:
    """Return the drift-free open-high-low-close estimate of n bars, without the gap."""
    return _annual(_logs(bars, 1).rogers_satchell.mean())


def yang_zhang(bars: Frame) -> float:
    """Return the estimate of overnight gap, day and range together, of n from n + 1 bars."""
    logs, count = _logs(bars, 3), len(bars) - 1
    overnight, day = logs.gaps.var(ddof=1), logs.days[1:].var(ddof=1)
    weight = 0.34 / (1.34 + (count + 1) / (count - 1))
    ranges = logs.rogers_satchell[1:].mean()
    return _annual(overnight + weight * day + (1 - weight) * ranges)


def _logs(bars: Frame, needed: int) -> Logs:
    import numpy as np

    _need(len(bars), needed)
    opened, high, low, close = (np.log(getattr(bars, name)) for name in Logs._fields)
    return Logs(opened, high, low, close)


def _annual(daily_variance: float | np.floating) -> float:
    """A variance below zero, which Garman and Klass's can be, is no movement at all."""
    variance = float(daily_variance)
    return sqrt(SESSIONS_A_YEAR * (0.0 if variance < 0 else variance))


def _need(known: int, needed: int) -> None:
    if known < needed:
        raise Unknown(f"{needed} daily bars are needed, {known} are known")
