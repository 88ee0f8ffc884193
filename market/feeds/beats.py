"""When asking again can bring news: each kind of datum has its beat, and a closed market none."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from market.instruments import Instrument, Role
from market.quotes import Kind
from market.sessions import (
    Session,
    exchange_date,
    is_session,
    next_session,
    session_of,
    session_on_or_before,
)
from market.venues import Venue, is_trading

BEATS = {
    Kind.INTRADAY: timedelta(seconds=15),
    Kind.QUOTE: timedelta(seconds=60),
    Kind.TRACE: timedelta(seconds=30),
    Kind.DETAILS: timedelta(seconds=60),
    Kind.CHART: timedelta(seconds=120),
}
"""Seconds between two asks while the datum is shown and its market trades."""

SETTLED = timedelta(minutes=35)
"""After the close prices are corrected for ten minutes, and Cboe is fifteen behind."""

OFFICIAL = (timedelta(minutes=35), timedelta(hours=4))
"""How long after the close the daily bar is asked for: Yahoo's, then Cboe's evening file."""


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
    if kind in {Kind.DAILY, Kind.CLOSES}:
        return _next_official(answered)
    beat = BEATS[kind] * slowness
    if instrument.role is Role.FUTURE and is_trading(Venue.FUTURES, now):
        return answered + beat
    window = _last_window(kind, instrument, now)
    if now < window.end:
        return answered + beat
    settled = window.end + SETTLED
    if answered < settled:
        return settled if answered >= window.end else max(answered + beat, window.end)
    return _coming_window(kind, instrument, now).start


def _next_official(answered: datetime) -> datetime:
    """The first publication after `answered`: after a close, in its evening, or before the open."""
    day = session_on_or_before(exchange_date(answered))
    while True:
        session = session_of(day)
        moments = (session.pre_open, *(session.close + wait for wait in OFFICIAL))
        later = [moment for moment in moments if moment > answered]
        if later:
            return later[0]
        day = next_session(day)


def _window(kind: Kind, instrument: Instrument, session: Session) -> _Window:
    """The hours of one session in which a datum changes."""
    if instrument.role is Role.VOLATILITY:
        return _Window(session.pre_open, session.close + timedelta(minutes=15))
    if instrument.role in {Role.INDEX, Role.BENCHMARK} or kind in {Kind.TRACE, Kind.CHART}:
        return _Window(session.open, session.close + timedelta(minutes=10))
    return _Window(session.pre_open, session.post_close)


def _last_window(kind: Kind, instrument: Instrument, now: datetime) -> _Window:
    """The window under way, or the newest one that has ended."""
    day = session_on_or_before(exchange_date(now))
    window = _window(kind, instrument, session_of(day))
    if now < window.start:
        earlier = session_on_or_before(day - timedelta(days=1))
        return _window(kind, instrument, session_of(earlier))
    return window


def _coming_window(kind: Kind, instrument: Instrument, now: datetime) -> _Window:
    """The next window that has not begun."""
    today = exchange_date(now)
    if is_session(today):
        window = _window(kind, instrument, session_of(today))
        if now < window.start:
            return window
    return _window(kind, instrument, session_of(next_session(today)))
