"""Nasdaq's screener of all stocks: one table of words, understood column by column.

Every value comes as text: "$138.57", "-0.837%", "", "NA". A row that cannot be understood costs
that row; a value the source does not know is missing.
"""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from itertools import compress
from operator import not_
from typing import Annotated

import msgspec

from market.feeds.nasdaq_status import Status, require_success
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
_DIGITS = msgspec.json.Decoder(list[Annotated[float, msgspec.Meta(gt=-LARGEST, lt=LARGEST)] | None])
_NUMBER = re.compile(r"-?\d{1,17}(?:\.\d{0,12})?", re.ASCII)
_SYMBOL = re.compile(r"[A-Z][A-Z0-9]{0,11}(?:-[A-Z0-9]{1,6})?", re.ASCII)


class Row(msgspec.Struct, gc=False):
    """One stock as it stands on the wire; columns that are not used are left alone.

    Rows come by the thousand and hold nothing but text: no garbage collection looks at them.
    """

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


class _Envelope(msgspec.Struct):
    data: _Paged | None = None
    message: str | None = None
    status: Status | None = None


def read_listings(body: bytes, now: datetime) -> tuple[Listings, tuple[str, ...]]:
    """Return a screener's answer as columns, and what of it was left out.

    Raises:
        FeedError: refused (a web page), limited, unreachable, garbled.
    """
    rows, lost = _rows(_table(body))
    listings = _understood(rows, lost, now)
    if not len(listings):
        raise garbled("it lists no stocks")
    if len(listings) - sum(map(math.isnan, listings.last)) < FEWEST_PRICED * len(listings):
        raise garbled("most of its stocks have no price in `lastsale`")
    return listings, _summary(lost)


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
    require_success(envelope.status, envelope.message, "screener")
    data = envelope.data
    tables = () if data is None else (data, *((data.table,) if data.table else ()))
    found = next((table.rows for table in tables if bytes(table.rows) != b"null"), None)
    if found is None:
        raise garbled("it has no `data.rows`")
    return found


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


def _understood(rows: Sequence[Row], lost: list[str], now: datetime) -> Listings:
    """Return the rows as columns; those that cannot be understood are left out and told."""
    bad: dict[int, str] = {}
    symbols = _symbols(tuple([row.symbol for row in rows]))
    _note(bad, [not symbol for symbol in symbols], "that is no symbol")
    last = _numbers([row.lastsale for row in rows], "lastsale", bad)
    _note(bad, [value < 0 for value in last], "`lastsale` is below 0")
    change = _numbers([row.netchange for row in rows], "netchange", bad)
    volume = _numbers([row.volume for row in rows], "volume", bad)
    market_cap = _numbers([row.marketCap for row in rows], "marketCap", bad)
    _note_repeated(bad, symbols)
    lost.extend(f"{plain(rows[n].symbol)[:24] or 'a row'}: {bad[n]}" for n in sorted(bad))
    is_kept = [n not in bad for n in range(len(rows))]
    steps = zip(last, change, strict=True)
    return Listings(
        as_of=now,
        source=SOURCE,
        symbols=tuple(compress(symbols, is_kept)),
        names=tuple(compress(_words(tuple([row.name for row in rows])), is_kept)),
        industries=tuple(compress(_words(tuple([row.industry for row in rows])), is_kept)),
        last=array("d", compress([value or math.nan for value in last], is_kept)),
        change=array("d", compress([c if v > c else math.nan for v, c in steps], is_kept)),
        volume=array("d", compress([v if v >= 0 else math.nan for v in volume], is_kept)),
        market_cap=array("d", compress([value or math.nan for value in market_cap], is_kept)),
    )


def _note(bad: dict[int, str], flags: Sequence[bool], why: str) -> None:
    """Note why the rows with a flag are left out; the first reason of a row counts."""
    for row in compress(range(len(flags)), flags):
        bad.setdefault(row, why)


def _note_repeated(bad: dict[int, str], symbols: Sequence[str]) -> None:
    """Note the rows of symbols that a sound row before them has."""
    if len(set(symbols)) == len(symbols):
        return
    seen: set[str] = set()
    for row, symbol in enumerate(symbols):
        if row not in bad and symbol in seen:
            bad[row] = "listed twice"
        elif row not in bad:
            seen.add(symbol)


@lru_cache(maxsize=2)
def _symbols(spelt: tuple[str, ...]) -> Sequence[str]:
    """Return symbols as Yahoo spells them; nothing for what cannot be one.

    The same ones come again every minute, and are then the same text in memory.
    """
    return [s if _SYMBOL.fullmatch(s) else "" for s in map(yahoo_of_nasdaq, spelt)]


@lru_cache(maxsize=4)
def _words(told: tuple[str | None, ...]) -> Sequence[str]:
    """Return a column of words as `plain` gives them, likewise; most are that already."""
    return [plain_words(text or "") for text in told]


def _numbers(words: Sequence[str | None], column: str, bad: dict[int, str]) -> Sequence[float]:
    """Return a column of numbers, NaN where it says nothing; notes the rows with no number.

    Digits throughout, as nearly all columns are, are read at once.
    """
    try:
        whole = ",".join([word or "null" for word in words]).replace("$", "")
        found = _DIGITS.decode(f"[{whole}]")
    except _UNREADABLE:
        found = []
    # Not where a word held a comma or was a "null" itself.
    if len(found) == len(words) and found.count(None) == sum(map(not_, words)):
        return [math.nan if value is None else value for value in found]
    return [_number_or_note(word, column, row, bad) for row, word in enumerate(words)]


def _number_or_note(text: str | None, column: str, row: int, bad: dict[int, str]) -> float:
    try:
        return number(text, column)
    except ValueError as error:
        bad.setdefault(row, str(error))
        return math.nan


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


def plain_words(text: str) -> str:
    """Return a text as one line of visible characters, as `plain` does; most are that already."""
    if text.isascii() and text.isprintable() and len(text) <= LONGEST:
        return " ".join(text.split())
    return plain(text)


def _summary(lost: Sequence[str]) -> tuple[str, ...]:
    """Return a sentence for each of the first rows left out, and one for all others."""
    named = [f"a row of Nasdaq's screener was left out: {what}" for what in lost[:TOLD]]
    more = len(lost) - len(named)
    if more:
        named.append(f"{more} more {'row' if more == 1 else 'rows'} of it were left out")
    return tuple(named)
