"""Leaders: momentum and its ranks (METRICS 7).

Closes are sessions x members, adjusted for splits, the newest session last. Answers have a
value per member; rates are fractions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from market.metrics.columns import divided, forward_filled

if TYPE_CHECKING:
    from market.metrics.columns import Column, Matrix

MONTH, YEAR = 21, 252
"""Sessions between which the 12-1 momentum is measured, counted back from the newest."""
_LONGEST_HALT = 9
"""Sessions in which a base close is looked for, back from its own: twelve days."""


def rate_of_change(closes: Matrix, count: int) -> Column:
    """Return the newest close over the one `count` sessions before it, less one.

    A hole at the base is filled with the member's last close of the twelve days before it.
    NaN without a newest close or a base.
    """
    import numpy as np

    if len(closes) <= count:
        return np.full((closes.shape[1],), np.nan)
    return divided(closes[-1], _base(closes, count)) - 1


def twelve_minus_one(closes: Matrix) -> Column:
    """Return the close 21 sessions ago over that of 252 sessions ago, less one."""
    import numpy as np

    if len(closes) <= YEAR:
        return np.full((closes.shape[1],), np.nan)
    return divided(_base(closes, MONTH), _base(closes, YEAR)) - 1


def relative_momentum(closes: Matrix, index: Column, count: int) -> Column:
    """Return each member's rate of change less the index's over the same sessions."""
    return rate_of_change(closes, count) - rate_of_change(index[:, None], count)


def competition_ranks(values: Column) -> Column:
    """Return ranks, the highest value first: 1, 2, 2, 4. A missing value has none (NaN)."""
    import numpy as np

    known = np.sort(values[~np.isnan(values)])
    not_above = np.searchsorted(known, values, side="right")
    return np.where(np.isnan(values), np.nan, len(known) - not_above + 1.0)


def _base(closes: Matrix, count: int) -> Column:
    """The last known close on or a few sessions before the one `count` sessions ago."""
    end = len(closes) - count
    return forward_filled(closes[max(0, end - _LONGEST_HALT) : end])[-1]
