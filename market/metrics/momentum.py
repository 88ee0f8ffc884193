"""Leaders: momentum and its ranks (METRICS 7).

Closes are sessions x members, adjusted for splits, the newest session last. Answers have a
value per member; rates are fractions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from market.census import FEWEST_SESSIONS, LEAST_DOLLARS, LOWEST_PRICE
from market.metrics.columns import divided, forward_filled

if TYPE_CHECKING:
    from market.metrics.columns import Column, Flags, Matrix

MONTH, YEAR = 21, 252
"""Sessions between which the 12-1 momentum is measured, counted back from the newest."""
_LONGEST_HALT = 9
"""Sessions in which a base close is looked for, back from its own: twelve days."""


def rate_of_change(closes: Matrix, count: int) -> Column:
    """Return the newest close over the one `count` sessions before it, less one.

    NaN without a newest close or a base.
    """
    return divided(closes[-1], base_before(closes[:-1], count)) - 1


def base_before(closes: Matrix, count: int) -> Column:
    """Return the closes `count` sessions before the session that follows these.

    A hole is filled with the member's last close of the twelve days before it.
    """
    import numpy as np

    return _base(closes, count - 1) if len(closes) >= count else np.full(closes.shape[1:], np.nan)


def twelve_minus_one(closes: Matrix) -> Column:
    """Return the close 21 sessions ago over that of 252 sessions ago, less one."""
    import numpy as np

    if len(closes) <= YEAR:
        return np.full((closes.shape[1],), np.nan)
    return divided(_base(closes, MONTH), _base(closes, YEAR)) - 1


def relative_momentum(last: Column, base: Column, index: Column, count: int) -> Column:
    """Return each member's rate of change less the index's over the same sessions.

    Args:
        last: The members' last prices.
        base: Their closes `count` sessions before (`base_before`).
        index: The index's closes, its last price at the end.
        count: Sessions.
    """
    return divided(last, base) - 1 - rate_of_change(index[:, None], count)


def may_lead_of(last: Column, known: Column, dollar_volume: Column) -> Flags:
    """Return which members may stand among the leaders, thin names left out (METRICS 7).

    Args:
        last: Last prices, US dollars; without one (NaN) a member may not.
        known: Closes known; NaN where none have been asked for yet.
        dollar_volume: ADV$; where it is not known yet (NaN) a member is not called thin.
    """
    is_thin = (known < FEWEST_SESSIONS) | (dollar_volume < LEAST_DOLLARS)
    return (last >= LOWEST_PRICE) & ~is_thin


def competition_ranks(values: Column) -> Column:
    """Return ranks, the highest value first: 1, 2, 2, 4. A missing value has none (NaN)."""
    import numpy as np

    order = np.argsort(values)  # what is missing comes last
    known = values[order[: len(values) - np.count_nonzero(np.isnan(values))]]
    ranks = np.full(len(values), np.nan)
    ranks[order[: len(known)]] = len(known) - np.searchsorted(known, known, side="right") + 1.0
    return ranks


def _base(closes: Matrix, count: int) -> Column:
    """The last known close on or a few sessions before the one `count` sessions ago."""
    end = len(closes) - count
    return forward_filled(closes[max(0, end - _LONGEST_HALT) : end])[-1]
