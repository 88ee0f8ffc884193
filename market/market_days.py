"""Days that the calendar alone tells: FOMC decisions, options expiries, half days and holidays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from market.agenda_study import MarketDay, Occasion
from market.fomc import default_schedule
from market.reconstitution import reconstitutions
from market.sessions import (
    NEW_YORK,
    closure_reason,
    is_session,
    session_of,
    session_on_or_before,
    sessions_between,
)

DECISION = time(14, 0)
"""When the committee's decision is told, New York."""
_MONDAY, _FRIDAY, _SATURDAY = 0, 4, 5
_DAY = timedelta(days=1)


def market_days(first: date, last: date) -> tuple[MarketDay, ...]:
    """Return all occasions between two days, both included, oldest first."""
    found = (
        *_decisions(first, last),
        *_expiries(first, last),
        *_reconstitutions(first, last),
        *_odd_sessions(first, last),
        *_closures(first, last),
        *_bond_holidays(first, last),
    )
    return tuple(sorted(found, key=lambda each: (each.day, each.occasion)))


def next_decision(day: date) -> date | None:
    """Return the day of the next FOMC decision, that day included; None beyond what is known."""
    return next(iter(default_schedule().from_day(day)), None)


def expiry(year: int, month: int) -> date:
    """Return the session on which a month's options expire: the third Friday, or the one before.

    Where the exchange is closed on that Friday they expire on the session before it.
    """
    return session_on_or_before(nth_weekday(year, month, _FRIDAY, 3))


def nth_weekday(year: int, month: int, weekday: int, count: int) -> date:
    """Return the n-th Monday (0) to Sunday (6) of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))


def bond_holidays(year: int) -> tuple[date, date]:
    """Return the weekdays on which bonds rest and stocks trade: Columbus and Veterans Day.

    A Veterans Day on a Sunday is kept on Monday; on a Saturday there is none, which is then told
    as the day itself.
    """
    veterans = date(year, 11, 11)
    if veterans.weekday() > _SATURDAY:
        veterans += _DAY
    return nth_weekday(year, 10, _MONDAY, 2), veterans


def _decisions(first: date, last: date) -> Iterator[MarketDay]:
    for day in default_schedule().from_day(first):
        if day <= last:
            at = datetime.combine(day, DECISION, NEW_YORK).astimezone(UTC)
            yield MarketDay(day, Occasion.FOMC, Occasion.FOMC.value, at)


def _expiries(first: date, last: date) -> Iterator[MarketDay]:
    month = first.replace(day=1)
    while month <= last:
        day = expiry(month.year, month.month)
        if first <= day <= last:
            is_quarterly = month.month % 3 == 0
            words = "options expire, and futures" if is_quarterly else "options expire"
            yield MarketDay(day, Occasion.EXPIRY, words, session_of(day).close)
        month = (month + timedelta(days=32)).replace(day=1)


def _reconstitutions(first: date, last: date) -> Iterator[MarketDay]:
    for found in reconstitutions(first, last):
        words = "Russell reconstitution at the close"
        day = session_on_or_before(found.day)
        yield MarketDay(day, Occasion.RECONSTITUTION, words, session_of(day).close)


def _odd_sessions(first: date, last: date) -> Iterator[MarketDay]:
    for day in sessions_between(first, last):
        session = session_of(day)
        if session.is_early_close:
            local = session.close.astimezone(NEW_YORK)
            words = f"half day, closes {local:%H:%M}"
            yield MarketDay(day, Occasion.EARLY_CLOSE, words, session.close)


def _closures(first: date, last: date) -> Iterator[MarketDay]:
    day = first
    while day <= last:
        if day.weekday() < _SATURDAY and not is_session(day):
            yield MarketDay(day, Occasion.CLOSED, f"closed, {closure_reason(day)}")
        day += _DAY


def _bond_holidays(first: date, last: date) -> Iterator[MarketDay]:
    for year in range(first.year, last.year + 1):
        for day in bond_holidays(year):
            if first <= day <= last and day.weekday() < _SATURDAY and is_session(day):
                yield MarketDay(day, Occasion.BONDS_CLOSED, Occasion.BONDS_CLOSED.value)
