"""The last price of an instrument and what it is compared with: previous close, base closes."""

from __future__ import annotations

from datetime import date, timedelta
from math import isfinite, log

import msgspec
from msgspec.structs import replace

from market.instruments import Role
from market.metrics.absurd import ABSURD_LIMIT, INDEX_LIMIT
from market.metrics.closes import bar_day, count_before, day_in_words, index_on, index_on_or_before
from market.metrics.frames import kept_with_bars
from market.metrics.subject import Subject, Unknown
from market.metrics.windows import window_base, window_start
from market.quotes import Bars, Phase
from market.sessions import exchange_date, previous_session
from market.venues import Venue

SUSPECT = "more than doubled or halved since the previous close: perhaps a split"
TOLD = "the previous close is told by the listings, no daily bar"
MAX_GAP = timedelta(days=12)
"""A base close may be this much older than its date: the longest closure of any exchange."""


class Base(msgspec.Struct, frozen=True):
    """A daily close that changes are measured from."""

    close: float
    reason: str = ""
    """What should be known about it."""
    source: str = ""
    """Who told it."""


def guarded_previous_close(last: float, previous: float | None, is_index: bool) -> float | None:
    """Return a previous close that can be true: positive, finite, and no absurd move away.

    An index neither doubles nor halves in a day; another price may, but not twentyfold.
    """
    if previous is None or not isfinite(previous) or previous <= 0 or last <= 0:
        return None
    limit = INDEX_LIMIT if is_index else ABSURD_LIMIT
    return previous if abs(log(last) - log(previous)) <= limit else None


def is_suspect(last: float, previous: float) -> bool:
    """Return whether a move is so large that a split must be thought of."""
    return abs(log(last) - log(previous)) > INDEX_LIMIT


def previous_close(subject: Subject) -> Base:
    """Return the close before the last price's own session; Unknown without that very bar.

    A member of the index without that bar has the previous close that came with its listed price.
    """
    if subject.previous is None:
        subject.previous = _previous_close(subject)
    return subject.previous


def _previous_close(subject: Subject) -> Base:
    last = subject.last
    told = _told_previous_close(subject)
    if told is not None:
        return told
    bars = subject.history()
    index = _previous_index(subject, last.day, bars)
    is_index = subject.instrument.role in {Role.INDEX, Role.BENCHMARK}
    close = guarded_previous_close(last.price, bars.close[index], is_index)
    if close is None:
        raise Unknown(f"previous close {bars.close[index]:g} cannot be true beside {last.price:g}")
    suspect = subject.instrument.role is not Role.VOLATILITY and is_suspect(last.price, close)
    return Base(close, SUSPECT if suspect else _which_session(subject), bars.source)


def _told_previous_close(subject: Subject) -> Base | None:
    """What the census has for a member's price of its session while the daily series lacks it."""
    census, last, bars = subject.snapshot.census, subject.last, subject.daily
    row = None if census is None else census.row_of(subject.symbol)
    if census is None or row is None or last.day != census.members.day:
        return None
    if bars is not None and index_on(bars, previous_session(last.day)) is not None:
        return None
    close = guarded_previous_close(last.price, census.members.previous_close[row], is_index=False)
    if close is None:
        return None
    reason = SUSPECT if is_suspect(last.price, close) else _which_session(subject)
    return Base(close, reason or TOLD, census.members.source)


def _which_session(subject: Subject) -> str:
    """The session of a move that is not of the day at hand.

    From 18:00 New York futures trade for the next session, from the day's own close. Who has no
    price of the session under way still has the move of an earlier one, which is not today's.
    """
    day, struck = subject.last.day, exchange_date(subject.last.as_of)
    if subject.venue is Venue.FUTURES and day > struck:
        return f"for the trade date {day_in_words(day)}"
    session, now = subject.snapshot.session, subject.snapshot.now
    keeps_hours = subject.venue in {Venue.XNYS, Venue.FUTURES}
    is_earlier = session.phase is Phase.REGULAR and day < exchange_date(now)
    return f"the move of {day_in_words(day)}" if keeps_hours and is_earlier else ""


def _previous_index(subject: Subject, day: date, bars: Bars) -> int:
    if subject.venue is Venue.XNYS:
        wanted = previous_session(day)
        index = index_on(bars, wanted)
        if index is None:
            raise Unknown(f"no daily bar for {day_in_words(wanted)}")
        return index
    index = count_before(bars, day) - 1
    if index < 0 or day - bar_day(bars, index) > MAX_GAP:
        raise Unknown(f"no daily bar before {day_in_words(day)}")
    return index


def window_close(subject: Subject, window: str) -> Base:
    """Return the close a window's return is measured from, by the window rule."""
    last, bars = subject.last, subject.history()
    close_of = _window_close if subject.venue is Venue.XNYS else _window_close_abroad
    return close_of(bars, window, last.day)


@kept_with_bars
def _window_close(bars: Bars, window: str, day: date) -> Base:
    wanted = window_base(window, day)
    return _base(bars, index_on_or_before(bars, wanted), wanted)


@kept_with_bars
def _window_close_abroad(bars: Bars, window: str, day: date) -> Base:
    """Days count bars back; longer windows take the last bar on or before their first date."""
    if window.endswith("d") and window[:-1].isdigit():
        index = count_before(bars, day) - int(window[:-1])
        return replace(_base(bars, index if index >= 0 else None, day), reason="")
    start = window_start(window, day)
    return replace(_base(bars, index_on_or_before(bars, start), start), reason="")


def _base(bars: Bars, index: int | None, wanted: date) -> Base:
    if index is None:
        raise Unknown(f"history begins on {day_in_words(bar_day(bars, 0))}")
    day = bar_day(bars, index)
    if day < wanted - MAX_GAP:
        raise Unknown(f"no daily bar near {day_in_words(wanted)}")
    if bars.close[index] <= 0:
        raise Unknown(f"the close of {day_in_words(day)} is not positive")
    gap = f"from {day_in_words(day)}: no bar for {day_in_words(wanted)}" if day < wanted else ""
    return Base(bars.close[index], gap, bars.source)
