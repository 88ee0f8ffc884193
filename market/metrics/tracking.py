"""How far the tracker's return is from the index's, and when that is worth a word (METRICS 4)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING

from market.metrics.columns import divided

if TYPE_CHECKING:
    from market.metrics.columns import Column

LIMIT = 0.0020
"""20 basis points: three times the usual deviation of a day."""


def tracking_differences(fund: Column, index: Column) -> Column:
    """Return the fund's return less the index's, a value per session, a fraction.

    Both are closes of the same sessions. The first session has none, nor has one beside a
    hole in either. The fund's close is without dividends: it falls behind on an ex-date.
    """
    import numpy as np

    ratios = np.full((2, len(index)), np.nan)
    for place, closes in enumerate((fund, index)):
        ratios[place, 1:] = divided(closes[1:], closes[:-1])
    return ratios[0] - ratios[1]


def is_tracking_break(
    difference: float, day: date, ex_dates: Collection[date], reconstitutions: Collection[date]
) -> bool:
    """Return whether a day's difference (a fraction) calls for attention.

    More than 20 basis points do, but not on the fund's ex-date, which explains a gap by the
    dividend, nor on a day of reconstitution. An unknown difference (NaN) never does.
    """
    is_explained = day in ex_dates or day in reconstitutions
    return isfinite(difference) and abs(difference) > LIMIT and not is_explained
