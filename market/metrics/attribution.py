"""What members and their groups contribute to the index's return (METRICS 6).

Weights and contributions are fractions of the index: times 10,000 they are basis points,
times the level at the window's start they are index points. A window's contributions come
from the weights at its start, bought and held; they are never sums of daily ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from market.metrics.columns import divided

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from market.metrics.columns import Column, Rows

NO_GROUP = -1
"""The code of a member that belongs to no group."""


class GroupSums(NamedTuple):
    """What is known of each group; a column has a value per group."""

    weight: Column
    """The weight of the members whose return is known."""
    contribution: Column
    ret: Column
    """The group's own return: its contribution over its weight."""
    equal_weight: Column
    """The mean of its members' returns."""
    advancing: Column
    """The share of its members with a return above 0."""
    used: Column
    """Members whose return is known."""
    total: Column


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


def by_group(values: Column, groups: Rows, count: int) -> Column:
    """Return the sum of what is known in each group; NaN where nothing is.

    Args:
        values: One per member.
        groups: Each member's group, 0 to count - 1, or NO_GROUP.
        count: How many groups there are.
    """
    import numpy as np

    is_in = (groups != NO_GROUP) & ~np.isnan(values)
    sums = np.bincount(groups[is_in], weights=values[is_in], minlength=count)
    members = np.bincount(groups[is_in], minlength=count)
    return np.where(members > 0, sums, np.nan)


def group_sums(weights: Column, returns: Column, groups: Rows, count: int) -> GroupSums:
    """Return every group's weight, contribution, return and advancing share.

    Arguments are those of `by_group`. A member counts in `total` whether or not its return
    is known, and in nothing else without one.
    """
    import numpy as np

    known = ~np.isnan(returns)
    used = _counted(known, groups, count)
    weight = by_group(np.where(known, weights, np.nan), groups, count)
    parts = by_group(weights * returns, groups, count)
    return GroupSums(
        weight=weight,
        contribution=parts,
        ret=divided(parts, weight),
        equal_weight=divided(by_group(returns, groups, count), used),
        advancing=divided(_counted(returns > 0, groups, count), used),
        used=used,
        total=_counted(np.ones(len(groups), dtype=np.bool_), groups, count),
    )


def _counted(flags: NDArray[np.bool_], groups: Rows, count: int) -> Column:
    import numpy as np

    is_in = flags & (groups != NO_GROUP)
    return np.bincount(groups[is_in], minlength=count).astype(np.float64)
