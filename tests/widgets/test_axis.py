"""Ticks: round values, labels that tell them apart, session time in New York without overlap."""

from __future__ import annotations

import math
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from market.sessions import session_of, sessions_between
from widgets.axis import nice_ticks, session_ticks, value_label, value_labels

prices = st.floats(-1e12, 1e12, allow_nan=False)


def minutes_of(day: date) -> list[int]:
    session = session_of(day)
    length = int((session.close - session.open).total_seconds()) // 60
    return [int((session.open + timedelta(minutes=n)).timestamp()) for n in range(length)]


def opens(first: date, last: date) -> list[int]:
    return [int(session_of(day).open.timestamp()) for day in sessions_between(first, last)]


@pytest.mark.parametrize(
    ("low", "high", "count", "ticks"),
    [
        (2955, 3004, 5, [2960, 2970, 2980, 2990, 3000]),
        (0, 1, 3, [0, 0.5, 1]),
        (-0.23, 0.07, 4, [-0.2, -0.1, 0]),
        (0.1, 0.3, 3, [0.1, 0.2, 0.3]),
        (10, 20, 5, [10, 12.5, 15, 17.5, 20]),
        (7, 7, 3, [7]),
        (2, 1, 3, []),
        (math.nan, 1, 3, []),
        (-1e308, 1e308, 3, []),
        (1, math.inf, 3, []),
        (0, 1, 0, []),
    ],
)
def test_nice_ticks(low: float, high: float, count: int, ticks: list[float]) -> None:
    assert nice_ticks(low, high, count) == pytest.approx(ticks)


@given(prices, prices, st.integers(1, 20))
@example(2.2e-311, 2.2e-309, 1)
@example(0, 5e-324, 20)
@example(1e12, math.nextafter(1e12, math.inf), 20)
@example(1e12, 1e12 + 1001, 20)
@example(-1e12, -1e12 + 999, 20)
def test_ticks_lie_in_the_range_rise_and_are_not_too_many(a: float, b: float, count: int) -> None:
    low, high = min(a, b), max(a, b)
    ticks = nice_ticks(low, high, count)
    slack = (high - low) * 1e-6
    assert 1 <= len(ticks) <= count
    assert all(low - slack <= tick <= high + slack for tick in ticks)
    assert all(before < after for before, after in pairwise(ticks))


@pytest.mark.parametrize(
    ("ticks", "decimals", "percent", "labels"),
    [
        ([2960.0, 2980.0, 3000.0], 2, False, ("2,960", "2,980", "3,000")),
        ([297.5, 298.0, 298.5], 2, False, ("297.50", "298.00", "298.50")),
        ([0.025, 0.05], 2, False, ("0.025", "0.050")),
        ([-0.2, 0.0, 0.2], 2, True, ("−20 %", "0 %", "+20 %")),
        ([-0.005, 0.0, 0.005], 2, True, ("−0.5 %", "0.0 %", "+0.5 %")),
        ([-1500.0], 2, False, ("−1,500",)),
        ([], 2, False, ()),
    ],
)
def test_value_labels(
    ticks: list[float], decimals: int, percent: bool, labels: tuple[str, ...]
) -> None:
    assert value_labels(ticks, decimals, percent=percent) == labels


@given(prices, prices, st.integers(2, 12))
def test_labels_tell_ticks_apart(a: float, b: float, count: int) -> None:
    low, high = min(a, b), max(a, b)
    if high - low > max(abs(low), abs(high)) * 1e-6 + 1e-6:
        labels = value_labels(nice_ticks(low, high, count), 2)
        assert len(set(labels)) == len(labels)


def test_no_minus_zero() -> None:
    assert value_label(-0.001, 2) == "0.00"
    assert value_label(-0.00001, 1, percent=True) == "0.0 %"


def labels(times: list[int], width: int, span: str) -> list[str]:
    return [tick.label for tick in session_ticks(times, width, span)]


def test_hours_of_a_day_in_new_york() -> None:
    day = minutes_of(date(2026, 7, 2))
    assert labels(day, 100, "1D") == ["10:00", "11:00", "12:00", "13:00", "14:00", "15:00"]
    assert labels(day, 30, "1D") == ["10:00", "12:00", "14:00"]


def test_the_hours_stay_new_yorks_in_winter() -> None:
    assert labels(minutes_of(date(2026, 1, 5)), 100, "1D")[0] == "10:00"


def test_days_of_a_week_across_a_weekend() -> None:
    days = opens(date(2026, 6, 25), date(2026, 7, 1))
    times = [time + 300 * n for time in days for n in range(78)]
    assert labels(times, 80, "5D") == ["Thu 25", "Fri 26", "Mon 29", "Tue 30", "Wed 1"]
    ticks = session_ticks(times, 80, "5D")
    assert [tick.x for tick in ticks] == [0, 78, 156, 234, 312]


def test_weeks_months_and_years() -> None:
    assert labels(opens(date(2026, 6, 1), date(2026, 6, 30)), 90, "1M") == [
        "8 Jun",
        "15 Jun",
        "22 Jun",
        "29 Jun",
    ]
    year = opens(date(2025, 7, 7), date(2026, 7, 2))
    assert labels(year, 100, "1Y")[4:7] == ["Dec", "2026", "Feb"]
    assert labels(opens(date(2021, 7, 6), date(2026, 7, 2)), 60, "5Y") == [
        "2022",
        "2023",
        "2024",
        "2025",
        "2026",
    ]


def test_a_span_that_only_begins_is_labelled_by_finer_periods() -> None:
    found = labels(opens(date(2026, 1, 2), date(2026, 2, 20)), 80, "YTD")
    assert found == ["5 Jan", "20 Jan", "2 Feb", "17 Feb"]


def test_positions_place_the_ticks() -> None:
    times = minutes_of(date(2026, 7, 2))[:60]
    ticks = session_ticks(times, 80, "1D", positions=[100.0 + n for n in range(60)])
    assert [(tick.x, tick.label) for tick in ticks] == [(130.0, "10:00")]


def test_nothing_to_label() -> None:
    assert session_ticks([], 80, "1D") == ()
    assert session_ticks(minutes_of(date(2026, 7, 2)), 2, "1D") == ()


spans = st.sampled_from(["1D", "5D", "1M", "8W", "3M", "6M", "YTD", "1Y", "2Y", "5Y", "other"])


@given(
    st.lists(st.integers(1_500_000_000, 1_900_000_000), max_size=60, unique=True),
    st.integers(0, 200),
    spans,
)
def test_labels_never_overlap(times: list[int], width: int, span: str) -> None:
    times.sort()
    ticks = session_ticks(times, width, span)
    room = width / max(len(times) - 1, 1e-9)
    for before, after in pairwise(ticks):
        distance = (after.x - before.x) * room
        assert distance >= (len(before.label) + len(after.label)) / 2 + 1
