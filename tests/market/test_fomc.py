"""The decision days that captop ships, and the target range."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from market.fomc import STEP_BP, TargetRange, default_schedule
from market.sessions import is_session

SCHEDULE = default_schedule()


def test_days_are_in_order_and_eight_a_year() -> None:
    assert list(SCHEDULE.days) == sorted(set(SCHEDULE.days))
    for year in (2025, 2026, 2027):
        assert sum(day.year == year for day in SCHEDULE.days) == 8


def test_decisions_fall_on_wednesdays_on_which_shares_trade() -> None:
    assert all(day.weekday() == 2 and is_session(day) for day in SCHEDULE.days)


def test_no_meeting_is_nearer_than_five_weeks_to_the_next() -> None:
    days = SCHEDULE.days
    gaps = [later - day for day, later in pairwise(days)]
    assert min(gaps) >= timedelta(weeks=5)
    assert max(gaps) <= timedelta(weeks=8)


@pytest.mark.parametrize(
    ("month", "covered"),
    [
        (date(2024, 12, 31), False),
        (date(2025, 1, 1), True),
        (date(2028, 1, 31), True),
        (date(2028, 2, 1), False),
    ],
)
def test_the_months_it_knows(month: date, covered: bool) -> None:
    assert SCHEDULE.covers(month) is covered


def test_meetings_of_a_month_and_from_a_day_on() -> None:
    assert SCHEDULE.in_month(date(2026, 9, 30)) == (date(2026, 9, 16),)
    assert SCHEDULE.in_month(date(2026, 8, 1)) == ()
    assert SCHEDULE.from_day(date(2027, 12, 8)) == (date(2027, 12, 8), date(2028, 1, 26))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2027, 10, 27), ""),
        (date(2027, 10, 28), "only 2 FOMC days are known"),
        (date(2027, 12, 9), "only one FOMC day is known"),
        (date(2028, 1, 27), "no FOMC day is known"),
    ],
)
def test_warns_when_fewer_than_three_days_are_left(day: date, words: str) -> None:
    notice = SCHEDULE.notice(day)
    assert notice.startswith(words)
    assert bool(notice) is bool(words)
    assert not words or "January 2028" in notice


def test_a_range_moves_in_steps_and_is_named_by_both_ends() -> None:
    now = TargetRange(350, 375)
    assert now.label == "350-375"
    assert now.moved(-2).label == "300-325"
    assert now.moved(1) > now > now.moved(-1)
    assert now.upper_bp - now.lower_bp == STEP_BP
