"""Absurd moves and who confirms them; the tracker's difference and when it is worth a word."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.metrics.suspects import guarded_previous, suspect_moves
from market.metrics.tracking import is_tracking_break, tracking_differences
from tests.market.metrics.members import NAN

MOST = 0.0020
EX_DATE, RECONSTITUTION = date(2026, 6, 15), date(2026, 6, 26)


def suspect(last: float, previous: float, other_return: float = NAN, split: float = NAN) -> bool:
    one = (np.array([x]) for x in (last, previous, other_return, split))
    return bool(suspect_moves(*one)[0])


class TestSuspects:
    def test_previous_closes_must_be_positive_and_finite(self) -> None:
        found = guarded_previous(np.array([5.0, 0.0, -1.0, NAN, float("inf")]))
        assert found[0] == 5.0
        assert np.isnan(found[1:]).all()

    def test_more_than_doubled_or_halved_is_suspect(self) -> None:
        assert suspect(20.1, 10)
        assert suspect(4.9, 10)
        assert not suspect(19.9, 10)
        assert not suspect(5.1, 10)

    def test_a_missing_price_is_not_suspect_but_missing(self) -> None:
        for last, previous in ((NAN, 10.0), (10.0, NAN), (10.0, 0.0), (0.0, 10.0), (10.0, -1.0)):
            assert not suspect(last, previous)

    def test_a_second_source_of_the_same_move_confirms_it(self) -> None:
        assert not suspect(81.68, 20.69, other_return=81.68 / 20.69 - 1)
        assert not suspect(81.68, 20.69, other_return=2.90)
        assert suspect(81.68, 20.69, other_return=0.10)
        assert suspect(81.68, 20.69, other_return=-1.0)

    def test_a_split_on_record_explains_it(self) -> None:
        assert not suspect(25.5, 100, split=4)
        assert not suspect(202.0, 10, split=0.05)
        assert suspect(25.5, 100, split=1)
        assert suspect(25.5, 100, split=0.5)

    @given(st.floats(0.01, 1e4), st.floats(0.01, 1e4), st.floats(0.5, 2))
    def test_the_currency_does_not_matter(self, last: float, previous: float, rate: float) -> None:
        ratio = max(last / previous, previous / last)
        if not 1.999 < ratio < 2.001:
            assert suspect(last, previous) == suspect(last * rate, previous * rate) == (ratio > 2)

    def test_every_member_is_judged_by_itself(self) -> None:
        last, previous = np.array([30.0, 10.0, 30.0]), np.array([10.0, 10.0, 10.0])
        found = suspect_moves(last, previous, np.array([NAN, NAN, 2.0]))
        assert found.tolist() == [True, False, False]


class TestTracking:
    def test_is_the_difference_of_the_sessions_returns(self) -> None:
        fund, index = np.array([100.0, 101.0, 101.0]), np.array([1000.0, 1008.0, 1008.0])
        found = tracking_differences(fund, index)
        assert np.isnan(found[0])
        assert found[1:] == pytest.approx([0.002, 0])

    def test_a_hole_leaves_its_session_and_the_next_without(self) -> None:
        fund, index = np.array([100.0, NAN, 101.0, 102.0]), np.full(4, 1000.0)
        assert np.isnan(tracking_differences(fund, index)).tolist() == [True, True, True, False]

    @pytest.mark.parametrize(
        ("difference", "day", "expected"),
        [
            (0.0021, date(2026, 6, 17), True),
            (-0.0021, date(2026, 6, 17), True),
            (MOST, date(2026, 6, 17), False),
            (NAN, date(2026, 6, 17), False),
            (0.0036, EX_DATE, False),
            (0.0030, RECONSTITUTION, False),
        ],
    )
    def test_more_than_twenty_basis_points_call_for_attention(
        self, difference: float, day: date, expected: bool
    ) -> None:
        assert is_tracking_break(difference, day, [EX_DATE], {RECONSTITUTION}) is expected
