"""Where a value stands among others: percentile and rank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from market.metrics.subject import Unknown

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def percentile(values: Sequence[float] | NDArray[np.float64], value: float) -> float:
    """Return the share of values that are not above `value` (the weak convention), 0 to 1."""
    import numpy as np

    return float(np.mean(np.asarray(values) <= value))


def rank(values: Sequence[float] | NDArray[np.float64], value: float) -> float:
    """Return where `value` stands between the lowest (0) and highest (1) of the values."""
    import numpy as np

    low, high = float(np.min(values)), float(np.max(values))
    if high <= low:
        raise Unknown("highest and lowest level are the same")
    return (value - low) / (high - low)
