"""Days that the calendar alone tells, held against a second library where that can tell."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from market.agenda_study import Occasion
from market.fomc import default_schedule
from market.market_days import bond_holidays, expiry, market_days, next_decision, nth_weekday
from market.sessions import is_session

FIRST, LAST = date(2025, 1, 1), date(2028, 12, 29)


def days_of(occasion: Occasion, first: date = FIRST, last: date = LAST) -> list[date]:
    return [each.day for each in market_days(first, last) if each.occasion is occasion]


@pytest.mark.filterwarnings("ignore")
def test_expiries_are_the_last_session_up_to_each_third_friday() -> None:
    import exchange_calendars

    library = exchange_calendars.get_calendar("XNYS", start="2024-12-30", end="2029-01-05")
    found = days_of(Occasion.EXPIRY)
    months = [(year, month) for year in range(2025, 2029) for month in range(1, 13)]
    fridays = [str(nth_weekday(year, month, 4, 3)) for year, month in months]
    assert found == [library.date_to_session(f, direction="previous").date() for f in fridays]
    odd = [str(day) for day in found if day.weekday() != 4]
    assert odd == ["2025-04-17", "2026-06-18", "2027-06-17"]
    assert days_of(Occasion.EARLY_CLOSE) == [
        day.date() for day in library.early_closes if FIRST <= day.date() <= LAST
    ]
    every = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    weekdays = [day for day in every if day.weekday() < 5]
    closed = [day for day in weekdays if not library.is_session(str(day))]
    assert days_of(Occasion.CLOSED) == closed


@pytest.mark.parametrize(
    ("month", "day"),
    [
        ((2025, 4), date(2025, 4, 17)),  # Good Friday
        ((2026, 6), date(2026, 6, 18)),  # Juneteenth
        ((2026, 8), date(2026, 8, 21)),
    ],
)
def test_an_expiry_on_a_holiday_is_the_day_before(month: tuple[int, int], day: date) -> None:
    assert expiry(*month) == day


def test_bonds_rest_on_columbus_and_veterans_day_while_stocks_trade() -> None:
    from pandas.tseries.holiday import USColumbusDay

    for year in range(2025, 2029):
        columbus, veterans = bond_holidays(year)
        (told,) = USColumbusDay.dates(f"{year}-01-01", f"{year}-12-31")
        assert columbus == told.date()
        assert veterans.replace(day=11) == date(year, 11, 11)
    found = days_of(Occasion.BONDS_CLOSED)
    assert date(2026, 10, 12) in found
    assert date(2026, 11, 11) in found
    assert not [day for day in found if day.weekday() > 4 or not is_session(day)]
    assert [day for day in found if day.year == 2028] == [date(2028, 10, 9)], "it is a Saturday"


def test_decisions_and_reconstitutions_are_where_they_are_known() -> None:
    assert days_of(Occasion.FOMC) == [
        day for day in default_schedule().days if FIRST <= day <= LAST
    ]
    (july,) = market_days(date(2026, 7, 29), date(2026, 7, 29))
    assert july.at == datetime(2026, 7, 29, 18, 0, tzinfo=UTC), "14:00 New York"
    assert date(2026, 6, 26) in days_of(Occasion.RECONSTITUTION)
    assert date(2026, 11, 13) in days_of(Occasion.RECONSTITUTION)
    assert next_decision(date(2026, 7, 30)) == date(2026, 9, 16)
    assert next_decision(date(2030, 1, 1)) is None


def test_all_occasions_come_in_order_and_say_what_they_are() -> None:
    week = market_days(date(2026, 11, 23), date(2026, 11, 27))
    assert [(each.day.day, each.words) for each in week] == [
        (26, "closed, Thanksgiving"),
        (27, "half day, closes 13:00"),
    ]
