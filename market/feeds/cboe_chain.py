"""Cboe's option files: a whole chain in one answer of up to 13 MB, understood in slices.

Decoding the rows in one call would keep every other thread waiting for a tenth of a second.
So the list of rows, which are flat, is cut between rows and decoded piece by piece. One bad row
costs that row; a value Cboe does not know (0 for volatility, -999 for delta) is missing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import msgspec

from market.feeds import cboe_wire as wire
from market.feeds.cboe_wire import Number
from market.feeds.text import plain
from market.options import Chain, Expiry, Option
from market.reports import ErrorKind, FeedError
from market.sessions import session_of, session_on_or_before

SLICE = 2**17
"""Bytes that are decoded in one call: a third of a millisecond."""
TOLD = 3
"""So many rows that were left out are named; the rest are counted."""

_OPENING = re.compile(rb'"options"\s*:\s*\[')
_BETWEEN = re.compile(rb"\}\s*,\s*(?=\{)")
_OSI = re.compile(r"([A-Z0-9]{1,6}) *([0-9]{6})([CP])([0-9]{8})")
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""All that decoding bytes from outside can raise."""


class Row(msgspec.Struct, gc=False):
    """One option as it stands on the wire; columns that are not used are left alone."""

    option: str
    bid: float | None = None
    ask: float | None = None
    iv: float | None = None
    delta: float | None = None
    volume: float | None = None
    open_interest: float | None = None


class _Underlying(msgspec.Struct):
    close: Number = None
    current_price: Number = None


class _File(msgspec.Struct):
    """The file without its rows."""

    timestamp: str
    data: _Underlying


class _Listed(msgspec.Struct):
    """The options of one root and day so far, by strike."""

    calls: dict[float, Option] = msgspec.field(default_factory=dict[float, Option])
    puts: dict[float, Option] = msgspec.field(default_factory=dict[float, Option])


_ROWS = msgspec.json.Decoder(list[Row])
_RAW_ROWS = msgspec.json.Decoder(list[msgspec.Raw])
_ROW = msgspec.json.Decoder(Row)


def read_chain(
    body: bytes, name: str, symbol: str, now: datetime
) -> tuple[Chain, int, tuple[str, ...]]:
    """Return an option file as a chain, how many of its rows were left out, and which.

    Args:
        body: The file.
        name: What the underlying is called at Cboe: _RUT, IWM.
        symbol: What it is called here.
        now: The present instant, UTC.

    Raises:
        FeedError: refused (a web page), garbled, absent (it lists no options).
    """
    wire.require_data(body, symbol)
    start, end = _place_of_rows(body, symbol)
    head = body[:start] + body[end:]
    wire.require_symbol(head, name, symbol)
    file = wire.decoded(head, _File, symbol)
    price = wire.price(file.data.close) or wire.price(file.data.current_price)
    if price is None:
        raise _garbled(symbol, "it has no price in `data.close`")
    as_of = min(_as_of(file.timestamp, symbol), now)
    found, lost = _sorted_rows(_rows(body, start, end, symbol), name.lstrip("_^"))
    expiries = tuple(sorted(_expiries(found, symbol), key=lambda expiry: expiry.settles))
    if not expiries:
        raise FeedError(ErrorKind.ABSENT, f"Cboe lists no options of {symbol}")
    return Chain(symbol, price, as_of, "cboe", expiries), len(lost), _summary(lost, symbol)


def settlement(day: date, *, is_morning: bool) -> datetime:
    """Return when options of one day settle: at the open or the close of its session, UTC.

    A day without a session stands for the last one before it.
    """
    session = session_of(session_on_or_before(day))
    return session.open if is_morning else session.close


def _garbled(symbol: str, why: str) -> FeedError:
    return FeedError(ErrorKind.GARBLED, f"Cboe's options of {symbol} cannot be read: {why}")


def _place_of_rows(body: bytes, symbol: str) -> tuple[int, int]:
    """Return where the rows begin and where they end, brackets left outside."""
    opening = _OPENING.search(body)
    if opening is None:
        raise _garbled(symbol, "it has no `data.options`")
    end = body.find(b"]", opening.end())
    if end < 0:
        raise _garbled(symbol, "it is cut short")
    return opening.end(), end


def _as_of(text: str, symbol: str) -> datetime:
    """The file's time is UTC, its quotes are of a quarter of an hour before."""
    try:
        written = datetime.fromisoformat(text.strip())
        at = written if written.tzinfo else written.replace(tzinfo=UTC)
        return at.astimezone(UTC) - timedelta(seconds=wire.DELAY_S)
    except (ValueError, OverflowError):
        raise _garbled(symbol, "it has no readable `timestamp`") from None


def _rows(body: bytes, start: int, end: int, symbol: str) -> Iterator[Row | None]:
    """Yield the rows, None for each that cannot be read."""
    while start < end:
        cut = _BETWEEN.search(body, min(start + SLICE, end), end)
        stop = end if cut is None else cut.start() + 1
        yield from _slice(b"[" + body[start:stop] + b"]", symbol)
        start = end if cut is None else cut.end()


def _slice(piece: bytes, symbol: str) -> Iterable[Row | None]:
    """The rows of one piece, all at once where they are sound, else one by one."""
    try:
        return _ROWS.decode(piece)
    except _UNREADABLE:
        pass
    try:
        return [_row(raw) for raw in _RAW_ROWS.decode(piece)]
    except _UNREADABLE:
        raise _garbled(symbol, "`data.options` is no list of options") from None


def _row(raw: msgspec.Raw) -> Row | None:
    try:
        return _ROW.decode(raw)
    except _UNREADABLE:
        return None


def _sorted_rows(
    rows: Iterable[Row | None], root: str
) -> tuple[dict[tuple[str, str], _Listed], list[str]]:
    """Return the options by root and day, and a name for each row that was left out.

    Other roots than the underlying's own stand for adjusted contracts, which deliver something
    else; they are no loss.
    """
    found: dict[tuple[str, str], _Listed] = {}
    lost: list[str] = []
    for row in rows:
        spelt = None if row is None else _OSI.fullmatch(row.option)
        if row is None or spelt is None or not _is_possible(spelt[2], spelt[4]):
            lost.append("a row" if row is None else plain(row.option)[:24] or "a row")
        elif spelt[1] in {root, root + "W"}:
            listed = found.setdefault((spelt[1], spelt[2]), _Listed())
            is_call, strike = spelt[3] == "C", int(spelt[4]) / 1000
            side = listed.calls if is_call else listed.puts
            side.setdefault(strike, _option(row, strike, 1 if is_call else -1))
    return found, lost


def _is_possible(day: str, strike: str) -> bool:
    return _day(day) is not None and strike != "00000000"


def _option(row: Row, strike: float, sign: int) -> Option:
    iv, delta = row.iv, row.delta
    return Option(
        strike=strike,
        bid=_count(row.bid),
        ask=_count(row.ask),
        iv=iv if iv is not None and 0 < iv < math.inf else None,
        delta=delta if delta is not None and 0 <= delta * sign <= 1 else None,
        volume=_count(row.volume),
        open_interest=_count(row.open_interest),
    )


def _count(value: float | None) -> float | None:
    return value if value is not None and 0 <= value < math.inf else None


def _expiries(found: dict[tuple[str, str], _Listed], symbol: str) -> Iterator[Expiry]:
    """Index options of the plain root settle at the open, all others at the close."""
    days: dict[datetime, _Listed] = {}
    for (root, spelt), listed in found.items():
        day = _day(spelt)
        if day is None:
            continue
        is_morning = symbol.startswith("^") and not root.endswith("W")
        known = days.setdefault(settlement(day, is_morning=is_morning), _Listed())
        known.calls = listed.calls | known.calls
        known.puts = listed.puts | known.puts
    for settles, listed in days.items():
        yield Expiry(settles, _by_strike(listed.calls), _by_strike(listed.puts))


def _by_strike(options: dict[float, Option]) -> tuple[Option, ...]:
    return tuple(options[strike] for strike in sorted(options))


@lru_cache(maxsize=512)
def _day(spelt: str) -> date | None:
    try:
        return date(2000 + int(spelt[:2]), int(spelt[2:4]), int(spelt[4:]))
    except ValueError:
        return None


def _summary(lost: list[str], symbol: str) -> tuple[str, ...]:
    """Return a sentence for each of the first rows left out, and one for all others."""
    named = [f"an option of {symbol} was left out: {what} cannot be read" for what in lost[:TOLD]]
    more = len(lost) - len(named)
    if more:
        named.append(f"{more} more {'row' if more == 1 else 'rows'} of it were left out")
    return tuple(named)
