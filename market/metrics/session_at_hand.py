"""The breadth of the session that the members' last prices are of, which may be under way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from market.metrics.averages import LENGTHS
from market.metrics.breadth import Tally, VolumeSplit, directions, split_volume, tally
from market.metrics.breadth_history import Sessions
from market.metrics.columns import coverage
from market.metrics.highs_lows import HighsLows
from market.metrics.member_columns import Standing
from market.metrics.member_prices import Prices
from market.metrics.participation import cap_weight, equal_weight
from market.metrics.year import Year

if TYPE_CHECKING:
    from market.metrics.columns import Column


def extremes(last: Column, year: Year) -> tuple[Column, Column]:
    """Return which members make a new high or low against the 252 sessions before.

    1 where one does, 0 where not, NaN where a member has no such year.
    """
    import numpy as np

    has_year = year.is_whole & ~np.isnan(last)
    high = np.where(has_year, last >= year.highest * (1 - 1e-9), np.nan)
    low = np.where(has_year, last <= year.lowest * (1 + 1e-9), np.nan)
    return high, low


def session_at_hand(
    prices: Prices, stood: Standing, above: Mapping[int, Column], highs: Column, lows: Column
) -> Sessions:
    """Return the breadth of the session at hand, as one more; NaN where too little is known.

    Args:
        prices: The members' prices.
        stood: Their returns and weights.
        above: Per length, each member's last price over its average, less one.
        highs: As `extremes` tells them.
        lows: The same.
    """
    import numpy as np

    def shown(value: float, made_of: Column) -> Column:
        is_enough = coverage(made_of, stood.weight).is_enough
        return np.array([value if is_enough else np.nan])

    signs = directions(prices.taken[None, :], prices.previous[None, :], prices.volume[None, :])
    returns = stood.returns["1D"]
    volume = split_volume(signs, prices.volume[None, :])
    return Sessions(
        Tally(*(shown(float(each[0]), returns) for each in tally(signs))),
        VolumeSplit(*(shown(float(each[0]), returns) for each in volume)),
        {n: shown(_share(above[n]), above[n]) for n in LENGTHS},
        HighsLows(
            shown(float(np.nansum(highs)), highs),
            shown(float(np.nansum(lows)), lows),
            np.array([float((~np.isnan(highs)).sum())]),
        ),
        shown(float(equal_weight(returns)), returns),
        shown(float(cap_weight(stood.weight, returns)), returns),
        np.array([coverage(returns, stood.weight).weight]),
    )


def _share(away: Column) -> float:
    import numpy as np

    known = away[~np.isnan(away)]
    return float(np.mean(known > 1e-9)) if len(known) else np.nan
