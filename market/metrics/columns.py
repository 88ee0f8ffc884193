"""Columns of numbers, a value per member or per session, in which NaN is a missing value.

A matrix has a row per session, oldest first, and a column per member. What is said of the rows
of a matrix holds for a single column of members too: the answer is then one number. A missing
value takes no part in anything, and is never a zero.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from market.shelf import ShelvedColumn

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Column: TypeAlias = "NDArray[np.float64]"
"""A value per member, or one per session."""
Matrix: TypeAlias = "NDArray[np.float64]"
"""Sessions x members, oldest session first."""
Flags: TypeAlias = "NDArray[np.bool_]"
Rows: TypeAlias = "NDArray[np.int64]"
"""Indices of members, or the code of each member's group."""
ENOUGH = 0.8
"""An aggregate of less than this part of the weight is not shown (METRICS 1)."""


class Coverage(NamedTuple):
    """What an aggregate is made of."""

    used: int
    """Members with a value."""
    total: int
    weight: float
    """The part of the whole weight that `used` stands for, 0 to 1."""

    @property
    def is_enough(self) -> bool:
        """Whether the aggregate may be shown."""
        return self.weight >= ENOUGH


def column(values: Iterable[float]) -> Column:
    """Return numbers as a column; an `array("d")` is looked at in place, not copied."""
    import numpy as np

    if isinstance(values, ShelvedColumn):
        values = values[:]
    if isinstance(values, array | np.ndarray):
        return np.asarray(values, dtype=np.float64)
    return np.fromiter(values, dtype=np.float64)


def packed(values: Column) -> array[float]:
    """Return a column as the array that values of the market are kept in."""
    return array("d", values.tobytes())


def coverage(values: Column, weights: Column) -> Coverage:
    """Return how many members have a value and what part of the weight they stand for.

    A member without a weight counts as a member of no weight.
    """
    import numpy as np

    known, filled = ~np.isnan(values), np.where(np.isnan(weights), 0.0, weights)
    whole, part = float(filled.sum()), float(filled[known].sum())
    return Coverage(int(known.sum()), len(values), part / whole if whole > 0 else 0.0)


def coverages(values: Matrix, weights: Column) -> list[Coverage]:
    """Return what each row of a matrix stands for, as `coverage` does for one column."""
    import numpy as np

    known, filled = ~np.isnan(values), np.where(np.isnan(weights), 0.0, weights)
    whole, total = float(filled.sum()), len(weights)
    parts = np.where(known, filled, 0.0).sum(axis=-1).tolist()
    used = np.count_nonzero(known, axis=-1).tolist()
    shares = (part / whole if whole > 0 else 0.0 for part in parts)
    return [Coverage(n, total, share) for n, share in zip(used, shares, strict=True)]


def divided(numerator: Column, denominator: Column) -> Column:
    """Return a ratio; NaN where it is not defined: nothing is divided by 0."""
    import numpy as np

    answer = np.full(np.broadcast_shapes(np.shape(numerator), np.shape(denominator)), np.nan)
    np.divide(numerator, denominator, out=answer, where=np.not_equal(denominator, 0))
    return answer


def total_of(values: Matrix) -> Column:
    """Return the sum of what is known in each row; 0 for nothing."""
    import numpy as np

    return np.asarray(np.nansum(values, axis=-1))


def known_in(values: Matrix) -> Column:
    """Return how many values of each row are known."""
    import numpy as np

    missing = np.count_nonzero(np.isnan(values), axis=-1)
    return np.asarray(values.shape[-1] - missing, dtype=np.float64)


def mean_of(values: Matrix) -> Column:
    """Return the mean of what is known in each row; NaN for nothing."""
    return divided(total_of(values), known_in(values))


def forward_filled(values: Matrix) -> Matrix:
    """Return sessions x members in which a hole holds the member's last value before it.

    Before a member's first value there is still none.
    """
    import numpy as np

    filled = values.copy()
    holes = np.isnan(values)
    for row in np.flatnonzero(holes.any(axis=1)):
        if row:
            np.copyto(filled[row], filled[row - 1], where=holes[row])
    return filled


def previous_of(values: Matrix) -> Matrix:
    """Return, in each session's row, the members' last known values before that session.

    A member that did not trade for some sessions is so compared with its last trade. The
    first row knows nothing before it.
    """
    import numpy as np

    before = np.empty_like(values)
    before[:1] = np.nan
    before[1:] = forward_filled(values[:-1])
    return before
