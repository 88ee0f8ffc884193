"""The New York Fed's reference rates: EFFR with the target range, and SOFR."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec

from market.clock import Clock
from market.feeds.feed import Answer, Query
from market.feeds.http import Asker
from market.feeds.one_host import OneHost
from market.feeds.responses import require_data
from market.feeds.series import number, report
from market.quotes import Key, Kind
from market.reports import Arrived, ErrorKind, FeedError
from market.sessions import exchange_date

SOURCE, NAME = "nyfed", "The New York Fed"
BASE_URL = "https://markets.newyorkfed.org"
PATHS = {
    "EFFR": "/api/rates/unsecured/effr/search.json",
    "SOFR": "/api/rates/secured/sofr/search.json",
}
"""Where each rate is told between two days."""
FIELDS: Mapping[str, tuple[str, str]] = {
    "EFFR": ("EFFR", "percentRate"),
    "DFEDTARL": ("EFFR", "targetRateFrom"),
    "DFEDTARU": ("EFFR", "targetRateTo"),
    "SOFR": ("SOFR", "percentRate"),
}
"""The series by symbol: the rate they stand with, and the field they stand in."""
HISTORY = timedelta(days=800)
"""So far back a rate is asked for."""


class Row(msgspec.Struct, rename="camel"):
    """One rate on one day; per cent."""

    effective_date: date
    type: str
    percent_rate: float | str | None = None
    target_rate_from: float | str | None = None
    target_rate_to: float | str | None = None


class Body(msgspec.Struct, rename="camel"):
    """The rates between two days, newest first, not yet understood."""

    ref_rates: list[msgspec.Raw]


class NyFedFeed(OneHost):
    """The New York Fed as a feed: one request a rate; the target range comes with EFFR."""

    name = SOURCE
    source = NAME

    def __init__(self, http: Asker, *, base_url: str = BASE_URL, clock: Clock) -> None:
        """Ask `base_url` through `http` for the days before the clock's."""
        super().__init__(http, base_url)
        self._clock = clock

    def serves(self, key: Key) -> bool:
        """Return whether a datum is one of its rates."""
        return key.kind is Kind.PUBLISHED and key.symbol in FIELDS

    def plan(self, keys: Sequence[Key]) -> list[Query]:
        """Return one query a rate."""
        today = exchange_date(self._clock.now())
        days = (("startDate", f"{today - HISTORY}"), ("endDate", f"{today}"))
        wanted = tuple(dict.fromkeys(key for key in keys if self.serves(key)))
        return [
            Query(self.name, part, path, days)
            for rate, path in PATHS.items()
            if (part := tuple(key for key in wanted if FIELDS[key.symbol][0] == rate))
        ]

    def parse(self, query: Query, answer: Answer, now: datetime) -> Arrived:
        """Understand the rates of some days; FeedError if there is none."""
        rate = FIELDS[query.keys[0].symbol][0]
        values: dict[Key, dict[date, float]] = {key: {} for key in query.keys}
        lost: list[str] = []
        for raw in read_rows(answer.body, rate):
            try:
                _take(raw, rate, values)
            except (msgspec.MsgspecError, ValueError):
                lost.append(f"{NAME}: a row of {rate} was left out")
        return report(self.name, values, now, lost)


def read_rows(body: bytes, rate: str) -> Sequence[msgspec.Raw]:
    """Return the rows of an answer; FeedError if it is none."""
    empty = FeedError(ErrorKind.GARBLED, f"{NAME} sent nothing for {rate}")
    require_data(body, NAME, f"the rate {rate}", empty)
    try:
        return msgspec.json.decode(body, type=Body).ref_rates
    except (msgspec.MsgspecError, UnicodeDecodeError):
        text = f"{NAME}'s answer about {rate} was not understood"
        raise FeedError(ErrorKind.GARBLED, text) from None


def _take(raw: msgspec.Raw, rate: str, values: Mapping[Key, dict[date, float]]) -> None:
    """Put one day's numbers where they belong; nothing of a row with an unreadable number."""
    row = msgspec.json.decode(raw, type=Row)
    if row.type != rate:
        raise ValueError(f"a row is about {row.type}")
    told = {key: number(_fields(row)[FIELDS[key.symbol][1]]) for key in values}
    for key, value in told.items():
        if value is not None:
            values[key][row.effective_date] = value


def _fields(row: Row) -> Mapping[str, float | str | None]:
    return {
        "percentRate": row.percent_rate,
        "targetRateFrom": row.target_rate_from,
        "targetRateTo": row.target_rate_to,
    }
