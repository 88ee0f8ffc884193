"""Contracts on the federal funds rate: their spelling, and which of them the path needs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.fed_funds_contracts import (
    MOST,
    contract_of,
    month_of,
    wanted_contracts,
    wanted_months,
)
from market.fomc import Schedule, default_schedule
from market.instruments import Role, default_cast

SCHEDULE = default_schedule()
FIRST = date(2026, 8, 1)
days = st.dates(date(2025, 2, 1), date(2028, 1, 31))


@given(st.dates(date(2020, 1, 1), date(2080, 1, 1)))
def test_a_symbol_names_its_month(day: date) -> None:
    symbol = contract_of(day)
    assert month_of(symbol) == day.replace(day=1)
    assert default_cast()[symbol].role is Role.RATE_FUTURE


@pytest.mark.parametrize("symbol", ["ZQ=F", "ZQZ6.CBT", "ZQA26.CBT", "ZNZ26.CBT", "ZQZ26", ""])
def test_other_symbols_name_none(symbol: str) -> None:
    assert month_of(symbol) is None


def test_december_2026_is_spelt_as_yahoo_does() -> None:
    assert contract_of(date(2026, 12, 9)) == "ZQZ26.CBT"


@given(days)
def test_wanted_are_months_in_a_row_from_that_of_last_week_on(day: date) -> None:
    months = wanted_months(day)
    assert 1 <= len(months) <= MOST + 2
    assert months == tuple(sorted(set(months)))
    assert months[0] <= day.replace(day=1)
    assert (day - months[0]) < timedelta(days=100)
    assert all(SCHEDULE.covers(month) for month in months)


def test_they_reach_as_far_as_the_schedule_is_known_but_not_further_than_trades() -> None:
    assert wanted_months(date(2026, 11, 23))[-1] == date(2028, 1, 1)
    assert len(wanted_months(date(2026, 8, 20))) == MOST
    assert wanted_contracts(date(2028, 3, 1)) == ()


def test_the_first_days_of_a_month_need_the_contract_of_last_week_but_none_that_is_over() -> None:
    assert wanted_months(date(2026, 8, 4))[0] == date(2026, 7, 1)
    assert wanted_contracts(date(2026, 7, 31))[0] == "ZQN26.CBT"
    for day in (4, 20, 31):
        assert wanted_contracts(date(2026, 8, day))[0] == "ZQQ26.CBT"


def test_without_a_month_at_rest_ahead_one_before_anchors_the_path() -> None:
    days = (date(2026, 8, 5), date(2026, 9, 16), date(2026, 10, 28))
    schedule = Schedule("test", FIRST, date(2026, 1, 1), date(2026, 10, 31), days)
    months = wanted_months(date(2026, 8, 20), schedule)
    assert [month.month for month in months] == [7, 8, 9, 10]
    assert wanted_contracts(date(2026, 8, 20), schedule)[0] == "ZQQ26.CBT"
    busy = Schedule("test", FIRST, date(2026, 7, 1), date(2026, 9, 30), (date(2026, 7, 8), *days))
    assert [m.month for m in wanted_months(date(2026, 8, 20), busy)] == [8, 9]
