"""Nasdaq's screener: every stock of the market in one answer, all values as words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from itertools import islice, product
from random import Random

from market.sessions import exchange_date, previous_session, session_of, session_on_or_before
from tests.exchange.members import (
    HALTED,
    MISPRINTED,
    UNLISTED,
    Member,
    members,
    price_factor,
    symbol_on,
)
from tests.exchange.prices import Prices

OTHERS = 3_400
"""Stocks outside the index, which never move."""
MISPRINT = 10
"""How many times too high one price is."""

Line = dict[str, str]


class Nasdaq:
    """Answers of one seed's prices."""

    def __init__(self, prices: Prices) -> None:
        self._prices = prices

    def screener(self, now: datetime) -> bytes:
        """Answer screener/stocks with download=true."""
        rows = sorted((*self._lines(now), *_others()), key=lambda row: row["symbol"])
        status = {"rCode": 200, "bCodeMessage": None, "developerMessage": None}
        data = {"asOf": None, "headers": _HEADERS, "rows": rows}
        document = {"data": data, "message": None, "status": status}
        return json.dumps(document, separators=(",", ":")).encode()

    def _lines(self, now: datetime) -> Iterator[Line]:
        day = session_on_or_before(exchange_date(now))
        if now < session_of(day).open:
            day = previous_session(day)
        session = session_of(day)
        at = min(max(now, session.open), session.close)
        for member in members():
            if member.place != UNLISTED:
                yield self._line(member, at)

    def _line(self, member: Member, at: datetime) -> Line:
        day, anchor = exchange_date(at), self._prices.closes.anchor
        factor = price_factor(member.symbol, day, anchor)
        before = round(self._prices.closes.before(member.symbol, day) * factor, 2)
        last = round(self._prices.price(member.symbol, at) * factor, 2)
        shares = self._prices.traded(member.symbol, at)
        if member.place == HALTED:
            last, shares = before, 0
        if member.place == MISPRINTED:
            last = round(MISPRINT * last, 2)
        symbol = symbol_on(member, day, anchor)
        spelt = member.in_nasdaq if symbol == member.symbol else symbol
        return _row(
            spelt,
            member.name,
            last,
            change=last - before,
            shares=shares,
            industry=member.industry,
        )


def _row(
    symbol: str, name: str, last: float, *, change: float, shares: float, industry: str = ""
) -> Line:
    before = last - change
    return {
        "symbol": symbol,
        "name": f"{name} Common Stock ",
        "lastsale": f"${last:.2f}",
        "netchange": f"{change:.2f}",
        "pctchange": f"{100 * change / before:.3f}%" if before else "",
        "marketCap": f"{last * 5e7:.2f}" if industry else "0.00",
        "country": "United States",
        "ipoyear": "",
        "volume": f"{shares:.0f}",
        "sector": "Industrials",
        "industry": industry,
        "url": f"/market-activity/stocks/{symbol.strip().lower()}",
    }


@cache
def _others() -> tuple[Line, ...]:
    own = Random("others")
    letters = product("XY", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "ABCDEFGHIJKLM", "ABCDEFGH")
    rows = [
        _row("".join(word), "Elsewhere Corp", own.uniform(2, 90), change=0, shares=1e4)
        for word in islice(letters, OTHERS)
    ]
    odd = _row("XXNA", "Never Traded Corp", 1.0, change=0, shares=0)
    odd |= {"lastsale": "NA", "netchange": "", "pctchange": "", "volume": ""}
    fraction = _row("XXFR", "Fraction Corp", 12.5, change=-0.25, shares=0)
    fraction |= {"volume": "1,963,864.243649", "lastsale": "$1,012.50"}
    preferred = _row("XXPF^A", "Preferred Corp", 24.1, change=0.1, shares=900)
    return (*rows, odd, fraction, preferred)


_HEADERS = {
    "symbol": "Symbol", "name": "Name", "lastsale": "Last Sale", "netchange": "Net Change",
    "pctchange": "% Change", "marketCap": "Market Cap", "country": "Country",
    "ipoyear": "IPO Year", "volume": "Volume", "sector": "Sector", "industry": "Industry",
    "url": "Url",
}  # fmt: skip
