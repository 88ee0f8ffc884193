"""Nasdaq's screener of all stocks: one table of words, understood row by row.

Every value comes as text: "$138.57", "-0.837%", "", "NA". A row that cannot be understood costs
that row; a value the source does not know is missing.
"""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import msgspec

from market.feeds.responses import require_data
from market.feeds.text import LONGEST, plain
from market.holdings import Listings
from market.reports import ErrorKind, FeedError
from market.spellings import yahoo_of_nasdaq

SOURCE = "nasdaq"
LARGEST = 1e17
"""No price, volume or market value is beyond this."""
TOLD = 3
"""So many rows that were left out are named; the rest are counted."""
FEWEST_PRICED = 0.5
"""With a price for less than this part of its rows a table is not what was agreed."""

_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""All that decoding bytes from outside can raise."""
_NULL = msgspec.Raw(b"null")
_BLANK = frozenset({"", "NA", "N/A", "--", "-"})
_UNCHANGED = "UNCH"
_NUMBER = re.compile(r"-?\d{1,17}(?:\.\d{0,12})?", re.ASCII)
_SYMBOL = re.compile(r"[A-Z][A-Z0-9]{0,11}(?:-[A-Z0-9]{1,6})?", re.ASCII)


class Row(msgspec.Struct):
    """One stock as it stands on the wire; columns that are not used are left alone."""

    symbol: str
    name: str | None = None
    lastsale: str | None = None
    netchange: str | None = None
    volume: str | None = None
    marketCap: str | None = None  # noqa: N815  the wire's own name
    industry: str | None = None


class _Table(msgspec.Struct):
    rows: msgspec.Raw = _NULL


class _Paged(msgspec.Struct):
    rows: msgspec.Raw = _NULL
    table: _Table | None = None
    """Where the rows are without `download=true`."""


class _Reason(msgspec.Struct):
    code: int | str | None = None
    errorMessage: str | None = None  # noqa: N815  the wire's own name


class _Status(msgspec.Struct):
    rCode: int | None = None  # noqa: N815  the wire's own name
    bCodeMessage: list[_Reason] | None = None  # noqa: N815  the wire's own name


class _Envelope(msgspec.Struct):
    data: _Paged | None = None
    message: str | None = None
    status: _Status | None = None


class Stock(NamedTuple):
    """One row, understood; NaN unknown."""

    symbol: str
    """As Yahoo spells it."""
    name: str
    industry: str
    last: float
    change: float
    volume: float
    market_cap: float


def read_listings(body: bytes, now: datetime) -> tuple[Listings, tuple[str, ...]]:
    """Return a screener's answer as columns, and what of it was left out.

    Raises:
        FeedError: refused (a web page), limited, unreachable, garbled.
    """
    rows, lost = _rows(_table(body))
    stocks = _understood(rows, lost)
    if not stocks:
        raise garbled("it lists no stocks")
    if sum(not math.isnan(stock.last) for stock in stocks) < FEWEST_PRICED * len(stocks):
        raise garbled("most of its stocks have no price in `lastsale`")
    return _columns(stocks, now), _summary(lost)


def garbled(why: str) -> FeedError:
    """Return the error for an answer that is not what was agreed."""
    return FeedError(ErrorKind.GARBLED, f"Nasdaq's screener cannot be read: {why}")


def _table(body: bytes) -> msgspec.Raw:
    """Return the rows of an answer, not yet decoded."""
    require_data(body, "Nasdaq", "data", garbled("it is empty"))
    try:
        envelope = msgspec.json.decode(body, type=_Envelope)
    except msgspec.ValidationError as error:
        raise garbled(plain(str(error))) from None
    except _UNREADABLE as error:
        raise garbled("it is cut short" if "truncated" in str(error) else "it is no JSON") from None
    _require_success(envelope)
    data = envelope.data
    tables = () if data is None else (data, *((data.table,) if data.table else ()))
    found = next((table.rows for table in tables if bytes(table.rows) != b"null"), None)
    if found is None:
        raise garbled("it has no `data.rows`")
    return found


def _require_success(envelope: _Envelope) -> None:
    """Raise the FeedError that Nasdaq's own code stands for: it comes with HTTP 200."""
    status = envelope.status
    code = status.rCode if status is not None else None
    if status is None or code is None or code == 200:
        return
    reasons = (plain(r.errorMessage) for r in status.bCodeMessage or () if r.errorMessage)
    said = next(reasons, plain(envelope.message or "") or "no reason given")
    kinds = {401: ErrorKind.REFUSED, 403: ErrorKind.REFUSED, 429: ErrorKind.LIMITED}
    kind = ErrorKind.UNREACHABLE if code >= 500 else kinds.get(code, ErrorKind.GARBLED)
    raise FeedError(kind, f"Nasdaq's screener says {code}: {said}")


def _rows(table: msgspec.Raw) -> tuple[Sequence[Row], list[str]]:
    """Return the rows, all at once where they are sound, else one by one."""
    try:
        return msgspec.json.decode(table, type=list[Row]), []
    except _UNREADABLE:
        pass
    try:
        given = msgspec.json.decode(table, type=list[msgspec.Raw])
    except _UNREADABLE:
        raise garbled("`data.rows` is no list") from None
    read = [_row(raw) for raw in given]
    lost = [f"row {n} has no readable `symbol`" for n, row in enumerate(read, 1) if row is None]
    return [row for row in read if row is not None], lost


def _row(raw: msgspec.Raw) -> Row | None:
    """Return one row with what of it can be read; None without a symbol."""
    try:
        given = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except _UNREADABLE:
        return None
    words = {n: w for n in Row.__struct_fields__ if (w := _word(given.get(n))) is not None}
    return Row(**words) if "symbol" in words else None


def _word(raw: msgspec.Raw | None) -> str | None:
    """Return a text, or a number as text; nothing for anything else."""
    if raw is None:
        return None
    try:
        value = msgspec.json.decode(raw, type=str | int | float | None)
    except _UNREADABLE:
        return "?"  # no number: a price that is none costs the row
    return None if value is None else str(value)


def _understood(rows: Iterable[Row], lost: list[str]) -> list[Stock]:
    found: dict[str, Stock] = {}
    for row in rows:
        try:
            stock = _stock(row)
        except ValueError as error:
            lost.append(f"{plain(row.symbol)[:24] or 'a row'}: {error}")
            continue
        if found.setdefault(stock.symbol, stock) is not stock:
            lost.append(f"{stock.symbol}: listed twice")
    return list(found.values())


def _stock(row: Row) -> Stock:
    """Return one row, understood; ValueError with the reason if it cannot be."""
    symbol = row.symbol
    if not (symbol.isalpha() and symbol.isascii() and symbol.isupper()):
        symbol = yahoo_of_nasdaq(symbol)
        if not _SYMBOL.fullmatch(symbol):
            raise ValueError("that is no symbol")
    last = number(row.lastsale, "lastsale")
    if last < 0:
        raise ValueError("`lastsale` is below 0")
    change = number(row.netchange, "netchange")
    volume = number(row.volume, "volume")
    return Stock(
        symbol,
        plain_words(row.name or ""),
        plain_words(row.industry or ""),
        last or math.nan,
        change if last > change else math.nan,
        volume if volume >= 0 else math.nan,
        number(row.marketCap, "marketCap") or math.nan,
    )


def number(text: str | None, column: str) -> float:
    """Return a number of the screener: "$1,138.57" -> 1138.57; NaN where it says nothing.

    Raises:
        ValueError: it is no number, naming the column.
    """
    if text is None:
        return math.nan
    try:
        value = float(text.lstrip("$"))
    except ValueError:
        return _spelt_otherwise(text, column)
    # Python also reads "nan", "inf" and "1_000", which no screener means.
    is_plain = -LARGEST < value < LARGEST and "_" not in text
    return value if is_plain else _spelt_otherwise(text, column)


def _spelt_otherwise(text: str, column: str) -> float:
    """Read what is not simply digits: blanks, words, thousands, a currency sign inside."""
    bare = text.strip().upper().removesuffix("%").replace("$", "").replace(",", "")
    if _NUMBER.fullmatch(bare):
        return float(bare)
    if bare in _BLANK:
        return math.nan
    if bare == _UNCHANGED:
        return 0.0
    raise ValueError(f"`{column}` is no number")


@lru_cache(maxsize=16_384)
def plain_words(text: str) -> str:
    """Return a text as one line of visible characters, as `plain` does; most are that already.

    The same words come again every minute, and are then the same text in memory.
    """
    if text.isascii() and text.isprintable() and len(text) <= LONGEST:
        return " ".join(text.split())
    return plain(text)


def _columns(stocks: Sequence[Stock], now: datetime) -> Listings:
    symbols, names, industries, last, change, volume, market_cap = zip(*stocks, strict=True)
    return Listings(
        as_of=now,
        source=SOURCE,
        symbols=symbols,
        names=names,
        industries=industries,
        last=array("d", last),
        change=array("d", change),
        volume=array("d", volume),
        market_cap=array("d", market_cap),
    )


def _summary(lost: Sequence[str]) -> tuple[str, ...]:
    """Return a sentence for each of the first rows left out, and one for all others."""
    named = [f"a row of Nasdaq's screener was left out: {what}" for what in lost[:TOLD]]
    more = len(lost) - len(named)
    if more:
        named.append(f"{more} more {'row' if more == 1 else 'rows'} of it were left out")
    return tuple(named)
