"""Prices that are not taken at their word: previous closes and absurd moves (METRICS 18)."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from market.metrics.columns import Column, Flags

LARGEST_MOVE = log(2)
"""A logarithmic return beyond which a stock's move needs a witness."""
AGREEMENT = log(1.02)
"""Two sources agree on a move if their price ratios are this close."""


def guarded_previous(previous: Column) -> Column:
    """Return previous closes that can be true: positive and finite, else NaN."""
    import numpy as np

    return np.where(np.isfinite(previous) & (previous > 0), previous, np.nan)


def suspect_moves(
    last: Column,
    previous: Column,
    other_return: Column | None = None,
) -> Flags:
    """Return which members have more than doubled or halved with nobody to confirm it.

    A member without either price is not suspect: it is missing.

    Args:
        last: Last prices.
        previous: Previous closes.
        other_return: Returns over the same time by a second source, fractions; NaN unknown.
    """
    import numpy as np

    move = _logarithms(last) - _logarithms(previous)
    suspect = np.abs(move) > LARGEST_MOVE
    if other_return is not None:
        suspect &= ~(np.abs(move - _logarithms(1 + other_return)) <= AGREEMENT)
    return suspect


def _logarithms(values: Column) -> Column:
    """Natural logarithms; NaN for what has none."""
    import numpy as np

    answer = np.full(np.shape(values), np.nan)
    np.log(values, out=answer, where=np.greater(values, 0) & np.isfinite(values))
    return answer
