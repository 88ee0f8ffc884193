"""Which requests serve which data: one chart a symbol, sparks by twenty, quotes by the hundred."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from market.feeds.feed import Query
from market.feeds.yahoo.series import SOURCE
from market.quotes import DOCUMENTS, Key, Kind

CHART_PATH = "/v8/finance/chart/"
SPARK_PATH = "/v8/finance/spark"
QUOTE_PATH = "/v7/finance/quote"

SPARK_LIMIT = 20
"""Symbols a spark may name; one more is answered with 400."""

INTERVALS_S = {"1m": 60, "5m": 300, "15m": 900, "1d": 86_400}

Params = tuple[tuple[str, str], ...]

_SPANS: dict[str, tuple[str, str]] = {"5D": ("5d", "5m"), "1M": ("1mo", "15m")}
"""Range and interval of the symbol screen's charts that are neither of today nor daily."""

_QUOTE_FIELDS = (
    *("symbol", "quoteType", "currency", "fullExchangeName", "longName", "shortName"),
    *("priceHint", "exchangeDataDelayedBy", "marketState", "marketCap"),
    *("regularMarketTime", "regularMarketPrice", "regularMarketOpen", "regularMarketDayHigh"),
    *("regularMarketDayLow", "regularMarketVolume", "regularMarketPreviousClose"),
    *("preMarketPrice", "preMarketTime", "postMarketPrice", "postMarketTime"),
    *("fiftyTwoWeekHigh", "fiftyTwoWeekLow", "fiftyDayAverage", "twoHundredDayAverage"),
    "averageDailyVolume3Month",
)
_WITHOUT_DATA = frozenset({"^RVX"})
_SYMBOL = re.compile(r"(?!@)(?=.*[A-Za-z0-9])[!-+\--~]{1,24}")
"""Printable, not blank, no comma, which parts the symbols of a batch, and no @, which begins
those of captop's own groups."""
_OF_OTHERS = DOCUMENTS | {Kind.HOLDINGS, Kind.LISTINGS}
"""What no symbol's page tells: a fund's members and the whole market in one answer."""


def is_served(key: Key) -> bool:
    """Return whether Yahoo can be asked for a datum at all."""
    if key.symbol in _WITHOUT_DATA or not _SYMBOL.fullmatch(key.symbol):
        return False
    if key.kind in _OF_OTHERS:
        return False
    return key.kind is not Kind.CHART or key.span in _SPANS


def queries_for(keys: Sequence[Key], quote_batch: int) -> list[Query]:
    """Return the requests that serve these data.

    Args:
        keys: In order of urgency; each is served by exactly one query.
        quote_batch: Symbols a v7 quote may name.
    """
    wanted = [key for key in dict.fromkeys(keys) if is_served(key)]
    charts = [_chart(key) for key in wanted if _chart_params(key) is not None]
    today = _sparks(wanted, {Kind.QUOTE, Kind.TRACE, Kind.DAY}, "1d", "5m")
    years = _sparks(wanted, {Kind.CLOSES}, "2y", "1d")
    past = _sparks(wanted, {Kind.PAST}, "2y", "1d")
    pages = _pages(wanted, {Kind.DETAILS}, quote_batch)
    members = _pages(wanted, {Kind.MEMBER, Kind.PROFILE}, quote_batch)
    return [*charts, *today, *years, *past, *pages, *members]


def interval_of(query: Query) -> int:
    """Return the seconds that a bar of the answer spans."""
    return INTERVALS_S[dict(query.params)["interval"]]


def symbols_of(query: Query) -> tuple[str, ...]:
    """Return the symbols a query asks for, each once."""
    return tuple(dict.fromkeys(key.symbol for key in query.keys))


def _chart(key: Key) -> Query:
    path = CHART_PATH + quote(key.symbol, safe="")
    return Query(SOURCE, (key,), path, _chart_params(key) or ())


def _chart_params(key: Key) -> Params | None:
    match key.kind:
        case Kind.INTRADAY:
            shape = (("range", "1d"), ("interval", "1m"), ("includePrePost", "true"))
            return (*shape, ("events", "div,splits"))
        case Kind.DAILY:
            shape = (("range", "5y"), ("interval", "1d"), ("includePrePost", "false"))
            return (*shape, ("events", "div,splits,capitalGains"))
        case Kind.PAST_BARS:
            shape = (("range", "2y"), ("interval", "1d"), ("includePrePost", "false"))
            return (*shape, ("events", "div,splits"))
        case Kind.CHART:
            span, interval = _SPANS[key.span]
            return (("range", span), ("interval", interval), ("includePrePost", "false"))
        case _:
            return None


def _sparks(keys: Iterable[Key], kinds: set[Kind], span: str, interval: str) -> list[Query]:
    return [
        Query(
            SOURCE, batch, SPARK_PATH, (*_symbols(batch), ("range", span), ("interval", interval))
        )
        for batch in _batches(keys, kinds, SPARK_LIMIT)
    ]


def _pages(keys: Iterable[Key], kinds: set[Kind], size: int) -> list[Query]:
    fields = ("fields", ",".join(_QUOTE_FIELDS))
    batches = _batches(keys, kinds, size)
    return [Query(SOURCE, batch, QUOTE_PATH, (*_symbols(batch), fields)) for batch in batches]


def _batches(keys: Iterable[Key], kinds: set[Kind], size: int) -> list[tuple[Key, ...]]:
    """Keys of these kinds, at most `size` symbols together, a symbol's keys never parted."""
    by_symbol: dict[str, list[Key]] = {}
    for key in keys:
        if key.kind in kinds:
            by_symbol.setdefault(key.symbol, []).append(key)
    groups = list(by_symbol.values())
    return [
        tuple(key for group in groups[start : start + size] for key in group)
        for start in range(0, len(groups), size)
    ]


def _symbols(batch: tuple[Key, ...]) -> Params:
    return (("symbols", ",".join(dict.fromkeys(key.symbol for key in batch))),)
