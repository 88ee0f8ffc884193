"""What members and their groups contribute to the index's return (METRICS 6).

Weights and contributions are fractions of the index: times 10,000 they are basis points,
times the level at the window's start they are index points. A window's contributions come
from the weights at its start, bought and held; they are never sums of daily ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from market.metrics.columns import divided, known_in
from market.metrics.participation import median_member

if TYPE_CHECKING:
    from market.metrics.columns import Column, Matrix


class GroupSums(NamedTuple):
    """What is known of one group, a value per window; NaN where nothing is."""

    weight: Column
    """The weight of the members whose return is known."""
    contribution: Column
    median: Column
    """Its median member's return."""
    advancing: Column
    """The share of its members with a return above 0."""
    used: Column
    """Members whose return is known."""

    @property
    def ret(self) -> Column:
        """The group's own return: its contribution over its weight."""
        return divided(self.contribution, self.weight)


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


def group_sums(weights: Matrix, returns: Matrix) -> GroupSums:
    """Return one group's weight, contribution, median member and advancing share.

    A member without a return or a weight counts in nothing.

    Args:
        weights: Windows x the group's members, at the window's start.
        returns: The same members' over the window.
    """
    import numpy as np

    parts = contributions(weights, returns)
    is_unknown = np.isnan(parts)
    own = np.where(is_unknown, np.nan, returns)
    known = known_in(own)
    contribution = np.where(is_unknown, 0.0, parts).sum(axis=-1)
    return GroupSums(
        weight=np.where(is_unknown, 0.0, weights).sum(axis=-1),
        contribution=np.where(known > 0, contribution, np.nan),
        median=median_member(own),
        advancing=divided(np.count_nonzero(own > 0, axis=-1), known),
        used=known,
    )
