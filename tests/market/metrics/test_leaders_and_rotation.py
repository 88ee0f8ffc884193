"""Momentum, ranks, who may lead, and the rotation of groups."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.metrics.columns import Column, Matrix
from market.metrics.momentum import (
    base_before,
    competition_ranks,
    may_lead_of,
    rate_of_change,
    relative_momentum,
    twelve_minus_one,
)
from market.metrics.rotation import Quadrant, quadrant, rotation
from tests.market.metrics.members import NAN, columns_of, walk


class TestMomentum:
    def test_counts_sessions_back(self) -> None:
        closes = np.arange(1.0, 31.0)[:, None]
        assert rate_of_change(closes, 21)[0] == pytest.approx(30 / 9 - 1)
        assert rate_of_change(closes, 29)[0] == pytest.approx(29)
        assert np.isnan(rate_of_change(closes, 30)).all()

    def test_looks_a_few_sessions_back_for_a_base(self) -> None:
        closes = np.full((60, 2), 20.0)
        closes[:10] = 10.0
        closes[10:19, 0], closes[10:18, 1] = NAN, NAN
        found = rate_of_change(closes, 60 - 1 - 18)
        assert np.isnan(found[0])
        assert rate_of_change(closes, 60 - 1 - 17).tolist() == [1.0, 1.0]

    def test_without_a_close_today_there_is_none(self) -> None:
        closes = walk(30, 2)
        closes[-1, 0] = NAN
        assert np.isnan(rate_of_change(closes, 21)).tolist() == [True, False]

    def test_twelve_minus_one_leaves_the_newest_month_out(self) -> None:
        closes = walk(300, 3)
        found = twelve_minus_one(closes)
        assert found == pytest.approx(closes[-22] / closes[-253] - 1)
        closes[-21:] *= 5
        assert twelve_minus_one(closes) == pytest.approx(found)
        assert np.isnan(twelve_minus_one(closes[:252])).all()

    def test_relative_is_less_the_indexs(self) -> None:
        closes = walk(70, 3)
        index = closes[:, 0].copy()
        base = base_before(closes[:-1], 63)
        found = relative_momentum(closes[-1], base, index, 63)
        assert found[0] == 0
        assert found[1:] == pytest.approx(
            rate_of_change(closes, 63)[1:] - index[-1] / index[-64] + 1
        )


class TestRanks:
    def test_are_one_two_two_four(self) -> None:
        found = competition_ranks(np.array([0.2, NAN, 0.3, 0.2, -0.1]))
        assert found.tolist()[:1] + found.tolist()[2:] == [2, 1, 2, 4]
        assert np.isnan(found[1])

    @given(columns_of(st.integers(-5, 5).map(float)))
    def test_agree_with_pandas(self, values: Column) -> None:
        expected = pd.Series(values).rank(method="min", ascending=False).to_numpy()
        assert np.array_equal(competition_ranks(values), expected, equal_nan=True)


class TestLeaders:
    @pytest.mark.parametrize(
        ("last", "sessions", "dollars", "expected"),
        [
            (1.0, 60, 1e6, True),
            (0.99, 99, 9e6, False),
            (5.0, 59, 9e6, False),
            (5.0, 99, 9.9e5, False),
            (5.0, 99, NAN, True),
            (5.0, None, 9e6, True),
            (NAN, 99, 9e6, False),
        ],
    )
    def test_must_be_dear_old_and_traded_enough(
        self, last: float, sessions: int | None, dollars: float, expected: bool
    ) -> None:
        known = NAN if sessions is None else float(sessions)
        columns = (np.array([value]) for value in (last, known, dollars))
        assert may_lead_of(*columns).tolist() == [expected]


def by_pandas(levels: Matrix, benchmark: Column) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Ratio and momentum, as the definition is written."""
    strength = 100 * pd.DataFrame(levels).div(pd.Series(benchmark), axis=0)
    rolling = strength.rolling(14)
    ratio = 100 + (strength - rolling.mean()) / rolling.std()
    change = 100 * (ratio / ratio.shift(1) - 1)
    return ratio, 101 + (change - change.rolling(14).mean()) / change.rolling(14).std()


class TestRotation:
    def test_agrees_with_the_definition_in_pandas(self) -> None:
        levels, benchmark = walk(80, 5), walk(80, 1, seed=3)[:, 0]
        levels[40, 2] = NAN
        found = rotation(levels, benchmark)
        for ours, theirs in zip(found, by_pandas(levels, benchmark), strict=True):
            assert ours == pytest.approx(theirs.to_numpy(), rel=1e-9, nan_ok=True)

    def test_begins_after_fourteen_and_twentyeight_sessions(self) -> None:
        found = rotation(walk(40, 1), walk(40, 1, seed=3)[:, 0])
        assert int(np.isnan(found.ratio).sum()) == 13
        assert int(np.isnan(found.momentum).sum()) == 27
        assert np.isnan(rotation(walk(9, 1), walk(9, 1)[:, 0]).ratio).all()

    def test_of_the_benchmark_itself_there_is_none(self) -> None:
        benchmark = walk(40, 1)
        found = rotation(3 * benchmark, benchmark[:, 0])
        assert np.isnan(found.ratio).all()
        assert np.isnan(found.momentum).all()

    def test_does_not_depend_on_the_scale_of_the_levels(self) -> None:
        levels, benchmark = walk(60, 2), walk(60, 1, seed=3)[:, 0]
        ours, theirs = rotation(levels, benchmark), rotation(7 * levels, benchmark / 3)
        assert ours.momentum == pytest.approx(theirs.momentum, nan_ok=True)

    def test_a_group_that_has_begun_to_win_is_leading(self) -> None:
        calm = np.full(40, 100.0) + np.sin(np.arange(40))
        rise = calm * (1 + np.concatenate((np.zeros(37), [0.02, 0.06, 0.14])))
        found = rotation(rise[:, None], calm)
        # Before the rise the two were one, which has no ratio.
        assert found.ratio[-1, 0] > 102
        assert np.isnan(found.ratio[36, 0])

    @pytest.mark.parametrize(
        ("ratio", "momentum", "expected"),
        [
            (101, 101, Quadrant.LEADING),
            (101, 99, Quadrant.WEAKENING),
            (99, 99, Quadrant.LAGGING),
            (99, 101, Quadrant.IMPROVING),
            (100, 100, Quadrant.LEADING),
        ],
    )
    def test_quadrants(self, ratio: float, momentum: float, expected: Quadrant) -> None:
        assert quadrant(ratio, momentum) is expected
