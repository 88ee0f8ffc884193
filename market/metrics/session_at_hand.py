"""The breadth of the session that the members' last prices are of, which may be under way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from market.metrics.averages import LENGTHS
from market.metrics.breadth import Tally, VolumeSplit, directions, split_volume, tally
from market.metrics.breadth_history import Sessions
from market.metrics.columns import Coverage, coverage
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

    signs = directions(prices.taken[None, :], prices.previous[None, :], prices.volume[None, :])
    returns, weight = stood.returns["1D"], stood.weight
    volume = split_volume(signs, prices.volume[None, :])
    made_of = coverage(returns, weight)
    of_highs, of_lows = coverage(highs, weight), coverage(lows, weight)
    return Sessions(
        Tally(*(_shown(float(each[0]), made_of) for each in tally(signs))),
        VolumeSplit(*(_shown(float(each[0]), made_of) for each in volume)),
        {n: _shown(_share(above[n]), coverage(above[n], weight)) for n in LENGTHS},
        HighsLows(
            _shown(float(np.nansum(highs)), of_highs),
            _shown(float(np.nansum(lows)), of_lows),
            np.array([float(of_highs.used)]),
        ),
        _shown(float(equal_weight(returns)), made_of),
        _shown(float(cap_weight(weight, returns)), made_of),
        np.array([made_of.weight]),
    )


def _shown(value: float, made_of: Coverage) -> Column:
    import numpy as np

    return np.array([value if made_of.is_enough else np.nan])


def _share(away: Column) -> float:
    import numpy as np

    known = away[~np.isnan(away)]
    return float(np.mean(known > 1e-9)) if len(known) else np.nan
