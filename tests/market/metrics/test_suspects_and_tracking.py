"""Absurd moves and who confirms them; the tracker's difference and when it is worth a word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from market.instruments import INDEX, TRACKER
from market.metrics.compute import compute
from market.metrics.subject import Subject, Unknown
from market.metrics.suspects import guarded_previous, suspect_moves
from market.metrics.tracking import is_tracking_break, tracking_differences, usual_tracking
from market.reading import Reading
from market.sessions import session_of, sessions_back, sessions_between
from market.snapshot import empty_snapshot
from tests.market.metrics.members import NAN
from tests.market.metrics.pictures import bars_of, quote_at

MOST = 0.0020
EX_DATE, RECONSTITUTION = date(2026, 6, 15), date(2026, 6, 26)
ORDINARY = date(2026, 6, 17)


def suspect(last: float, previous: float, other_return: float = NAN) -> bool:
    one = (np.array([x]) for x in (last, previous, other_return))
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


def tracked(
    day: date, difference: float, dividends: tuple[tuple[int, float], ...] = ()
) -> Mapping[str, Reading]:
    """The readings of a session in which IWM returned that much more than the index."""
    now = session_of(day).close - timedelta(hours=1)
    days = list(sessions_between(sessions_back(day, 70), sessions_back(day, 1)))
    index = {d: 3000.0 + n for n, d in enumerate(days)}
    wobble = (0.0005, -0.0005)
    fund = {d: level / 10 * (1 + wobble[n % 2]) for n, (d, level) in enumerate(index.items())}
    bars = (bars_of(INDEX, index), replace(bars_of(TRACKER, fund), dividends=dividends))
    lasts = (
        quote_at(INDEX, index[days[-1]] * 1.01, now),
        quote_at(TRACKER, fund[days[-1]] * (1.01 + difference), now),
    )
    picture = replace(
        empty_snapshot(now),
        bars={each.key: each for each in bars},
        quotes={quote.symbol: quote for quote in lasts},
    )
    return compute(picture, {TRACKER, INDEX})


class TestTrackingMetrics:
    def test_the_usual_difference_is_told_beside_todays(self) -> None:
        found = tracked(ORDINARY, 0.0015)
        assert found["iwm.tracking.1d"].value == pytest.approx(0.0015)
        assert found["iwm.tracking.1d"].reason == ""
        assert found["iwm.tracking.mean.63d"].value == pytest.approx(0, abs=1e-4)
        assert found["iwm.tracking.deviation.63d"].value == pytest.approx(0.001, rel=0.05)

    def test_one_outside_the_usual_says_so_or_what_explains_it(self) -> None:
        at = int(session_of(EX_DATE).open.timestamp())
        for day, dividends, words in (
            (ORDINARY, (), "outside the usual 20 basis points"),
            (ORDINARY, ((at, 0.6),), "outside the usual 20 basis points"),
            (EX_DATE, ((at, 0.6),), "the fund's ex-dividend day"),
            (RECONSTITUTION, (), "the index's reconstitution"),
            (date(2026, 6, 29), (), "the index's reconstitution"),
            (date(2026, 6, 30), (), "outside the usual 20 basis points"),
        ):
            assert tracked(day, -0.0031, dividends)["iwm.tracking.1d"].reason == words

    def test_too_few_sessions_have_no_usual_difference(self) -> None:
        with pytest.raises(Unknown, match="40 sessions common to both are needed, 38"):
            usual_of(39)
        assert isinstance(usual_of(41), Reading)


def usual_of(count: int) -> Reading:
    days = list(sessions_between(sessions_back(ORDINARY, count - 1), ORDINARY))
    rows = {day: 100.0 + n for n, day in enumerate(days)}
    bars = (bars_of(INDEX, rows), bars_of(TRACKER, rows))
    picture = replace(
        empty_snapshot(session_of(ORDINARY).close + timedelta(hours=3)),
        bars={each.key: each for each in bars},
    )
    return usual_tracking("mean", Subject(picture, picture.cast[TRACKER], {}))
