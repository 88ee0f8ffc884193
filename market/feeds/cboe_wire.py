"""What Cboe sends, as typed values: quotes, intraday rows, daily rows and history files.

Prices are numbers for stocks and strings for indices; 0 stands for missing; one bad row
costs that row, a bad range of a day itself alone. Instants are New York wall time unless they
carry an offset.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TypeVar

import msgspec

from market.feeds import responses
from market.feeds.text import plain
from market.reports import ErrorKind, FeedError
from market.sessions import NEW_YORK

DELAY_S = 900
"""Seconds that quotes are held back."""

Number = float | str | None
"""A price as it stands on the wire."""
T = TypeVar("T")


class QuoteData(msgspec.Struct):
    """The body of one delayed quote."""

    last_trade_time: str
    close: Number = None
    """The official price or close; `current_price` is one venue's own print."""
    current_price: Number = None
    price_change: Number = None
    open: Number = None
    high: Number = None
    low: Number = None
    volume: Number = None


class QuoteBody(msgspec.Struct):
    """delayed_quotes/quotes/{name}.json."""

    data: QuoteData


class RowsBody(msgspec.Struct):
    """delayed_quotes/charts/{intraday,historical}/{name}.json, its rows not yet understood."""

    data: list[msgspec.Raw]


class NamedBody(msgspec.Struct):
    """Any of the JSON files, as far as it says whose it is."""

    symbol: object = None
    data: msgspec.Raw = msgspec.Raw(b"null")


class NamedData(msgspec.Struct):
    """The data of a quote, as far as they say whose they are."""

    symbol: object = None


class Prices(msgspec.Struct):
    """Open, high, low and close of an intraday row."""

    close: Number
    open: Number = None
    high: Number = None
    low: Number = None


class IntradayRow(msgspec.Struct):
    """One minute; `datetime` is the New York minute at which it ends."""

    datetime: str
    price: Prices


class DailyRow(msgspec.Struct):
    """One day."""

    date: str
    close: Number
    open: Number = None
    high: Number = None
    low: Number = None
    volume: Number = None


class Candle(msgspec.Struct, frozen=True):
    """One understood row: prices above 0, a range that holds them, or no range at all."""

    close: float
    open: float | None = None
    high: float | None = None
    low: float | None = None
    volume: float = 0.0
    lost: str = ""
    """Why its range was left out though the source gave one."""


class RowError(ValueError):
    """Why one row is left out."""


class Rows(msgspec.Struct):
    """Understood rows by date or instant, and a sentence for each that was left out."""

    by_day: dict[date, Candle] = msgspec.field(default_factory=dict[date, Candle])
    by_end: dict[datetime, Candle] = msgspec.field(default_factory=dict[datetime, Candle])
    lost: list[str] = msgspec.field(default_factory=list[str])


def decoded(body: bytes, form: type[T], name: str) -> T:
    """Return a JSON body as a struct; FeedError names what is missing or of a wrong type."""
    require_data(body, name)
    try:
        return msgspec.json.decode(body, type=form)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        text = f"Cboe's answer for {name} is not what was agreed: {error}"
        raise FeedError(ErrorKind.GARBLED, text) from None


def require_data(body: bytes, name: str) -> None:
    """Raise FeedError for an empty body or a web page."""
    empty = FeedError(ErrorKind.GARBLED, f"Cboe's answer for {name} is empty")
    responses.require_data(body, "Cboe", f"data for {name}", empty)


def require_symbol(body: bytes, cboe: str, symbol: str) -> None:
    """Raise FeedError for a file that names another symbol than the one asked for.

    Cboe writes `_VIX`, `^VIX` and `VIX`, at the top of a file and in a quote's `data`. A body
    that cannot be read passes: whoever reads it says why.

    Args:
        body: A JSON file.
        cboe: The name that was asked for.
        symbol: Whose it is in the cast.
    """
    try:
        outer = msgspec.json.decode(body, type=NamedBody)
        is_object = bytes(outer.data).startswith(b"{")
        inner = msgspec.json.decode(outer.data, type=NamedData) if is_object else NamedData()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return
    for named in (outer.symbol, inner.symbol):
        if isinstance(named, str) and bare(named) not in {"", bare(cboe), bare(symbol)}:
            text = f"Cboe answers for {plain(named)} where {symbol} was asked for"
            raise FeedError(ErrorKind.GARBLED, text)


def bare(name: str) -> str:
    """Return a name as all of Cboe's spellings have it."""
    return name.strip().lstrip("^_").upper()


def number(value: Number) -> float | None:
    """Return a finite number, None for anything else."""
    try:
        found = float(value) if value is not None else math.nan
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def price(value: Number) -> float | None:
    """Return a price above 0, None for anything else: Cboe writes 0 for missing."""
    try:
        found = float(value) if value is not None else 0.0
    except ValueError:
        return None
    return found if 0 < found < math.inf else None


def candle(close: Number, opened: Number, high: Number, low: Number, volume: Number) -> Candle:
    """Return the understood row, without a range that cannot be; RowError without a close."""
    last, shares = price(close), number(volume) or 0.0
    if last is None:
        raise RowError("its close is missing or 0")
    if opened is None and high is None and low is None:
        return Candle(last, volume=shares)
    first, top, bottom = price(opened), price(high), price(low)
    if first is None or top is None or bottom is None:
        return Candle(last, volume=shares, lost="its open, high or low is missing or 0")
    if not (bottom <= first <= top and bottom <= last <= top):
        return Candle(last, volume=shares, lost="its range does not hold its open and close")
    return Candle(last, first, top, bottom, shares)


def intraday_rows(body: bytes, name: str) -> Rows:
    """Return the minutes of an intraday chart by the instant they end."""
    rows = Rows()
    for number_, raw in enumerate(decoded(body, RowsBody, name).data, 1):
        try:
            row = msgspec.json.decode(raw, type=IntradayRow)
            p = row.price
            found = candle(p.close, p.open, p.high, p.low, None)
            if found.lost:
                raise RowError(found.lost)
            rows.by_end[instant(row.datetime)] = found
        except (msgspec.DecodeError, ValueError) as error:
            rows.lost.append(_lost(name, number_, error))
    return rows


def historical_rows(body: bytes, name: str) -> Rows:
    """Return the days of a historical chart."""
    rows = Rows()
    for number_, raw in enumerate(decoded(body, RowsBody, name).data, 1):
        try:
            row = msgspec.json.decode(raw, type=DailyRow)
            found = candle(row.close, row.open, row.high, row.low, row.volume)
            rows.by_day[date.fromisoformat(row.date)] = found
            rows.lost += _without_range(name, number_, found)
        except (msgspec.DecodeError, ValueError) as error:
            rows.lost.append(_lost(name, number_, error))
    return rows


def history_rows(body: bytes, name: str) -> Rows:
    """Return the days of a history file: DATE,OPEN,HIGH,LOW,CLOSE or DATE and one column."""
    require_data(body, name)
    lines = body.decode("utf-8-sig", errors="replace").splitlines()
    header = [column.strip().upper() for column in lines[0].split(",")]
    is_full = header[1:] == ["OPEN", "HIGH", "LOW", "CLOSE"]
    if header[0] != "DATE" or not (is_full or len(header) == 2):
        text = f"Cboe's history of {name} has no DATE and CLOSE columns"
        raise FeedError(ErrorKind.GARBLED, text)
    rows = Rows()
    for number_, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        try:
            day, *values = line.split(",")
            rows.by_day[_american(day)] = found = _columns(values, 4 if is_full else 1)
            rows.lost += _without_range(name, number_, found)
        except ValueError as error:
            rows.lost.append(_lost(name, number_, error))
    return rows


def _columns(values: list[str], count: int) -> Candle:
    if len(values) != count:
        raise RowError("it has another number of columns than the header")
    if count == 1:
        return candle(values[0], None, None, None, None)
    opened, high, low, close = values
    return candle(close, opened, high, low, None)


def instant(text: str) -> datetime:
    """Return an instant in UTC; without an offset it is New York wall time."""
    found = datetime.fromisoformat(text.strip())
    if found.tzinfo is None:
        found = found.replace(tzinfo=NEW_YORK)
    if not 1970 <= found.year <= 9990:
        raise RowError("its time is out of range")
    return found.astimezone(UTC)


def newest(days: Iterable[date], count: int) -> list[date]:
    """Return the newest `count` days, oldest first."""
    return sorted(days)[-count:]


@lru_cache(maxsize=16_384)  # the files of all indices have the same days
def _american(text: str) -> date:
    month, day, year = text.strip().split("/")
    return date(int(year), int(month), int(day))


def _without_range(name: str, row: int, found: Candle) -> list[str]:
    """A close is good without its range: returns and rankings need no more."""
    return [f"the range of row {row} of {name} was left out: {found.lost}"] if found.lost else []


def _lost(name: str, row: int, error: Exception) -> str:
    reason = (
        str(error) if isinstance(error, (RowError, msgspec.DecodeError)) else "its date is none"
    )
    return f"row {row} of {name} was left out: {reason}"
