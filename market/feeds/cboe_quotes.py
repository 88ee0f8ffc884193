"""Cboe's delayed quotes: one in a file of its own, or those of all U.S. indices in one list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

import msgspec

from market.feeds import cboe_wire as wire
from market.feeds.feed import Query
from market.quotes import Key, Quote
from market.reports import Absent, Arrived, ErrorKind, FeedError
from market.sessions import exchange_date, previous_session, session_of, session_on_or_before

SOURCE = "cboe"
LIST_PATH = "/delayed_quotes/quotes/all_us_indices.json"
FEWEST = 3
"""From so many quotes on the list is asked for: it holds a thousand indices, 40 kB packed."""


def parse_quote(key: Key, body: bytes, now: datetime) -> Quote:
    """Return the quote of a file of its own; FeedError if it has no price or time."""
    return _quote(key, wire.decoded(body, wire.QuoteBody, key.symbol).data, now)


def parse_list(query: Query, body: bytes, now: datetime) -> Arrived:
    """Return the quotes of a list; one that is not there or cannot be read is absent.

    Raises:
        FeedError: garbled, if the body is no list.
    """
    rows = _rows(body, (key.symbol for key in query.keys))
    quotes: list[Quote] = []
    absent: list[Absent] = []
    for key in query.keys:
        try:
            quotes.append(_quote(key, _row_of(key, rows), now))
        except FeedError as error:
            absent.append(Absent(key, error.text))
    return Arrived(feed=SOURCE, at=now, keys=query.keys, quotes=tuple(quotes), absent=tuple(absent))


def lacking(query: Query, body: bytes) -> set[str]:
    """Return the indices that were asked for and are not in a list, all if it is none."""
    symbols = {key.symbol for key in query.keys}
    try:
        return symbols - _rows(body, symbols).keys()
    except FeedError:
        return symbols


def _rows(body: bytes, symbols: Iterable[str]) -> dict[str, msgspec.Raw]:
    """The rows of some indices by symbol, as far as a list has them."""
    asked = {wire.bare(symbol): symbol for symbol in symbols}
    found: dict[str, msgspec.Raw] = {}
    for raw in wire.decoded(body, wire.RowsBody, "the list of indices").data:
        if (named := _name(raw)) in asked:
            found.setdefault(asked[named], raw)
    return found


def _name(raw: msgspec.Raw) -> str:
    try:
        symbol = msgspec.json.decode(raw, type=wire.NamedData).symbol
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    return wire.bare(symbol) if isinstance(symbol, str) else ""


def _row_of(key: Key, rows: dict[str, msgspec.Raw]) -> wire.QuoteData:
    if key.symbol not in rows:
        raise FeedError(ErrorKind.ABSENT, f"Cboe's list of indices has no {key.symbol}")
    return wire.decoded(bytes(rows[key.symbol]), wire.QuoteData, key.symbol)


def _quote(key: Key, data: wire.QuoteData, now: datetime) -> Quote:
    """Return a delayed quote.

    `price_change_percent` is not used: in the evening Cboe divides by a close that has
    already rolled. The close before follows from `price_change`, which stays right.
    """
    last = wire.price(data.close) or wire.price(data.current_price)
    if last is None:
        text = f"Cboe's quote of {key.symbol} has no price in `data.close`"
        raise FeedError(ErrorKind.GARBLED, text)
    change = wire.number(data.price_change)
    before = last - change if change is not None else None
    return Quote(
        symbol=key.symbol,
        last=last,
        as_of=_trade_time(data.last_trade_time, key, now),
        source=SOURCE,
        delay_s=wire.DELAY_S,
        open=wire.price(data.open),
        high=wire.price(data.high),
        low=wire.price(data.low),
        volume=wire.price(data.volume),
        reported_previous_close=before if before is not None and before > 0 else None,
    )


def _trade_time(text: str, key: Key, now: datetime) -> datetime:
    """Return when a price was struck; a bare date means the close of that session."""
    try:
        at = wire.instant(text)
        written = datetime.fromisoformat(text.strip())
    except ValueError:
        what = f"Cboe's quote of {key.symbol} has no readable `data.last_trade_time`"
        raise FeedError(ErrorKind.GARBLED, what) from None
    if written.time() == time(0, 0):
        return _settled(written.date(), now)
    return min(at, now)


def _settled(day: date, now: datetime) -> datetime:
    session = session_of(session_on_or_before(day))
    if session.close > now:
        session = session_of(previous_session(min(session.day, exchange_date(now))))
    return session.close
