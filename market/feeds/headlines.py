"""Headlines about a symbol as RSS: Yahoo's, and Nasdaq's where they fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from market.feeds.feed import Answer, Query
from market.feeds.http import Asker
from market.feeds.one_host import OneHost
from market.feeds.rss import Item, read_items, time_of, told
from market.quotes import Key, Kind
from market.reports import Arrived
from market.spellings import is_stock
from market.stories import Headline, Headlines, web_address

MOST_ROWS = 30
"""Headlines kept of one answer, the newest."""
HEADERS: Mapping[str, str] = {"Accept": "application/rss+xml,application/xml,text/xml;q=0.9"}


def read_headlines(
    body: bytes, key: Key, name: str, source: str, now: datetime
) -> tuple[Headlines, tuple[str, ...]]:
    """Return the newest headlines of an answer, and a sentence if some could not be read.

    Args:
        body: The answer's body.
        key: What it is for.
        name: The feed's name.
        source: Who sent it, for the sentence of an error.
        now: When it came.

    Raises:
        FeedError: refused (a web page), garbled.
    """
    items = read_items(body, source, f"headlines of {key.symbol}")
    rows = [row for item in items if (row := _headline(item)) is not None]
    newest = sorted({row.title: row for row in rows}.values(), key=lambda row: row.at, reverse=True)
    bad = len(items) - len(rows)
    lost = (f"{bad} of {source}'s headlines have no title or no date",) if bad else ()
    kept = tuple(newest[:MOST_ROWS])
    return Headlines(key=key, source=name, fetched_at=now, rows=kept), lost


def _headline(item: Item) -> Headline | None:
    title, at = told(item, "title"), time_of(item)
    if not title or at is None:
        return None
    publisher, url = told(item, "source", "creator"), web_address(item.get("link", ""))
    return Headline(title=title, publisher=publisher, at=at, url=url)


class RssFeed(OneHost):
    """What Yahoo's and Nasdaq's headlines have in common: one request a symbol."""

    name: str
    headers = HEADERS

    def __init__(self, http: Asker, *, base_url: str) -> None:
        """Ask `base_url` through `http`."""
        super().__init__(http, base_url)

    def serves(self, key: Key) -> bool:
        """Return whether a datum is the headlines of a symbol it may know."""
        raise NotImplementedError

    def asked(self, symbol: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Return path and parameters for a symbol."""
        raise NotImplementedError

    def plan(self, keys: Sequence[Key]) -> list[Query]:
        """Return one query a symbol."""
        wanted = (key for key in dict.fromkeys(keys) if self.serves(key))
        return [Query(self.name, (key,), *self.asked(key.symbol)) for key in wanted]

    def parse(self, query: Query, answer: Answer, now: datetime) -> Arrived:
        """Understand the headlines of one symbol; FeedError if they are none."""
        (key,) = query.keys
        rows, lost = read_headlines(answer.body, key, self.name, self.source, now)
        return Arrived(feed=self.name, at=now, keys=query.keys, documents=(rows,), lost=lost)


class YahooHeadlines(RssFeed):
    """Yahoo's headlines, of stocks, funds and indices."""

    name, source = "yahoo_rss", "Yahoo"

    def serves(self, key: Key) -> bool:
        """Return whether a datum is the headlines of a symbol."""
        return key.kind is Kind.HEADLINES and not key.symbol.startswith("@")

    def asked(self, symbol: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Return path and parameters for a symbol."""
        params = (("s", symbol), ("region", "US"), ("lang", "en-US"))
        return "/rss/2.0/headline", params


class NasdaqHeadlines(RssFeed):
    """Nasdaq's headlines, of stocks and funds."""

    name, source = "nasdaq_rss", "Nasdaq"

    def serves(self, key: Key) -> bool:
        """Return whether a datum is the headlines of a stock or a fund."""
        return key.kind is Kind.HEADLINES and is_stock(key.symbol)

    def asked(self, symbol: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Return path and parameters for a symbol; Nasdaq writes classes with a point."""
        return "/feed/rssoutbound", (("symbol", symbol.replace("-", ".")),)
