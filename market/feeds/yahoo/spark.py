"""v8/finance/spark: closes of many symbols at once, today's by five minutes or years by day.

The answer is an object by symbol; the older form, a list of small charts, is read as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from market.feeds.feed import Query
from market.feeds.yahoo.days import days_of_symbol
from market.feeds.yahoo.decoding import decode, fault_error, fault_of, salvage
from market.feeds.yahoo.identity import other_symbol, renamed
from market.feeds.yahoo.meta import (
    delay_of,
    delay_of_symbol,
    details_of,
    quote_of,
    without_absurd_price,
)
from market.feeds.yahoo.plan import interval_of, symbols_of
from market.feeds.yahoo.series import (
    SOURCE,
    Row,
    bars_of,
    newest_price_at,
    off_grid,
    price,
    read_rows,
)
from market.feeds.yahoo.wire import (
    ChartMeta,
    Columns,
    OldSpark,
    OldSparkBody,
    OldSparkResponse,
    SparkSeries,
)
from market.quotes import Bars, Details, Key, Kind, Quote
from market.reports import Absent, Arrived, ErrorKind, FeedError

WHAT = "sparklines"
_PRICED = frozenset({Kind.QUOTE, Kind.TRACE})
"""What gives a price: a trace is the price of whatever has no chart of its own."""
_OF_MEMBERS = frozenset({Kind.PAST, Kind.DAY})
"""What is asked of index members nobody looks at one by one."""


class _Spark(msgspec.Struct, frozen=True):
    """One symbol's closes."""

    symbol: str
    rows: list[Row]
    previous_close: float | None
    """The close before the day; only a one-day spark is asked for a quote."""
    meta: ChartMeta | None = None
    named: object = None
    """The symbol that stands in the answer."""


class _Findings(msgspec.Struct):
    """What of an answer could be used, as it is put together."""

    keys: list[Key] = msgspec.field(default_factory=list[Key])
    quotes: list[Quote] = msgspec.field(default_factory=list[Quote])
    details: list[Details] = msgspec.field(default_factory=list[Details])
    bars: list[Bars] = msgspec.field(default_factory=list[Bars])
    absent: list[Absent] = msgspec.field(default_factory=list[Absent])
    lost: list[str] = msgspec.field(default_factory=list[str])


def parse_spark(query: Query, body: bytes, now: datetime) -> Arrived:
    """Return what a spark says of each of its keys; one bad symbol costs that symbol.

    Raises:
        FeedError: absent (none of the symbols is known), garbled (the body is no spark, or
            no symbol of it can be read).
    """
    found = _Findings()
    entries, is_old = _entries(body, found.lost)
    is_whole = not found.lost
    for symbol in symbols_of(query):
        keys = [key for key in query.keys if key.symbol == symbol]
        raw = entries.get(symbol.upper())
        if raw is not None:
            spark = _read(symbol, raw, found.lost, is_old=is_old)
            if spark is not None:
                found.keys += keys
                if other := other_symbol(spark.named, symbol):
                    found.absent += [Absent(key, renamed(symbol, other)) for key in keys]
                else:
                    _add(found, spark, keys, interval_of(query), now)
        elif is_whole:
            found.keys += keys
            found.absent += [Absent(key, f"Yahoo knows no symbol {symbol}") for key in keys]
    if not found.keys:
        raise FeedError(ErrorKind.GARBLED, found.lost[0])
    return _arrived(found, now)


def _read(symbol: str, raw: msgspec.Raw, lost: list[str], *, is_old: bool) -> _Spark | None:
    try:
        return (_old_spark if is_old else _spark)(symbol, raw, lost)
    except FeedError as error:
        lost.append(error.text)
        return None


def _arrived(found: _Findings, now: datetime) -> Arrived:
    return Arrived(
        feed=SOURCE,
        at=now,
        keys=tuple(found.keys),
        quotes=tuple(found.quotes),
        details=tuple(found.details),
        bars=tuple(found.bars),
        absent=tuple(found.absent),
        lost=tuple(found.lost),
    )


def _entries(body: bytes, lost: list[str]) -> tuple[dict[str, msgspec.Raw], bool]:
    """What is said by symbol in capitals, and whether it comes in the older form."""
    fault = fault_of(body)
    if fault is not None:
        raise fault_error(fault, WHAT, "Yahoo knows none of these symbols")
    entries = decode(body, dict[str, msgspec.Raw], WHAT)
    if "spark" in entries:
        return _old_entries(body, lost), True
    return {symbol.upper(): raw for symbol, raw in entries.items()}, False


def _old_entries(body: bytes, lost: list[str]) -> dict[str, msgspec.Raw]:
    result = decode(body, OldSparkBody, WHAT).spark.result
    if result is None:
        raise FeedError(ErrorKind.ABSENT, "Yahoo knows none of these symbols")
    entries: dict[str, msgspec.Raw] = {}
    for raw in result:
        try:
            entry = decode(raw, OldSpark, WHAT)
        except FeedError as error:
            lost.append(error.text)
            continue
        if entry.response:
            entries[entry.symbol.upper()] = entry.response[0]
    return entries


def _spark(symbol: str, raw: msgspec.Raw, lost: list[str]) -> _Spark:
    what = f"sparkline of {symbol}"
    series, bad = salvage(raw, SparkSeries, what)
    rows, lost_rows = read_rows(series.timestamp, Columns(close=series.close), what)
    lost += [*bad, *lost_rows]
    previous = price(series.previous_close) or price(series.chart_previous_close)
    return _Spark(symbol, rows, previous, named=series.symbol)


def _old_spark(symbol: str, raw: msgspec.Raw, lost: list[str]) -> _Spark:
    what = f"sparkline of {symbol}"
    response = decode(raw, OldSparkResponse, what)
    meta, bad = salvage(response.meta, ChartMeta, f"{what} (meta)")
    quotes = response.indicators.quote if response.indicators else []
    columns = next((c for c in quotes if c is not None), None)
    rows, lost_rows = ([], []) if columns is None else read_rows(response.timestamp, columns, what)
    meta, lost_price = without_absurd_price(meta, rows, what)
    lost += [*bad, *lost_price, *lost_rows]
    return _Spark(symbol, rows, price(meta.chart_previous_close), meta, meta.symbol)


def _add(
    found: _Findings, spark: _Spark, keys: Iterable[Key], interval_s: int, now: datetime
) -> None:
    """Add the value of each key, or why there is none."""
    is_shown = any(key.kind not in _OF_MEMBERS for key in keys)
    if is_shown and spark.meta and (about := details_of(spark.symbol, spark.meta, now)):
        found.details.append(about)
    for key in keys:
        quote = _quote(spark, interval_s, now) if key.kind in _PRICED else None
        bars = _bars(spark, key, interval_s, now)
        if quote is not None and quote not in found.quotes[-1:]:
            found.quotes.append(quote)
        if bars is not None:
            found.bars.append(bars)
        if quote is None and bars is None:
            found.absent.append(Absent(key, f"Yahoo has no prices of {spark.symbol}"))


def _bars(spark: _Spark, key: Key, interval_s: int, now: datetime) -> Bars | None:
    match key.kind:
        case Kind.QUOTE:
            return None
        case Kind.CLOSES | Kind.PAST:
            return _closes(spark, key, interval_s, now)
        case _:
            return _trace(spark, key, interval_s, now)


def _quote(spark: _Spark, interval_s: int, now: datetime) -> Quote | None:
    if spark.meta is not None:
        quote = quote_of(spark.symbol, spark.meta, opened=None, is_one_day=True)
        if quote is not None:
            return quote
    if not spark.rows:
        return None
    newest = spark.rows[-1]
    step = 0 if off_grid(newest, interval_s) else interval_s
    return Quote(
        symbol=spark.symbol,
        last=newest.close,
        as_of=newest_price_at(newest, step, None, now),
        source=SOURCE,
        delay_s=delay_of(spark.meta) if spark.meta else delay_of_symbol(spark.symbol),
        reported_previous_close=spark.previous_close,
    )


def _trace(spark: _Spark, key: Key, interval_s: int, now: datetime) -> Bars | None:
    rows = [row for row in spark.rows if not off_grid(row, interval_s)]
    if not rows:
        return None
    return bars_of(key, rows, interval_s, newest_price_at(rows[-1], interval_s, None, now))


def _closes(spark: _Spark, key: Key, interval_s: int, now: datetime) -> Bars | None:
    days = days_of_symbol(spark.symbol, now)
    rows = days.complete(spark.rows)
    return bars_of(key, rows, interval_s, days.closed_at(rows[-1], now)) if rows else None
