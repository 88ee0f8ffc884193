"""Realised volatility, annualised with 252 sessions, from logarithmic returns of daily bars.

The estimators are those of Parkinson (1980), Garman and Klass (1980), Rogers and Satchell
(1991) and Yang and Zhang (2000). All but close-to-close need traded opens, highs and lows:
use a fund, not an index. Every function takes the newest bars only and looks at all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import fsum, log, sqrt
from statistics import fmean
from typing import NamedTuple

from market.metrics.subject import Unknown

SESSIONS_A_YEAR = 252
_ROUNDING = 1e-6
"""Adjusted prices are rounded apart: a high may miss the close by this share of it."""


class Candle(NamedTuple):
    """A daily bar's four prices."""

    open: float
    high: float
    low: float
    close: float

    @property
    def is_sane(self) -> bool:
        """Whether the prices are positive and the high and low enclose open and close."""
        top, bottom = max(self.open, self.close), min(self.open, self.close)
        enclosed = self.high >= top * (1 - _ROUNDING) and self.low <= bottom * (1 + _ROUNDING)
        return self.low > 0 and enclosed


Estimator = Callable[[Sequence[Candle]], float]


def log_returns(closes: Sequence[float]) -> list[float]:
    """Return the logarithmic returns of neighbouring closes."""
    return [log(new / old) for old, new in pairwise(closes)]


def close_to_close(closes: Sequence[float]) -> float:
    """Return the volatility of n returns from n + 1 closes, about their mean (n - 1)."""
    _need(len(closes), 3)
    return sqrt(SESSIONS_A_YEAR * variance(log_returns(closes)))


def close_to_close_zero_mean(closes: Sequence[float]) -> float:
    """Return the volatility of n returns from n + 1 closes, about zero."""
    _need(len(closes), 2)
    return _annual(fmean(r * r for r in log_returns(closes)))


def parkinson(candles: Sequence[Candle]) -> float:
    """Return the high-low estimate of n bars."""
    _need(len(candles), 1)
    return _annual(fmean(log(c.high / c.low) ** 2 for c in candles) / (4 * log(2)))


def garman_klass(candles: Sequence[Candle]) -> float:
    """Return the open-high-low-close estimate of n bars, without the overnight gap."""
    _need(len(candles), 1)
    return _annual(fmean(_garman_klass_term(c) for c in candles))


def garman_klass_yang_zhang(candles: Sequence[Candle]) -> float:
    """Return Garman and Klass's estimate with the overnight gap, of n from n + 1 bars."""
    _need(len(candles), 2)
    pairs = pairwise(candles)
    return _annual(
        fmean(log(new.open / old.close) ** 2 + _garman_klass_term(new) for old, new in pairs)
    )


def rogers_satchell(candles: Sequence[Candle]) -> float:
    """Return the drift-free open-high-low-close estimate of n bars, without the gap."""
    _need(len(candles), 1)
    return _annual(fmean(_rogers_satchell_term(c) for c in candles))


def yang_zhang(candles: Sequence[Candle]) -> float:
    """Return the estimate of overnight gap, day and range together, of n from n + 1 bars."""
    _need(len(candles), 3)
    count = len(candles) - 1
    pairs = list(pairwise(candles))
    overnight = variance([log(new.open / old.close) for old, new in pairs])
    day = variance([log(new.close / new.open) for _, new in pairs])
    ranges = fmean(_rogers_satchell_term(new) for _, new in pairs)
    weight = 0.34 / (1.34 + (count + 1) / (count - 1))
    return _annual(overnight + weight * day + (1 - weight) * ranges)


def _garman_klass_term(candle: Candle) -> float:
    spread, day = log(candle.high / candle.low), log(candle.close / candle.open)
    return 0.5 * spread**2 - (2 * log(2) - 1) * day**2


def _rogers_satchell_term(candle: Candle) -> float:
    up = log(candle.high / candle.close) * log(candle.high / candle.open)
    down = log(candle.low / candle.close) * log(candle.low / candle.open)
    return up + down


def _annual(daily_variance: float) -> float:
    return sqrt(SESSIONS_A_YEAR * max(0.0, daily_variance))


def _need(known: int, needed: int) -> None:
    if known < needed:
        raise Unknown(f"{needed} daily bars are needed, {known} are known")


def percentile(values: Sequence[float], value: float) -> float:
    """Return the share of values that are not above `value` (the weak convention), 0 to 1."""
    return sum(v <= value for v in values) / len(values)


def rank(values: Sequence[float], value: float) -> float:
    """Return where `value` stands between the lowest (0) and highest (1) of the values."""
    low, high = min(values), max(values)
    if high <= low:
        raise Unknown("highest and lowest level are the same")
    return (value - low) / (high - low)


def correlation(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the sample correlation of two series of returns of equal length."""
    spread = variance(ours) * variance(theirs)
    if spread <= 0:
        raise Unknown("one of the two did not move")
    return covariance(ours, theirs) / sqrt(spread)


def beta(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the covariance with the other series over that series' variance."""
    spread = variance(theirs)
    if spread <= 0:
        raise Unknown("the benchmark did not move")
    return covariance(ours, theirs) / spread


def variance(values: Sequence[float]) -> float:
    """Return the sample variance (n - 1)."""
    return covariance(values, values)


def covariance(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the sample covariance (n - 1) of two series of equal length."""
    mean, other = fmean(ours), fmean(theirs)
    pairs = zip(ours, theirs, strict=True)
    return fsum((a - mean) * (b - other) for a, b in pairs) / (len(ours) - 1)
