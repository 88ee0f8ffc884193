"""XNYS sessions: which day and phase an instant belongs to, and how long ago in session time.

The closed days and early closes are data (`xnys.json`, made from exchange_calendars, and
tested against it); everything else is arithmetic on New York wall time. Outside the years
of the data, weekdays count as full sessions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from market.quotes import Phase

NEW_YORK = ZoneInfo("America/New_York")
PRE_OPEN = time(4, 0)
OPEN = time(9, 30)
CLOSE = time(16, 0)
POST_CLOSE = time(20, 0)
EARLY_POST_CLOSE = time(17, 0)
"""End of the post-market on half days: by convention, four hours after the close."""


class Session(msgspec.Struct, frozen=True):
    """One XNYS trading day; all instants UTC."""

    day: date
    pre_open: datetime
    open: datetime
    close: datetime
    post_close: datetime
    is_early_close: bool = False


class SessionState(msgspec.Struct, frozen=True):
    """Where an instant stands in the trading calendar."""

    phase: Phase
    reason: str
    """Why the market is closed ("weekend", "Thanksgiving", "overnight"), else empty."""
    session: Session
    """The session under way, or the last one that had begun its pre-market."""
    until: datetime
    """When the phase ends: the next change of phase, UTC."""
    next_open: datetime
    """The next regular open after this instant, UTC."""

    @property
    def is_open(self) -> bool:
        """Whether regular trading is on."""
        return self.phase is Phase.REGULAR


class _Calendar(msgspec.Struct, frozen=True):
    closed: dict[date, str]
    early: dict[date, time]


@cache
def _calendar() -> _Calendar:
    data = Path(__file__).with_name("xnys.json").read_bytes()
    return msgspec.json.decode(data, type=_Calendar)


def is_session(day: date) -> bool:
    """Return whether XNYS trades on a day."""
    return day.weekday() < 5 and day not in _calendar().closed


def closed_weekdays() -> Iterable[date]:
    """Return the weekdays of all known years on which XNYS does not trade."""
    return _calendar().closed


def closure_reason(day: date) -> str:
    """Return why XNYS does not trade on a day, or nothing if it does."""
    if day.weekday() >= 5:
        return "weekend"
    return _calendar().closed.get(day, "")


@lru_cache(maxsize=4096)
def session_of(day: date) -> Session:
    """Return the session of a trading day; ValueError on a day without one."""
    if not is_session(day):
        raise ValueError(f"{day} is no XNYS session: {closure_reason(day)}")
    early = _calendar().early.get(day)
    return Session(
        day,
        _new_york(day, PRE_OPEN),
        _new_york(day, OPEN),
        _new_york(day, early or CLOSE),
        _new_york(day, EARLY_POST_CLOSE if early else POST_CLOSE),
        early is not None,
    )


def _new_york(day: date, at: time) -> datetime:
    return datetime.combine(day, at, NEW_YORK).astimezone(UTC)


def session_on_or_before(day: date) -> date:
    """Return the last trading day that is not after `day`."""
    while not is_session(day):
        day -= timedelta(days=1)
    return day


def previous_session(day: date) -> date:
    """Return the last trading day before `day`."""
    return session_on_or_before(day - timedelta(days=1))


def next_session(day: date) -> date:
    """Return the first trading day after `day`."""
    day += timedelta(days=1)
    while not is_session(day):
        day += timedelta(days=1)
    return day


def sessions_back(day: date, count: int) -> date:
    """Return the trading day `count` sessions before the session on or before `day`."""
    day = session_on_or_before(day)
    for _ in range(count):
        day = previous_session(day)
    return day


def sessions_between(first: date, last: date) -> Iterator[date]:
    """Yield the trading days from `first` to `last`, both included."""
    day = first
    while day <= last:
        if is_session(day):
            yield day
        day += timedelta(days=1)


def exchange_date(instant: datetime) -> date:
    """Return the New York calendar date of an instant."""
    return instant.astimezone(NEW_YORK).date()


@lru_cache(maxsize=64)
def bounds_of(day: date) -> tuple[datetime, datetime]:
    """Return the instants of all whose `exchange_date` is a day: from the first to the second."""
    return _new_york(day, time()), _new_york(day + timedelta(days=1), time())


@lru_cache(maxsize=256)
def last_completed_session(now: datetime) -> date:
    """Return the newest trading day whose regular close is not after `now`."""
    day = session_on_or_before(exchange_date(now))
    return day if session_of(day).close <= now else previous_session(day)


@lru_cache(maxsize=256)
def session_state(now: datetime) -> SessionState:
    """Return where `now` stands in the trading calendar."""
    today = exchange_date(now)
    if not is_session(today):
        return _closed(today, closure_reason(today))
    session = session_of(today)
    if now < session.pre_open:
        return _closed(previous_session(today), "overnight")
    if now >= session.post_close:
        return _closed(today, closure_reason(today + timedelta(days=1)) or "overnight")
    following = session_of(next_session(today)).open
    if now < session.open:
        return SessionState(Phase.PRE, "", session, session.open, session.open)
    if now < session.close:
        return SessionState(Phase.REGULAR, "", session, session.close, following)
    return SessionState(Phase.POST, "", session, session.post_close, following)


def _closed(last_day: date, reason: str) -> SessionState:
    last = session_of(session_on_or_before(last_day))
    coming = session_of(next_session(last.day))
    return SessionState(Phase.CLOSED, reason, last, coming.pre_open, coming.open)


def session_time_between(start: datetime, end: datetime) -> timedelta:
    """Return how much regular trading time passed from `start` to `end`; 0 if end <= start."""
    return _overlap(start, end, lambda session: (session.open, session.close))


def extended_time_between(start: datetime, end: datetime) -> timedelta:
    """Return the same with the pre- and post-market counted too."""
    return _overlap(start, end, lambda session: (session.pre_open, session.post_close))


def _overlap(
    start: datetime, end: datetime, hours: Callable[[Session], tuple[datetime, datetime]]
) -> timedelta:
    total = timedelta(0)
    for day in sessions_between(exchange_date(start), exchange_date(end)):
        begun, ended = hours(session_of(day))
        total += max(min(end, ended) - max(start, begun), timedelta(0))
    return total


def phase_in_words(state: SessionState, now: datetime) -> str:
    """Return the session line: `open, 1 h 27 m left` or `closed, weekend, opens Mon 09:30 ET …`."""
    left = duration_in_words(state.until - now)
    match state.phase:
        case Phase.REGULAR:
            early = ", early close" if state.session.is_early_close else ""
            return f"open{early}, {left} left"
        case Phase.PRE:
            return f"pre-market, opens in {left}"
        case Phase.POST:
            return f"after hours, {left} left"
        case Phase.CLOSED:
            opens = state.next_open.astimezone(NEW_YORK)
            wait = duration_in_words(state.next_open - now)
            return f"closed, {state.reason}, opens {opens:%a %H:%M} ET in {wait}"


def duration_in_words(span: timedelta) -> str:
    """Return a duration by its two largest parts: `1 d 4 h`, `1 h 27 m`, `27 m`, `45 s`."""
    seconds = max(0, int(span.total_seconds()))
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, secs = divmod(rest, 60)
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes} m"
    return f"{minutes} m" if minutes else f"{secs} s"
