"""v1/finance/search: symbols by name."""

from __future__ import annotations

from market.feeds.text import plain
from market.feeds.yahoo.decoding import decode, fault_error, fault_of, salvage
from market.feeds.yahoo.plan import Params
from market.feeds.yahoo.wire import SearchBody, SearchRow
from market.quotes import Match
from market.reports import FeedError

SEARCH_PATH = "/v1/finance/search"
WHAT = "search answer"
MOST_MATCHES = 10


def search_params(text: str) -> Params:
    """Return the parameters that ask for matches and no news."""
    return (("q", text), ("quotesCount", str(MOST_MATCHES)), ("newsCount", "0"))


def parse_search(body: bytes) -> list[Match]:
    """Return the matches, best first; those without a symbol are private companies.

    Raises:
        FeedError: garbled, refused.
    """
    fault = fault_of(body)
    if fault is not None:
        raise fault_error(fault, WHAT, "Yahoo finds nothing of that name")
    matches: list[Match] = []
    for raw in decode(body, SearchBody, WHAT).quotes:
        try:
            row, _ = salvage(raw, SearchRow, WHAT)
        except FeedError:
            continue
        if (symbol := plain(row.symbol or "")) and symbol == row.symbol:
            matches.append(_match(row, symbol))
    return matches


def _match(row: SearchRow, symbol: str) -> Match:
    return Match(
        symbol=symbol,
        name=plain(row.longname or row.shortname or ""),
        quote_type=plain(row.quote_type or ""),
        exchange=plain(row.exch_disp or row.exchange or ""),
    )
