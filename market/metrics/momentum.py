"""Leaders: momentum, its ranks, and who is left out of the table (METRICS 7).

Closes are sessions x members, adjusted for splits, the newest session last. Answers have a
value per member; rates are fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from market.metrics.columns import divided, forward_filled

if TYPE_CHECKING:
    from market.metrics.columns import Column, Flags, Matrix, Rows

MONTH, YEAR = 21, 252
"""Sessions between which the 12-1 momentum is measured, counted back from the newest."""
LOWEST_PRICE = 1.0
FEWEST_SESSIONS = 60
LEAST_DOLLARS = 1e6
"""Below any of these a member is no leader: dollars a share, sessions known, dollars a day."""
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


def ranked_order(values: Column, symbols: Sequence[str]) -> Rows:
    """Return the members' rows, highest value first, ties by symbol, missing values last."""
    import numpy as np

    return np.lexsort((np.array(symbols, dtype=np.str_), -values))


def sessions_known(closes: Matrix) -> Column:
    """Return how many closes of each member are known."""
    import numpy as np

    return np.count_nonzero(~np.isnan(closes), axis=0).astype(np.float64)


def leaders_allowed(
    last: Column, sessions: Column, dollar_volumes: Column, with_thin: bool = False
) -> Flags:
    """Return which members may lead: dear enough, known long enough, traded enough.

    Args:
        last: Last prices, US dollars; a member without one may not.
        sessions: Closes known of each.
        dollar_volumes: ADV$; where it is not known yet (NaN) a member is not called thin.
        with_thin: Whether names that trade for less than a million dollars a day may too.
    """
    allowed = (last >= LOWEST_PRICE) & (sessions >= FEWEST_SESSIONS)
    return allowed if with_thin else allowed & ~(dollar_volumes < LEAST_DOLLARS)


def _base(closes: Matrix, count: int) -> Column:
    """The last known close on or a few sessions before the one `count` sessions ago."""
    end = len(closes) - count
    return forward_filled(closes[max(0, end - _LONGEST_HALT) : end])[-1]
