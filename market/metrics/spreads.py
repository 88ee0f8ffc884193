"""Spread proxies from daily highs, lows and closes, to rank thin names by (METRICS 16).

They are proxies, not spreads: over a month they carry some 50 basis points of noise and mean
nothing for names that trade well. Corwin and Schultz (2012), Abdi and Ranaldo (2017).
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from market.metrics.columns import known_in, mean_of

if TYPE_CHECKING:
    from market.metrics.columns import Column, Matrix

PAIRS = 21
"""Pairs of neighbouring sessions: one fewer than the sessions they take."""
THIN = 5e6
"""Dollars a day up to which the proxies are of use."""
_FEWEST = 15 / 21
"""Part of the pairs that must be known."""
_SCALE = 3 - 2 * sqrt(2)


def corwin_schultz(
    highs: Matrix, lows: Matrix, closes: Matrix, count: int = PAIRS, is_clipped: bool = False
) -> Column:
    """Return each member's spread, a fraction of the price, from two days' highs and lows.

    Prices are first moved by the overnight gap. The mean may be negative.

    Args:
        highs: Sessions x members, the newest `count` + 1 of which are looked at.
        lows: Likewise.
        closes: Likewise.
        count: Pairs of sessions.
        is_clipped: Whether a negative spread of a pair counts as none.
    """
    import numpy as np

    high, low, close = (_logarithms(values, count) for values in (highs, lows, closes))
    before = close[:-1]
    gap = np.maximum(0, before - high[1:]) + np.minimum(0, before - low[1:])
    top, bottom = high[1:] + gap, low[1:] + gap
    single = (high - low)[:-1] ** 2 + (top - bottom) ** 2
    double = (np.maximum(top, high[:-1]) - np.minimum(bottom, low[:-1])) ** 2
    alpha = (sqrt(2) - 1) * np.sqrt(single) / _SCALE - np.sqrt(double / _SCALE)
    spreads = 2 * np.tanh(alpha / 2)
    return _mean(np.maximum(spreads, 0) if is_clipped else spreads, count)


def abdi_ranaldo(
    highs: Matrix, lows: Matrix, closes: Matrix, count: int = PAIRS, is_clipped: bool = False
) -> Column:
    """Return each member's spread from its closes against the middle of the daily ranges.

    Unclipped it is the root of the pairs' mean, negative where the mean is; clipped, the mean
    of the roots of what is positive. Arguments are those of `corwin_schultz`.
    """
    import numpy as np

    high, low, close = (_logarithms(values, count) for values in (highs, lows, closes))
    middle = (high + low) / 2
    squares = 4 * (close[:-1] - middle[:-1]) * (close[:-1] - middle[1:])
    if is_clipped:
        return _mean(np.sqrt(np.maximum(squares, 0)), count)
    mean = _mean(squares, count)
    return np.sign(mean) * np.sqrt(np.abs(mean))


def _logarithms(prices: Matrix, count: int) -> Matrix:
    """Logarithms of the newest prices; NaN for those that are not positive."""
    import numpy as np

    newest = prices[-count - 1 :]
    return np.log(np.where(newest > 0, newest, np.nan))


def _mean(values: Matrix, count: int) -> Column:
    import numpy as np

    known = known_in(values.T)
    return np.where(known >= _FEWEST * count, mean_of(values.T), np.nan)
