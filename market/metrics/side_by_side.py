"""The members of all groups side by side, so that every group is worked out at once.

A member stands in the tables as often as it is in groups. What is worked out of them has the
rows of the table that was given and a column per group.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from market.metrics.columns import Coverage, divided

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from market.metrics.columns import Column, Flags, Matrix, Rows

N = TypeVar("N", bound="np.generic")


class SideBySide(NamedTuple):
    """Which members stand where: those of one group after those of the other."""

    rows: Rows
    """Where each stands among all members."""
    begins: Rows
    """The place of each group's first; no group is empty."""
    sizes: Rows
    """How many each group has."""

    def of(self, values: NDArray[N]) -> NDArray[N]:
        """Return a table of all members with the groups' members side by side."""
        import numpy as np

        return np.take(values, self.rows, axis=-1)

    def of_group(self, group: int) -> slice:
        """Return the places of a group's members."""
        begin = int(self.begins[group])
        return slice(begin, begin + int(self.sizes[group]))

    def sums(self, values: Matrix) -> Matrix:
        """Return the groups' sums; one unknown value makes a sum unknown."""
        import numpy as np

        return np.asarray(np.add.reduceat(values, self.begins, axis=-1))

    def counts(self, flags: Flags) -> Matrix:
        """Return how many of each group are so."""
        import numpy as np

        return np.asarray(np.add.reduceat(flags, self.begins, axis=-1, dtype=np.float64))

    def medians(self, values: Matrix) -> Matrix:
        """Return the medians of what is known of each group; NaN for nothing."""
        import numpy as np

        known = self.counts(~np.isnan(values)).astype(np.int64)
        ordered = values.copy()
        for begin, size in zip(self.begins.tolist(), self.sizes.tolist(), strict=True):
            ordered[..., begin : begin + size].sort(axis=-1)  # what is missing comes last
        middle = self.begins + np.stack(((known - 1) // 2, known // 2))
        lower, upper = (np.take_along_axis(ordered, each, axis=-1) for each in middle)
        return np.where(known > 0, (lower + upper) / 2, np.nan)

    def coverages(self, values: Matrix, weights: Column) -> list[list[Coverage]]:
        """Return what each group stands for in each row, as `coverage` does: a list per group.

        Args:
            values: A table with the groups' members side by side.
            weights: Of these members.
        """
        import numpy as np

        known, filled = ~np.isnan(values), np.where(np.isnan(weights), 0.0, weights)
        parts = self.sums(np.where(known, filled, 0.0))
        shares = np.nan_to_num(divided(parts, self.sums(filled)))
        table = zip(
            self.counts(known).T.tolist(), self.sizes.tolist(), shares.T.tolist(), strict=True
        )
        return [
            [Coverage(int(n), total, share) for n, share in zip(used, covered, strict=True)]
            for used, total, covered in table
        ]


def side_by_side(groups: Iterable[Sequence[int]]) -> SideBySide:
    """Return groups of members side by side; none of them may be empty."""
    import numpy as np

    rows = [np.asarray(each, dtype=np.int64) for each in groups]
    sizes = np.array([len(each) for each in rows], dtype=np.int64)
    joined = np.concatenate(rows) if rows else np.empty(0, dtype=np.int64)
    return SideBySide(joined, np.cumsum(sizes) - sizes, sizes)
