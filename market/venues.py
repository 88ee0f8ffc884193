"""Where an instrument trades, and how much trading time has passed there."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from market.instruments import Instrument, Role
from market.quotes import Details
from market.sessions import (
    NEW_YORK,
    closure_reason,
    exchange_date,
    extended_time_between,
    is_session,
    session_of,
    session_time_between,
)


class Venue(StrEnum):
    """The trading hours an instrument keeps."""

    XNYS = "xnys"
    """United States cash markets: 09:30 to 16:00 New York on XNYS sessions."""
    EXTENDED = "extended"
    """The same with their pre- and post-market: 04:00 to 20:00. Prints of these hours keep it."""
    FUTURES = "futures"
    """Index futures: Sunday 18:00 to Friday 17:00 New York, resting from 17:00 to 18:00.

    On most holidays of the cash market they trade until 13:00.
    """
    CURRENCY = "currency"
    """Foreign exchange: Sunday 17:00 to Friday 17:00 New York."""
    CRYPTO = "crypto"
    """Round the clock."""
    ABROAD = "abroad"
    """Another country's exchange: its holidays and hours are not known here."""


CRYPTO_QUOTES = ("-USD", "-USDT", "-EUR", "-GBP", "-JPY", "-BTC", "-ETH")
LONGEST_SPAN = timedelta(days=14)
"""Trading time is counted over this much wall time at most: every stale limit is far shorter."""
FUTURES_OPEN, FUTURES_CLOSE = time(18, 0), time(17, 0)
FUTURES_EARLY_HALT = time(13, 15)
"""On the half days of the cash market."""
FUTURES_HOLIDAY_HALT = time(13, 0)
"""On its holidays, but for those named below."""
FUTURES_JOBS_HALT = time(9, 15)
"""On a Good Friday that is the first Friday of April: the jobs report comes at 08:30."""
FUTURES_REST_ON = frozenset({"New Year's Day", "Good Friday", "Christmas", "special closure"})
"""Holidays without a morning, and days of mourning, whose hours nobody knows before."""


def venue_of(instrument: Instrument, details: Details | None = None) -> Venue:
    """Return the hours an instrument keeps; an unknown symbol is judged by its spelling."""
    if instrument.role in {Role.FUTURE, Role.RATE_FUTURE}:
        return Venue.FUTURES
    if instrument.role is not Role.WATCHED:
        return Venue.XNYS
    return _by_type(details) or _by_spelling(instrument.symbol, details)


def _by_type(details: Details | None) -> Venue | None:
    kind = details.quote_type if details is not None else None
    types = {
        "FUTURE": Venue.FUTURES,
        "CURRENCY": Venue.CURRENCY,
        "CRYPTOCURRENCY": Venue.CRYPTO,
    }
    return types.get(kind) if kind is not None else None


def _by_spelling(symbol: str, details: Details | None) -> Venue:
    if symbol.endswith("=F"):
        return Venue.FUTURES
    if symbol.endswith("=X"):
        return Venue.CURRENCY
    if symbol.endswith(CRYPTO_QUOTES):
        return Venue.CRYPTO
    currency = details.currency if details is not None else None
    foreign = currency is not None and currency != "USD"
    return Venue.ABROAD if "." in symbol or foreign else Venue.XNYS


@lru_cache(maxsize=1024)
def trading_time_between(venue: Venue, start: datetime, end: datetime) -> timedelta:
    """Return how much trading time of a venue passed; spans over 14 days count the last 14."""
    start = max(start, end - LONGEST_SPAN)
    if end <= start:
        return timedelta(0)
    match venue:
        case Venue.XNYS:
            return session_time_between(start, end)
        case Venue.EXTENDED:
            return extended_time_between(start, end)
        case Venue.FUTURES:
            return _futures_time_between(start, end)
        case Venue.CRYPTO:
            return end - start
        case Venue.CURRENCY | Venue.ABROAD:
            return _weekday_time_between(start, end)


def is_trading(venue: Venue, now: datetime) -> bool:
    """Return whether a venue trades at an instant (abroad: on any weekday)."""
    return trading_time_between(venue, now, now + timedelta(seconds=1)) > timedelta(0)


def futures_last_open(now: datetime) -> datetime:
    """Return the newest instant, up to now, at which futures traded, UTC."""
    day = exchange_date(now) + timedelta(days=1)
    while (hours := futures_hours(day)) is None or hours[0] > now:
        day -= timedelta(days=1)
    return min(now, hours[1])


def futures_trade_date(instant: datetime) -> date:
    """Return the date a futures trade counts for: from 18:00 New York, the next day."""
    return exchange_date(instant + timedelta(hours=6))


def _futures_time_between(start: datetime, end: datetime) -> timedelta:
    total = timedelta(0)
    day = exchange_date(start)
    while day <= exchange_date(end) + timedelta(days=1):
        hours = futures_hours(day)
        if hours is not None:
            total += max(min(end, hours[1]) - max(start, hours[0]), timedelta(0))
        day += timedelta(days=1)
    return total


def futures_hours(day: date) -> tuple[datetime, datetime] | None:
    """Return when futures trade from the eve of a day until its halt, UTC; None if they rest."""
    halt = _futures_halt(day)
    if halt is None:
        return None
    opened = datetime.combine(day - timedelta(days=1), FUTURES_OPEN, NEW_YORK)
    halted = datetime.combine(day, halt, NEW_YORK)
    return opened.astimezone(UTC), halted.astimezone(UTC)


def _futures_halt(day: date) -> time | None:
    if is_session(day):
        return FUTURES_EARLY_HALT if session_of(day).is_early_close else FUTURES_CLOSE
    reason = closure_reason(day)
    if reason == "Good Friday" and day.day <= 7:
        return FUTURES_JOBS_HALT
    rests = day.weekday() >= 5 or reason in FUTURES_REST_ON
    return None if rests else FUTURES_HOLIDAY_HALT


def _weekday_time_between(start: datetime, end: datetime) -> timedelta:
    """Count the time between Sunday 17:00 and Friday 17:00 New York."""
    total = end - start
    friday = exchange_date(start) - timedelta(days=(exchange_date(start).weekday() - 4) % 7)
    while (weekend := _weekend_from(friday))[0] < end:
        total -= max(min(end, weekend[1]) - max(start, weekend[0]), timedelta(0))
        friday += timedelta(days=7)
    return total


def _weekend_from(friday: date) -> tuple[datetime, datetime]:
    closed = datetime.combine(friday, time(17, 0), NEW_YORK)
    opened = datetime.combine(friday + timedelta(days=2), time(17, 0), NEW_YORK)
    return closed.astimezone(UTC), opened.astimezone(UTC)
