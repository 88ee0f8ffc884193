"""Window bases: the dates METRICS.md gives, and what holds for any date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.metrics.windows import MEANINGS, WINDOWS, months_before, window_base
from market.sessions import is_session, sessions_between

DAYS = st.dates(date(1992, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("day", "window", "base"),
    [
        ("2026-03-31", "1m", "2026-02-27"),
        ("2026-07-06", "1m", "2026-06-05"),
        ("2026-07-06", "1y", "2025-07-03"),
        ("2026-02-17", "1m", "2026-01-16"),
        ("2026-07-02", "8w", "2026-05-07"),
        ("2026-08-21", "8w", "2026-06-26"),
        ("2026-07-02", "1w", "2026-06-25"),
        ("2026-07-02", "5d", "2026-06-25"),
        ("2026-07-02", "6m", "2026-01-02"),
        ("2026-01-02", "ytd", "2025-12-31"),
        ("2025-12-31", "ytd", "2024-12-31"),
        ("2028-02-29", "1y", "2027-02-26"),
    ],
)
def test_bases_by_the_window_rule(day: str, window: str, base: str) -> None:
    assert window_base(window, date.fromisoformat(day)) == date.fromisoformat(base)


@given(DAYS, st.sampled_from(WINDOWS))
def test_a_base_is_a_session_before_the_day(day: date, window: str) -> None:
    base = window_base(window, day)
    assert is_session(base)
    assert base < day


@given(DAYS, st.integers(1, 30))
def test_days_count_sessions(day: date, count: int) -> None:
    base = window_base(f"{count}d", day)
    between = len(list(sessions_between(base, day)))
    assert between == count + is_session(day) or (not is_session(day) and between == count + 1)


@given(DAYS, st.integers(0, 60))
def test_months_clamp_to_the_end_of_the_month(day: date, months: int) -> None:
    earlier = months_before(day, months)
    assert (day.year * 12 + day.month) - (earlier.year * 12 + earlier.month) == months
    next_day = earlier + timedelta(days=1)
    assert earlier.day == day.day or (earlier.day < day.day and next_day.day == 1)


def test_every_window_has_a_meaning() -> None:
    assert set(MEANINGS) == set(WINDOWS)
