"""Nasdaq: its screener of every listed stock, and its calendars of earnings and of releases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from market.feeds.feed import Answer, Query
from market.feeds.http import Asker
from market.feeds.nasdaq_calendar import PATHS, asked_date, is_day, read_earnings, read_releases
from market.feeds.nasdaq_screener import SOURCE, garbled, read_listings
from market.feeds.one_host import OneHost
from market.holdings import WHOLE_MARKET
from market.quotes import Key, Kind
from market.reports import Arrived, FeedError

BASE_URL = "https://api.nasdaq.com/api"
SCREENER = "/screener/stocks"
PARAMS = (("tableonly", "true"), ("download", "true"))
HEADERS = {
    "Accept": "application/json, text/plain, */*",
    "Accept-Language": "en-US,en;q=0.9",
    "Origin": "https://www.nasdaq.com",
    "Referer": "https://www.nasdaq.com/",
}
"""What Nasdaq's own pages send; without them the connection hangs."""

FEWEST_ROWS = 3000
"""The market has 7,000 stocks; a table below this was cut on its way."""
SHORTEST = 0.8
"""So much of the longest table lately a new one must have."""
PATIENCE = 10
"""So many short tables in a row are the truth after all."""


class NasdaqFeed(OneHost):
    """Nasdaq as a feed: one query for the whole market, and one for each day of a calendar."""

    name = SOURCE
    source, headers = "Nasdaq", HEADERS

    def __init__(self, http: Asker, *, base_url: str = BASE_URL) -> None:
        """Ask `base_url` through `http`."""
        super().__init__(http, base_url)
        self._expected = Expected()

    def serves(self, key: Key) -> bool:
        """Return whether a datum is the listings of the whole market, or a day of a calendar."""
        if key.symbol != WHOLE_MARKET:
            return False
        return key.kind is Kind.LISTINGS or (key.kind in PATHS and is_day(key.span))

    def plan(self, keys: Sequence[Key]) -> list[Query]:
        """Return a query for each datum: none of them come together."""
        return [self._query(key) for key in dict.fromkeys(keys) if self.serves(key)]

    def _query(self, key: Key) -> Query:
        if key.kind is Kind.LISTINGS:
            return Query(self.name, (key,), SCREENER, PARAMS)
        return Query(self.name, (key,), PATHS[key.kind], (("date", asked_date(key)),))

    def parse(self, query: Query, answer: Answer, now: datetime) -> Arrived:
        """Understand the table; FeedError if it is none, or much shorter than the one before."""
        if query.path != SCREENER:
            return self._day(query, answer, now)
        listings, lost = read_listings(answer.body, now)
        self._expected.require(len(listings))
        return Arrived(feed=self.name, at=now, keys=query.keys, listings=listings, lost=lost)

    def _day(self, query: Query, answer: Answer, now: datetime) -> Arrived:
        (key,) = query.keys
        read = read_earnings if key.kind is Kind.EARNINGS else read_releases
        document, lost = read(answer.body, key, now)
        return Arrived(feed=self.name, at=now, keys=query.keys, documents=(document,), lost=lost)


class Expected:
    """How many rows a table must have, judged by those before it."""

    def __init__(self) -> None:
        self._rows = 0
        self._refused = 0

    def require(self, rows: int) -> None:
        """Learn the length of a table; FeedError (garbled) if it is too short to be whole."""
        is_short = rows < SHORTEST * self._rows and self._refused < PATIENCE
        if rows < FEWEST_ROWS or is_short:
            self._refused += 1
            raise _too_short(rows, self._rows)
        self._rows, self._refused = rows, 0


def _too_short(rows: int, before: int) -> FeedError:
    expected = f"the one before had {before:,}" if before else f"at least {FEWEST_ROWS:,} are due"
    return garbled(f"it lists {rows:,} stocks and {expected}")
