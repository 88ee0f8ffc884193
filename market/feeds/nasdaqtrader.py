"""Nasdaq Trader's list of trading halts on all exchanges, as RSS, in New York time.

No answer of it was recorded: the names of its fields are the published ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from market.agenda import Halt, Halts
from market.feeds.feed import Answer, Query
from market.feeds.http import Asker
from market.feeds.one_host import OneHost
from market.feeds.rss import Item, read_items, told
from market.holdings import WHOLE_MARKET
from market.quotes import Key, Kind
from market.reports import Arrived, ErrorKind, FeedError
from market.sessions import NEW_YORK
from market.spellings import yahoo_of_nasdaq

SOURCE, NAME = "nasdaqtrader", "Nasdaq Trader"
BASE_URL = "https://www.nasdaqtrader.com"
PATH, PARAMS = "/rss.aspx", (("feed", "tradehalts"),)
KEY = Key(Kind.HALTS, WHOLE_MARKET)

_SYMBOL = re.compile(r"[A-Z][A-Z0-9]{0,11}(-[A-Z0-9]{1,6})?", re.ASCII)
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_TIME = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?(?:\.\d+)?", re.ASCII)


class NasdaqTraderFeed(OneHost):
    """Nasdaq Trader as a feed: the halts of all stocks in one answer."""

    name = SOURCE
    source = NAME

    def __init__(self, http: Asker, *, base_url: str = BASE_URL) -> None:
        """Ask `base_url` through `http`."""
        super().__init__(http, base_url)

    def serves(self, key: Key) -> bool:
        """Return whether a datum is the list of halts."""
        return key == KEY

    def plan(self, keys: Sequence[Key]) -> list[Query]:
        """Return the one query there is, if it is wanted."""
        return [Query(self.name, (KEY,), PATH, PARAMS)] if KEY in keys else []

    def parse(self, query: Query, answer: Answer, now: datetime) -> Arrived:
        """Understand the list; FeedError if it is none."""
        halts, lost = read_halts(answer.body, now)
        return Arrived(feed=self.name, at=now, keys=query.keys, documents=(halts,), lost=lost)


def read_halts(body: bytes, now: datetime) -> tuple[Halts, tuple[str, ...]]:
    """Return the halts of an answer, newest first, and a sentence if some could not be read.

    Raises:
        FeedError: refused (a web page), garbled.
    """
    items = read_items(body, NAME, "list of halts")
    rows = [row for item in items if (row := _halt(item)) is not None]
    if items and not rows:
        text = f"{NAME}'s list of halts cannot be read: it lacks symbol, day or time"
        raise FeedError(ErrorKind.GARBLED, text)
    bad = len(items) - len(rows)
    lost = (f"{bad} of {NAME}'s halts have no symbol, day or time",) if bad else ()
    newest = tuple(sorted(rows, key=lambda row: row.halted_at, reverse=True))
    return Halts(key=KEY, source=SOURCE, fetched_at=now, rows=newest), lost


def _halt(item: Item) -> Halt | None:
    symbol = yahoo_of_nasdaq(told(item, "IssueSymbol"))
    halted_at = _at(told(item, "HaltDate"), told(item, "HaltTime"))
    if halted_at is None or not _SYMBOL.fullmatch(symbol):
        return None
    resumed_at = _at(told(item, "ResumptionDate"), told(item, "ResumptionTradeTime"))
    return Halt(
        symbol=symbol,
        name=told(item, "IssueName"),
        code=told(item, "ReasonCode")[:12],
        halted_at=halted_at,
        resumed_at=resumed_at,
    )


def _at(day: str, clock: str) -> datetime | None:
    """Return an instant of New York as UTC: `08/04/2026`, `09:48:32.120`; None without both."""
    days, hours = _DAY.fullmatch(day), _TIME.fullmatch(clock)
    if days is None or hours is None:
        return None
    try:
        on = date(int(days[3]), int(days[1]), int(days[2]))
        at = time(int(hours[1]), int(hours[2]), int(hours[3] or 0))
    except ValueError:
        return None
    return datetime.combine(on, at, NEW_YORK).astimezone(UTC)
