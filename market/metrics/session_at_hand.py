"""The breadth of the session that the members' last prices are of, which may be under way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from market.metrics.averages import LENGTHS
from market.metrics.breadth import directions, split_volume, tally
from market.metrics.breadth_history import Sessions
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
    """Return the breadth of the session at hand, as one more session.

    Args:
        prices: The members' prices.
        stood: Their returns and weights.
        above: Per length, each member's last price over its average, less one.
        highs: As `extremes` tells them.
        lows: The same.
    """
    import numpy as np

    signs = directions(prices.taken[None, :], prices.previous[None, :], prices.volume[None, :])
    shares = {n: _share(above[n]) for n in LENGTHS}
    has_year = bool((~np.isnan(highs)).any())
    found = HighsLows(
        np.array([np.nansum(highs) if has_year else np.nan]),
        np.array([np.nansum(lows) if has_year else np.nan]),
        np.array([float((~np.isnan(highs)).sum())]),
    )
    returns = stood.returns["1D"]
    return Sessions(
        tally(signs),
        split_volume(signs, prices.volume[None, :]),
        shares,
        found,
        np.array([float(equal_weight(returns))]),
        np.array([float(cap_weight(stood.weight, returns))]),
    )


def _share(away: Column) -> Column:
    import numpy as np

    known = away[~np.isnan(away)]
    return np.array([float(np.mean(known > 1e-9)) if len(known) else np.nan])
