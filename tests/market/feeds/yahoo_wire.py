"""What the tests of Yahoo's feed share: bodies, and a Yahoo that answers by script."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from market.feeds.feed import Answer, Query
from market.feeds.http import Request, Response
from market.feeds.yahoo import YahooFeed
from market.feeds.yahoo.crumb import CRUMB_PATH
from market.feeds.yahoo.plan import QUOTE_PATH
from market.instruments import default_cast
from market.quotes import Bars, Key, Kind, Quote
from market.reports import Arrived, FeedError
from tests.clocks import THURSDAY_AFTERNOON, ManualClock
from tests.market.feeds.scripted_http import Reply, ScriptedHttp, path_of
from tests.shared import PAYLOADS

OWN = Path(__file__).resolve().parents[2] / "payloads" / "yahoo"
RECORDED = PAYLOADS / "yahoo"

IN_SESSION = THURSDAY_AFTERNOON
"""2 July 2026, 14:32:07 in New York."""
PRE_MARKET = datetime(2026, 7, 2, 13, 0, 50, tzinfo=UTC)
POST_MARKET = datetime(2026, 7, 2, 20, 42, 30, tzinfo=UTC)
NEXT_WEEK = datetime(2026, 7, 6, 14, 0, tzinfo=UTC)
YEARS_LATER = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
"""After everything that was recorded: no bar's end lies ahead."""


def own(name: str) -> bytes:
    return (OWN / name).read_bytes()


def recorded(name: str) -> bytes:
    return (RECORDED / name).read_bytes()


def files_of(*folders: str) -> list[Path]:
    """Recorded bodies without their sidecars; nothing where the recordings are absent."""
    found = (p for folder in folders for p in sorted((RECORDED / folder).glob("*")))
    return [path for path in found if path.is_file() and not path.name.endswith(".meta.json")]


def a_feed() -> YahooFeed:
    return feed_of(ScriptedHttp(Yahoo()))


def parsed(body: bytes, now: datetime, *keys: Key) -> Arrived:
    """Parse a body as the answer to the one query that these keys make."""
    feed = a_feed()
    (query,) = feed.plan(keys)
    return feed.parse(query, Answer(body), now)


def only_quote(arrived: Arrived) -> Quote:
    (quote,) = arrived.quotes
    return quote


def only_bars(arrived: Arrived) -> Bars:
    (bars,) = arrived.bars
    return bars


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def as_json(body: bytes) -> Any:
    return json.loads(body)


def reply(body: bytes | str = b"{}", status: int = 200, url: str = "", **headers: str) -> Response:
    data = body.encode() if isinstance(body, str) else body
    kind = headers.pop("content_type", "application/json")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, data, kind, named, url or "https://query1.finance.yahoo.com/")


def feed_of(http: ScriptedHttp, clock: ManualClock | None = None, **addresses: Any) -> YahooFeed:
    return YahooFeed(http, cast=default_cast(), clock=clock or ManualClock(), **addresses)


IWM = Key(Kind.INTRADAY, "IWM")
ONE, TWO = "query1.finance.yahoo.com", "query2.finance.yahoo.com"
QUOTES = own("quote_pre_market.json")
UNAUTHORIZED = b'{"finance":{"result":null,"error":{"code":"Unauthorized","description":"No"}}}'


def details(count: int = 1) -> list[Key]:
    return [Key(Kind.DETAILS, "IWM" if i == 0 else f"S{i}") for i in range(count)]


def one_query(feed: YahooFeed, *keys: Key) -> Query:
    (query,) = feed.plan(keys)
    return query


async def refused(feed: YahooFeed, query: Query, now: datetime | None = None) -> FeedError:
    """The error of asking, and of parsing as well where `now` is given."""
    with pytest.raises(FeedError) as refusal:  # noqa: PT012  the two steps of one question
        answer = await feed.fetch(query)
        if now is not None:
            feed.parse(query, answer, now)
    return refusal.value


class Yahoo:
    """A Yahoo that wants a crumb; what it gives and takes can be changed."""

    def __init__(self) -> None:
        self.gives: Reply = reply("oX/b.z7LglG", content_type="text/plain;charset=utf-8")
        self.takes = "oX/b.z7LglG"
        self.page: Reply = reply("<html>quote</html>", url="https://finance.yahoo.com/quote/AAPL")
        self.quotes: Reply = reply(QUOTES)

    def __call__(self, asked: Request) -> Reply:
        path = path_of(asked)
        if path == CRUMB_PATH:
            return self.gives
        if path == QUOTE_PATH:
            good = dict(asked.params).get("crumb") == self.takes
            return self.quotes if good else reply(UNAUTHORIZED, 401)
        if path.startswith("/quote/"):
            return self.page
        if path.startswith("/v8/"):
            return reply(own("chart_post_market.json"))
        return reply("", status=404)
