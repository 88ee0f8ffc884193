"""The hours of futures: against a library's calendar of CME, holiday by holiday."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from market.sessions import NEW_YORK, closure_reason, is_session, session_of
from market.venues import Venue, futures_hours, is_trading
from tests.market.metrics.pictures import new_york

FIRST, LAST = date(2022, 1, 1), date(2028, 12, 24)


def halt_on(day: date) -> time | None:
    """When futures halt on a day, New York."""
    hours = futures_hours(day)
    return hours[1].astimezone(NEW_YORK).time() if hours is not None else None


def weekdays() -> list[date]:
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    return [day for day in days if day.weekday() < 5]


@pytest.mark.filterwarnings("ignore")
def test_they_trade_and_halt_early_on_the_librarys_days() -> None:
    import exchange_calendars

    library = exchange_calendars.get_calendar("CMES", start=str(FIRST), end=str(LAST))
    open_days = {day.date() for day in library.sessions}
    jobs = {day for day in weekdays() if halt_on(day) == time(9, 15)}
    assert jobs == {date(2023, 4, 7), date(2026, 4, 3)}, "the library rests on every Good Friday"
    assert {day for day in weekdays() if halt_on(day) is not None} == open_days | jobs
    half_days = {d for d in open_days if is_session(d) and session_of(d).is_early_close}
    holidays = {d for d in open_days if not is_session(d)}
    juneteenth = {d for d in holidays if closure_reason(d) == "Juneteenth"}
    early = {day.date() for day in library.early_closes}
    assert early <= half_days | holidays
    assert holidays - juneteenth <= early, "the library does not know that Juneteenth is short"
    assert {halt_on(day) for day in half_days} == {time(13, 15)}
    assert {halt_on(day) for day in holidays} == {time(13, 0)}
    assert {halt_on(d) for d in open_days - half_days - holidays} == {time(17, 0)}


@pytest.mark.parametrize(
    ("day", "clock", "trades"),
    [
        ("2026-07-02", "18:30", True),
        ("2026-07-03", "11:00", True),
        ("2026-07-03", "13:01", False),
        ("2026-07-03", "18:30", False),
        ("2026-09-07", "12:59", True),
        ("2026-09-07", "14:00", False),
        ("2026-09-07", "18:01", True),
        ("2026-04-03", "09:14", True),
        ("2026-04-03", "09:16", False),
        ("2025-04-18", "08:00", False),
        ("2026-12-25", "11:00", False),
        ("2025-12-25", "18:01", True),
        ("2026-07-04", "11:00", False),
        ("2026-07-05", "18:01", True),
    ],
)
def test_on_a_holiday_they_trade_until_one(day: str, clock: str, trades: bool) -> None:
    assert is_trading(Venue.FUTURES, new_york(date.fromisoformat(day), clock)) is trades
