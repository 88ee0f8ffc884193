"""Breadth: directions, tallies, volume, the McClellan oscillator."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.metrics.breadth import (
    Tally,
    VolumeSplit,
    advance_decline_line,
    advance_decline_ratio,
    advancing_share,
    arms_index,
    directions,
    ratio_adjusted_net,
    split_volume,
    tally,
    up_volume_share,
)
from market.metrics.columns import Column, Matrix, previous_of
from market.metrics.mcclellan import WARM_UP, State, mcclellan
from tests.market.metrics.members import NAN, columns_of, matrices_of, with_missing_member


def counted(advances: float, declines: float, unchanged: float = 0) -> Tally:
    return Tally(*(np.array([x], dtype=np.float64) for x in (advances, declines, unchanged)))


def volumes(up: float, down: float) -> VolumeSplit:
    return VolumeSplit(np.array([up]), np.array([down]))


class TestDirections:
    def test_follow_the_price(self) -> None:
        signs = directions(np.array([10.01, 9.99, 10.0]), np.full(3, 10.0))
        assert signs.tolist() == [1, -1, 0]

    def test_a_difference_below_the_tick_is_none(self) -> None:
        assert directions(np.array([10.004]), np.array([10.0])).tolist() == [0]

    def test_below_a_dollar_the_tick_is_finer(self) -> None:
        last, previous = np.array([0.5001, 0.50001, 1.0]), np.array([0.5, 0.5, 0.9999])
        assert directions(last, previous).tolist() == [1, 0, 1]

    def test_a_halt_is_not_no_change(self) -> None:
        last = previous = np.array([10.0, 10.0, 10.0])
        signs = directions(last, previous, np.array([0.0, 500.0, NAN]))
        assert np.isnan(signs[0])
        assert signs[1:].tolist() == [0, 0]

    def test_a_member_without_a_price_or_a_close_before_has_none(self) -> None:
        signs = directions(np.array([NAN, 10.0]), np.array([10.0, NAN]))
        assert np.isnan(signs).all()

    def test_after_a_halt_of_days_a_member_is_compared_with_its_last_close(self) -> None:
        closes = np.array([[10.0], [NAN], [12.0]])
        signs = directions(closes, previous_of(closes))[:, 0]
        assert np.isnan(signs[:2]).all()
        assert signs[2] == 1


class TestTallies:
    def test_rows_of_a_matrix_are_sessions(self) -> None:
        signs = np.array([[1.0, -1.0, 1.0, 0.0], [NAN, NAN, -1.0, 0.0]])
        counts = tally(signs)
        assert counts.advances.tolist() == [2, 0]
        assert counts.declines.tolist() == [1, 1]
        assert counts.unchanged.tolist() == [1, 1]
        assert counts.net.tolist() == [1, -1]
        assert counts.issues.tolist() == [4, 2]
        assert advancing_share(counts).tolist() == [0.5, 0.0]
        assert advance_decline_line(counts, start=100).tolist() == [101, 100]

    @given(matrices_of(st.sampled_from([1.0, -1.0, 0.0])), st.integers(0, 99))
    def test_the_order_of_members_does_not_matter_nor_do_missing_ones(
        self, signs: Matrix, seed: int
    ) -> None:
        shuffled = np.random.default_rng(seed).permutation(signs, axis=1)
        for other in (shuffled, with_missing_member(signs)):
            assert np.array_equal(np.array(tally(other)), np.array(tally(signs)))

    @given(matrices_of(st.sampled_from([1.0, -1.0, 0.0])))
    def test_a_matrix_is_worked_out_as_its_rows_are(self, signs: Matrix) -> None:
        whole = np.array(tally(signs))
        assert whole.T.tolist() == [[float(x) for x in tally(row)] for row in signs]

    def test_ratio_adjusted_net_advances_forget_the_number_of_members(self) -> None:
        assert ratio_adjusted_net(counted(1311, 589, 11)) == pytest.approx([1000 * 722 / 1900])
        assert ratio_adjusted_net(counted(2, 1)) == ratio_adjusted_net(counted(1200, 600))

    def test_where_nothing_moved_there_is_no_ratio(self) -> None:
        counts = counted(0, 0, 3)
        assert np.isnan(ratio_adjusted_net(counts)).all()
        assert np.isnan(advance_decline_ratio(counts)).all()
        assert advancing_share(counts).tolist() == [0.0]

    def test_a_market_that_nobody_knows_has_no_share(self) -> None:
        assert np.isnan(advancing_share(counted(0, 0)))


class TestVolume:
    def test_goes_to_the_side_of_its_member(self) -> None:
        signs = np.array([[1.0, -1.0, 1.0, 0.0, NAN, -1.0]])
        found = split_volume(signs, np.array([[10.0, 20.0, 5.0, 99.0, 99.0, NAN]]))
        assert (found.up.tolist(), found.down.tolist()) == ([15.0], [20.0])
        assert up_volume_share(found) == pytest.approx([15 / 35])

    def test_arms_is_above_one_where_volume_sits_in_the_decliners(self) -> None:
        assert arms_index(counted(2, 1), volumes(100, 100)) == pytest.approx([2.0])
        assert arms_index(counted(2, 1), volumes(200, 100)) == pytest.approx([1.0])

    @pytest.mark.parametrize(
        ("advances", "declines", "up", "down"),
        [(0, 3, 0, 9), (3, 0, 9, 0), (2, 1, 0, 9), (2, 1, 9, 0), (0, 3, 5, 9)],
    )
    def test_arms_is_not_defined_beside_a_zero(
        self, advances: int, declines: int, up: int, down: int
    ) -> None:
        assert np.isnan(arms_index(counted(advances, declines), volumes(up, down))).all()

    def test_without_any_volume_there_is_no_share(self) -> None:
        assert np.isnan(up_volume_share(volumes(0, 0))).all()


class TestMcClellan:
    def test_by_hand(self) -> None:
        found = mcclellan(np.array([100.0, -100.0]))
        # fast 10, then 10 - 11 = -1; slow 5, then 5 - 5.25 = -0.25
        assert found.oscillator == pytest.approx([5.0, -0.75])
        assert found.summation == pytest.approx([5.0, 4.25])

    @given(columns_of(st.floats(-1000, 1000)), st.integers(0, 40))
    def test_going_on_from_a_kept_state_is_the_same_as_one_run(self, net: Column, cut: int) -> None:
        whole, first = mcclellan(net), mcclellan(net[:cut])
        second = mcclellan(net[cut:], first.end)
        assert second.end == whole.end
        joined = np.concatenate((first.summation, second.summation))
        assert np.array_equal(joined, whole.summation, equal_nan=True)

    def test_a_session_without_a_tally_is_stepped_over(self) -> None:
        found = mcclellan(np.array([100.0, NAN, -100.0]))
        assert np.isnan(found.oscillator[1])
        assert found.end == mcclellan(np.array([100.0, -100.0])).end

    def test_warms_up_for_a_hundred_sessions(self) -> None:
        net = np.full(WARM_UP, 50.0)
        assert mcclellan(net[1:]).is_warming
        found = mcclellan(net)
        assert not found.is_warming
        settled = found.settled()
        assert np.isnan(settled.oscillator[:-1]).all()
        assert settled.oscillator[-1] == found.oscillator[-1]
        assert settled.summation[-1] == found.summation[-1]

    def test_after_the_warm_up_the_beginning_shows_no_more(self) -> None:
        net = 300 * np.sin(np.arange(400) / 9)
        ours, theirs = mcclellan(net), mcclellan(net, State(fast=150.0, slow=-150.0))
        away = np.abs(ours.oscillator - theirs.oscillator)
        assert away[WARM_UP:].max() < 1
        assert away[0] > 200

    def test_a_lasting_trend_brings_the_oscillator_back_to_nought(self) -> None:
        assert mcclellan(np.full(400, 250.0)).oscillator[-1] == pytest.approx(0, abs=1e-5)
