"""Contributions, groups, the residual, and how few or many members a move rests on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.metrics.attribution import contributions, group_sums, residual, weights_of
from market.metrics.columns import Column, Matrix, Rows
from market.metrics.concentration import (
    effective_contributors,
    effective_members,
    effective_positive,
    top_share_of_net,
    top_share_of_positive,
)
from market.metrics.participation import cap_weight, equal_weight, median_member, participation
from market.metrics.side_by_side import side_by_side
from tests.market.metrics.members import (
    NAN,
    PRICES,
    RETURNS,
    columns_of,
    matrices_of,
    with_missing_member,
)


def groups_of(members: int, groups: int, seed: int) -> list[Rows]:
    """The rows of each group; some have none, and the last is of those in no group."""
    codes = np.random.default_rng(seed).integers(0, groups + 1, members)
    return [np.flatnonzero(codes == code) for code in range(groups + 1)]


class TestWeights:
    @given(columns_of(PRICES))
    def test_add_up_to_one(self, prices: Column) -> None:
        weights = weights_of(np.full(len(prices), 3.0), prices)
        assert np.array_equal(np.isnan(weights), np.isnan(prices))
        if not np.isnan(prices).all():
            assert np.nansum(weights) == pytest.approx(1)

    def test_of_nothing_are_unknown(self) -> None:
        assert np.isnan(weights_of(np.array([5.0, NAN]), np.array([NAN, 3.0]))).all()


class TestContributions:
    @given(columns_of(RETURNS), st.integers(1, 5), st.integers(0, 99))
    def test_of_groups_and_the_unmapped_add_up_to_the_whole(
        self, returns: Column, groups: int, seed: int
    ) -> None:
        weights = np.full(len(returns), 1 / len(returns))
        parts = contributions(weights, returns)
        rows = groups_of(len(returns), groups, seed)
        members = side_by_side([each.tolist() for each in rows if len(each)])
        sums = group_sums(members.of(weights), members.of(returns), members)
        assert np.nansum(sums.contribution) == pytest.approx(np.nansum(parts), abs=1e-12)

    @given(columns_of(RETURNS), st.integers(0, 99))
    def test_of_a_group_do_not_depend_on_the_order_of_members(
        self, returns: Column, seed: int
    ) -> None:
        weights = np.linspace(1, 2, len(returns))
        order = np.random.default_rng(seed).permutation(len(returns))
        whole = side_by_side([range(len(returns))])
        ours = np.ravel(group_sums(weights, returns, whole))
        theirs = np.ravel(group_sums(weights[order], returns[order], whole))
        assert ours == pytest.approx(theirs, nan_ok=True)

    def test_a_missing_member_is_no_zero(self) -> None:
        returns = np.array([0.10, NAN, -0.02, NAN])
        quarters = np.full(4, 0.25)
        found = group_sums(quarters, returns, side_by_side([[0, 1], [2], [3]]))
        assert (found.ret[0], found.median[0]) == pytest.approx((0.10, 0.10))
        assert found.weight.tolist() == [0.25, 0.25, 0.0]
        assert found.advancing[:2].tolist() == [1.0, 0.0]
        assert found.used.tolist() == [1, 1, 0]
        unknown = (found.contribution, found.ret, found.median, found.advancing)
        assert np.isnan([each[2] for each in unknown]).all()

    def test_the_residual_is_what_no_member_explains(self) -> None:
        parts = np.array([0.02, -0.005, NAN])
        assert residual(0.016, parts) == pytest.approx(0.001)
        assert np.isnan(residual(0.016, np.array([NAN])))


class TestBroadness:
    def test_few_large_moves_lift_the_mean_not_the_median(self) -> None:
        returns = np.array([0.01, 0.02, 2.95, NAN])
        assert float(equal_weight(returns)) == pytest.approx(2.98 / 3)
        assert float(median_member(returns)) == 0.02

    @given(matrices_of(RETURNS))
    def test_the_median_is_that_of_the_known_members(self, returns: Matrix) -> None:
        known = [row[~np.isnan(row)] for row in returns]
        expected = [float(np.median(row)) if len(row) else NAN for row in known]
        assert median_member(returns) == pytest.approx(expected, nan_ok=True)

    def test_the_weighted_mean_is_over_the_weight_that_is_known(self) -> None:
        found = cap_weight(np.array([0.5, 0.3, 0.2]), np.array([0.10, 0.02, NAN]))
        assert float(found) == pytest.approx((0.05 + 0.006) / 0.8)
        assert np.isnan(cap_weight(np.array([1.0]), np.array([NAN])))

    @given(matrices_of(RETURNS))
    def test_the_weighted_mean_lies_between_its_members(self, returns: Matrix) -> None:
        found = cap_weight(np.linspace(1, 3, returns.shape[1]), returns)
        for value, row in zip(found, returns, strict=True):
            known = row[~np.isnan(row)]
            if len(known):
                assert known.min() - 1e-9 <= value <= known.max() + 1e-9

    def test_participation_is_the_share_that_beats_the_index(self) -> None:
        returns = np.array([[0.03, 0.01, NAN, 0.02], [NAN, NAN, NAN, NAN], [0.1, 0.1, 0.1, 0.1]])
        found = participation(returns, np.array([0.01, 0.0, NAN]))
        assert found[0] == pytest.approx(2 / 3)
        assert np.isnan(found[1:]).all()
        assert float(participation(returns[0], 0.025)) == pytest.approx(1 / 3)

    @given(matrices_of(RETURNS))
    def test_a_member_of_whom_nothing_is_known_changes_nothing(self, returns: Matrix) -> None:
        more = with_missing_member(returns)
        for measure in (equal_weight, median_member):
            assert measure(more) == pytest.approx(measure(returns), nan_ok=True)
        expected = participation(returns, 0.01)
        assert np.array_equal(participation(more, 0.01), expected, equal_nan=True)


class TestConcentration:
    @given(columns_of(RETURNS, most=60))
    def test_bounds(self, parts: Column) -> None:
        share, count = top_share_of_positive(parts), effective_contributors(parts)
        moving = int(np.count_nonzero(~np.isnan(parts) & (parts != 0)))
        assert (share is None) is not bool((parts > 0).any())
        assert share is None or 0 < share <= 1 + 1e-12
        assert (count is None) is (moving == 0)
        assert count is None or 1 - 1e-9 <= count <= moving + 1e-9

    @given(columns_of(RETURNS), st.integers(0, 99))
    def test_order_and_missing_members_do_not_matter(self, parts: Column, seed: int) -> None:
        shuffled = np.random.default_rng(seed).permutation(parts)
        for measure in (
            top_share_of_positive,
            top_share_of_net,
            effective_contributors,
            effective_positive,
        ):
            expected = measure(parts)
            for other in (shuffled, with_missing_member(parts)):
                assert measure(other) == (pytest.approx(expected) if expected else expected)

    def test_equal_contributors_count_as_many(self) -> None:
        parts = np.array([0.001] * 40 + [-0.001] * 10)
        assert effective_contributors(parts) == pytest.approx(50)
        assert effective_positive(parts) == pytest.approx(40)
        assert effective_members(np.full(200, 0.005)) == pytest.approx(200)
        assert top_share_of_positive(parts) == pytest.approx(0.25)
        assert top_share_of_net(parts) == pytest.approx(10 / 30)

    def test_the_share_of_a_small_net_move_is_not_told(self) -> None:
        assert top_share_of_net(np.array([0.05, -0.0476])) is None
        assert top_share_of_net(np.array([0.05, -0.0475])) == pytest.approx(0.05 / 0.0025)

    def test_of_a_fall_the_largest_losers_are_the_top(self) -> None:
        parts = np.array([-0.02] * 11 + [0.01])
        assert top_share_of_net(parts) == pytest.approx(0.2 / 0.21)

    def test_without_a_rising_member_there_is_no_positive_share(self) -> None:
        assert top_share_of_positive(np.array([-0.1, 0.0, NAN])) is None
        assert effective_positive(np.array([-0.1, NAN])) is None
