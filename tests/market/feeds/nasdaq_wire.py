"""What the tests of Nasdaq's feed share: bodies in the wire form, and a feed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from market.feeds.feed import Answer
from market.feeds.http import Request, Response
from market.feeds.nasdaq import NasdaqFeed
from market.holdings import WHOLE_MARKET
from market.quotes import Key, Kind
from market.reports import Arrived
from tests.market.feeds.scripted_http import Reply, always
from tests.shared import PAYLOADS

NOW = datetime(2026, 7, 25, 3, 11, tzinfo=UTC)
"""A minute after the whole market was recorded."""
US = Key(Kind.LISTINGS, WHOLE_MARKET)
WHOLE = PAYLOADS / "nasdaq" / "screener_stocks_download" / "all_us_2026-07-25.json.gz"
TABLES = PAYLOADS / "nasdaq" / "screener_stocks_rows"
"""One file for an exchange and evening, without its envelope."""
WEB_PAGE = b"<!DOCTYPE html><html>Access Denied</html>"


def row(symbol: object = "CRDO", **changes: object) -> dict[str, object]:
    """A sound row with some of it changed."""
    return {
        "symbol": symbol,
        "name": "Credo Technology Group Holding Ltd Ordinary Shares",
        "lastsale": "$138.57",
        "netchange": "-1.17",
        "pctchange": "-0.837%",
        "volume": "1516446",
        "marketCap": "24136594480.00",
        "country": "United States",
        "ipoyear": "2022",
        "industry": "Semiconductors",
        "sector": "Technology",
        "url": "/market-activity/stocks/crdo",
        **changes,
    }


def body(*rows: object, **envelope: Any) -> bytes:
    """An answer with these rows."""
    data = {"asOf": None, "headers": {"symbol": "Symbol"}, "rows": list(rows)}
    status = {"rCode": 200, "bCodeMessage": None, "developerMessage": None}
    return json.dumps({"data": data, "message": None, "status": status, **envelope}).encode()


def market(count: int, *others: object) -> bytes:
    """An answer with so many stocks, and then these rows."""
    return body(*(row(name_of(n)) for n in range(count)), *others)


def name_of(number: int) -> str:
    """The symbol of the n-th stock: four letters."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return "".join(letters[number // 26**place % 26] for place in (3, 2, 1, 0))


def refusal(code: int, text: str = "Symbol not exists.") -> bytes:
    """An error as Nasdaq sends it, with HTTP 200."""
    reasons = [{"code": 1001, "errorMessage": text}]
    return body(data=None, status={"rCode": code, "bCodeMessage": reasons})


def recorded(path: Path) -> bytes:
    """A recorded body; one without its envelope gets one."""
    bare = gzip.decompress(path.read_bytes())
    return bare if bare.startswith(b'{"data"') else body(*json.loads(bare))


def whole_evening(day: str) -> bytes:
    """The three exchanges of one recorded evening as one answer."""
    paths = sorted(TABLES.glob(f"*_{day}.json.gz"))
    return body(*(r for path in paths for r in json.loads(gzip.decompress(path.read_bytes()))))


def parsed(raw: bytes, feed: NasdaqFeed | None = None, now: datetime = NOW) -> Arrived:
    asker = feed or a_feed()
    (query,) = asker.plan([US])
    return asker.parse(query, Answer(raw), now)


def reply(raw: bytes, status: int = 200) -> Response:
    return Response(status, raw, "application/json", {}, "https://api.nasdaq.com/api")


def a_feed(answer: Reply | None = None, **addresses: Any) -> NasdaqFeed:
    return NasdaqFeed(always(answer or reply(market(3000))), **addresses)


def host_of(request: Request) -> str:
    return urlsplit(request.url).netloc


def texts(lost: Iterable[str]) -> str:
    return "\n".join(lost)
