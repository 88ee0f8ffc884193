"""Frozen values of the market. Units stand in the field names or docstrings; missing is None."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec


class Kind(StrEnum):
    """The kinds of datum a feed can be asked for."""

    QUOTE = "quote"
    """The last price of one symbol and its session's open, high, low and volume."""
    INTRADAY = "intraday"
    """One-minute bars of the current or last session, pre- and post-market included."""
    TRACE = "trace"
    """Five-minute closes of the current or last session, asked for many symbols at once."""
    DAILY = "daily"
    """Five years of daily bars with open, high, low, close and volume."""
    TICK = "tick"
    """The price of a member whose row is in sight: a stream tells it, and no feed is asked."""
    CLOSES = "closes"
    """Two years of daily closes, asked for many symbols at once."""
    DETAILS = "details"
    """What a quote page says: name, volume, averages, 52-week range, pre/post print."""
    CHART = "chart"
    """Intraday bars over several sessions for the symbol screen; `Key.span` names the range."""
    DAY = "day"
    """A member's five-minute closes of one session, of which its groups' day is put together."""
    HOLDINGS = "holdings"
    """What a fund holds: the index's members and their weights."""
    LISTINGS = "listings"
    """Last price, change and volume of every listed stock, in one answer."""
    PROFILE = "profile"
    """What a quote page says of an index member, asked for hundreds at once, once a session."""
    MEMBER = "member"
    """The same of a member that the listings lack, while its market trades."""
    PAST = "past"
    """Two years of daily closes of an index member, asked for many at once, kept on disk."""
    PAST_BARS = "past_bars"
    """Two years of daily bars of an index member, with high, low and volume."""
    PUBLISHED = "published"
    """A series that an office publishes on its own days: a rate, an index, a count."""
    CHAIN = "chain"
    """Every listed option of one underlying."""
    FUND = "fund"
    """A fund's net asset value and shares outstanding by day."""
    EARNINGS = "earnings"
    """The companies that report on one day; `Key.span` is the day: 2026-11-24."""
    RELEASES = "releases"
    """Economic releases; `Key.span` is a day, or a week: thisweek, nextweek."""
    HALTS = "halts"
    """Today's trading halts of all stocks."""
    FILINGS = "filings"
    """A company's newest filings with the SEC."""
    HEADLINES = "headlines"
    """The newest headlines about one symbol."""


TICKED = frozenset({Kind.INTRADAY, Kind.QUOTE, Kind.TRACE, Kind.DETAILS, Kind.TICK})
"""What tells the price of now, as ticks do."""
OF_THE_INDEX = frozenset(
    {Kind.HOLDINGS, Kind.LISTINGS, Kind.PROFILE, Kind.MEMBER, Kind.PAST, Kind.PAST_BARS}
)
"""Data about the index's members as a whole, which are kept in an archive of their own."""
DOCUMENTS = frozenset(
    {
        Kind.PUBLISHED,
        Kind.CHAIN,
        Kind.FUND,
        Kind.EARNINGS,
        Kind.RELEASES,
        Kind.HALTS,
        Kind.FILINGS,
        Kind.HEADLINES,
    }
)
"""What comes as a whole and is no price: see `market/documents.py`."""
ARCHIVED = OF_THE_INDEX | DOCUMENTS | {Kind.DAY}
"""What is not needed for the first paint and has no instrument's prices in it."""


class Key(NamedTuple):
    """The name of one datum: what is asked of feeds, kept in the snapshot and written to disk."""

    kind: Kind
    symbol: str
    span: str = ""
    """For `Kind.CHART` a range of the symbol screen ("5D", "1M"), for a calendar the days it is
    of ("2026-11-24", "thisweek"), else empty."""


class Phase(StrEnum):
    """The part of the trading day an instant lies in."""

    CLOSED = "closed"
    PRE = "pre"
    REGULAR = "regular"
    POST = "post"


class ExtendedPrint(msgspec.Struct, frozen=True):
    """The newest price outside regular hours. Never mixed into the regular change."""

    phase: Phase
    """`Phase.PRE` or `Phase.POST`."""
    last: float
    as_of: datetime


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """The last regular-session price of a symbol, as one source gave it."""

    symbol: str
    last: float
    as_of: datetime
    """When the price was struck, by the source, UTC."""
    source: str
    delay_s: int = 0
    """Seconds the source holds prices back: 0 for real time, 900 for Cboe."""
    open: float | None = None
    high: float | None = None
    low: float | None = None
    volume: float | None = None
    """Shares of the session so far; None where the source gives none or an index's 0."""
    reported_previous_close: float | None = None
    """The source's own word, kept as evidence only: changes come from daily bars."""
    extended: ExtendedPrint | None = None
    earlier: tuple[tuple[str, datetime], ...] = ()
    """Fields that only an older answer of the same session told, and when that was struck."""
    is_first_seen: bool = False
    """Whether `as_of` is when the price was first seen, since its source tells no time."""


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """What a quote page says about a symbol beyond its price."""

    symbol: str
    as_of: datetime
    source: str
    name: str = ""
    currency: str | None = None
    quote_type: str | None = None
    """EQUITY, ETF, INDEX, FUTURE, MUTUALFUND, CURRENCY, CRYPTOCURRENCY."""
    exchange: str | None = None
    price_decimals: int | None = None
    week52_high: float | None = None
    week52_low: float | None = None
    average_volume: float | None = None
    """Mean daily shares over three months."""
    average_50d: float | None = None
    average_200d: float | None = None
    market_cap: float | None = None
    volume: float | None = None
    earlier: tuple[tuple[str, datetime], ...] = ()
    """Fields that only an older answer told, and when that was struck."""


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What a quote page says of an index member: its price and what stands around it."""

    symbol: str
    quote: Quote | None
    """None where the page gave no usable price."""
    details: Details


def _doubles(values: Iterable[float] = ()) -> array[float]:
    return array("d", values)


def _integers(values: Iterable[int] = ()) -> array[int]:
    return array("q", values)


class Bars(msgspec.Struct, frozen=True, eq=False, kw_only=True, weakref=True):
    """Bars of one symbol as columns of equal length, oldest first, times strictly rising.

    Columns are read-only by agreement and hold finite numbers only. A close-only series
    has empty `open`, `high`, `low`; a series without volume has an empty `volume`.
    A bar that was missing at the source is missing here: gaps are gaps in `times`.
    Those of the members' past may stand on a shelf (`market/shelf.py`) and are then no arrays,
    but read, sliced and written as if they were.
    """

    key: Key
    interval_s: int
    """Seconds a bar spans: 60, 300, 86400."""
    source: str
    as_of: datetime
    """Time of the newest price in the series, UTC."""
    times: array[int] = msgspec.field(default_factory=_integers)
    """Start of each bar, Unix seconds UTC; for daily bars the session's regular open."""
    close: array[float] = msgspec.field(default_factory=_doubles)
    open: array[float] = msgspec.field(default_factory=_doubles)
    high: array[float] = msgspec.field(default_factory=_doubles)
    low: array[float] = msgspec.field(default_factory=_doubles)
    volume: array[float] = msgspec.field(default_factory=_doubles)
    dividends: tuple[tuple[int, float], ...] = ()
    """(Unix seconds of the ex-date, amount per share)."""
    splits: tuple[tuple[int, float], ...] = ()
    """(Unix seconds of the ex-date, new shares per old share)."""

    def __len__(self) -> int:
        """Return the number of bars."""
        return len(self.times)

    @property
    def has_range(self) -> bool:
        """Whether open, high and low are known."""
        return len(self.open) == len(self.times) > 0

    def tail(self, count: int) -> Bars:
        """Return the newest `count` bars."""
        return self.between(max(0, len(self) - count), len(self))

    def between(self, start: int, stop: int) -> Bars:
        """Return the bars with index in [start, stop)."""
        return Bars(
            key=self.key,
            interval_s=self.interval_s,
            source=self.source,
            as_of=self.as_of,
            times=self.times[start:stop],
            close=self.close[start:stop],
            open=self.open[start:stop],
            high=self.high[start:stop],
            low=self.low[start:stop],
            volume=self.volume[start:stop],
            dividends=self.dividends,
            splits=self.splits,
        )


class Match(msgspec.Struct, frozen=True):
    """One answer of a symbol search."""

    symbol: str
    name: str
    quote_type: str
    exchange: str
