"""How few members a move rests on (METRICS 5). Contributions are fractions of the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from market.metrics.columns import Column

TOP = 10
"""Members whose share is told."""
SMALLEST_NET = 0.0025
"""A share of a net move of less than 25 basis points blows up and is not told."""


def top_share_of_positive(parts: Column, count: int = TOP) -> float | None:
    """Return the ten largest positive contributions over all positive ones, 0 to 1.

    None where nothing contributes.
    """
    positive = parts[parts > 0]
    whole = float(positive.sum())
    return _largest(positive, count) / whole if whole > 0 else None


def top_share_of_net(parts: Column, count: int = TOP) -> float | None:
    """Return the ten largest contributions in the direction of the move over the whole move.

    It may exceed 1. None where the move is smaller than 25 basis points.
    """
    import numpy as np

    net = float(np.nansum(parts))
    if abs(net) < SMALLEST_NET:
        return None
    along = parts * np.sign(net)
    return _largest(along[along > 0], count) / abs(net)


def effective_contributors(parts: Column) -> float | None:
    """Return 1 / sum(p^2) with p = |c| / sum |c|: how many equal contributors would do the same.

    None where nothing contributes.
    """
    import numpy as np

    return _effective(np.abs(parts))


def effective_positive(parts: Column) -> float | None:
    """Return the effective number of contributors among the positive contributions."""
    return _effective(parts[parts > 0])


def effective_members(weights: Column) -> float | None:
    """Return the effective number of members by their weights."""
    return _effective(weights)


def _largest(values: Column, count: int) -> float:
    import numpy as np

    return float(np.sort(values)[-count:].sum())


def _effective(sizes: Column) -> float | None:
    import numpy as np

    whole = float(np.nansum(sizes))
    if whole <= 0:
        return None
    return 1 / float(np.nansum((sizes / whole) ** 2))
