"""How broad a move is: the mean member, the median one, the weighted one (METRICS 5).

The functions look at the rows of sessions x members, or at one column of members. Returns are
fractions; members without one (NaN) take no part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from market.metrics.columns import divided, known_in, mean_of, total_of

if TYPE_CHECKING:
    from market.metrics.columns import Column, Matrix


def equal_weight(returns: Matrix) -> Column:
    """Return the mean return of the members, each counting the same."""
    return mean_of(returns)


def cap_weight(weights: Column, returns: Matrix) -> Column:
    """Return the weighted mean return over the weight whose returns are known.

    The sum of contributions, by contrast, lacks what the missing members moved: that is the
    residual's matter.
    """
    import numpy as np

    part = np.where(np.isnan(returns), np.nan, weights)
    return divided(total_of(part * returns), total_of(part))


def median_member(returns: Matrix) -> Column:
    """Return the median return, which a few large moves cannot lift."""
    import numpy as np

    count = returns.shape[-1]
    known = count - np.count_nonzero(np.isnan(returns), axis=-1)
    if not count:
        return np.full(np.shape(known), np.nan)
    ordered = np.sort(returns, axis=-1).reshape(-1)  # what is missing comes last
    begins = count * np.arange(np.size(known)).reshape(np.shape(known))
    lower, upper = ordered[begins + (known - 1) // 2], ordered[begins + known // 2 % count]
    return np.where(known > 0, (lower + upper) / 2, np.nan)


def participation(returns: Matrix, index_return: Column | float) -> Column:
    """Return the share of members whose return is above the index's, 0 to 1.

    NaN where nothing is known of the members or the index.
    """
    import numpy as np

    index = np.asarray(index_return, dtype=np.float64)
    beating = np.count_nonzero(returns > index[..., None], axis=-1)
    share = divided(np.asarray(beating, dtype=np.float64), known_in(returns))
    return np.where(np.isnan(index), np.nan, share)
