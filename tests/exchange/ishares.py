"""iShares' answers about funds: the holdings file with all its traps, the JSON plane, the list."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from market.funds import Issuer, funds_of
from market.sessions import (
    NEW_YORK,
    exchange_date,
    is_session,
    previous_session,
    sessions_between,
)
from tests.exchange.members import (
    SHARES_OUTSTANDING,
    Member,
    is_member,
    members,
    symbol_in_holdings,
)
from tests.exchange.prices import Prices

PUBLISHED = time(7, 30)
"""When the holdings of the session before are out, New York."""
FUNDS = {
    "IWM": (239710, "/us/products/239710/ishares-russell-2000-etf", 1),
    "IGV": (239771, "/us/products/239771/ishares-expanded-techsoftware-sector-etf", 7),
    "ARTY": (297905, "/us/products/297905/ishares-future-ai-tech-etf", 11),
    "IBB": (239699, "/us/products/239699/ishares-biotechnology-etf", 9),
}
"""Number, page, and of how many members each one holds one."""
COUNTED = {
    **{fund: number for fund, (number, _, _) in FUNDS.items()},
    **{
        fund: 239600 + place
        for place, fund in enumerate(sorted(funds_of(Issuer.ISHARES) - FUNDS.keys()))
    },
}
"""Number of each fund whose shares are told by day."""
FIRST_COUNT = date(2025, 6, 2)

HEADER = (
    "Ticker,Name,Sector,Asset Class,Market Value,Weight (%),Notional Value,Quantity,Price,"
    "Location,Exchange,Currency,FX Rate,Market Currency,Accrual Date"
)
LEGAL = (
    "\u00a0\n"
    '"The content contained herein is owned or licensed by the fund\'s issuer, ""as is"".\n'
    "Holdings are subject to change.\n"
    'All rights reserved."\n'
)
_CASH = "Cash and/or Derivatives"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    ticker: str
    name: str
    sector: str
    asset_class: str
    quantity: float
    price: float
    value: float
    weight: float = 0.0
    exchange: str = "NASDAQ"
    currency: str = "USD"


_OTHERS = (
    Row("XTSLA", "BLK CSH FND TREASURY", _CASH, "Money Market", 3e8, 1.0, 3e8),
    Row("USD", "USD CASH", _CASH, "Cash", 7e7, 100.0, 7e7),
    Row("CAD", "CAD CASH", _CASH, "Cash", 0.0, 73.43, 0.0, currency="CAD"),
    Row("MSFUT", "CASH COLLATERAL USD", _CASH, "Cash Collateral and Margins", 1e7, 100.0, 1e7),
    Row("RTYU6", "RUSSELL 2000 EMINI", _CASH, "Futures", 1998, 2852.9, 0.0, exchange="CME"),
    Row("QBAN", "BAN HOLDINGS UNLISTED", "Health Care", "Equity", 1e5, 0.17, 17e3,
        exchange="NO MARKET (E.G. UNLISTED)"),
    Row("QBAP", "BAP SECOND THING INC", "Health Care", "Equity", 1e3, 2.0, 2e3),
    Row("INH", "INHIBITED THINGS INC CVR", "Health Care", "Equity", 2e5, 1.67, 334e3),
    Row("P5N994", "PETRO THINGS INC ESCROW", "Energy", "Equity", 26.0, 0.0, 0.26),
    Row("-", "VESTING THINGS $12.50 PRVT", "Health Care", "Equity", 131.0, 0.0, 1.31),
)  # fmt: skip
"""What is no member: cash, margins, a future, rights, and tickers that stand twice."""


class Ishares:
    """Answers of one seed's prices. Every method gives a body, None for what does not exist."""

    def __init__(self, prices: Prices) -> None:
        self._prices = prices

    def answer(self, path: str, params: Mapping[str, str], now: datetime) -> tuple[bytes, str]:
        """Answer a path below the site's root: body and content type; an empty body is 404."""
        if path.startswith("/varnish-api/"):
            return self._plane(params, now), "application/json"
        if path.endswith("product-screener-v3.1.jsn"):
            return _products(), "application/json"
        fund = next((f for f, (_, page, _) in FUNDS.items() if path.startswith(f"{page}/")), None)
        if fund is None:
            return b"", "text/html"
        if path.endswith("/latest-holdings.csv"):
            return self.file(fund, newest_day(now)), "text/csv"
        return _PAGE, "text/html"  # the old download address

    def file(self, fund: str, day: date) -> bytes:
        """Return the holdings file of a session."""
        preamble = [
            f"iShares {fund}",
            f'Fund Holdings as of,"{day:%b %d, %Y}"',
            'Inception Date,"May 22, 2000"',
            f'Shares Outstanding,"{SHARES_OUTSTANDING:,.2f}"',
            *(f'{kind},"-"' for kind in ("Stock", "Bond", "Cash", "Other")),
            "\u00a0",
        ]
        table = [HEADER, *(_line(row) for row in self.rows(fund, day))]
        return ("\ufeff" + "\n".join([*preamble, *table]) + "\n" + LEGAL).encode()

    def rows(self, fund: str, day: date) -> list[Row]:
        """Return the rows of a fund's table, heaviest first as the site sorts them."""
        held = list(self._members(fund, day))
        whole = sum(row.value for row in (*held, *_OTHERS))
        rows = sorted((*held, *_OTHERS), key=lambda row: -row.value)
        return [_weighed(row, whole) for row in rows]

    def _members(self, fund: str, day: date) -> Iterator[Row]:
        anchor, every = self._prices.closes.anchor, FUNDS[fund][2]
        for member in members():
            if is_member(member, day, anchor) and member.place % every == 0:
                yield self._row(member, day)

    def _row(self, member: Member, day: date) -> Row:
        anchor, price = self._prices.closes.anchor, self._prices.closes.at(member.symbol, day)
        return Row(
            ticker=symbol_in_holdings(member, day, anchor),
            name=member.name.upper(),
            sector=member.sector,
            asset_class="Equity",
            quantity=float(member.quantity),
            price=price,
            value=round(member.quantity * price, 2),
            exchange="NYSE" if member.place % 3 else "NASDAQ",
        )

    def _plane(self, params: Mapping[str, str], now: datetime) -> bytes:
        if params.get("component") == "fundDownload":
            return _history(params.get("portfolioId", ""), newest_day(now))
        fund = next(
            (f for f, (n, _, _) in FUNDS.items() if str(n) == params.get("portfolioId")), ""
        )
        day = newest_day(now)
        if said := params.get("asOfDate"):
            day = datetime.strptime(said, "%Y%m%d").replace(tzinfo=NEW_YORK).date()
        is_known = bool(fund) and is_session(day) and day <= newest_day(now)
        rows = self.rows(fund, day) if is_known else []
        return _enveloped(fund, rows, day)


def newest_day(now: datetime) -> date:
    """Return the session whose holdings are the newest that are out."""
    today = exchange_date(now)
    last = previous_session(today)
    is_out = is_session(today) and now.astimezone(NEW_YORK).time() >= PUBLISHED
    return last if is_out else previous_session(last)


def _weighed(row: Row, whole: float) -> Row:
    return Row(
        *(row.ticker, row.name, row.sector, row.asset_class, row.quantity, row.price, row.value),
        weight=round(100 * row.value / whole, 2),
        exchange=row.exchange,
        currency=row.currency,
    )


def _line(row: Row) -> str:
    cells = (
        *(row.ticker, row.name, row.sector, row.asset_class),
        *(f"{row.value:,.2f}", f"{row.weight:.2f}", f"{row.value:,.2f}"),
        *(f"{row.quantity:,.2f}", f"{row.price:,.2f}", "United States", row.exchange),
        *("USD", "1.00", row.currency, "-"),
    )
    return ",".join(f'"{cell}"' for cell in cells)


def _enveloped(fund: str, rows: Sequence[Row], day: date) -> bytes:
    columns: dict[str, object] = {
        "ticker": [row.ticker for row in rows],
        "issueName": [row.name for row in rows],
        "sectorName": [row.sector for row in rows],
        "assetClass": [row.asset_class for row in rows],
        "marketValue": [row.value for row in rows],
        "unitsHeld": [row.quantity for row in rows],
        "unitPrice": [row.price or "-" for row in rows],
        "holdingPercent": [row.weight for row in rows],
        "exchange": [row.exchange for row in rows],
        "marketCurrencyCode": [row.currency for row in rows],
        "asOfDate": int(f"{day:%Y%m%d}"),
    }
    points = {name: {"value": value} for name, value in columns.items()}
    component = {"holdings": {"containersByNameMap": {"all": {"dataPointsByNameMap": points}}}}
    return json.dumps({"aladdinFundTicker": fund, "componentsByNameMap": component}).encode()


def _history(number: str, last: date) -> bytes:
    """Shares and values by day, newest first; nothing for a fund that nobody knows."""
    fund = next((fund for fund, known in COUNTED.items() if str(known) == number), None)
    if fund is None:
        return b""
    days = [*sessions_between(FIRST_COUNT, last)][::-1]
    place = sum(map(ord, fund))
    changes = [(n * (place % 5 + 3)) % 13 - 6 for n in range(len(days))]
    counts = [SHARES_OUTSTANDING + 50_000 * sum(changes[n:]) for n in range(len(days))]
    columns = {
        "asof": [int(f"{day:%Y%m%d}") for day in days],
        "nav": [round(80 + place % 200 + (n % 19) / 7, 4) for n in range(len(days))],
        "exDividends": ["-" for _ in days],
        "sharesOutstanding": counts,
    }
    points = {name: {"value": value} for name, value in columns.items()}
    component = {"containersByNameMap": {"historical": {"dataPointsByNameMap": points}}}
    told = {"aladdinFundTicker": fund, "componentsByNameMap": {"fundDownload": component}}
    return json.dumps(told).encode()


def _products() -> bytes:
    funds: dict[str, object] = {
        str(number): {
            "portfolioId": number,
            "localExchangeTicker": fund,
            "productPageUrl": FUNDS[fund][1] if fund in FUNDS else "-",
            "navAmount": {"d": "751.20", "r": 751.2},
        }
        for fund, number in COUNTED.items()
    }
    blank = {"portfolioId": 999999, "localExchangeTicker": "", "productPageUrl": "-"}
    return json.dumps({**funds, "999999": blank}).encode()


_PAGE = b"<!DOCTYPE html><html><head><title>iShares</title></head><body>Funds</body></html>"
