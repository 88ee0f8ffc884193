"""iShares as a feed: what a fund holds, on its newest day or on one that is named, and its shares.

Three addresses tell the same table. The newest file below the product page comes first: it has
the shares outstanding too. The JSON plane behind the pages is next, and the only one that is
known to answer for past days. The old download address answers with a web page since August
2026 and is tried last. The one that answered last is tried first.

How many shares a fund has had is told by the JSON plane, day by day since its first, and of the
newest day alone by the head of the holdings file, which stands in for it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Sequence
from datetime import date, datetime
from enum import StrEnum

from market.feeds.feed import Answer, Query
from market.feeds.http import Asker, Request, check
from market.feeds.ishares.file import read_file
from market.feeds.ishares.members import holdings_of
from market.feeds.ishares.plane import (
    Product,
    read_history,
    read_plane,
    read_products,
    require_history,
)
from market.feeds.ishares.table import Table, UnreadableError, absent, garbled
from market.feeds.one_host import OneHost
from market.feeds.responses import opening
from market.fund_shares import FundDay
from market.funds import BY_SYMBOL, FundHistory, Issuer, funds_of
from market.instruments import TRACKER
from market.quotes import Key, Kind
from market.reports import Arrived, ErrorKind, FeedError
from market.sessions import closure_reason, exchange_date, is_session

BASE_URL = "https://www.ishares.com"
KNOWN = {TRACKER: Product(239710, "/us/products/239710/ishares-russell-2000-etf")}
"""Funds that are found without the product list, which is 2 MB."""

PLANE = "/varnish-api/blk-one01-product-data/product-data/api/v2/get-product-data"
PLANE_PARAMS = (
    ("appSubType", "ISHARES"),
    ("appType", "PRODUCT_PAGE"),
    ("locale", "en_US"),
    ("targetSite", "us-ishares"),
    ("userType", "individual"),
    ("excludeContent", "true"),
)
PRODUCTS = "/us/product-screener/product-screener-v3.1.jsn"
PRODUCTS_CONFIG = (
    "/templatedata/config/product-screener-v3/data/en/us-ishares/"
    "ishares-product-screener-backend-config"
)
PRODUCTS_PARAMS = (("dcrPath", PRODUCTS_CONFIG), ("siteEntryPassthrough", "true"))

_FUND = re.compile(r"[A-Z]{2,6}")
_HOPELESS = frozenset({ErrorKind.LIMITED, ErrorKind.UNREACHABLE})
"""After these another address of the same host would fare no better."""
_AS_OF = "asOfDate"


class Road(StrEnum):
    """One address that tells a fund's holdings."""

    FILE = "file"
    """latest-holdings.csv below the product page: the newest day only."""
    PAST = "past"
    """The JSON plane: a fund's shares and values by day."""
    PLANE = "plane"
    """The JSON plane: any day."""
    DOWNLOAD = "download"
    """The download address of the old product pages: any day."""


COMPONENTS = {Road.PLANE: "holdings.all", Road.PAST: "fundDownload"}
"""What the plane calls holdings, and shares and values by day."""


class IsharesFeed(OneHost):
    """iShares: one query for each fund and day. What a fund may hold is judged in `members`."""

    name = "ishares"

    def __init__(
        self,
        http: Asker,
        *,
        base_url: str = BASE_URL,
        counted: Collection[str] = funds_of(Issuer.ISHARES),
    ) -> None:
        """Ask `base_url` through `http` for holdings, and for the shares of the funds `counted`."""
        super().__init__(http, base_url)
        self._counted = frozenset(counted)
        self._products = dict(KNOWN)
        self._has_list = False
        self._listing = asyncio.Lock()
        self._last_road = Road.FILE

    def serves(self, key: Key) -> bool:
        """Return whether a datum is the holdings of a fund, or its shares by day.

        Which funds there are its own list says: a basket's rule may name any of them.
        """
        if key.kind is Kind.FUND:
            return key.symbol in self._counted and not key.span
        fund = BY_SYMBOL.get(key.symbol)
        is_own = fund is None or fund.issuer is Issuer.ISHARES
        is_holdings = (
            key.kind is Kind.HOLDINGS and _FUND.fullmatch(key.symbol) is not None and is_own
        )
        return is_holdings and (not key.span or _day_of(key) is not None)

    def plan(self, keys: Sequence[Key]) -> list[Query]:
        """Return one query for each fund and day; its path names the fund, not an address."""
        wanted = dict.fromkeys(key for key in keys if self.serves(key))
        return [Query(self.name, (k,), f"/us/products/{k.symbol}", _as_of(k)) for k in wanted]

    async def fetch(self, query: Query) -> Answer:
        """Ask one address after the other until one answers with what is wanted.

        An answer is read here once to know: the old address sends web pages as CSV.
        """
        (key,) = query.keys
        product = await self._product(key.symbol)
        failures: list[FeedError] = []
        for turn, road in enumerate(self._roads(product, query)):
            try:
                path, params = _address(road, product, query)
                answer = await self._get(path, params, is_extra=turn > 0)
                _read(answer.body, key)
            except FeedError as error:
                if error.kind in _HOPELESS:
                    raise
                failures.append(error)
                continue
            if key.kind is Kind.HOLDINGS:
                self._last_road = road
            return answer
        raise _told(failures, key.symbol)

    def parse(self, query: Query, answer: Answer, now: datetime) -> Arrived:
        """Understand a fund's holdings or shares; FeedError if they are not what was asked for."""
        (key,) = query.keys
        if key.kind is Kind.FUND:
            past = read_shares(answer.body, key.symbol, now)
            return Arrived(feed=self.name, at=now, keys=(key,), documents=(past,))
        table = read_table(answer.body, key.symbol)
        _require_day(table, key, now)
        holdings, lost = holdings_of(table, key.symbol, now)
        return Arrived(feed=self.name, at=now, keys=(key,), holdings=(holdings,), lost=lost)

    def _roads(self, product: Product, query: Query) -> list[Road]:
        """The addresses that can answer a query, the one that answered last first."""
        if query.keys[0].kind is Kind.FUND:
            return [Road.PAST, Road.FILE] if product.page else [Road.PAST]
        roads = [Road.PLANE, Road.DOWNLOAD]
        if product.page and not query.params:
            roads.insert(0, Road.FILE)
        return sorted(roads, key=lambda road: road is not self._last_road)

    async def _product(self, fund: str) -> Product:
        """Where a fund is found; the product list is asked for once."""
        async with self._listing:
            if fund not in self._products and not self._has_list:
                answer = await self._get(PRODUCTS, PRODUCTS_PARAMS, is_extra=True)
                self._products = {**read_products(answer.body), **self._products}
                self._has_list = True
        if fund not in self._products:
            raise absent(fund, ": it is not on its list of funds")
        return self._products[fund]

    async def _get(self, path: str, params: Sequence[tuple[str, str]], *, is_extra: bool) -> Answer:
        request = Request(self._base_url + path, "GET", params, {}, is_extra=is_extra)
        response = await self._http.send(request)
        check(response, "iShares")
        return Answer.of(response)


def _told(failures: Sequence[FeedError], fund: str) -> FeedError:
    """Return the failure to tell of: the first that was holdings but for something, or the first.

    An address that is gone or shows a web page says less than a file that has no date.
    """
    if not failures:
        return absent(fund)
    nearest = (error for error in failures if isinstance(error, UnreadableError))
    error = next(nearest, failures[0])
    if fund in error.text:
        return error
    return FeedError(error.kind, f"{fund}: {error.text}", error.retry_after_s)


def _address(road: Road, product: Product, query: Query) -> tuple[str, Sequence[tuple[str, str]]]:
    """Path and parameters at which a road tells the holdings that a query asks for."""
    match road:
        case Road.FILE:
            return f"{product.page}/latest-holdings.csv", ()
        case Road.PLANE | Road.PAST:
            which = (("component", COMPONENTS[road]), ("portfolioId", str(product.number)))
            return PLANE, (*PLANE_PARAMS, *which, *query.params)
        case Road.DOWNLOAD:
            page = product.page or f"/us/products/{product.number}/fund"
            name = ("fileName", f"{query.keys[0].symbol}_holdings")
            params = (("fileType", "csv"), name, ("dataType", "fund"), *query.params)
            return f"{page}/1467271812596.ajax", params


def read_table(body: bytes, fund: str) -> Table:
    """Return the table of an answer, whichever address gave it; FeedError as its reader says."""
    is_json = opening(body)[:1] in {b"{", b"["}
    return read_plane(body, fund) if is_json else read_file(body, fund)


def read_shares(body: bytes, fund: str, now: datetime) -> FundHistory:
    """Return a fund's shares by day, or of the one day that a holdings file is of.

    Raises:
        FeedError: as the readers say, and absent for a file without a count.
    """
    if opening(body)[:1] in {b"{", b"["}:
        return read_history(body, fund, now)
    table = read_file(body, fund)
    key = Key(Kind.FUND, fund)
    _require_day(table, key, now)
    if table.shares_outstanding is None:
        raise absent(fund, " with a count of its shares")
    days = (FundDay(table.day, table.shares_outstanding),)
    return FundHistory(key=key, source="ishares", fetched_at=now, days=days, is_recorded=True)


def _read(body: bytes, key: Key) -> None:
    """Raise FeedError for an answer that is not of the kind asked for."""
    if key.kind is Kind.HOLDINGS:
        read_table(body, key.symbol)
    elif opening(body)[:1] in {b"{", b"["}:
        require_history(body, key.symbol)
    elif read_file(body, key.symbol).shares_outstanding is None:
        raise absent(key.symbol, " with a count of its shares")


def _day_of(key: Key) -> date | None:
    """The day a key names, None if it names none."""
    try:
        return date.fromisoformat(key.span)
    except ValueError:
        return None


def _as_of(key: Key) -> tuple[tuple[str, str], ...]:
    day = _day_of(key)
    return ((_AS_OF, f"{day:%Y%m%d}"),) if day is not None else ()


def _require_day(table: Table, key: Key, now: datetime) -> None:
    """Raise FeedError unless the table is of a session that has begun, and of the day asked for."""
    day, asked = table.day, _day_of(key)
    if day > exchange_date(now):
        raise garbled(key.symbol, f"they are dated {day.isoformat()}, which is yet to come")
    if not is_session(day):
        why = closure_reason(day)
        raise garbled(key.symbol, f"they are dated {day.isoformat()}, a day without trade ({why})")
    if asked is not None and asked != day:
        raise absent(key.symbol, f" for {asked.isoformat()}: it sent those of {day.isoformat()}")
