"""v7/finance/quote: what quote pages say of many symbols at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from msgspec.structs import replace

from market.feeds.feed import Query
from market.feeds.text import plain
from market.feeds.yahoo.decoding import decode, fault_error, fault_of, salvage
from market.feeds.yahoo.identity import renamed
from market.feeds.yahoo.meta import decimals, label, volume_of
from market.feeds.yahoo.series import SOURCE, instant, price
from market.feeds.yahoo.wire import QuoteBody, QuoteRow
from market.quotes import Details, ExtendedPrint, Key, Kind, Phase, Profile, Quote
from market.reports import Absent, Arrived, ErrorKind, FeedError

WHAT = "quotes"
LONGEST_DELAY_MIN = 24 * 60
SUSPICIOUS_BATCH = 40
"""Of so many symbols at once half are never unknown: the answer was shortened."""


def parse_quotes(query: Query, body: bytes, now: datetime) -> Arrived:
    """Return quotes and details by symbol, profiles for members of the index.

    Symbols that the answer leaves out are absent. Those whose row cannot be read are not among
    the answer's keys: nothing is known of them that was not known before. The same holds for
    those missing from a shortened answer.

    Raises:
        FeedError: garbled, refused.
    """
    asked = _by_symbol(query.keys)
    rows, lost, is_whole = _rows(body, {symbol.upper(): symbol for symbol in asked})
    missing = [symbol for symbol in asked if symbol not in rows]
    if is_shortened(len(asked), len(rows)):
        lost.append(f"Yahoo left {len(missing)} of {len(asked)} symbols out of its {WHAT}")
        is_whole = False
    unread = frozenset(() if is_whole else missing)
    if len(unread) == len(asked):
        raise FeedError(ErrorKind.GARBLED, lost[0])
    known = {s: row for s, row in rows.items() if s in asked and is_listed(row)}
    unknown = {s: _why_unknown(s, asked, rows) for s in asked.keys() - known.keys() - unread}
    arrived = Arrived(
        feed=SOURCE,
        at=now,
        keys=tuple(key for s, keys in asked.items() if s not in unread for key in keys),
        absent=tuple(Absent(k, unknown[s]) for s in asked if s in unknown for k in asked[s]),
        lost=tuple(lost),
    )
    return _with_pages(arrived, known.values(), now, are_members=_are_members(query))


def _why_unknown(symbol: str, asked: Collection[str], rows: Collection[str]) -> str:
    """Return why nothing is known of a symbol: one that was renamed comes by its new name."""
    strange = [plain(name) for name in rows if name not in asked]
    if len(strange) == 1 and len(asked) == len(rows):
        return renamed(symbol, strange[0])
    return f"Yahoo knows no symbol {symbol}"


def _by_symbol(keys: Iterable[Key]) -> dict[str, list[Key]]:
    """The data asked for, by symbol in the order they were asked."""
    asked: dict[str, list[Key]] = {}
    for key in keys:
        asked.setdefault(key.symbol, []).append(key)
    return asked


def _are_members(query: Query) -> bool:
    """Whether the pages are of the index's members, which nobody looks at one by one."""
    return query.keys[0].kind in {Kind.PROFILE, Kind.MEMBER}


def _with_pages(
    arrived: Arrived, rows: Collection[QuoteRow], now: datetime, *, are_members: bool
) -> Arrived:
    """Return an answer with the values of its rows."""
    if are_members:
        pages = (
            Profile(symbol=row.symbol, quote=_quote(row), details=_details(row, now))
            for row in rows
        )
        return replace(arrived, profiles=tuple(pages))
    return replace(
        arrived,
        quotes=tuple(q for row in rows if (q := _quote(row)) is not None),
        details=tuple(_details(row, now) for row in rows),
    )


def is_shortened(asked: int, answered: int) -> bool:
    """Return whether so many symbols are missing that they cannot all be unknown."""
    return asked >= SUSPICIOUS_BATCH and answered <= asked // 2


def count_rows(body: bytes) -> int | None:
    """Return how many symbols an answer holds, None if it cannot be read."""
    try:
        return len(decode(body, QuoteBody, WHAT).quote_response.result or [])
    except FeedError:
        return None


def is_listed(row: QuoteRow) -> bool:
    """Return whether a row is of a living symbol: dead ones come with the type NONE."""
    return (row.quote_type or "").upper() != "NONE"


def _rows(body: bytes, spelled: Mapping[str, str]) -> tuple[dict[str, QuoteRow], list[str], bool]:
    """Rows by symbol, what of them was lost, and whether every row could be read.

    Args:
        body: The answer.
        spelled: The symbols that were asked for, as they are spelled there, by their capitals.
    """
    fault = fault_of(body)
    if fault is not None:
        raise fault_error(fault, WHAT, "Yahoo knows none of these symbols")
    result = decode(body, QuoteBody, WHAT).quote_response.result
    if result is None:
        raise FeedError(ErrorKind.GARBLED, "Yahoo's quotes hold neither a result nor an error")
    rows: dict[str, QuoteRow] = {}
    lost: list[str] = []
    unreadable = 0
    for raw in result:
        try:
            row, bad = salvage(raw, QuoteRow, "quote")
        except FeedError as error:
            lost.append(error.text)
            unreadable += 1
            continue
        symbol = spelled.get(row.symbol.upper(), row.symbol)
        rows[symbol] = row if symbol == row.symbol else replace(row, symbol=symbol)
        lost += [f"{text} for {plain(row.symbol)}" for text in bad]
    return rows, lost, unreadable == 0


def _quote(row: QuoteRow) -> Quote | None:
    last, as_of = price(row.regular_market_price), instant(row.regular_market_time)
    if last is None or as_of is None:
        return None
    return Quote(
        symbol=row.symbol,
        last=last,
        as_of=as_of,
        source=SOURCE,
        delay_s=_delay_s(row),
        open=price(row.regular_market_open),
        high=price(row.regular_market_day_high),
        low=price(row.regular_market_day_low),
        volume=volume_of(row.regular_market_volume, row.quote_type),
        reported_previous_close=price(row.regular_market_previous_close),
        extended=_extended(row, as_of),
    )


def _delay_s(row: QuoteRow) -> int:
    minutes = row.exchange_data_delayed_by or 0
    return int(60 * minutes) if 0 < minutes <= LONGEST_DELAY_MIN else 0


def _extended(row: QuoteRow, traded: datetime) -> ExtendedPrint | None:
    prints = (
        (Phase.PRE, price(row.pre_market_price), instant(row.pre_market_time)),
        (Phase.POST, price(row.post_market_price), instant(row.post_market_time)),
    )
    younger = [
        ExtendedPrint(phase, last, at)
        for phase, last, at in prints
        if last is not None and at is not None and at > traded
    ]
    return max(younger, key=lambda p: p.as_of, default=None)


def _details(row: QuoteRow, now: datetime) -> Details:
    return Details(
        symbol=row.symbol,
        as_of=instant(row.regular_market_time) or now,
        source=SOURCE,
        name=plain(row.long_name or row.short_name or ""),
        currency=label(row.currency),
        quote_type=label(row.quote_type),
        exchange=label(row.full_exchange_name),
        price_decimals=decimals(row.price_hint),
        week52_high=price(row.fifty_two_week_high),
        week52_low=price(row.fifty_two_week_low),
        average_volume=price(row.average_daily_volume),
        average_50d=price(row.fifty_day_average),
        average_200d=price(row.two_hundred_day_average),
        market_cap=price(row.market_cap),
        volume=volume_of(row.regular_market_volume, row.quote_type),
    )
