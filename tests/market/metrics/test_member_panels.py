"""The families over two and a half years of real members: do they tell what markets did?"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from market.metrics.averages import shares_above
from market.metrics.breadth import (
    advancing_share,
    arms_index,
    directions,
    ratio_adjusted_net,
    split_volume,
    tally,
    up_volume_share,
)
from market.metrics.columns import Column, column, previous_of
from market.metrics.highs_lows import new_highs_lows
from market.metrics.mcclellan import WARM_UP, mcclellan
from market.metrics.participation import equal_weight, median_member
from market.metrics.suspects import suspect_moves
from tests.shared import SHARED

HISTORY = SHARED / "history"
PANELS = HISTORY / "panels"
pytestmark = pytest.mark.skipif(
    not PANELS.is_dir(), reason="the recorded panels of members beside the checkout are absent"
)


@cache
def panel(name: str) -> pd.DataFrame:
    """Sessions x members, by ISO date and symbol. Closes are raw: not adjusted for splits."""
    (path,) = PANELS.glob(f"r2000_{name}_*.csv.gz")
    return pd.read_csv(path, index_col=0)


@cache
def index_returns() -> Column:
    """Daily returns of the Russell 2000 on the panel's sessions."""
    tables = (HISTORY / "index").glob("RUT_daily_*_2026-08-21.csv.gz")
    table = pd.read_csv(next(tables), index_col="date")
    closes = table["close"].reindex(panel("close").index)
    return column(closes.pct_change(fill_method=None).to_numpy())


def together(ours: Column, theirs: Column) -> float:
    """The correlation of two series where both are known."""
    both = ~np.isnan(ours) & ~np.isnan(theirs)
    assert both.sum() > 200
    return float(np.corrcoef(ours[both], theirs[both])[0, 1])


def test_breadth_follows_the_index() -> None:
    closes, volumes = panel("close").to_numpy(), panel("volume").to_numpy()
    signs = directions(closes, previous_of(closes), volumes)
    counts, volume = tally(signs), split_volume(signs, volumes)
    assert together(advancing_share(counts), index_returns()) > 0.6
    assert together(up_volume_share(volume), index_returns()) > 0.6
    assert counts.issues[1:].min() > 1900
    assert 0.5 < np.nanmedian(arms_index(counts, volume)) < 1.5
    settled = mcclellan(ratio_adjusted_net(counts)).settled()
    assert np.isnan(settled.oscillator).sum() == WARM_UP
    assert 50 < np.nanmax(np.abs(settled.oscillator)) < 250


def test_splits_do_not_lift_the_mean_member() -> None:
    closes = panel("close").to_numpy()
    before = previous_of(closes)
    suspects, returns = suspect_moves(closes, before), closes / before - 1
    assert 0 < suspects.sum() < 0.001 * closes.size
    guarded = np.where(suspects, np.nan, returns)
    assert np.nanmax(np.abs(equal_weight(guarded))) < 0.15
    assert np.nanmax(np.abs(equal_weight(returns))) > np.nanmax(np.abs(equal_weight(guarded)))
    for measure in (equal_weight, median_member):
        assert together(measure(guarded), index_returns()) > 0.6


def test_members_above_their_averages_come_and_go_with_the_large_caps() -> None:
    found = shares_above(panel("close").to_numpy(), (50, 200))
    table = pd.read_csv(HISTORY / "breadth" / "sp500_pct_above_ma.csv", index_col="date")
    for length, least in ((50, 0.7), (200, 0.5)):
        large = table[f"ABV{length}"].reindex(panel("close").index).to_numpy() / 100
        assert together(found[length].share, large) > least
        assert np.nanmin(found[length].share) < 0.35
        assert np.nanmax(found[length].share) > 0.55
        assert np.isnan(found[length].share[: length - 1]).all()


def test_new_highs_outnumber_new_lows_when_most_are_above_their_long_average() -> None:
    closes = panel("close").to_numpy()
    found, share = new_highs_lows(closes), shares_above(closes, (200,))[200].share
    strong, weak = share[252:] > 0.6, share[252:] < 0.35
    assert found.net[252:][strong].mean() > 0 > found.net[252:][weak].mean()
    assert found.used[252:].min() > 1500
