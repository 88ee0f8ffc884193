"""Nasdaq's screener of all stocks: one table of words, understood column by column.

Every value comes as text: "$138.57", "-0.837%", "", "NA". A row that cannot be understood costs
that row; a value the source does not know is missing.
"""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import compress, count
from operator import not_
from typing import TypeVar

import msgspec

from market.feeds.nasdaq_numbers import numbers
from market.feeds.nasdaq_status import Status, require_success
from market.feeds.responses import require_data
from market.feeds.text import LONGEST, plain
from market.holdings import Listings
from market.reports import ErrorKind, FeedError
from market.spellings import yahoo_of_nasdaq

T = TypeVar("T")
SOURCE = "nasdaq"
TOLD = 3
"""So many rows that were left out are named; the rest are counted."""
FEWEST_PRICED = 0.5
"""With a price for less than this part of its rows a table is not what was agreed."""

_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""All that decoding bytes from outside can raise."""
_NULL = msgspec.Raw(b"null")
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


class _Sound(msgspec.Struct):
    rows: list[Row]


class _SoundEnvelope(msgspec.Struct):
    """An answer in which every row can be read: with one look at it."""

    data: _Sound
    message: str | None = None
    status: Status | None = None


def read_listings(body: bytes, now: datetime) -> tuple[Listings, tuple[str, ...]]:
    """Return a screener's answer as columns, and what of it was left out.

    Raises:
        FeedError: refused (a web page), limited, unreachable, garbled.
    """
    rows, lost = _sound(body) or _rows(_table(body))
    listings = _understood(rows, lost, now)
    if not len(listings):
        raise garbled("it lists no stocks")
    if len(listings) - sum(map(math.isnan, listings.last)) < FEWEST_PRICED * len(listings):
        raise garbled("most of its stocks have no price in `lastsale`")
    return listings, _summary(lost)


def garbled(why: str) -> FeedError:
    """Return the error for an answer that is not what was agreed."""
    return FeedError(ErrorKind.GARBLED, f"Nasdaq's screener cannot be read: {why}")


def _sound(body: bytes) -> tuple[Sequence[Row], list[str]] | None:
    """Return the rows of an answer that is sound throughout, of which nothing is lost."""
    try:
        envelope = msgspec.json.decode(body, type=_SoundEnvelope)
    except _UNREADABLE:
        return None
    require_success(envelope.status, envelope.message, "screener")
    return envelope.data.rows, []


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
    """Return the rows, read one by one: not all of them are sound."""
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
    _note(bad, map(not_, symbols), "that is no symbol")
    last = numbers([row.lastsale for row in rows], "lastsale", bad)
    _note(bad, [value < 0 for value in last], "`lastsale` is below 0")
    change = numbers([row.netchange for row in rows], "netchange", bad)
    volume = numbers([row.volume for row in rows], "volume", bad)
    market_cap = numbers([row.marketCap for row in rows], "marketCap", bad)
    _note_repeated(bad, symbols)
    lost.extend(f"{plain(rows[n].symbol)[:24] or 'a row'}: {bad[n]}" for n in sorted(bad))
    steps = zip(last, change, strict=True)
    return Listings(
        as_of=now,
        source=SOURCE,
        symbols=tuple(_without(bad, symbols)),
        names=tuple(_without(bad, _words(tuple([row.name for row in rows])))),
        industries=tuple(_without(bad, _words(tuple([row.industry for row in rows])))),
        last=array("d", _without(bad, [value or math.nan for value in last])),
        change=array("d", _without(bad, [c if v > c else math.nan for v, c in steps])),
        volume=array("d", _without(bad, [v if v >= 0 else math.nan for v in volume])),
        market_cap=array("d", _without(bad, [value or math.nan for value in market_cap])),
    )


def _without(bad: Collection[int], values: Sequence[T]) -> Sequence[T]:
    """Return a column without the rows that are left out, which are few if any."""
    if not bad:
        return values
    kept = list(values)
    for row in sorted(bad, reverse=True):
        del kept[row]
    return kept


def _note(bad: dict[int, str], flags: Iterable[bool], why: str) -> None:
    """Note why the rows with a flag are left out; the first reason of a row counts."""
    for row in compress(count(), flags):
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
    return tuple([s if _SYMBOL.fullmatch(s) else "" for s in map(yahoo_of_nasdaq, spelt)])


@lru_cache(maxsize=4)
def _words(told: tuple[str | None, ...]) -> Sequence[str]:
    """Return a column of words as `plain` gives them, likewise; most are that already."""
    return tuple([plain_words(text or "") for text in told])


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
