"""What the tests of iShares' feed share: made-up holdings in both forms of the wire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from market.feeds.feed import Answer
from market.feeds.http import Request, Response
from market.feeds.ishares import IsharesFeed
from market.holdings import Holdings
from market.quotes import Key, Kind
from market.reports import Arrived, FeedError
from tests.market.feeds.scripted_http import Reply, ScriptedHttp, path_of

NOW = datetime(2026, 7, 2, 13, 0, tzinfo=UTC)
"""Thursday 2 July 2026, 09:00 in New York: Wednesday's holdings are out."""
DAY = date(2026, 7, 1)
IWM = Key(Kind.HOLDINGS, "IWM")

HEADER = (
    "Ticker,Name,Sector,Asset Class,Market Value,Weight (%),Notional Value,Quantity,Price,"
    "Location,Exchange,Currency,FX Rate,Market Currency,Accrual Date"
)
LEGAL = (
    '"The content contained herein is owned or licensed, ""as is"".\n'
    "Holdings subject to change.\n"
    '©2023 BlackRock, Inc or its affiliates. All rights reserved."\n'
)
NBSP_LINE = "\u00a0\n"


@dataclass(frozen=True)
class Held:
    """One row of a made-up fund, as iShares' books have it."""

    ticker: str
    name: str = "SOMETHING INC"
    sector: str = "Industrials"
    asset_class: str = "Equity"
    quantity: float = 1_000_000.0
    price: float = 10.0
    weight: float = 0.0
    exchange: str = "NASDAQ"
    market_currency: str = "USD"
    value: float | None = None

    @property
    def market_value(self) -> float:
        return self.quantity * self.price if self.value is None else self.value


BIG = Held("AMPL", "AMPLE POWER CLASS A CORP", quantity=5_000_000, price=306.5, weight=60.02)
SMALL = Held("ZEST", "ZEST CO", "Communication", quantity=1_000, price=3.5, weight=0.01)
MIDDLE = Held("MOGA", "MOOG INC CLASS A", quantity=400_000, price=300.0, weight=39.8)
MEMBERS = (BIG, MIDDLE, SMALL)

CASH = (
    Held("XTSLA", "BLK CSH FND", "Cash and/or Derivatives", "Money Market", 300_000_000, 1.0),
    Held("USD", "USD CASH", "Cash and/or Derivatives", "Cash", 70_000_000, 100.0),
    Held(
        *("MSFUT", "CASH COLLATERAL MSFUT USD", "Cash and/or Derivatives"),
        asset_class="Cash Collateral and Margins",
        price=100.0,
    ),
    Held("CAD", "CAD CASH", "Cash and/or Derivatives", "Cash", 0.0, 73.43, market_currency="CAD"),
)
FUTURE = Held(
    *("RTYU6", "RUSSELL 2000 EMINI CME SEP 26", "Cash and/or Derivatives", "Futures"),
    quantity=1998,
    price=2852.9,
    value=0.0,
    exchange="Chicago Mercantile Exchange",
)
CLAIMS = (
    Held("ADRO", "CHINOOK THERAPEUTICS INC", price=0.17, exchange="NO MARKET (E.G. UNLISTED)"),
    Held("INH", "INHIBRX INC CVR", price=1.67),
    Held("MPTI RT", "M TRON INDUSTRIES RIGHTS EXPIRY TH", price=1.56),
    Held("SEVNR", "SEVEN HILLS REALTY RIGHTS EXP TH D", price=0.17),
    Held("WLLBW", "CHORD ENERGY EQUITY WARRANTS SERIE"),
    Held("P5N994", "Petrocorp Inc Escrow", price=0.0, value=0.26),
    Held("PDLI", "PDL BIOPHARMA INC", price=0.0, value=0.12),
    Held("-", "OMNIAB INC $12.50 VESTING Prvt", price=0.0, value=1.31),
)


def file_of(
    *rows: Held,
    day: str = "Jul 01, 2026",
    header: str = HEADER,
    footer: str = NBSP_LINE + LEGAL,
    outstanding: str = "278,750,000.00",
) -> bytes:
    """A holdings file as it comes over the wire."""
    preamble = [
        "iShares Russell 2000 ETF",
        f'Fund Holdings as of,"{day}"',
        'Inception Date,"May 22, 2000"',
        f'Shares Outstanding,"{outstanding}"',
        *(f'{kind},"-"' for kind in ("Stock", "Bond", "Cash", "Other")),
        "\u00a0",
    ]
    table = [header, *(line_of(row) for row in rows)]
    return ("\ufeff" + "\n".join([*preamble, *table]) + "\n" + footer).encode()


def line_of(row: Held) -> str:
    cells = (
        *(row.ticker, row.name, row.sector, row.asset_class),
        *(f"{row.market_value:,.2f}", f"{row.weight:.2f}", f"{row.market_value:,.2f}"),
        *(f"{row.quantity:,.2f}", f"{row.price:,.2f}", "United States", row.exchange),
        *("USD", "1.00", row.market_currency, "-"),
    )
    return ",".join(f'"{cell}"' for cell in cells)


def plane_of(*rows: Held, day: object = 20260701, **changes: object) -> bytes:
    """An answer of the JSON plane; `changes` replace columns."""
    columns: dict[str, object] = {
        "issueName": [row.name for row in rows],
        "ticker": [row.ticker for row in rows],
        "sectorName": [row.sector for row in rows],
        "assetClass": [row.asset_class for row in rows],
        "exchange": [row.exchange for row in rows],
        "marketCurrencyCode": [row.market_currency for row in rows],
        "sedol": ["-" for _ in rows],
        "holdingPercent": [row.weight for row in rows],
        "marketValue": [row.market_value for row in rows],
        "unitsHeld": [row.quantity for row in rows],
        "unitPrice": [row.price for row in rows],
        "asOfDate": day,
        "dateList": [20260701, 20260630],
    }
    document = enveloped("holdings", "all", {**columns, **changes})
    return json.dumps({"aladdinFundTicker": "IWM", **document}).encode()


def enveloped(component: str, container: str, columns: Mapping[str, object]) -> dict[str, Any]:
    """Columns in the plane's own tree."""
    points = {
        name: {"value": value, "formattedValue": value}
        for name, value in columns.items()
        if value is not ...
    }
    inner = {"containersByNameMap": {container: {"dataPointsByNameMap": points}}}
    return {"componentsByNameMap": {component: inner}}


def products_of(**pages: tuple[object, object]) -> bytes:
    """The product list: number and page of each fund."""
    funds = {
        str(number): {
            "productType": "ISHARES_FUND_DATA",
            "portfolioId": number,
            "localExchangeTicker": ticker,
            "productPageUrl": page,
            "navAmount": {"d": "751.20", "r": 751.2},
        }
        for ticker, (number, page) in pages.items()
    }
    blank = {"portfolioId": 999999, "localExchangeTicker": " ", "productPageUrl": "-"}
    return json.dumps({**funds, "999999": blank}).encode()


class Addresses(ScriptedHttp):
    """Answers by the end of a path: with a body, the status of a page, or a failure."""

    def __init__(self, bodies: Mapping[str, bytes | int | FeedError] | None = None) -> None:
        super().__init__(self._found)
        self.bodies = dict(bodies or {})

    def _found(self, request: Request) -> Reply:
        path = path_of(request)
        found = next((b for end, b in self.bodies.items() if path.endswith(end)), 404)
        if isinstance(found, FeedError):
            return found
        if isinstance(found, int):
            return Response(found, b"<html>", "text/html", {}, request.url)
        return Response(200, found, "text/csv", {"date": "x"}, request.url)

    def ends(self) -> list[str]:
        """The last part of each path that was asked for."""
        return [path.rpartition("/")[2] for path in self.paths()]


def a_feed(http: Addresses | None = None) -> IsharesFeed:
    return IsharesFeed(http or Addresses())


def parsed(body: bytes, key: Key = IWM, now: datetime = NOW) -> Arrived:
    feed = a_feed()
    (query,) = feed.plan([key])
    return feed.parse(query, Answer(body), now)


def holdings(body: bytes, key: Key = IWM, now: datetime = NOW) -> Holdings:
    (found,) = parsed(body, key, now).holdings
    return found
