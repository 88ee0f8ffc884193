"""When asking again can bring news: each kind of datum has its beat, and a closed market none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import Enum, auto
from functools import lru_cache

import msgspec

from market.instruments import Instrument, Role
from market.publications import next_ask
from market.quotes import Kind
from market.sessions import (
    Session,
    exchange_date,
    is_session,
    next_session,
    session_of,
    session_on_or_before,
    session_state,
)
from market.venues import Venue, futures_hours, is_trading, venue_of

BEATS = {
    Kind.INTRADAY: timedelta(seconds=15),
    Kind.QUOTE: timedelta(seconds=60),
    Kind.TRACE: timedelta(seconds=30),
    Kind.DETAILS: timedelta(seconds=60),
    Kind.CHART: timedelta(seconds=120),
    Kind.DAY: timedelta(minutes=5),
    Kind.LISTINGS: timedelta(seconds=60),
    Kind.MEMBER: timedelta(seconds=120),
    Kind.CHAIN: timedelta(minutes=5),
    Kind.HALTS: timedelta(seconds=60),
    Kind.RELEASES: timedelta(minutes=30),
    Kind.HEADLINES: timedelta(minutes=10),
    Kind.FILINGS: timedelta(minutes=15),
}
"""Seconds between two asks while the datum is shown and its market trades."""

RATE_FUTURE_BEAT = timedelta(minutes=10)
"""Contracts on the federal funds rate move by a tick a day and are told with a delay."""

SETTLED = timedelta(minutes=35)
"""After the close prices are corrected for ten minutes, and Cboe is fifteen behind."""

OFFICIAL = (timedelta(minutes=35), timedelta(hours=4))
"""How long after the close the daily bar is asked for: Yahoo's, then Cboe's evening file."""

FILES = (timedelta(hours=-2), timedelta(minutes=-30), timedelta(hours=2, minutes=30))
"""When holdings are asked for, after the open: 07:30, 09:00 and 12:00 New York. The file of a
day appears in the morning of the next business day."""

PUBLISHING = (
    timedelta(minutes=-59),
    timedelta(minutes=-25),
    timedelta(minutes=32),
    timedelta(hours=6, minutes=50),
    timedelta(hours=8, minutes=35),
)
"""When series that `publications.toml` does not know are asked for, after the open: most come at
08:30 New York, about 09:00, at 10:00, or from 16:00 to 18:00."""

ANNOUNCED = (timedelta(hours=-3), timedelta(hours=8))
"""When the results of a day are asked for, after the open: before it, and once they are told."""

LISTED = timedelta(minutes=30)
"""How long after the close the listings hold its price."""
LISTED_OFFICIALLY = timedelta(hours=10, minutes=50)
"""How long after the open they hold the official closes: 20:20 New York, on half days too."""

ERRAND_REST = timedelta(hours=1)
"""What errands fetch is asked for as soon as they say so, but not again within the hour."""
_ERRANDS = frozenset({Kind.PROFILE, Kind.PAST, Kind.PAST_BARS})


class _Window(msgspec.Struct, frozen=True):
    """A stretch of time in which a datum changes."""

    start: datetime
    end: datetime


def next_news(
    kind: Kind, instrument: Instrument, answered: datetime, now: datetime, slowness: float = 1.0
) -> datetime:
    """Return the earliest instant at which asking again can bring news.

    Args:
        kind: What is asked for.
        instrument: Of which instrument.
        answered: When it was last answered, UTC.
        now: The present instant, UTC.
        slowness: Factor on the beat: above 1 for what is not shown or not focused.
    """
    if kind in _ERRANDS:
        return answered + ERRAND_REST
    moment = _next_publication(kind, instrument, answered, now)
    if moment is not None:
        return moment
    beat = RATE_FUTURE_BEAT if instrument.role is Role.RATE_FUTURE else BEATS[kind]
    return _next_beat(kind, instrument, answered, now, beat * slowness)


def may_be_new(kind: Kind, instrument: Instrument, answered: datetime, now: datetime) -> bool:
    """Return whether asking at once can bring news, whatever the beat says.

    What is published at set times cannot change between two of them.
    """
    moment = _next_publication(kind, instrument, answered, now)
    return moment is None or moment <= now


def _next_publication(
    kind: Kind, instrument: Instrument, answered: datetime, now: datetime
) -> datetime | None:
    """When something is published that an answer did not have; None of what has no set times."""
    if kind is Kind.PUBLISHED and (moment := next_ask(instrument.symbol, answered)) is not None:
        return moment
    if kind in _MOMENTS and not (kind is Kind.LISTINGS and session_state(now).is_open):
        return _next_moment(answered, _MOMENTS[kind])
    return None


def _next_beat(
    kind: Kind, instrument: Instrument, answered: datetime, now: datetime, beat: timedelta
) -> datetime:
    """On the beat in its hours, then once for the settled price, then when they begin again."""
    venue = venue_of(instrument)
    if venue in _NEAR_ROUND_THE_CLOCK and is_trading(venue, now):
        return answered + beat
    hours = _hours(kind, instrument)
    window = _last_window(hours, now)
    if now < window.end:
        return answered + beat
    settled = window.end + SETTLED
    if answered < settled:
        return settled if answered >= window.end else max(answered + beat, window.end)
    return _coming_window(hours, now).start


@lru_cache(maxsize=4096)  # one answer brings many data, and each is looked at every few seconds
def _next_moment(answered: datetime, moments: _Moments) -> datetime:
    """The first of the sessions' moments after `answered`."""
    day = session_on_or_before(exchange_date(answered))
    while True:
        later = [moment for moment in moments(session_of(day)) if moment > answered]
        if later:
            return later[0]
        day = next_session(day)


def _official(session: Session) -> Iterable[datetime]:
    """When daily bars are published: before the open, after a close, in its evening."""
    return session.pre_open, *(session.close + wait for wait in OFFICIAL)


def _files(session: Session) -> Iterable[datetime]:
    return (session.open + wait for wait in FILES)


def _published(session: Session) -> Iterable[datetime]:
    return (session.open + wait for wait in PUBLISHING)


def _announced(session: Session) -> Iterable[datetime]:
    return (session.open + wait for wait in ANNOUNCED)


def _listed(session: Session) -> Iterable[datetime]:
    return session.open, session.close + LISTED, session.open + LISTED_OFFICIALLY


_Moments = Callable[[Session], Iterable[datetime]]
"""The instants of a session's day at which something is published, in their order."""
_MOMENTS: Mapping[Kind, _Moments] = {
    Kind.DAILY: _official,
    Kind.CLOSES: _official,
    Kind.HOLDINGS: _files,
    Kind.LISTINGS: _listed,
    Kind.FUND: _files,
    Kind.PUBLISHED: _published,
    Kind.EARNINGS: _announced,
}


class _Hours(Enum):
    """The hours in which a datum changes."""

    FUTURES = auto()
    VOLATILITY = auto()
    CHAINS = auto()
    REGULAR = auto()
    EXTENDED = auto()


def _hours(kind: Kind, instrument: Instrument) -> _Hours:
    if venue_of(instrument) is Venue.FUTURES:
        return _Hours.FUTURES
    if instrument.role is Role.VOLATILITY:
        return _Hours.VOLATILITY
    if kind is Kind.CHAIN:
        return _Hours.CHAINS
    if instrument.role in {Role.INDEX, Role.BENCHMARK} or kind in _REGULAR_ONLY:
        return _Hours.REGULAR
    return _Hours.EXTENDED


@lru_cache(maxsize=256)
def _window(hours: _Hours, day: date) -> _Window | None:
    """The hours of one day in which a datum changes, None on a day without any."""
    if hours is _Hours.FUTURES:
        futures = futures_hours(day)
        return _Window(*futures) if futures is not None else None
    return _window_of_session(hours, session_of(day)) if is_session(day) else None


def _window_of_session(hours: _Hours, session: Session) -> _Window:
    match hours:
        case _Hours.VOLATILITY:
            return _Window(session.pre_open, session.close + timedelta(minutes=15))
        case _Hours.REGULAR:
            return _Window(session.open, session.close + timedelta(minutes=10))
        case _Hours.CHAINS:
            return _Window(session.open + _CHAINS_BEHIND, session.close + _CHAINS_BEHIND)
        case _:
            return _Window(session.pre_open, session.post_close)


@lru_cache(maxsize=64)  # asked for every datum at one instant
def _last_window(hours: _Hours, now: datetime) -> _Window:
    """The window under way, or the newest one that has ended."""
    day = exchange_date(now) + _DAY  # a future's day begins on its eve
    while (window := _window(hours, day)) is None or window.start > now:
        day -= _DAY
    return window


@lru_cache(maxsize=64)
def _coming_window(hours: _Hours, now: datetime) -> _Window:
    """The next window that has not begun."""
    day = exchange_date(now)
    while (window := _window(hours, day)) is None or window.start <= now:
        day += _DAY
    return window


_DAY = timedelta(days=1)
_CHAINS_BEHIND = timedelta(minutes=15)
_REGULAR_ONLY = frozenset({Kind.TRACE, Kind.CHART, Kind.DAY, Kind.MEMBER})
_NEAR_ROUND_THE_CLOCK = frozenset({Venue.FUTURES, Venue.CURRENCY, Venue.CRYPTO})
"""Venues whose hours are known and are not those of the shares."""
