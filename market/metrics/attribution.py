"""What members and their groups contribute to the index's return (METRICS 6).

Weights and contributions are fractions of the index: times 10,000 they are basis points,
times the level at the window's start they are index points. A window's contributions come
from the weights at its start, bought and held; they are never sums of daily ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from market.metrics.columns import Column, Rows


class GroupSums(NamedTuple):
    """What is known of one group over one window; NaN where nothing is."""

    weight: float
    """The weight of the members whose return is known."""
    contribution: float
    ret: float
    """The group's own return: its contribution over its weight."""
    equal_weight: float
    """The mean of its members' returns."""
    median: float
    """Its median member's return."""
    advancing: float
    """The share of its members with a return above 0."""
    used: int
    """Members whose return is known."""
    total: int


def weights_of(quantities: Column, prices: Column) -> Column:
    """Return each member's part of the whole value; those of known value add up to 1.

    A member without a quantity or a price has none.
    """
    import numpy as np

    value = quantities * prices
    whole = float(np.nansum(value))
    return value / whole if whole > 0 else np.full(len(value), np.nan)


def contributions(weights: Column, returns: Column) -> Column:
    """Return weight at the window's start times return over the window; NaN unknown."""
    return weights * returns


def residual(index_return: float, parts: Column) -> float:
    """Return the part of the index's return that no member's contribution explains.

    It is a row of its own and never spread over the others. NaN without any contribution.
    """
    import numpy as np

    known = parts[~np.isnan(parts)]
    return index_return - float(known.sum()) if len(known) else float("nan")


def group_sums(weights: Column, returns: Column, rows: Rows) -> GroupSums:
    """Return one group's weight, contribution, returns and advancing share.

    A member without a return or a weight counts in `total` and in nothing else.

    Args:
        weights: Of all members, at the window's start.
        returns: Of all members over the window.
        rows: Which of them are the group's.
    """
    import numpy as np

    both = contributions(weights[rows], returns[rows])
    is_unknown = np.isnan(both)
    known = rows[~is_unknown]
    own = np.sort(returns[known])
    if not len(own):
        unknown = float("nan")
        return GroupSums(0.0, unknown, unknown, unknown, unknown, unknown, 0, len(rows))
    weight, contribution = float(weights[known].sum()), float(np.where(is_unknown, 0.0, both).sum())
    return GroupSums(
        weight=weight,
        contribution=contribution,
        ret=contribution / weight if weight else float("nan"),
        equal_weight=float(own.mean()),
        median=float(own[(len(own) - 1) // 2] + own[len(own) // 2]) / 2,
        advancing=np.count_nonzero(own > 0) / len(own),
        used=len(own),
        total=len(rows),
    )
