"""VIX futures: when each settles, which are near, and whose marks a series holds."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.instruments import Role, default_cast
from market.sessions import is_session, previous_session
from market.vix_futures import NEAR, contract_of, near_contracts, settlement
from tests.shared import SHARED, needs_shared

MONTHS = "FGHJKMNQUVXZ"
days = st.dates(date(2025, 1, 2), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("year", "month", "settles"),
    [
        (2026, 1, date(2026, 1, 21)),
        (2026, 7, date(2026, 7, 22)),
        (2026, 11, date(2026, 11, 18)),
        (2026, 12, date(2026, 12, 16)),
        (2025, 3, date(2025, 3, 18)),  # 30 days before a Good Friday
        (2026, 5, date(2026, 5, 19)),  # 30 days before Juneteenth
    ],
)
def test_a_contract_settles_thirty_days_before_the_options_it_is_made_of(
    year: int, month: int, settles: date
) -> None:
    assert settlement(year, month) == settles


@given(days)
def test_near_contracts_are_of_months_in_a_row_that_settle_later(day: date) -> None:
    near = near_contracts(day)
    assert len(near) == NEAR
    assert day < near[0].settles <= day + timedelta(days=36)
    for before, after in pairwise(near):
        assert timedelta(days=27) <= after.settles - before.settles <= timedelta(days=36)
    for each in near:
        assert is_session(each.settles)
        assert default_cast()[each.symbol].role is Role.VOLATILITY_FUTURE
        assert contract_of(each.symbol, day) == each
        assert each.has_mark_of(previous_session(each.settles))
        assert not each.has_mark_of(each.settles)


def test_a_mark_of_last_year_is_of_another_contract() -> None:
    august = contract_of("^UZQ", date(2026, 8, 4))
    assert august.settles == date(2026, 8, 19)
    assert august.has_mark_of(date(2025, 11, 3))
    assert not august.has_mark_of(date(2025, 8, 19))


@pytest.mark.parametrize("symbol", ["^UZA", "UZF", "^UZ", "^UZFF", "ES=F"])
def test_what_is_spelt_otherwise_is_no_such_series(symbol: str) -> None:
    assert default_cast()[symbol].role is not Role.VOLATILITY_FUTURE


def test_cboe_is_asked_for_them_by_its_own_name() -> None:
    instrument = default_cast()["^UZQ"]
    assert (instrument.cboe, instrument.sources) == ("_UZQ", ("cboe",))


@needs_shared
@pytest.mark.parametrize("month", [4, 5, 6, 7])
def test_recorded_marks_end_on_the_eve_of_the_settlement(month: int) -> None:
    folder = SHARED / "payloads" / "cboe" / "delayed_quotes_charts_historical"
    rows = json.loads((folder / f"_UZ{MONTHS[month - 1]}.json").read_bytes())["data"]
    settles = settlement(2026, month)
    assert date.fromisoformat(rows[-1]["date"]) == previous_session(settles)
