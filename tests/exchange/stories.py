"""The SEC, the headlines of Yahoo and Nasdaq, and Nasdaq Trader's halts, in their wire forms."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape

from market.sessions import NEW_YORK
from tests.exchange.faults import Reply
from tests.exchange.members import members

XML = "text/xml; charset=utf-8"
FIRST_CIK = 1_000_001
"""The number of the first member; the others follow."""


class Sec:
    """The list of companies, and a company's filings by its number."""

    def answer(self, path: str, params: Mapping[str, str], now: datetime) -> Reply | None:
        """Return the list, or the columns of a company's filings."""
        del params
        if path == "/files/company_tickers.json":
            return _json(
                {
                    str(n): {"cik_str": FIRST_CIK + n, "ticker": each.symbol, "title": each.name}
                    for n, each in enumerate(members())
                }
            )
        number = path.removeprefix("/submissions/CIK").removesuffix(".json")
        if not number.isdecimal() or not 0 <= int(number) - FIRST_CIK < len(members()):
            return None
        return _json({"cik": number, "filings": {"recent": filed(int(number), now)}})


FORMS = (("8-K", "2.02,9.01", "results.htm"), ("4", "", "xslF345X05/doc4.xml"), ("10-Q", "", ""))
"""Form, items and main document, newest first, a day apart."""


def filed(cik: int, now: datetime) -> dict[str, list[object]]:
    """Return the columns of a company's filings."""
    columns: dict[str, list[object]] = {}
    for n, (form, items, document) in enumerate(FORMS):
        at = now - timedelta(days=n, hours=2)
        row = {
            "accessionNumber": f"{cik:010}-{at:%y}-{n:06}",
            "filingDate": f"{at.astimezone(NEW_YORK):%Y-%m-%d}",
            "reportDate": "",
            "acceptanceDateTime": f"{at:%Y-%m-%dT%H:%M:%S}.000Z",
            "form": form,
            "items": items,
            "size": 132_422,
            "primaryDocument": document,
            "primaryDocDescription": form,
        }
        for name, value in row.items():
            columns.setdefault(name, []).append(value)
    return columns


@dataclass(frozen=True, slots=True)
class Rss:
    """Headlines of any symbol, an hour apart."""

    path: str
    parameter: str
    """What names the symbol."""
    count: int
    item: Callable[[str, int, datetime], str]
    """Words the n-th headline of a symbol."""
    content_type: str

    def answer(self, path: str, params: Mapping[str, str], now: datetime) -> Reply | None:
        """Return the headlines of the symbol asked for, newest first."""
        if path != self.path:
            return None
        symbol = params.get(self.parameter, "")
        items = (self.item(symbol, n, now - timedelta(hours=n + 1)) for n in range(self.count))
        return Reply(200, _rss("".join(items)), self.content_type)


def _yahoo_item(symbol: str, number: int, at: datetime) -> str:
    return (
        f"<item><description>{number}</description><guid>{number}</guid>"
        f"<link>https://finance.yahoo.com/news/{number}.html?.tsrc=rss</link>"
        f"<pubDate>{_gmt(at)}</pubDate>"
        f"<title>{escape(f'{symbol} & its peers, part {number}')}</title></item>"
    )


def _nasdaq_item(symbol: str, number: int, at: datetime) -> str:
    return (
        f"<item><title><![CDATA[{symbol} at Nasdaq, part {number}]]></title>"
        f"<link>https://www.nasdaq.com/articles/{number}</link>"
        f"<dc:creator>Zacks</dc:creator><nasdaq:tickers>{symbol},{symbol}</nasdaq:tickers>"
        f"<pubDate>{_gmt(at, '+0000')}</pubDate></item>"
    )


YAHOO_RSS = Rss("/rss/2.0/headline", "s", 20, _yahoo_item, "application/rss+xml; charset=utf-8")
NASDAQ_RSS = Rss("/feed/rssoutbound", "symbol", 10, _nasdaq_item, XML)


class HaltsPlayer:
    """Today's halts of two members: one that lasts, and one that is over."""

    def answer(self, path: str, params: Mapping[str, str], now: datetime) -> Reply | None:
        """Return the list of halts."""
        if path != "/rss.aspx" or params.get("feed") != "tradehalts":
            return None
        lasting, over = members()[3], members()[4]
        items = _halt(lasting.in_nasdaq, "T1", now - timedelta(minutes=20), None)
        items += _halt(
            over.in_nasdaq, "LUDP", now - timedelta(hours=1), now - timedelta(minutes=55)
        )
        return Reply(200, _rss(items), XML)


def _halt(symbol: str, code: str, since: datetime, until: datetime | None) -> str:
    start = since.astimezone(NEW_YORK)
    end = None if until is None else until.astimezone(NEW_YORK)
    return (
        f"<item><title>{symbol}</title><pubDate>{_gmt(since)}</pubDate>"
        f"<ndaq:HaltDate>{start:%m/%d/%Y}</ndaq:HaltDate>"
        f"<ndaq:HaltTime>{start:%H:%M:%S}</ndaq:HaltTime>"
        f"<ndaq:IssueSymbol>{symbol}</ndaq:IssueSymbol>"
        f"<ndaq:IssueName>{symbol} Inc. Common Stock</ndaq:IssueName>"
        f"<ndaq:Market>NASDAQ</ndaq:Market><ndaq:ReasonCode>{code}</ndaq:ReasonCode>"
        "<ndaq:PauseThresholdPrice />"
        f"<ndaq:ResumptionDate>{'' if end is None else f'{end:%m/%d/%Y}'}</ndaq:ResumptionDate>"
        "<ndaq:ResumptionQuoteTime></ndaq:ResumptionQuoteTime>"
        "<ndaq:ResumptionTradeTime>"
        f"{'' if end is None else f'{end:%H:%M:%S}'}</ndaq:ResumptionTradeTime></item>"
    )


def _rss(items: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:nasdaq="http://nasdaq.com/reference/feeds/1.0" '
        'xmlns:ndaq="http://www.nasdaqtrader.com/"><channel>'
        f"<title>News</title>{items}</channel></rss>"
    ).encode()


def _gmt(at: datetime, zone: str = "GMT") -> str:
    return format_datetime(at, usegmt=True).replace("GMT", zone)


def _json(document: object) -> Reply:
    return Reply(200, json.dumps(document).encode(), "application/json")
