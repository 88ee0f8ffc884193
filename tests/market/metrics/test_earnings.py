"""Earnings against their estimates, beat rates, the coming days, and moved dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.earnings import Earnings, Timing
from market.metrics.earnings import Outcome, beat_rate, cadence, surprise

DAY = date(2026, 8, 4)
CENTS = st.integers(-500, 500).map(lambda cents: cents / 100)


def report(
    symbol: str = "XYZ",
    day: date = DAY,
    *,
    actual: float | None = None,
    estimate: float | None = None,
    timing: Timing = Timing.UNKNOWN,
    quarter: str = "Jun/2026",
) -> Earnings:
    return Earnings(
        symbol=symbol, day=day, actual=actual, estimate=estimate, timing=timing, quarter=quarter
    )


class TestSurprise:
    @pytest.mark.parametrize(
        ("actual", "estimate", "outcome", "share", "changes_sign"),
        [
            (1.10, 1.00, Outcome.BEAT, 0.10, False),
            (0.90, 1.00, Outcome.MISS, -0.10, False),
            (-0.30, -0.40, Outcome.BEAT, 0.25, False),
            (-0.50, -0.40, Outcome.MISS, -0.25, False),
            (0.10, -0.10, Outcome.BEAT, 2.0, True),
            (-0.10, 0.10, Outcome.MISS, -2.0, True),
            (1.004, 1.00, Outcome.IN_LINE, 0.004, False),
            (1.005, 1.00, Outcome.BEAT, 0.005, False),
            (0.995, 1.00, Outcome.MISS, -0.005, False),
            (0.00, -0.02, Outcome.BEAT, 1.0, False),
            (0.05, 0.01, Outcome.BEAT, None, False),
            (0.05, 0.00, Outcome.BEAT, None, False),
            (-0.05, 0.01, Outcome.MISS, None, True),
            (0.00, 0.00, Outcome.IN_LINE, None, False),
        ],
    )
    def test_against_the_size_of_the_estimate(
        self,
        actual: float,
        estimate: float,
        outcome: Outcome,
        share: float | None,
        changes_sign: bool,
    ) -> None:
        found = surprise(actual, estimate)
        assert found.outcome is outcome
        assert found.changes_sign is changes_sign
        if share is None:
            assert found.share is None
            assert found.reason == "the estimate is too small for a percentage"
        else:
            assert found.share == pytest.approx(share)
            assert found.reason == ""

    @given(CENTS, CENTS)
    def test_whoever_beats_has_a_positive_surprise(self, actual: float, estimate: float) -> None:
        found = surprise(actual, estimate)
        expected = {True: Outcome.BEAT, False: Outcome.MISS}[actual > estimate]
        assert found.outcome is (Outcome.IN_LINE if actual == estimate else expected)
        if found.share is not None:
            assert (found.share > 0) is (found.outcome is Outcome.BEAT)


class TestBeatRate:
    def test_counts_the_estimated_reports_of_thirty_days(self) -> None:
        reports = [
            *(report(f"B{n}", actual=1.1, estimate=1.0) for n in range(14)),
            *(report(f"M{n}", actual=0.9, estimate=1.0) for n in range(4)),
            *(report(f"I{n}", actual=1.0, estimate=1.0) for n in range(2)),
            report("NONE", actual=1.0),
            report("TO COME", estimate=1.0),
            report("OLD", DAY - timedelta(days=30), actual=2.0, estimate=1.0),
            report("LATER", DAY + timedelta(days=1), actual=2.0, estimate=1.0),
        ]
        found = beat_rate(reports, DAY)
        assert (found.beats, found.misses, found.in_line) == (14, 4, 2)
        assert (found.judged, found.without_estimate) == (20, 1)
        assert found.rate == pytest.approx(0.7)
        assert beat_rate([*reports[:19], *reports[20:]], DAY).rate is None

    def test_of_too_few_says_so(self) -> None:
        found = beat_rate([report(actual=1.1, estimate=1.0)], DAY)
        assert (found.rate, found.beats) == (None, 1)
        assert found.reason == "20 estimated reports are needed, 1 are in"

    @pytest.mark.parametrize(("age", "counts"), [(0, 1), (29, 1), (30, 0)])
    def test_looks_thirty_calendar_days_back(self, age: int, counts: int) -> None:
        reports = [report(day=DAY - timedelta(days=age), actual=1.1, estimate=1.0)]
        assert beat_rate(reports, DAY).judged == counts


class TestCadence:
    def test_by_day_sector_and_time_of_day(self) -> None:
        reports = [
            report("C", DAY + timedelta(days=2), timing=Timing.AFTER_CLOSE),
            report("A", DAY, timing=Timing.BEFORE_OPEN),
            report("B", DAY),
            report("D", DAY),
            report("E", DAY + timedelta(days=8)),
            report("F", DAY - timedelta(days=1)),
        ]
        sectors = {"A": "Energy", "B": "Energy", "C": "Health Care"}
        first, second = cadence(reports, sectors, DAY, DAY + timedelta(days=7))
        assert (first.day, first.total) == (DAY, 3)
        assert first.by_sector == {"Energy": 2, "": 1}
        assert first.by_timing == {Timing.BEFORE_OPEN: 1, Timing.UNKNOWN: 2}
        assert (second.day, second.total) == (DAY + timedelta(days=2), 1)
        assert second.by_timing == {Timing.AFTER_CLOSE: 1}


class TestMovedDates:
    def test_keep_their_history(self) -> None:
        days = [DAY + timedelta(days=n) for n in range(3)]
        known = report(day=days[0]).moved(None)
        assert known.earlier_days == ()
        known = report(day=days[1]).moved(known)
        known = report(day=days[1], actual=1.0).moved(known)
        known = report(day=days[2]).moved(known)
        assert known.day == days[2]
        assert known.earlier_days == (days[0], days[1])

    def test_of_another_quarter_are_no_history(self) -> None:
        known = report(day=DAY, quarter="Mar/2026")
        assert report(day=DAY + timedelta(days=91)).moved(known).earlier_days == ()
