"""Members above and below their moving averages of closes (METRICS 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from market.metrics.columns import divided, forward_filled

if TYPE_CHECKING:
    from market.metrics.columns import Column, Flags, Matrix, Rows

LENGTHS = (20, 50, 200)
"""Sessions of the averages."""
_ROUNDING = 1e-9
"""A price is above its average if by more than this part of it: sums are rounded."""


class Shares(NamedTuple):
    """The part of the members above their average, a value per session."""

    share: Column
    """0 to 1; NaN where no member has so many closes."""
    used: Column
    """Members with a close that day and so many closes."""


def shares_above(closes: Matrix, lengths: Sequence[int] = LENGTHS) -> dict[int, Shares]:
    """Return, per length and session, the share of members above the mean of their closes.

    The mean includes the session itself. A session without trading keeps the member's last
    price in its average; a member with fewer closes, or with none that day, is on neither side.
    """
    import numpy as np

    missing = np.isnan(closes)
    sums, begins = _running_sums(closes), np.argmin(missing, axis=0)
    return {length: _shares(closes, missing, sums, begins, length) for length in lengths}


def _running_sums(closes: Matrix) -> Matrix:
    """Sums of the closes, holes filled, up to each session; zeros before the first session."""
    import numpy as np

    filled = forward_filled(closes)
    filled[np.isnan(filled)] = 0.0
    sums = np.zeros((len(closes) + 1, closes.shape[1]))
    for row, today in enumerate(filled):
        np.add(sums[row], today, out=sums[row + 1])
    return sums


def _shares(closes: Matrix, missing: Flags, sums: Matrix, begins: Rows, length: int) -> Shares:
    import numpy as np

    above, used = np.zeros(len(closes)), np.zeros(len(closes))
    if length <= len(closes):
        newest = slice(length - 1, None)
        window = sums[length:] - sums[:-length]
        counts = (begins <= np.arange(len(window))[:, None]) & ~missing[newest]
        used[newest] = np.count_nonzero(counts, axis=1)
        counts &= closes[newest] * (length * (1 - _ROUNDING)) > window
        above[newest] = np.count_nonzero(counts, axis=1)
    return Shares(divided(above, used), used)


def sums_before(closes: Matrix, lengths: Sequence[int] = LENGTHS) -> dict[int, Column]:
    """Return the sums of the closes that one more price completes to an average.

    NaN for a member with fewer closes.
    """
    import numpy as np

    filled = forward_filled(closes)
    nothing = np.full(closes.shape[1], np.nan)
    return {
        length: filled[len(closes) + 1 - length :].sum(axis=0)
        if length <= len(closes) + 1
        else nothing
        for length in lengths
    }


def distances(last: Column, before: Mapping[int, Column]) -> dict[int, Column]:
    """Return each member's last price over its average, less one; NaN with fewer closes.

    Args:
        last: Last prices, which are the newest values of the averages.
        before: Per length, the sums of the closes before them (`sums_before`).
    """
    return {length: divided(last, (sums + last) / length) - 1 for length, sums in before.items()}
