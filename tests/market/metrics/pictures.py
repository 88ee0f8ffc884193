"""Snapshots and series made by hand, for tests of metrics and freshness."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from math import sin

from msgspec.structs import replace

from market.health import Trouble
from market.instruments import Role, default_cast
from market.metrics.compute import compute
from market.quotes import Bars, Details, ExtendedPrint, Key, Kind, Phase, Quote
from market.reports import ErrorKind
from market.sessions import (
    NEW_YORK,
    exchange_date,
    last_completed_session,
    session_of,
    session_on_or_before,
    sessions_back,
    sessions_between,
)
from market.snapshot import Snapshot, empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON

YAHOO, CBOE = "yahoo", "cboe"


def bars_of(
    symbol: str,
    rows: Mapping[date, float] | Mapping[date, tuple[float, float, float, float]],
    kind: Kind = Kind.DAILY,
    volumes: Sequence[float] = (),
    source: str = YAHOO,
) -> Bars:
    """Return daily bars from closes or (open, high, low, close) by session."""
    days = sorted(rows)
    prices = [rows[day] for day in days]
    columns = [p if isinstance(p, tuple) else (p, p, p, p) for p in prices]
    full = any(isinstance(p, tuple) for p in prices)
    return Bars(
        key=Key(kind, symbol),
        interval_s=86_400,
        source=source,
        as_of=session_of(days[-1]).close,
        times=array("q", [int(session_of(day).open.timestamp()) for day in days]),
        close=array("d", [c[3] for c in columns]),
        open=array("d", [c[0] for c in columns] if full else []),
        high=array("d", [c[1] for c in columns] if full else []),
        low=array("d", [c[2] for c in columns] if full else []),
        volume=array("d", volumes),
    )


def wave(symbol: str, level: float, last: date, count: int) -> Bars:
    """Return `count` sessions of full bars up to `last`, moving smoothly about a level."""
    seed = sum(map(ord, symbol))
    closes = [level * (1 + 0.05 * sin(seed + i / 9) + 0.01 * sin(seed * i)) for i in range(count)]
    return Bars(
        key=Key(Kind.DAILY, symbol),
        interval_s=86_400,
        source=YAHOO,
        as_of=session_of(last).close,
        times=_opened(last, count)[:],
        close=array("d", closes),
        open=array("d", [close * 0.999 for close in closes]),
        high=array("d", [close * 1.004 for close in closes]),
        low=array("d", [close * 0.993 for close in closes]),
        volume=array("d", [1e6 + 1e5 * (i % 5) for i in range(count)]),
    )


@cache
def _opened(last: date, count: int) -> array[int]:
    """When the last sessions up to one opened, Unix seconds."""
    days = sessions_between(sessions_back(last, count - 1), last)
    return array("q", [int(session_of(day).open.timestamp()) for day in days])


def quote_at(symbol: str, last: float, as_of: datetime, source: str = YAHOO) -> Quote:
    """Return a plain quote."""
    return Quote(
        symbol=symbol,
        last=last,
        as_of=as_of,
        source=source,
        delay_s=900 if source == CBOE else 0,
        open=last * 0.995,
        high=last * 1.01,
        low=last * 0.99,
        volume=None if symbol.startswith("^") else 8e5,
    )


def struck_at(now: datetime, source: str = YAHOO) -> datetime:
    """Return when the newest regular price known at `now` was struck."""
    delayed = now - timedelta(seconds=900 if source == CBOE else 0)
    today = session_on_or_before(exchange_date(delayed))
    session = session_of(today)
    if delayed < session.open:
        return session_of(last_completed_session(delayed)).close
    return min(delayed, session.close)


LEVELS = {
    "^RUT": 2990.0,
    "IWM": 297.0,
    "^GSPC": 7480.0,
    "^VIX": 16.2,
    "^VIX9D": 12.4,
    "^VIX3M": 19.0,
    "^VIX6M": 21.5,
    "^RVX": 21.4,
    "^VVIX": 88.0,
    "^SKEW": 140.0,
}


@cache
def full_picture(
    now: datetime = THURSDAY_AFTERNOON, watched: tuple[str, ...] = ("NVDA",), count: int = 1260
) -> Snapshot:
    """Return a snapshot in which everything a healthy program fetches is known, made once."""
    return new_picture(now, watched, count)


def new_picture(now: datetime, watched: Iterable[str], count: int) -> Snapshot:
    """Return such a snapshot whose bars nobody else holds."""
    snapshot = empty_snapshot(now)
    quotes: dict[str, Quote] = {}
    bars: dict[Key, Bars] = {}
    last = last_completed_session(now)
    cast = default_cast()
    for instrument in [*cast.by_symbol.values(), *(cast[symbol] for symbol in watched)]:
        symbol = instrument.symbol
        source = CBOE if instrument.role is Role.VOLATILITY else YAHOO
        series = wave(symbol, LEVELS.get(symbol, 60.0), last, count)
        bars[series.key] = series
        quotes[symbol] = quote_at(symbol, series.close[-1] * 1.01, struck_at(now, source), source)
    return replace(
        snapshot,
        quotes=quotes,
        bars=bars,
        fetched={Key(Kind.QUOTE, symbol): now for symbol in quotes} | dict.fromkeys(bars, now),
    )


def with_quote(snapshot: Snapshot, quote: Quote) -> Snapshot:
    """Return the snapshot with one quote put in."""
    return replace(snapshot, quotes={**snapshot.quotes, quote.symbol: quote})


def with_bars(snapshot: Snapshot, bars: Bars) -> Snapshot:
    """Return the snapshot with one series put in."""
    return replace(snapshot, bars={**snapshot.bars, bars.key: bars})


def with_details(snapshot: Snapshot, details: Details) -> Snapshot:
    """Return the snapshot with one quote page put in."""
    return replace(snapshot, details={**snapshot.details, details.symbol: details})


def pre_market(quote: Quote, last: float, as_of: datetime) -> Quote:
    """Return the quote with a pre-market print."""
    return replace(quote, extended=ExtendedPrint(Phase.PRE, last, as_of))


def new_york(day: date, clock: str) -> datetime:
    """Return the instant of a New York wall time, UTC."""
    return datetime.combine(day, time.fromisoformat(clock), NEW_YORK).astimezone(UTC)


def seen(snapshot: Snapshot, now: datetime | None = None) -> Snapshot:
    """Return the snapshot with its metrics computed, looked at later."""
    computed = replace(snapshot, readings=compute(snapshot))
    return computed.at(now) if now is not None else computed


def quoted(symbol: str, as_of: datetime, now: datetime, source: str = "yahoo") -> Snapshot:
    """Return a snapshot of one quote."""
    return seen(with_quote(empty_snapshot(now), quote_at(symbol, 100.0, as_of, source)))


def failed(snapshot: Snapshot, *keys: Key, since: datetime | None = None) -> Snapshot:
    """Return the snapshot with some data in trouble."""
    since = since or snapshot.now
    retry_at = snapshot.now + timedelta(minutes=3)
    trouble = Trouble(ErrorKind.LIMITED, "Yahoo limits requests", "yahoo", since, retry_at)
    return replace(snapshot, troubles=dict.fromkeys(keys, trouble))
