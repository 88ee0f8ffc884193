"""The implied path of the federal funds rate: any schedule, missing contracts, both sides."""

from __future__ import annotations

import csv
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.fed_funds_study import Meeting, Odds
from market.fomc import Schedule, TargetRange, default_schedule
from market.metrics.fed_funds_path import (
    changes,
    fed_funds_path,
    odds_against,
    split_move,
    year_end,
)
from market.metrics.fed_funds_rates import month_rates, rate_after, rate_before
from market.metrics.windows import months_before
from tests.shared import SHARED, needs_shared

NOW = TargetRange(350, 375)
FIRST = date(2026, 8, 1)
SCHEDULE = default_schedule()
Prices = dict[date, float]


def month(place: int) -> date:
    return months_before(FIRST, -place)


def curve(*rates: float) -> Prices:
    """Contracts from August 2026 on, of these average rates."""
    return {month(place): 100 - rate for place, rate in enumerate(rates)}


def schedule_of(*days: date) -> Schedule:
    return Schedule("test", FIRST, FIRST, date(2028, 12, 31), tuple(sorted(days)))


def meeting(prices: Mapping[date, float], schedule: Schedule, place: int = 0) -> Meeting:
    return fed_funds_path(prices, schedule, NOW, FIRST).meetings[place]


def odds_of(odds: Odds | None) -> tuple[float, float, float]:
    assert odds is not None
    return odds.cut, odds.hold, odds.hike


def settled(schedule: Schedule, start: float, moves: Mapping[date, float], count: int) -> Prices:
    """The contracts that a known path of the daily rate settles at."""
    prices: Prices = {}
    for place in range(count):
        first = month(place)
        total, days = 0.0, monthrange(first.year, first.month)[1]
        decided = {day.day: moves[day] for day in schedule.in_month(first)}
        for day in range(1, days + 1):
            total += start
            start += decided.get(day, 0.0)
        prices[first] = 100 - total / days
    return prices


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """At most one meeting a month, on any day of it, the last included."""
    days = list[date]()
    for place in range(8):
        first = month(place)
        last = monthrange(first.year, first.month)[1]
        day = draw(st.none() | st.just(last) | st.integers(1, last))
        if day is not None:
            days.append(first.replace(day=day))
    return schedule_of(*days)


RATES = st.floats(0, 8).map(lambda rate: round(rate, 4))
CURVES = st.lists(RATES, min_size=2, max_size=10)


class TestAnySchedule:
    @given(schedules(), CURVES)
    def test_probabilities_are_none_or_sum_to_one(
        self, schedule: Schedule, rates: list[float]
    ) -> None:
        path = fed_funds_path(curve(*rates), schedule, NOW, FIRST)
        for each in path.meetings:
            assert bool(each.reason) is not bool(each.chances)
            if not each.chances:
                continue
            assert sum(c.probability for c in each.chances) == pytest.approx(1)
            assert all(-1e-12 <= c.probability <= 1 + 1e-12 for c in each.chances)
            for odds in (each.move, each.against_now):
                assert odds is not None
                assert odds.cut + odds.hold + odds.hike == pytest.approx(1)

    @given(schedules(), CURVES)
    def test_the_mean_range_is_the_sum_of_the_moves(
        self, schedule: Schedule, rates: list[float]
    ) -> None:
        total = 0.0
        for each in fed_funds_path(curve(*rates), schedule, NOW, FIRST).meetings:
            if not each.chances or each.start is None or each.end is None:
                break
            total += 100 * (each.end - each.start)
            mean = sum(c.range.lower_bp * c.probability for c in each.chances)
            assert mean == pytest.approx(NOW.lower_bp + total, abs=1e-6)

    @given(schedules(), st.data())
    def test_finds_the_path_that_made_the_prices(
        self, schedule: Schedule, data: st.DataObject
    ) -> None:
        steps = st.integers(-4, 4).map(lambda step: 0.25 * step)
        moves = {day: data.draw(steps) for day in schedule.days}
        prices = settled(schedule, 3.63, moves, 10)
        for each in fed_funds_path(prices, schedule, NOW, FIRST).meetings:
            assert each.start is not None
            assert each.end is not None
            assert each.end - each.start == pytest.approx(moves[each.day], abs=1e-6)

    @given(schedules(), CURVES)
    def test_one_meeting_begins_where_the_one_before_ended(
        self, schedule: Schedule, rates: list[float]
    ) -> None:
        solved = month_rates(curve(*rates), schedule)
        for (first, before), (second, after) in pairwise(solved.items()):
            has_meeting = schedule.in_month(first) or schedule.in_month(second)
            if has_meeting and before.end is not None and after.start is not None:
                assert after.start == pytest.approx(before.end)

    @given(st.integers(1, 30), st.floats(3, 4), st.floats(3, 4), st.floats(0, 0.5))
    def test_a_dearer_contract_after_a_meeting_means_fewer_hikes(
        self, day: int, own: float, after: float, dearer: float
    ) -> None:
        schedule = schedule_of(date(2026, 9, day))
        for first in (own, 3.63):
            low = meeting(curve(first, own, after - dearer), schedule).against_now
            high = meeting(curve(first, own, after), schedule).against_now
            assert low is not None
            assert high is not None
            assert low.hike <= high.hike + 1e-9
            assert low.cut >= high.cut - 1e-9

    @given(st.integers(1, 29), RATES, RATES)
    def test_before_and_after_undo_each_other(self, day: int, start: float, end: float) -> None:
        average = (day * start + (30 - day) * end) / 30
        assert rate_after(average, start, day, 30) == pytest.approx(end, abs=1e-9)
        assert rate_before(average, end, day, 30) == pytest.approx(start, abs=1e-9)


class TestConvention:
    def test_a_meeting_on_the_last_day_moves_the_next_month_alone(self) -> None:
        schedule = schedule_of(date(2026, 9, 30), date(2026, 10, 28))
        found = fed_funds_path(curve(3.6, 3.6, 3.85, 3.85), schedule, NOW, FIRST).meetings
        assert found[0].start == pytest.approx(3.6)
        assert found[0].end == pytest.approx(3.85)
        assert found[1].end == pytest.approx(3.85)

    def test_the_first_meeting_starts_from_its_own_contract(self) -> None:
        # No anchor before it: (31 x 3.65 - 3 x 3.70) / 28, not the effective rate.
        schedule = schedule_of(date(2026, 8, 28))
        found = meeting(curve(3.65, 3.70), schedule)
        assert found.start == pytest.approx((31 * 3.65 - 3 * 3.70) / 28)

    def test_a_meeting_between_two_anchors_needs_no_contract_of_its_own(self) -> None:
        schedule, prices = schedule_of(date(2026, 9, 16)), curve(3.6, 9.9, 3.7)
        del prices[month(1)]
        assert odds_of(meeting(prices, schedule).move) == pytest.approx((0, 0.6, 0.4))

    def test_forward_only_where_no_anchor_follows(self) -> None:
        schedule = schedule_of(date(2026, 9, 16), date(2026, 10, 28))
        both = fed_funds_path(curve(3.6, 3.65, 3.72), schedule, NOW, FIRST).meetings
        assert [each.is_forward for each in both] == [True, True]
        anchored = fed_funds_path(curve(3.6, 3.65, 3.72, 3.75), schedule, NOW, FIRST).meetings
        assert [each.is_forward for each in anchored] == [False, False]
        assert both[0].end == pytest.approx(rate_after(3.65, 3.6, 16, 30))

    def test_a_decision_of_the_day_itself_is_still_ahead(self) -> None:
        prices = curve(3.6, 3.7, 3.8)
        days = date(2026, 9, 16), date(2026, 9, 17)
        paths = [fed_funds_path(prices, schedule_of(days[0]), NOW, day) for day in days]
        assert [len(path.meetings) for path in paths] == [1, 0]

    def test_a_passed_meeting_of_the_month_shifts_no_label(self) -> None:
        now = TargetRange(375, 400)
        schedule = schedule_of(date(2026, 8, 5), date(2026, 9, 16))
        path = fed_funds_path(curve(3.85, 3.88, 3.88), schedule, now, date(2026, 8, 20))
        assert [each.day for each in path.meetings] == [date(2026, 9, 16)]
        assert path.meetings[0].chances[0].range == now

    @pytest.mark.parametrize(
        ("steps", "expected"),
        [
            (0.0, {0: 1.0}),
            (-1.0, {-1: 1.0}),
            (0.25, {0: 0.75, 1: 0.25}),
            (-0.25, {-1: 0.25, 0: 0.75}),
            (-1.5, {-2: 0.5, -1: 0.5}),
        ],
    )
    def test_a_move_lies_between_two_whole_steps(
        self, steps: float, expected: dict[int, float]
    ) -> None:
        assert split_move(steps) == expected


@needs_shared
def test_a_whole_curve_as_it_settled() -> None:
    """METRICS 2 quotes the odds of 2026-08-21; five years of contracts reach past the schedule."""
    with (SHARED / "history/policy/zq_curve_2026-08-03_2026-08-21.csv").open() as file:
        row = list(csv.DictReader(file))[-1]
    prices = {
        date(2000 + int(name[3:]), "FGHJKMNQUVXZ".index(name[2]) + 1, 1): float(price)
        for name, price in row.items()
        if name.startswith("ZQ") and price
    }
    path = fed_funds_path(prices, SCHEDULE, NOW, date.fromisoformat(row["date"]))
    assert [each.day for each in path.meetings] == list(SCHEDULE.from_day(path.day))
    assert odds_of(path.meetings[0].move) == pytest.approx((0, 0.581, 0.419), abs=5e-4)
    december = year_end(path, SCHEDULE, 2026)
    assert december is not None
    assert odds_of(december.meeting.against_now) == pytest.approx((0, 0.264, 0.736), abs=5e-4)
    assert not any(each.reason for each in path.meetings)


class TestMissing:
    def test_a_missing_anchor_leaves_the_meetings_it_served_unknown(self) -> None:
        # The later meeting has its rates, but no range to count them from.
        schedule = schedule_of(date(2026, 9, 16), date(2026, 12, 9))
        prices = curve(3.6, 3.65, 3.7, 3.7, 3.72, 3.8)
        del prices[month(0)], prices[month(2)]
        first, second = fed_funds_path(prices, schedule, NOW, FIRST).meetings
        assert (first.start, first.end, first.chances, first.against_now) == (None, None, (), None)
        assert first.reason == (
            "no month without a meeting before or after September 2026 is known to anchor it"
        )
        assert second.start == pytest.approx(3.7)
        assert odds_of(second.move) == pytest.approx((0, 0.6, 0.4))
        assert second.chances == ()
        assert second.reason == "the meeting of Wed 16 Sep 2026 is unknown"

    def test_a_missing_contract_of_a_meeting_month_in_a_row_is_named(self) -> None:
        schedule = schedule_of(date(2026, 9, 16), date(2026, 10, 28))
        prices = curve(3.6, 3.65, 3.7, 3.75)
        del prices[month(2)]
        first, second = fed_funds_path(prices, schedule, NOW, FIRST).meetings
        assert first.is_forward
        assert second.day == date(2026, 10, 28)
        del prices[month(1)]
        first, second = fed_funds_path(prices, schedule, NOW, FIRST).meetings
        assert first.reason == "the contract of September 2026 has no price"
        assert second.reason == "the contract of October 2026 has no price"

    def test_a_last_day_meeting_without_the_next_contract_has_no_end(self) -> None:
        found = meeting(curve(3.6, 3.65), schedule_of(date(2026, 9, 30)))
        assert found.end is None
        assert "anchor" in found.reason

    def test_two_meetings_in_a_month_cannot_be_told_apart(self) -> None:
        schedule = schedule_of(date(2026, 9, 3), date(2026, 9, 16))
        found = fed_funds_path(curve(3.6, 3.7, 3.8), schedule, NOW, FIRST).meetings
        assert [each.chances for each in found] == [(), ()]
        assert all("two meetings" in each.reason for each in found)

    def test_a_price_that_nobody_can_mean_gives_no_odds(self) -> None:
        found = meeting(curve(3.6, 3.6, 9.63), schedule_of(date(2026, 9, 16)))
        assert found.chances == ()
        assert "a move of 603 bp" in found.reason

    def test_meetings_beyond_the_contracts_are_cut(self) -> None:
        path = fed_funds_path(curve(3.6, 3.65, 3.7, 3.72), SCHEDULE, NOW, FIRST)
        assert [each.day for each in path.meetings] == [date(2026, 9, 16), date(2026, 10, 28)]
        assert fed_funds_path({}, SCHEDULE, NOW, FIRST).meetings == ()

    def test_a_month_beyond_the_known_schedule_is_no_anchor(self) -> None:
        first = date(2027, 11, 1)
        prices = {months_before(first, -back): 96.3 - 0.1 * back for back in range(4)}
        path = fed_funds_path(prices, SCHEDULE, NOW, first)
        # Nobody knows whether February 2028 has a meeting: the last two are solved forward.
        assert [each.is_forward for each in path.meetings] == [True, True]


class TestChanges:
    PRICES = curve(3.63, 3.65, 3.70, 3.72, 3.80, 3.85, 3.9)

    def test_of_a_path_against_itself_are_none_at_all(self) -> None:
        path = fed_funds_path(self.PRICES, SCHEDULE, NOW, FIRST)
        assert {each.odds for each in changes(path, path)} == {Odds(0, 0, 0)}
        assert {each.rate_bp for each in changes(path, path)} == {0}

    def test_are_measured_against_the_range_in_force_now(self) -> None:
        """A hike decided in between is no change of what was expected."""
        earlier = fed_funds_path(self.PRICES, SCHEDULE, NOW, FIRST)
        later = fed_funds_path(self.PRICES, SCHEDULE, NOW.moved(1), date(2026, 9, 17))
        change = changes(later, earlier)[0]
        assert change.day == date(2026, 10, 28)
        before = odds_against(earlier.meetings[1].chances, NOW.moved(1))
        after = later.meetings[0].against_now
        assert after is not None
        assert change.odds == Odds(
            after.cut - before.cut, after.hold - before.hold, after.hike - before.hike
        )
        assert change.rate_bp == 0

    def test_a_contract_that_has_expired_since_is_stood_in_for_by_the_effective_rate(self) -> None:
        """July decides on the 29th; in August nobody tells July's contract any more."""
        july, day, start, end = date(2026, 7, 1), date(2026, 7, 28), 3.63, 3.70
        days = (date(2026, 7, 29), date(2026, 9, 16))
        schedule = Schedule("test", july, july, date(2028, 12, 31), days)
        left = curve(end, 3.75, 3.80)
        whole = {july: 100 - (29 * start + 2 * end) / 31, **left}
        known = fed_funds_path(whole, schedule, NOW, day)
        assert fed_funds_path(left, schedule, NOW, day).meetings[0].chances == ()
        found = fed_funds_path(left, schedule, NOW, day, start)
        for one, other in zip(known.meetings, found.meetings, strict=True):
            assert odds_of(other.against_now) == pytest.approx(odds_of(one.against_now))
        assert fed_funds_path(whole, schedule, NOW, day, 9.9) == known, "its own contract counts"

    def test_of_a_meeting_that_one_side_does_not_know_are_none(self) -> None:
        prices = {**self.PRICES}
        path = fed_funds_path(prices, SCHEDULE, NOW, FIRST)
        del prices[month(0)], prices[month(3)]
        for change in changes(path, fed_funds_path(prices, SCHEDULE, NOW, FIRST))[:1]:
            assert (change.odds, change.rate_bp) == (None, None)

    def test_a_higher_rate_is_more_basis_points(self) -> None:
        earlier = fed_funds_path(self.PRICES, SCHEDULE, NOW, FIRST)
        higher = {day: price - 0.01 for day, price in self.PRICES.items()}
        later = fed_funds_path(higher, SCHEDULE, NOW, FIRST)
        assert [each.rate_bp for each in changes(later, earlier)] == pytest.approx([1] * 4)


class TestYearEnd:
    def test_is_the_years_last_meeting_and_the_way_there(self) -> None:
        path = fed_funds_path(TestChanges.PRICES, SCHEDULE, NOW, FIRST)
        found = year_end(path, SCHEDULE, 2026)
        assert found is not None
        assert found.meeting.day == date(2026, 12, 9)
        start, end = path.meetings[0].start, found.meeting.end
        assert start is not None
        assert end is not None
        assert found.change_bp == pytest.approx(100 * (end - start))

    def test_is_none_beyond_the_contracts_and_where_the_year_is_not_known_whole(self) -> None:
        path = fed_funds_path(curve(3.63, 3.65, 3.7, 3.72), SCHEDULE, NOW, FIRST)
        assert year_end(path, SCHEDULE, 2026) is None
        assert year_end(path, SCHEDULE, 2028) is None
