"""Members above their averages, new highs and lows, places in the 52-week range."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.metrics.averages import distances, shares_above, sums_before
from market.metrics.columns import Matrix
from market.metrics.highs_lows import (
    HighsLows,
    high_low_index,
    new_highs_lows,
    positions,
    span_before,
)
from tests.market.metrics.members import (
    NAN,
    PRICES,
    matrices_of,
    walk,
    with_missing_member,
)


class TestAverages:
    @given(matrices_of(PRICES, sessions=20), st.integers(1, 25))
    def test_agree_with_a_rolling_mean_of_filled_closes(self, closes: Matrix, length: int) -> None:
        frame = pd.DataFrame(closes)
        mean = frame.ffill().rolling(length).apply(np.mean, raw=True)  # mean() carries rounding on
        counts = mean.notna() & frame.notna()
        above = (frame > mean * (1 + 1e-9)) & counts
        found = shares_above(closes, (length,))[length]
        assert found.used.tolist() == counts.sum(axis=1).tolist()
        expected = (above.sum(axis=1) / counts.sum(axis=1).replace(0, np.nan)).to_numpy()
        assert found.share == pytest.approx(expected, nan_ok=True)
        away = distances(closes[-1], sums_before(closes[:-1], (length,)))[length]
        last = (frame / mean - 1).iloc[-1].to_numpy()
        assert away == pytest.approx(last, nan_ok=True)

    def test_a_member_with_too_few_closes_is_on_neither_side(self) -> None:
        closes = np.array([[1.0, NAN], [2.0, NAN], [3.0, 9.0]])
        found = shares_above(closes, (3,))[3]
        assert found.used.tolist() == [0, 0, 1]
        assert found.share[-1] == 1.0

    def test_a_price_that_never_moves_is_not_above_its_average(self) -> None:
        assert shares_above(np.full((200, 3), 10.1), (200,))[200].share[-1] == 0.0

    @given(matrices_of(PRICES))
    def test_a_member_of_whom_nothing_is_known_changes_nothing(self, closes: Matrix) -> None:
        ours = shares_above(closes, (3,))[3]
        theirs = shares_above(with_missing_member(closes), (3,))[3]
        assert np.array_equal(np.array(ours), np.array(theirs), equal_nan=True)


def plainly(closes: Matrix, year: int) -> HighsLows:
    """New highs and lows of closes, member by member and session by session."""
    table = np.full((3, len(closes)), NAN)
    table[2] = 0
    for row in range(year, len(closes)):
        table[:, row] = 0
        for member in closes.T:
            if np.isnan(member[row]) or np.isnan(member[: row - year + 1]).all():
                continue
            window = member[row - year : row]
            window = window[~np.isnan(window)]
            table[2, row] += 1
            table[0, row] += len(window) > 0 and member[row] >= window.max() * (1 - 1e-9)
            table[1, row] += len(window) > 0 and member[row] <= window.min() * (1 + 1e-9)
    return HighsLows(*table)


class TestHighsAndLows:
    @given(matrices_of(PRICES, sessions=25), st.integers(1, 9))
    def test_agree_with_looking_at_every_window(self, closes: Matrix, year: int) -> None:
        found = new_highs_lows(closes, year=year)
        expected = plainly(closes, year)
        assert np.array_equal(np.array(found), np.array(expected), equal_nan=True)

    def test_of_a_whole_year(self) -> None:
        closes = walk(600, 9)
        found = new_highs_lows(closes)
        assert np.array_equal(np.array(found), np.array(plainly(closes, 252)), equal_nan=True)
        assert found.used[252:].tolist() == [9] * 348
        assert found.net[300] == found.highs[300] - found.lows[300]

    def test_a_young_listing_is_left_out(self) -> None:
        closes = np.arange(1.0, 9.0)[:, None] * np.ones((1, 2))
        closes[:4, 1] = NAN
        found = new_highs_lows(closes, year=4)
        assert found.highs[4:].tolist() == [1, 1, 1, 1]
        assert found.used[4:].tolist() == [1, 1, 1, 1]
        assert new_highs_lows(closes, year=3).used[-1] == 2

    def test_are_measured_from_intraday_prices_where_the_past_has_them(self) -> None:
        closes = np.array([[10.0, 10.0], [10.0, 10.0], [11.0, 11.0]])
        highs = np.array([[12.0, 12.0], [10.5, NAN], [11.0, NAN]])
        found = new_highs_lows(closes, highs, year=2)
        # The first once stood at 12; of the second the highs have a hole: its closes count.
        assert found.highs[-1] == 1

    def test_a_session_under_way_without_its_high_counts_with_its_last_price(self) -> None:
        closes = np.array([[10.0], [10.0], [13.0]])
        highs = np.array([[12.0], [11.0], [NAN]])
        assert new_highs_lows(closes, highs, year=2).highs[-1] == 1

    def test_index_is_the_mean_of_ten_sessions(self) -> None:
        highs, lows = np.array([3.0] * 10 + [0.0, 0.0]), np.array([1.0] * 10 + [4.0, 0.0])
        found = high_low_index(HighsLows(highs, lows, highs + lows))
        assert np.isnan(found[:9]).all()
        # The last session has neither: nine remain, of which one has only lows.
        assert found[9:] == pytest.approx([0.75, 0.75 * 9 / 10, 0.75 * 8 / 9])

    def test_index_waits_for_ten_known_sessions(self) -> None:
        highs = np.array([NAN] * 5 + [1.0] * 10)
        found = high_low_index(HighsLows(highs, highs, highs))
        assert np.isnan(found[:-1]).all()
        assert found[-1] == 0.5

    def test_index_of_fewer_sessions_than_ten_is_unknown(self) -> None:
        few = np.ones(3)
        assert np.isnan(high_low_index(HighsLows(few, few, few))).all()

    def test_positions_stand_between_lowest_and_highest(self) -> None:
        closes = np.array([[1.0, 5.0, 5.0], [9.0, 5.0, 6.0], [3.0, 5.0, NAN]])
        found = positions(closes[-1], span_before(closes[:-1]))
        assert found[0] == 0.25
        assert np.isnan(found[1:]).all()

    def test_positions_look_no_further_back_than_a_year(self) -> None:
        closes = np.array([[99.0], [2.0], [4.0], [3.0]])
        past = span_before(closes[:-1], year=3)
        assert positions(closes[-1], past).tolist() == [0.5]
        highs = np.array([[99.0], [2.0], [6.0], [3.0]])
        past = span_before(closes[:-1], highs[:-1], closes[:-1], year=3)
        assert positions(closes[-1], past).tolist() == [0.25]

    def test_positions_of_a_first_session_are_where_it_opens_its_own_range(self) -> None:
        assert np.isnan(positions(np.array([3.0]), span_before(np.empty((0, 1))))).all()
