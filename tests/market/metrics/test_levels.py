"""Levels of groups and baskets, through halts, arrivals, departures and renewals."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.metrics.columns import Matrix, forward_filled
from market.metrics.levels import (
    chain_linked,
    equal_weight_basket,
    group_levels,
    rebalanced_on,
    shares_held,
)
from market.sessions import sessions_between
from tests.market.metrics.members import NAN, PRICES, matrices_of, walk, with_missing_member

NEVER = np.zeros(9, dtype=np.bool_)


class TestChain:
    def test_of_constant_members_is_the_value_of_the_holding(self) -> None:
        closes, shares = walk(50, 4), np.array([10.0, 5.0, 1.0, 300.0])
        value = closes @ shares
        assert chain_linked(closes, shares) == pytest.approx(100 * value / value[0])

    def test_a_halted_member_hands_its_weight_to_the_rest_and_comes_back_with_its_jump(
        self,
    ) -> None:
        closes = np.array([[10.0, 10.0], [11.0, NAN], [11.0, 5.0]])
        # The second session is the first member's alone; in the third both have a last price.
        assert chain_linked(closes, np.ones(2)) == pytest.approx([100, 110, 110 * 16 / 21])

    def test_a_member_taken_over_and_one_newly_listed_make_no_jump(self) -> None:
        closes = np.array(
            [[10.0, 40.0, NAN], [10.0, 40.0, NAN], [10.0, NAN, 70.0], [10.0, NAN, 70]]
        )
        assert chain_linked(closes, np.ones(3)) == pytest.approx([100, 100, 100, 100])

    def test_begins_at_its_base_and_has_no_level_where_no_price_is(self) -> None:
        closes = np.array([[NAN], [20.0], [NAN], [30.0]])
        found = chain_linked(closes, np.ones(1), base=1000)
        assert np.isnan(found[[0, 2]]).all()
        assert found[[1, 3]] == pytest.approx([1000, 1500])

    def test_a_member_without_a_quantity_takes_no_part(self) -> None:
        closes = np.array([[10.0, 10.0], [11.0, 90.0]])
        assert chain_linked(closes, np.array([2.0, NAN])) == pytest.approx([100, 110])

    @given(matrices_of(PRICES), st.integers(0, 99))
    def test_order_and_unknown_members_do_not_matter(self, closes: Matrix, seed: int) -> None:
        order = np.random.default_rng(seed).permutation(closes.shape[1])
        shares = np.linspace(1, 5, closes.shape[1])
        expected = chain_linked(closes, shares)
        assert chain_linked(closes[:, order], shares[order]) == pytest.approx(expected, nan_ok=True)
        more = chain_linked(with_missing_member(closes), np.append(shares, 1.0))
        assert more == pytest.approx(expected, nan_ok=True)

    @given(matrices_of(PRICES))
    def test_equal_prices_grow_together_whatever_the_weights(self, closes: Matrix) -> None:
        same = np.repeat(closes[:, :1], 3, axis=1)
        level = chain_linked(same, np.array([1.0, 20.0, 300.0]))
        known = ~np.isnan(closes[:, 0])
        assert np.array_equal(np.isnan(level), ~known)
        if known.any():
            prices = closes[known, 0]
            assert level[known] == pytest.approx(100 * prices / prices[0])

    def test_groups_may_overlap_and_are_worked_out_alike(self) -> None:
        closes, shares = walk(30, 6), np.arange(1.0, 7.0)
        groups = [np.array([0, 1, 2]), np.array([2, 5]), np.arange(6)]
        found = group_levels(closes, shares, groups)
        assert found.shape == (30, 3)
        for place, rows in enumerate(groups):
            assert found[:, place] == pytest.approx(chain_linked(closes[:, rows], shares[rows]))


class TestBasket:
    def test_left_alone_is_the_mean_of_the_members_growth(self) -> None:
        closes = walk(9, 5)
        expected = 100 * (closes / closes[0]).mean(axis=1)
        assert equal_weight_basket(closes, NEVER) == pytest.approx(expected)

    def test_renewed_at_every_close_it_grows_by_the_mean_of_each_day(self) -> None:
        closes = np.array([[10.0, 10.0], [20.0, 10.0], [10.0, 20.0]])
        always = np.ones(len(closes), dtype=np.bool_)
        assert equal_weight_basket(closes, always) == pytest.approx([100, 150, 187.5])

    def test_a_renewal_acts_from_the_next_session_on(self) -> None:
        closes = np.array([[10.0, 10.0], [20.0, 10.0], [40.0, 10.0]])
        left = equal_weight_basket(closes, np.array([False, False, False]))
        renewed = equal_weight_basket(closes, np.array([False, True, False]))
        assert left == pytest.approx([100, 150, 250])
        assert renewed == pytest.approx([100, 150, 225])

    def test_a_missing_members_weight_goes_to_the_rest(self) -> None:
        closes = np.array([[10.0, 10.0], [10.0, 20.0], [20.0, NAN], [20.0, NAN]])
        # Half and half, then 10 to 20: the loss of the second leaves the first's growth.
        assert equal_weight_basket(closes, NEVER[:4]) == pytest.approx([100, 150, 300, 300])

    def test_a_member_listed_later_waits_for_the_next_renewal(self) -> None:
        closes = np.array([[10.0, NAN], [10.0, 5.0], [10.0, 10.0], [10.0, 20.0]])
        assert equal_weight_basket(closes, NEVER[:4])[-1] == pytest.approx(100)
        renewed = equal_weight_basket(closes, np.array([False, False, True, False]))
        assert renewed == pytest.approx([100, 100, 100, 150])

    def test_a_renewal_on_a_day_without_prices_waits(self) -> None:
        closes = np.array([[NAN, NAN], [10.0, 10.0], [20.0, 10.0], [NAN, NAN], [20.0, 10.0]])
        closes = np.vstack((closes, [[40.0, 10.0]]))
        flags = np.array([True, False, False, True, False, False])
        found = equal_weight_basket(closes, flags)
        assert found[[1, 2, 4, 5]] == pytest.approx([100, 150, 150, 225])
        assert np.isnan(found[[0, 3]]).all()

    def test_of_nothing_has_no_level(self) -> None:
        assert np.isnan(equal_weight_basket(np.full((9, 2), NAN), NEVER)).all()

    @given(matrices_of(PRICES))
    def test_a_basket_of_one_is_that_one(self, closes: Matrix) -> None:
        one = closes[:, :1]
        flags = np.arange(len(one)) % 3 == 0
        level, known = equal_weight_basket(one, flags), ~np.isnan(one[:, 0])
        # With one member, a renewal changes nothing, and one that falls on a hole waits.
        if known.any():
            assert level[known] == pytest.approx(100 * one[known, 0] / one[known, 0][0])

    @given(matrices_of(PRICES), st.integers(1, 4))
    def test_what_it_holds_after_a_session_makes_the_next_one(
        self, closes: Matrix, every: int
    ) -> None:
        flags = np.arange(len(closes)) % every == every - 1
        level = equal_weight_basket(closes, flags)
        held = shares_held(closes[:-1], flags[:-1])
        starts = forward_filled(closes[:-1])[-1:] if len(closes) > 1 else closes[:0]
        both = (
            ~np.isnan(held * starts[0] * closes[-1]) if len(starts) else np.zeros(0, dtype=np.bool_)
        )
        if not both.any():
            return
        growth = (held * closes[-1])[both].sum() / (held * starts[0])[both].sum()
        before = level[:-1][~np.isnan(level[:-1])][-1]
        assert level[-1] == pytest.approx(before * growth)


class TestRenewals:
    def test_are_quarter_ends_and_reconstitutions(self) -> None:
        days = list(sessions_between(date(2026, 3, 2), date(2026, 12, 31)))
        flags = rebalanced_on(days, [date(2026, 6, 26), date(2026, 11, 13)])
        found = [day for day, flag in zip(days, flags, strict=True) if flag]
        assert found == [
            date(2026, 3, 31),
            date(2026, 6, 26),
            date(2026, 6, 30),
            date(2026, 9, 30),
            date(2026, 11, 13),
            date(2026, 12, 31),
        ]

    def test_the_session_before_stands_in_for_a_missing_one(self) -> None:
        days = [date(2026, 6, 24), date(2026, 6, 25), date(2026, 7, 1)]
        assert rebalanced_on(days, [date(2026, 6, 26)]).tolist() == [False, True, False]

    def test_of_other_times_are_not_marked(self) -> None:
        days = [date(2026, 5, 5), date(2026, 5, 6)]
        others = [date(2025, 6, 27), date(2026, 6, 26)]
        assert rebalanced_on(days, others).tolist() == [False, False]

    def test_of_no_sessions_are_none(self) -> None:
        assert rebalanced_on([], [date(2026, 6, 26)]).tolist() == []
