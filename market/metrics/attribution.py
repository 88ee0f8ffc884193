"""What members and their groups contribute to the index's return (METRICS 6).

Weights and contributions are fractions of the index: times 10,000 they are basis points,
times the level at the window's start they are index points. A window's contributions come
from the weights at its start, bought and held; they are never sums of daily ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from market.metrics.columns import divided

if TYPE_CHECKING:
    from market.metrics.columns import Column, Matrix
    from market.metrics.side_by_side import SideBySide


class GroupSums(NamedTuple):
    """What is known of groups, windows x groups; NaN where nothing is."""

    weight: Matrix
    """The weight of the members whose return is known."""
    contribution: Matrix
    median: Matrix
    """The median members' returns."""
    advancing: Matrix
    """The share of the members with a return above 0."""
    used: Matrix
    """Members whose return is known."""

    @property
    def ret(self) -> Matrix:
        """The groups' own returns: contribution over weight."""
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


def group_sums(weights: Matrix, returns: Matrix, groups: SideBySide) -> GroupSums:
    """Return the groups' weight, contribution, median member and advancing share.

    A member without a return or a weight counts in nothing.

    Args:
        weights: Windows x the groups' members side by side, at the window's start.
        returns: The same members' over the window.
        groups: Which of them are together.
    """
    import numpy as np

    parts = contributions(weights, returns)
    is_unknown = np.isnan(parts)
    own = np.where(is_unknown, np.nan, returns)
    known = groups.counts(~is_unknown)
    return GroupSums(
        weight=groups.sums(np.where(is_unknown, 0.0, weights)),
        contribution=np.where(known > 0, groups.sums(np.where(is_unknown, 0.0, parts)), np.nan),
        median=groups.medians(own),
        advancing=divided(groups.counts(own > 0), known),
        used=known,
    )
