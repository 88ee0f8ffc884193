"""The index when the members' prices were struck, whatever instant its own price is of.

What is held against the index ends where the members end. An index's price of another session
makes a move of two days out of one, so it is none. Neither is one that is minutes younger or
older: the minute that the members' prices are of stands in for it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from market.census import WINDOWS
from market.instruments import INDEX
from market.merging import SEEN_WITHIN
from market.metrics.closes import count_before
from market.metrics.compute import returns_of
from market.metrics.frames import kept_with_bars
from market.metrics.panel import DAY_S, Panel
from market.metrics.readings import absent
from market.metrics.subject import Last, Subject, Unknown
from market.quotes import Bars, Key, Kind, Quote
from market.reading import Reading
from market.sessions import NEW_YORK, exchange_date, session_of
from market.snapshot import Snapshot

if TYPE_CHECKING:
    from market.metrics.columns import Column

WAITING = "waiting for the index's own return"
_WEEK = timedelta(days=6)
"""Up to so far apart two days are told apart by their weekdays."""


class IndexSession(NamedTuple):
    """The index up to one session and no further."""

    day: date
    last: Last | None
    """Its price of that session: the newest one, or the official close; None without either."""
    returns: Mapping[str, Reading]
    """Per window of the census: the return that ends with the session, or why there is none."""
    daily: Bars | None
    """Its completed daily bars up to the session."""

    def closes(self, panel: Panel) -> Column:
        """Return its closes of the panel's sessions before its own, and its last price."""
        import numpy as np

        bars = self.daily
        known = () if bars is None else zip(bars.times, bars.close, strict=True)
        at = {time // DAY_S: close for time, close in known}
        sessions = zip(panel.opened, panel.days, strict=True)
        before = [at.get(time // DAY_S, np.nan) for time, day in sessions if day < self.day]
        return np.array([*before, np.nan if self.last is None else self.last.price])

    def number(self, window: str) -> float | None:
        """Return its return over a window, a fraction; None unknown."""
        value = self.returns[window].value
        return value if isinstance(value, float) else None


def index_session(snapshot: Snapshot, day: date, at: datetime) -> IndexSession:
    """Return the index as it stood in a session: at an instant of it, or at its official close.

    Args:
        snapshot: What is known.
        day: The session.
        at: When the members' prices were struck.
    """
    ended = _ended(snapshot, day, at)
    subject = Subject(ended, ended.cast[INDEX], {})
    last = _last(subject)
    if last is None or last.day != day:
        why = absent(_reason(snapshot, day, at))
        return IndexSession(day, None, dict.fromkeys(WINDOWS, why), subject.daily)
    told, slug = returns_of(ended, INDEX), ended.cast[INDEX].slug
    returns = {window: told[f"{slug}.return.{window.lower()}"] for window in WINDOWS}
    return IndexSession(day, last, returns, subject.daily)


def withheld(day: date, reason: str) -> IndexSession:
    """Return what nothing can be held against, and why."""
    return IndexSession(day, None, dict.fromkeys(WINDOWS, absent(reason)), None)


def _last(subject: Subject) -> Last | None:
    try:
        return subject.last
    except Unknown:
        return None


def _ended(snapshot: Snapshot, day: date, at: datetime) -> Snapshot:
    """What was known of the index at an instant of a session when that was the newest one."""
    quotes, bars = dict(snapshot.quotes), dict(snapshot.bars)
    quote = quotes.pop(INDEX, None)
    if quote is not None and exchange_date(quote.as_of) == day:
        quote = _struck_at(quote, bars.get(Key(Kind.INTRADAY, INDEX)), at)
        quotes |= {} if quote is None else {INDEX: quote}
    for key in (Key(Kind.DAILY, INDEX), Key(Kind.CLOSES, INDEX)):
        if key in bars:
            bars[key] = _until(bars[key], day)
            if not len(bars[key]):
                del bars[key]
    return replace(snapshot, quotes=quotes, bars=bars)


def _struck_at(quote: Quote, minutes: Bars | None, at: datetime) -> Quote | None:
    """A price of a session within two minutes of an instant of it; None where none is known."""
    struck = min(quote.as_of, session_of(exchange_date(quote.as_of)).close)
    if abs(struck - at) <= SEEN_WITHIN:
        return quote
    if not minutes:
        return None
    row = bisect_right(minutes.times, at.timestamp() - minutes.interval_s) - 1
    ended = datetime.fromtimestamp(minutes.times[row] + minutes.interval_s, UTC)
    if row < 0 or at - ended > SEEN_WITHIN:
        return None
    return replace(quote, last=minutes.close[row], as_of=ended, source=minutes.source)


def _until(bars: Bars, day: date) -> Bars:
    count = count_before(bars, day + timedelta(days=1))
    return bars if count == len(bars) else _oldest(bars, count)


@kept_with_bars
def _oldest(bars: Bars, count: int) -> Bars:
    return bars.between(0, count)


def _reason(snapshot: Snapshot, day: date, at: datetime) -> str:
    """Why there is no price of the session: there is none at all, or one of another time."""
    last = _last(Subject(snapshot, snapshot.cast[INDEX], {}))
    if last is None:
        return WAITING
    if last.day == day:
        ours, theirs = (f"{each.astimezone(NEW_YORK):%H:%M}" for each in (last.as_of, at))
    else:
        ours, theirs = (_named(each, last.day, day) for each in (last.day, day))
    return f"the index's price is of {ours}, the members' of {theirs}"


def _named(day: date, one: date, other: date) -> str:
    return f"{day:%a}" if abs(one - other) <= _WEEK else f"{day.day} {day:%b %Y}"
