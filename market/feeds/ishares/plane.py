"""The JSON plane behind iShares' product pages: holdings, a fund's own history, the product list.

A component holds containers, a container holds data points, and a data point holds a column:
`componentsByNameMap.C.containersByNameMap.D.dataPointsByNameMap.COLUMN.value`, all columns of
one length. A day without holdings has the columns, empty or null.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar, cast

import msgspec

from market.feeds.ishares.table import (
    NEEDED,
    Table,
    absent,
    calendar_day,
    garbled,
    number,
    require_data,
    row_of,
    whole,
    words,
)
from market.feeds.text import plain
from market.fund_shares import FundDay
from market.funds import KEPT_DAYS, FundHistory
from market.quotes import Key, Kind
from market.reports import ErrorKind, FeedError
from market.sessions import exchange_date

COLUMNS: Mapping[str, str] = {
    "ticker": "ticker",
    "name": "issueName",
    "sector": "sectorName",
    "asset_class": "assetClass",
    "market_value": "marketValue",
    "quantity": "unitsHeld",
    "price": "unitPrice",
    "weight": "holdingPercent",
    "exchange": "exchange",
    "currency": "marketCurrencyCode",
}
"""Each value of a row by the name of its data point in `holdings.all`."""
HISTORY = ("asof", "nav", "sharesOutstanding")

T = TypeVar("T")
_PAGE = re.compile(r"/us/products/[0-9]{1,9}/[a-z0-9-]{1,120}")


class Product(msgspec.Struct, frozen=True):
    """Where a fund is found."""

    number: int
    """What the plane calls it (`portfolioId`)."""
    page: str
    """The path of its page, below which its file lies; empty if unknown."""


class _Point(msgspec.Struct):
    value: Any = None


class _Container(msgspec.Struct):
    points: dict[str, _Point] | None = msgspec.field(name="dataPointsByNameMap", default=None)


class _Component(msgspec.Struct):
    containers: dict[str, _Container] | None = msgspec.field(
        name="containersByNameMap", default=None
    )


class _Envelope(msgspec.Struct):
    components: dict[str, _Component] = msgspec.field(name="componentsByNameMap")
    ticker: str | None = msgspec.field(name="aladdinFundTicker", default=None)


class _Listed(msgspec.Struct):
    """One product of the list; a blank value is a string, another one an object."""

    ticker: Any = msgspec.field(name="localExchangeTicker", default=None)
    number: Any = msgspec.field(name="portfolioId", default=None)
    page: Any = msgspec.field(name="productPageUrl", default=None)


def read_plane(body: bytes, fund: str) -> Table:
    """Return the table of a `holdings.all` answer.

    Raises:
        FeedError: refused (a web page), absent (a day without holdings), garbled (no date, a
            needed column missing, columns of different length, another fund).
    """
    points = _points(body, fund, "holdings", "all")
    columns = {key: _column(points, name) for key, name in COLUMNS.items()}
    if all(not columns[key] for key in NEEDED):
        raise absent(fund, " for that day")
    length = _common_length([columns[key] for key in NEEDED], fund)
    day = calendar_day(_single(points.get("asOfDate")))
    if day is None:
        raise garbled(fund, "the answer does not say of which day it is")
    padded = {key: c if len(c) == length else [None] * length for key, c in columns.items()}
    rows = (row_of(i + 1, {key: c[i] for key, c in padded.items()}) for i in range(length))
    return whole(Table(day, tuple(rows)), fund)


def read_history(body: bytes, fund: str, now: datetime) -> FundHistory:
    """Return a fund's past of a `fundDownload` answer: net asset values, shares outstanding.

    Raises:
        FeedError: refused, absent or garbled, as `read_plane`.
    """
    points = _points(body, fund, "fundDownload", "historical")
    days, values, shares = (_column(points, name) for name in HISTORY)
    if not days:
        raise absent(fund, ": the history of its shares has no rows")
    _common_length([days, values, shares], fund)
    by_day: dict[date, FundDay] = {}
    for cell, value, count in zip(days, values, shares, strict=True):
        day = calendar_day(cell)
        if day is not None and day <= exchange_date(now):
            by_day[day] = FundDay(day, number(count), number(value))
    if not by_day:
        raise garbled(fund, "its history has no day that has come")
    kept = sorted(by_day)[-KEPT_DAYS:]
    return FundHistory(
        key=Key(Kind.FUND, fund),
        source="ishares",
        fetched_at=now,
        days=tuple(by_day[day] for day in kept),
    )


def require_history(body: bytes, fund: str) -> None:
    """Raise FeedError unless an answer is a history with a row.

    Raises:
        FeedError: refused, absent or garbled, as `read_plane`.
    """
    if not _column(_points(body, fund, "fundDownload", "historical"), HISTORY[0]):
        raise absent(fund, ": the history of its shares has no rows")


def read_products(body: bytes) -> dict[str, Product]:
    """Return where each listed fund is found, by its ticker.

    Raises:
        FeedError: refused (a web page), garbled (no list, or not one fund in it).
    """
    require_data(body, "its list of funds")
    found: dict[str, Product] = {}
    for raw in _decoded(body, dict[str, msgspec.Raw], "list of funds").values():
        try:
            listed = msgspec.json.decode(raw, type=_Listed)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
        ticker, known = words(listed.ticker).upper(), number(listed.number)
        if ticker and known is not None and 0 < known < 1e9:
            page = words(listed.page)
            usable = page if _PAGE.fullmatch(page) else ""
            found.setdefault(ticker, Product(int(known), usable))
    if not found:
        raise FeedError(ErrorKind.GARBLED, "iShares' list of funds has no fund in it")
    return found


def _points(body: bytes, fund: str, component: str, container: str) -> Mapping[str, _Point]:
    require_data(body, f"the holdings of {fund}")
    envelope = _decoded(body, _Envelope, f"answer for {fund}")
    if envelope.ticker is not None and envelope.ticker.strip().upper() != fund:
        raise garbled(fund, f"they are those of {plain(envelope.ticker)[:12]}")
    outer = envelope.components.get(component)
    inner = (outer.containers or {}).get(container) if outer is not None else None
    if inner is None or inner.points is None:
        raise garbled(fund, f"the answer has no `{component}.{container}`")
    return inner.points


def _decoded(body: bytes, form: type[T], what: str) -> T:
    try:
        return msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"), type=form)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        text = f"iShares' {what} is not what was agreed: {plain(str(error))}"
        raise FeedError(ErrorKind.GARBLED, text) from None


def _column(points: Mapping[str, _Point], name: str) -> Sequence[object]:
    """A data point's values; none if it is missing, null or no column."""
    point = points.get(name)
    value: object = point.value if point is not None else None
    return cast("list[object]", value) if isinstance(value, list) else []


def _single(point: _Point | None) -> object:
    """The value of a data point that is no column, though it may be wrapped in one."""
    value: object = point.value if point is not None else None
    if not isinstance(value, list):
        return value
    return next(iter(cast("list[object]", value)), None)


def _common_length(columns: Sequence[Sequence[object]], fund: str) -> int:
    lengths = {len(column) for column in columns}
    if len(lengths) != 1:
        raise garbled(fund, "its columns are missing or of different length")
    return lengths.pop()
