"""What a metric function sees: one instrument within one snapshot, and its last price."""

from __future__ import annotations

from array import array
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from market.instruments import Instrument
from market.metrics.absurd import absurdity
from market.metrics.closes import bar_day, count_before, index_on
from market.metrics.frames import kept_with_bars
from market.quotes import Bars, Details, Key, Kind, Quote
from market.reading import Reading, sources
from market.sessions import (
    exchange_date,
    is_session,
    last_completed_session,
    next_session,
    session_of,
)
from market.snapshot import NOT_COMPUTED, Snapshot
from market.venues import Venue, futures_trade_date, venue_of

if TYPE_CHECKING:
    from market.metrics.price import Base


class Unknown(Exception):  # noqa: N818 - it is an answer, not an error
    """Raised by a metric function whose value cannot be known; says why in one sentence."""


class Last(msgspec.Struct, frozen=True):
    """The newest regular-session price of an instrument and the session it belongs to."""

    price: float
    as_of: datetime
    source: str
    delay_s: int
    day: date
    """The session's date; for futures the trade date, for crypto the UTC date."""
    reason: str = ""

    def reading(self, value: float, history: Bars | None = None, reason: str = "") -> Reading:
        """Return a value made of this price (and daily bars) as a reading."""
        return self.beside(value, history.source if history is not None else "", reason)

    def beside(self, value: float, source: str, reason: str = "") -> Reading:
        """Return a value made of this price and of what another source told as a reading."""
        is_more = reason and self.reason and reason != self.reason
        words = f"{reason}; {self.reason}" if is_more else reason or self.reason
        return Reading(value, self.as_of, sources(self.source, source), self.delay_s, words)


class Subject:
    """What a metric function sees: one instrument within one snapshot.

    What several metrics need is worked out once and kept as long as the subject lives.
    """

    def __init__(
        self, snapshot: Snapshot, instrument: Instrument, peers: dict[str, Subject]
    ) -> None:
        self.snapshot = snapshot
        self.instrument = instrument
        self.symbol = instrument.symbol
        self._peers = peers
        """The subjects of one computation by symbol, shared between them."""
        self.returns: dict[str, Reading] = {}
        """Its returns that have been worked out, by window: others are held against them."""
        self.previous: Base | None = None
        """What its move is measured from, once that has been found: several metrics tell it."""

    @cached_property
    def quote(self) -> Quote | None:
        """Its last price, if that can be true."""
        return None if self.doubt else self.snapshot.quotes.get(self.symbol)

    @cached_property
    def doubt(self) -> str:
        """Why its last price is not used, or nothing."""
        quote = self.snapshot.quotes.get(self.symbol)
        return "" if quote is None else absurdity(quote, self.daily, self.instrument)

    @property
    def details(self) -> Details | None:
        """What a quote page says about it."""
        return self.snapshot.details.get(self.symbol)

    @cached_property
    def venue(self) -> Venue:
        """The hours it trades in."""
        return venue_of(self.instrument, self.details)

    @cached_property
    def daily(self) -> Bars | None:
        """Its completed daily bars: the newer of full bars and mere closes, full if equal."""
        known = [
            completed
            for kind in (Kind.DAILY, Kind.CLOSES)
            if (bars := self.snapshot.bars.get(Key(kind, self.symbol))) is not None
            and (completed := self._completed(bars))
        ]
        return max(known, key=lambda bars: bars.times[-1] // 86_400, default=None)

    def _completed(self, bars: Bars) -> Bars:
        """Leave out the bar of an XNYS session that is still under way."""
        if self.venue is Venue.FUTURES:
            rests = _rests(bars)
            return _without(bars, rests) if rests else bars
        if self.venue is not Venue.XNYS:
            return bars
        limit = last_completed_session(self.snapshot.now) + timedelta(days=1)
        count = count_before(bars, limit)
        return bars if count == len(bars) else _oldest(bars, count)

    def history(self) -> Bars:
        """Return its daily bars; Unknown without any."""
        if self.daily is None:
            raise Unknown(self.why_not(Kind.DAILY, Kind.CLOSES) or "waiting for daily bars")
        return self.daily

    def current(self) -> Quote:
        """Return its last price; Unknown without one."""
        if self.quote is None:
            kinds = (Kind.QUOTE, Kind.TRACE, Kind.INTRADAY, Kind.DETAILS)
            raise Unknown(self.doubt or self.why_not(*kinds) or NOT_COMPUTED.reason)
        return self.quote

    @cached_property
    def last(self) -> Last:
        """Its newest regular price: the quote, or a younger daily close; Unknown without both."""
        bars, quote = self.daily, self.quote
        if bars is not None and (quote is None or self.venue is Venue.XNYS):
            closed = self.close_time(len(bars) - 1)
            if quote is None or quote.as_of < closed:
                day = bar_day(bars, len(bars) - 1)
                told = self.doubt or "the daily close"
                return Last(bars.close[-1], closed, bars.source, 0, day, told)
        quote = self.current()
        day = session_day(self.venue, quote.as_of, bars)
        return Last(quote.last, quote.as_of, quote.source, quote.delay_s, day)

    def why_not(self, *kinds: Kind) -> str:
        """Return why data of these kinds did not come, or nothing if that is not known."""
        keys = [Key(kind, self.symbol) for kind in kinds]
        absences = (self.snapshot.absences.get(key) for key in keys)
        troubles = (t.text for key in keys if (t := self.snapshot.troubles.get(key)) is not None)
        return next((a for a in absences if a), "") or next(troubles, "")

    def close_time(self, index: int) -> datetime:
        """Return when the close of a daily bar was struck, UTC."""
        bars = self.history()
        day = bar_day(bars, index)
        traded = self.venue is Venue.XNYS and is_session(day)
        return session_of(day).close if traded else bars.as_of

    def other(self, symbol: str) -> Subject:
        """Return the same view of another instrument."""
        if symbol not in self._peers:
            cast = self.snapshot.cast
            self._peers[symbol] = Subject(self.snapshot, cast[symbol], self._peers)
        return self._peers[symbol]


@kept_with_bars
def _oldest(bars: Bars, count: int) -> Bars:
    return bars.between(0, count)


@kept_with_bars
def _rests(bars: Bars) -> frozenset[int]:
    """The bars of holidays: what futures trade then is settled with the next session."""
    return frozenset(n for n in range(len(bars)) if not is_session(bar_day(bars, n)))


@kept_with_bars
def _without(bars: Bars, places: frozenset[int]) -> Bars:
    def left(column: array[float]) -> array[float]:
        return array("d", (value for n, value in enumerate(column) if n not in places))

    return replace(
        bars,
        times=array("q", (time for n, time in enumerate(bars.times) if n not in places)),
        close=left(bars.close),
        open=left(bars.open),
        high=left(bars.high),
        low=left(bars.low),
        volume=left(bars.volume),
    )


def session_day(venue: Venue, as_of: datetime, daily: Bars | None = None) -> date:
    """Return the date of the session that a price struck at `as_of` belongs to."""
    match venue:
        case Venue.XNYS | Venue.EXTENDED:
            return exchange_date(as_of)
        case Venue.FUTURES:
            day = futures_trade_date(as_of)
            return day if is_session(day) else next_session(day)
        case Venue.CRYPTO:
            return as_of.astimezone(UTC).date()
        case Venue.ABROAD | Venue.CURRENCY:
            return _day_abroad(as_of, daily)


def _day_abroad(as_of: datetime, daily: Bars | None) -> date:
    """Sydney's session begins on the previous UTC date: the bar under way names the day."""
    today = as_of.astimezone(UTC).date()
    yesterday = today - timedelta(days=1)
    index = index_on(daily, yesterday) if daily is not None else None
    if daily is None or index is None:
        return today
    return yesterday if as_of.timestamp() - daily.times[index] < 16 * 3600 else today
