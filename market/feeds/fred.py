"""FRED, the St. Louis Fed's collection of series: one CSV a series, without a key."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from market.clock import Clock
from market.feeds.feed import Answer, Query
from market.feeds.http import Asker
from market.feeds.one_host import OneHost
from market.feeds.responses import require_data
from market.feeds.series import Values, number, report
from market.feeds.text import plain
from market.quotes import Key, Kind
from market.reports import Arrived, ErrorKind, FeedError
from market.sessions import exchange_date

SOURCE, NAME = "fred", "FRED"
BASE_URL = "https://fred.stlouisfed.org"
PATH = "/graph/fredgraph.csv"
YEARS = 6
"""Of history that are asked for: five, and the year before the first change."""
DATES = frozenset({"observation_date", "DATE"})
"""The first column's title, as it is and as it was until December 2024."""

_SERIES = re.compile(r"[A-Z][A-Z0-9_]{0,39}")


class FredFeed(OneHost):
    """FRED as a feed. A request is for one series: of several, the range asked for is ignored."""

    name = SOURCE
    source = NAME

    def __init__(self, http: Asker, *, base_url: str = BASE_URL, clock: Clock) -> None:
        """Ask `base_url` through `http` for the years before the clock's."""
        super().__init__(http, base_url)
        self._clock = clock

    def serves(self, key: Key) -> bool:
        """Return whether a datum is a published series with a name that FRED could give it."""
        return key.kind is Kind.PUBLISHED and _SERIES.fullmatch(key.symbol) is not None

    def plan(self, keys: Sequence[Key]) -> list[Query]:
        """Return one query a series."""
        first = date(exchange_date(self._clock.now()).year - YEARS, 1, 1)
        wanted = dict.fromkeys(key for key in keys if self.serves(key))
        return [
            Query(self.name, (key,), PATH, (("id", key.symbol), ("cosd", first.isoformat())))
            for key in wanted
        ]

    def parse(self, query: Query, answer: Answer, now: datetime) -> Arrived:
        """Understand a series; FeedError if it is none, another one, or has no value."""
        (key,) = query.keys
        lost: list[str] = []
        return report(self.name, {key: read_csv(answer.body, key.symbol, lost)}, now, lost)


def read_csv(body: bytes, symbol: str, lost: list[str]) -> Values:
    """Return the values of a series by reference date; what is missing is missing.

    Args:
        body: The answer.
        symbol: The series that was asked for.
        lost: Gets a sentence for each row that is left out.

    Raises:
        FeedError: refused (a web page), garbled.
    """
    empty = FeedError(ErrorKind.GARBLED, f"{NAME} sent nothing for {symbol}")
    require_data(body, NAME, f"the series {symbol}", empty)
    rows = csv.reader(body.decode("utf-8-sig", "replace").splitlines())
    header = [cell.strip() for cell in next(rows, ())]
    if not header or header[0] not in DATES:
        raise FeedError(ErrorKind.GARBLED, f"{NAME} sent no table for {symbol}")
    if symbol not in header[1:]:
        told = plain(", ".join(header[1:]))[:40] or "no series"
        raise FeedError(ErrorKind.GARBLED, f"{NAME} told of {told} instead of {symbol}")
    return dict(_values(rows, header.index(symbol), lost))


def _values(
    rows: Iterator[list[str]], column: int, lost: list[str]
) -> Iterator[tuple[date, float]]:
    for row in rows:
        try:
            day, value = date.fromisoformat(row[0].strip()), number(row[column])
        except (ValueError, IndexError):
            lost.append(f"{NAME}: a row {plain(','.join(row))[:60]!r} was left out")
            continue
        if value is not None:
            yield day, value
