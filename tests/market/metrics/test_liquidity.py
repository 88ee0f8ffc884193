"""Dollar volume, Amihud illiquidity, relative volume, thin names, spread proxies."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest
from hypothesis import given

from market.metrics.columns import Column, Matrix
from market.metrics.liquidity import (
    amihud,
    dollar_volume,
    median_dollar_volume,
    relative_volume,
    thin_share,
    turnover,
    usual_volume,
    zero_volume_share,
)
from market.metrics.spreads import abdi_ranaldo, corwin_schultz
from tests.market.metrics.members import NAN, PRICES, columns_of, walk

SESSIONS = 30


def days(*newest: float, fill: float = 100.0) -> Matrix:
    """One member's sessions, the newest as given and all before alike."""
    return np.array([fill] * (SESSIONS - len(newest)) + list(newest))[:, None]


class TestDollarVolume:
    def test_is_of_the_newest_twenty_sessions(self) -> None:
        closes, volumes = days(fill=2.0), days(*([300.0] * 20))
        assert dollar_volume(closes, volumes).tolist() == [600.0]

    def test_one_busy_day_lifts_the_mean_not_the_median(self) -> None:
        closes, volumes = days(fill=1.0), days(20_100.0)
        assert dollar_volume(closes, volumes).tolist() == [1100.0]
        assert median_dollar_volume(closes, volumes).tolist() == [100.0]

    def test_a_day_without_trades_is_known_and_counts(self) -> None:
        closes, volumes = days(*([NAN] * 5), fill=1.0), days(*([0.0] * 5))
        assert dollar_volume(closes, volumes).tolist() == [75.0]
        assert zero_volume_share(volumes).tolist() == [0.25]

    def test_an_unknown_day_does_not(self) -> None:
        closes, volumes = days(fill=1.0), days(*([NAN] * 5))
        assert dollar_volume(closes, volumes).tolist() == [100.0]
        assert zero_volume_share(volumes).tolist() == [0.0]

    def test_needs_most_of_its_sessions(self) -> None:
        closes = days(fill=1.0)
        for unknown, is_known in ((6, True), (7, False)):
            volumes = days(*([NAN] * unknown))
            for measure in (dollar_volume, median_dollar_volume):
                assert np.isfinite(measure(closes, volumes)[0]) == is_known
        assert np.isnan(dollar_volume(closes[:13], closes[:13])).all()
        assert np.isnan(zero_volume_share(days(*([NAN] * 7)))).all()


class TestAmihud:
    def test_by_hand(self) -> None:
        closes = np.array([[100.0], [110.0]] * 15)
        volumes = days(fill=1000.0)
        up, down = 0.1 / 110_000, (1 / 11) / 100_000
        # 21 returns end on a rise: eleven of them are rises.
        assert amihud(closes, volumes)[0] == pytest.approx(1e6 * (11 * up + 10 * down) / 21)

    def test_a_day_without_trades_is_left_out(self) -> None:
        closes, volumes = walk(SESSIONS, 1), days(fill=1000.0)
        idle = volumes.copy()
        idle[-1] = 0
        without = np.abs(closes[1:] / closes[:-1] - 1)[-21:-1] / (closes[-20 - 1 : -1] * 1000)
        assert amihud(closes, idle)[0] == pytest.approx(1e6 * without.mean())
        assert amihud(closes, volumes)[0] != amihud(closes, idle)[0]

    def test_needs_fifteen_of_its_sessions(self) -> None:
        closes, volumes = walk(SESSIONS, 1), days(fill=1000.0)
        for idle, is_known in ((6, True), (7, False)):
            volumes[-idle:] = 0
            assert np.isfinite(amihud(closes, volumes)[0]) == is_known


class TestRelativeVolume:
    def test_is_against_the_twenty_sessions_before(self) -> None:
        past = days(*([50.0] * 20))
        assert relative_volume(np.array([75.0]), usual_volume(past), 1.0).tolist() == [1.5]

    def test_is_hidden_while_nobody_says_what_is_usual_by_now(self) -> None:
        assert np.isnan(relative_volume(np.array([75.0]), usual_volume(days()), None)).all()
        assert np.isnan(relative_volume(np.array([75.0]), usual_volume(days()), 0.0)).all()

    def test_is_against_the_part_of_the_day_that_is_usual_by_now(self) -> None:
        assert relative_volume(np.array([60.0]), usual_volume(days()), 0.4).tolist() == [1.5]

    def test_of_members_that_never_trade_is_not_defined(self) -> None:
        assert np.isnan(relative_volume(np.array([5.0]), usual_volume(days(fill=0.0)), 1.0)).all()


def test_turnover_is_of_the_shares_outstanding() -> None:
    found = turnover(np.array([5.0, 5.0, 5.0]), np.array([500.0, 0.0, NAN]))
    assert found[0] == 0.01
    assert np.isnan(found[1:]).all()


@given(columns_of(PRICES))
def test_thin_names_are_a_share_of_those_known(dollars: Column) -> None:
    known = [x for x in dollars.tolist() if not isnan(x)]
    expected = sum(x < 50 for x in known) / len(known) if known else None
    assert thin_share(dollars, 50) == expected


class TestSpreadProxies:
    def test_of_prices_that_bounce_between_bid_and_ask_are_the_spread(self) -> None:
        closes = np.array([[100.5], [99.5]] * 20)
        highs, lows = np.full((40, 1), 100.5), np.full((40, 1), 99.5)
        assert corwin_schultz(highs, lows, closes)[0] == pytest.approx(0.01, rel=1e-3)
        assert abdi_ranaldo(highs, lows, closes)[0] == pytest.approx(0.01, rel=1e-3)

    def test_need_fifteen_pairs(self) -> None:
        closes = walk(22, 2)
        highs, lows = closes * 1.01, closes * 0.99
        highs[:7, 1] = NAN
        for measure in (corwin_schultz, abdi_ranaldo):
            found = measure(highs, lows, closes)
            assert np.isfinite(found[0])
            assert np.isnan(found[1])

    def test_a_price_of_nothing_is_missing(self) -> None:
        closes = walk(22, 1)
        highs, lows = closes * 1.01, closes * 0.99
        lows[5] = 0
        gone = lows.copy()
        gone[5] = NAN
        for measure in (corwin_schultz, abdi_ranaldo):
            assert measure(highs, lows, closes) == measure(highs, gone, closes)

    def test_clipped_are_never_negative(self) -> None:
        closes = np.exp(np.linspace(0, 3, 60))[:, None]
        highs, lows = closes * 1.001, closes * 0.999
        assert corwin_schultz(highs, lows, closes)[0] < 0.01
        for measure in (corwin_schultz, abdi_ranaldo):
            assert measure(highs, lows, closes, is_clipped=True)[0] >= 0
