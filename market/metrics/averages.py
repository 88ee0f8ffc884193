"""Members above and below their moving averages of closes (METRICS 5)."""

from __future__ import annotations

from collections.abc import Sequence
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


def distances(closes: Matrix, lengths: Sequence[int] = LENGTHS) -> dict[int, Column]:
    """Return each member's newest close over its average, less one; NaN with fewer closes."""
    import numpy as np

    filled = forward_filled(closes)
    nothing = np.full(closes.shape[1], np.nan)
    return {
        length: divided(closes[-1], filled[-length:].mean(axis=0)) - 1
        if length <= len(closes)
        else nothing
        for length in lengths
    }
