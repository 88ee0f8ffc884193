"""When offices publish their series (`publications.toml`): the next release, and what is late.

All instants are UTC; the times of day in the file are New York's. A series is named by its
symbol in the cast: EFFR, DGS2, CPIAUCNS.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

import msgspec

from market.sessions import NEW_YORK, closure_reason, duration_in_words, exchange_date, is_session
from market.shipped import shipped

GRACE = timedelta(hours=2)
"""How long after the last instant of its release a value is due before it is late."""
WAITS = (
    timedelta(minutes=2),
    timedelta(minutes=15),
    timedelta(minutes=40),
    timedelta(hours=1, minutes=15),
    timedelta(hours=2, minutes=15),
    timedelta(hours=4, minutes=30),
)
"""When a series is asked for on a day of release, after its time: copies take up to two hours."""
CHECK = timedelta(hours=2, minutes=15)
"""The same on any other business day, once: dates are moved, and values corrected."""
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
_MIDDLE = 14 * _DAY
"""In the middle of the next month the value of a month without a row was out."""


class Frequency(StrEnum):
    """How often a series has a new value."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


_REACH = {Frequency.WEEKLY: 3 * _DAY, Frequency.MONTHLY: 15 * _DAY}
"""How far from the days of the rule a release may stand in a calendar: less than to the next."""


class Business(StrEnum):
    """Whose business days a series keeps."""

    FEDERAL = "federal"
    """The Federal Reserve Banks'."""
    BONDS = "bonds"
    """The bond market's: Columbus and Veterans Day are holidays, Good Friday too."""


class Standing(StrEnum):
    """Where a release stands that has not come yet."""

    AHEAD = "ahead"
    DUE = "due"
    LATE = "late"


class Release(msgspec.Struct, frozen=True):
    """The publication of one value, as far as it is known before."""

    title: str
    """What is published: CPI, Jobs, EFFR."""
    of: date
    """The reference date of the value."""
    at: datetime
    """The earliest instant at which it may come."""
    until: datetime
    """By when it comes if all is well."""
    is_official: bool
    """Whether the day is announced, or the office always publishes so."""

    def standing(self, now: datetime) -> Standing:
        """Return where it stands as long as the value has not come."""
        if now < self.at:
            return Standing.AHEAD
        return Standing.DUE if now < self.until + GRACE else Standing.LATE

    def words(self, now: datetime) -> str:
        """Return where it stands in words: `8 d`, `17 h`, `due`, `late`; of a window `~8 d`.

        Days are those of the calendar in New York, of a window those to its middle.
        """
        standing = self.standing(now)
        if standing is not Standing.AHEAD:
            return standing.value
        is_window = self.until - self.at >= _DAY
        at = self.at + (self.until - self.at) / 2 if is_window else self.at
        days = (exchange_date(at) - exchange_date(now)).days
        words = f"{days} d" if days > 1 else " ".join(duration_in_words(at - now).split()[:2])
        return f"~{words}" if is_window else words

    @property
    def when(self) -> str:
        """The day and time, or the days, New York: `Thu 27 Aug 08:30`, `10–14 Aug 08:30`."""
        first, last = self.at.astimezone(NEW_YORK), self.until.astimezone(NEW_YORK)
        if first.date() == last.date():
            return f"{first:%a} {first.day} {first:%b %H:%M}"
        month = "" if first.month == last.month else f" {first:%b}"
        return f"{first.day}{month}–{last.day} {last:%b %H:%M}"

    def on(self, at: datetime) -> Release:
        """Return it on an instant that is announced."""
        return msgspec.structs.replace(self, at=at, until=at, is_official=True)


class Publication(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of `publications.toml`, whose head explains the fields."""

    title: str
    office: str
    series: tuple[str, ...]
    frequency: Frequency
    calendar: Business
    at: time
    until: time
    late_after: int
    lag: int = 0
    is_official: bool = True
    source: str = ""
    as_of: date | None = None
    expected: Mapping[str, tuple[date, date]] = {}
    named: frozenset[str] = frozenset()

    def release(self, of: date) -> Release | None:
        """Return the release of a reference date's value; None of a month without a row."""
        days = self._days(of)
        if days is None:
            return None
        first, last = days
        at, until = _new_york(first, self.at), _new_york(last, self.until)
        return Release(self.title, of, at, until, self.is_official)

    def following(self, of: date) -> Release | None:
        """Return the release of the first value after that of a reference date."""
        return self.release(self._next(of))

    def announced(self, release: Release, known: Iterable[datetime]) -> Release:
        """Return a release on the first instant near it that a calendar knows, else as it is."""
        reach = _REACH.get(self.frequency, timedelta(0))
        near = (at for at in known if release.at - reach < at < release.until + reach)
        found = min(near, default=None)
        return release if found is None else release.on(found)

    def upcoming(self, now: datetime) -> Release | None:
        """Return the first release that has not begun, whatever came before."""
        of = self._some_before(exchange_date(now))
        while (release := self.release(of)) is not None and release.at <= now:
            of = self._next(of)
        return release

    def limit(self, of: date) -> datetime:
        """Return when the value of a reference date, with no younger one, becomes late."""
        days = self._days(of)
        last = days[1] if days is not None else _month_after(of) + _MIDDLE
        if self.frequency is Frequency.DAILY:
            return _new_york(self._business_days_after(last, self.late_after), self.until)
        return _new_york(last + self.late_after * _DAY, self.until)

    def asks_on(self, day: date) -> tuple[datetime, ...]:
        """Return the instants of a day at which asking can bring news, in their order."""
        if not is_business_day(day, Business.FEDERAL):
            return ()
        begin = _new_york(day, self.at)
        return tuple(begin + wait for wait in WAITS) if self._is_due_on(day) else (begin + CHECK,)

    def _days(self, of: date) -> tuple[date, date] | None:
        """The first and the last day on which the value may come."""
        match self.frequency:
            case Frequency.DAILY:
                day = self._business_days_after(of, self.lag)
            case Frequency.WEEKLY:
                day = self._business_day_on_or_before(of + self.lag * _DAY)
            case Frequency.MONTHLY:
                return self.expected.get(f"{of:%Y-%m}")
        return day, day

    def _next(self, of: date) -> date:
        match self.frequency:
            case Frequency.DAILY:
                return self._business_days_after(of, 1)
            case Frequency.WEEKLY:
                return of + _WEEK
            case Frequency.MONTHLY:
                return _month_after(of)

    def _some_before(self, day: date) -> date:
        """A reference date whose value should be known on a day."""
        match self.frequency:
            case Frequency.DAILY:
                return self._business_day_on_or_before(day - _WEEK)
            case Frequency.WEEKLY:
                return day - 2 * _WEEK - ((day.weekday() + 2) % 7) * _DAY
            case Frequency.MONTHLY:
                return (day.replace(day=1) - 40 * _DAY).replace(day=1)

    def _is_due_on(self, day: date) -> bool:
        match self.frequency:
            case Frequency.DAILY:
                return is_business_day(day, self.calendar)
            case Frequency.WEEKLY:
                begin = self._some_before(day)
                return any(self._days(begin + n * _WEEK) == (day, day) for n in range(3))
            case Frequency.MONTHLY:
                days = self._days((day.replace(day=1) - _DAY).replace(day=1))
                return days is not None and days[0] <= day <= days[1]

    def _business_days_after(self, day: date, count: int) -> date:
        for _ in range(count):
            day += _DAY
            while not is_business_day(day, self.calendar):
                day += _DAY
        return day

    def _business_day_on_or_before(self, day: date) -> date:
        while not is_business_day(day, self.calendar):
            day -= _DAY
        return day


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    federal_holidays: frozenset[date]
    publication: tuple[Publication, ...]


@cache
def _file() -> _File:
    return shipped(Path(__file__).with_name("publications.toml"), _File)


@cache
def publications() -> Mapping[str, Publication]:
    """Return every publication by the symbols of its series."""
    return {symbol: each for each in _file().publication for symbol in each.series}


def is_business_day(day: date, calendar: Business) -> bool:
    """Return whether the Federal Reserve Banks, or the bond market, are at work on a day."""
    if day.weekday() >= 5 or day in _file().federal_holidays:
        return False
    # On a day of mourning shares rest and bonds are traded.
    rests = not is_session(day) and closure_reason(day) != "special closure"
    return calendar is Business.FEDERAL or not rests


def next_release(
    symbol: str, newest: date | None, now: datetime, known: Iterable[datetime] = ()
) -> Release | None:
    """Return the release of the value that is awaited; None of a series without a calendar.

    Args:
        symbol: Of the series.
        newest: The reference date of its newest known value; None if none is known.
        now: The present instant, UTC.
        known: When its releases stand in calendars, UTC: better known than the days of the rule.
    """
    publication = publications().get(symbol)
    if publication is None:
        return None
    awaited = publication.following(newest) if newest is not None else None
    release = awaited or publication.upcoming(now)
    return release and publication.announced(release, known)


def why_late(symbol: str, newest: date, now: datetime, known: Iterable[datetime] = ()) -> str:
    """Return why the value of a reference date is late, or nothing if it is not."""
    publication = publications().get(symbol)
    if publication is None or now <= publication.limit(newest):
        return ""
    missing = publication.following(newest)
    if missing is None:
        return f"no newer {publication.title} came"
    missing = publication.announced(missing, known)
    return f"{publication.title} of {day_of(symbol, missing.of)} was due {missing.when}"


def day_of(symbol: str, day: date) -> str:
    """Return a reference date as the series counts: `2 Jul`, of a month `Jul 2026`."""
    publication = publications().get(symbol)
    monthly = publication is not None and publication.frequency is Frequency.MONTHLY
    return f"{day:%b %Y}" if monthly else f"{day.day} {day:%b}"


def next_ask(symbol: str, answered: datetime) -> datetime | None:
    """Return the first instant after an answer at which asking again can bring news.

    None of a series without a calendar.
    """
    publication = publications().get(symbol)
    return None if publication is None else _next_ask(publication.series[0], answered)


@lru_cache(maxsize=256)
def _next_ask(symbol: str, answered: datetime) -> datetime:
    return next(at for at in _asks(publications()[symbol], answered) if at > answered)


def _asks(publication: Publication, since: datetime) -> Iterator[datetime]:
    day = exchange_date(since)
    while True:
        yield from publication.asks_on(day)
        day += _DAY


def midnight(day: date) -> datetime:
    """Return a reference date as the time of its value: midnight, New York."""
    return _new_york(day, time())


def _month_after(day: date) -> date:
    return (day.replace(day=1) + 32 * _DAY).replace(day=1)


def _new_york(day: date, at: time) -> datetime:
    return datetime.combine(day, at, NEW_YORK).astimezone(UTC)
