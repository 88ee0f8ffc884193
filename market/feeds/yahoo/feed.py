"""Yahoo Finance as a feed: it asks, minds its hosts and its crumb, and parses nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from market.clock import Clock, WallClock
from market.feeds.feed import Answer, Query
from market.feeds.http import Asker, Request, Response, check
from market.feeds.yahoo.chart import parse_chart
from market.feeds.yahoo.crumb import Crumb
from market.feeds.yahoo.decoding import fault_error, fault_of, require_data
from market.feeds.yahoo.hosts import SMALLEST_BATCH, BatchSize, Hosts
from market.feeds.yahoo.plan import (
    QUOTE_PATH,
    SPARK_PATH,
    Params,
    is_served,
    queries_for,
    symbols_of,
)
from market.feeds.yahoo.quote import count_rows, is_shortened, parse_quotes
from market.feeds.yahoo.search import SEARCH_PATH, parse_search, search_params
from market.feeds.yahoo.series import SOURCE
from market.feeds.yahoo.spark import parse_spark
from market.instruments import Cast
from market.quotes import Key, Match
from market.reports import Arrived, ErrorKind, FeedError

BASE_URL = "https://query1.finance.yahoo.com"
ALTERNATE_URL = "https://query2.finance.yahoo.com"
COOKIE_URL = "https://fc.yahoo.com"
PAGE_URL = "https://finance.yahoo.com"

_QUOTE_PARAMS: Params = (
    ("formatted", "false"),
    ("lang", "en-US"),
    ("region", "US"),
    ("corsDomain", "finance.yahoo.com"),
)
_TOO_MANY_SYMBOLS = frozenset({400, 413, 414})
_SOON_S = 2.0
"""Wait before a batch that was too large is asked again by halves."""
_MOVING_ON = frozenset({ErrorKind.REFUSED, ErrorKind.LIMITED, ErrorKind.UNREACHABLE})
"""Failures after which the next request goes to the other host."""


class YahooFeed:
    """Charts, sparklines, quotes and search of Yahoo Finance."""

    name = SOURCE

    def __init__(
        self,
        http: Asker,
        *,
        cast: Cast,
        base_url: str = BASE_URL,
        alternate_url: str | None = ALTERNATE_URL,
        cookie_url: str = COOKIE_URL,
        page_url: str = PAGE_URL,
        clock: Clock | None = None,
    ) -> None:
        """Set up without asking anything.

        Args:
            http: The client; it keeps the cookies.
            cast: The instruments; one whose sources leave Yahoo out is not asked for.
            base_url: Where the paths begin.
            alternate_url: A host with the same paths, asked after a refusal.
            cookie_url: Any answer from here carries the cookie.
            page_url: Where quote pages are, and the way to consent begins.
            clock: Measures the pauses between crumbs.
        """
        self._http = http
        self._cast = cast
        self._hosts = Hosts(base_url, alternate_url)
        self._batch = BatchSize()
        self._crumb = Crumb(
            http, clock or WallClock(), self._hosts, cookie_url=cookie_url, page_url=page_url
        )

    def serves(self, key: Key) -> bool:
        """Return whether Yahoo can be asked for a datum: anything but ^RVX."""
        return is_served(key) and self.name in self._cast[key.symbol].sources

    def plan(self, keys: Sequence[Key]) -> list[Query]:
        """Return the requests that serve these data."""
        return queries_for(keys, self._batch.size)

    def host(self, query: Query) -> str:  # noqa: ARG002  all paths live on both hosts
        """Return host and port that would be asked now."""
        return self._hosts.host

    def meter(self, spend: Callable[[str], None]) -> None:
        """Have the way to a crumb, searches and redirects pay like any request."""
        self._http.spend = spend

    async def fetch(self, query: Query) -> Answer:
        """Ask. After a refusal the next request goes to the other host.

        Raises:
            FeedError: of any kind; absent for a symbol that Yahoo does not know.
        """
        if query.path == QUOTE_PATH:
            response = await self._fetch_quotes(query)
        else:
            response = await self._ask(query.path, query.params, what_of(query), _unknown(query))
        return Answer.of(response)

    def parse(self, query: Query, answer: Answer, now: datetime) -> Arrived:
        """Understand an answer.

        Raises:
            FeedError: absent, garbled, refused.
        """
        require_data(answer.body, what_of(query))
        if query.path == QUOTE_PATH:
            return parse_quotes(query, answer.body, now)
        if query.path == SPARK_PATH:
            return parse_spark(query, answer.body, now)
        return parse_chart(query, answer.body, now)

    async def search(self, text: str) -> Sequence[Match]:
        """Return up to ten matches, best first.

        Raises:
            FeedError: if Yahoo cannot be asked, or answers with something else.
        """
        params, nothing = search_params(text), "Yahoo finds nothing of that name"
        response = await self._ask(SEARCH_PATH, params, "search answer", nothing, is_extra=True)
        return parse_search(response.body)

    async def aclose(self) -> None:
        """Give connections back."""
        await self._http.aclose()

    async def _ask(
        self, path: str, params: Params, what: str, absent: str, *, is_extra: bool = False
    ) -> Response:
        """Ask one of the paths that need no crumb."""
        url = self._hosts.url
        try:
            response = await self._send(url + path, params, is_extra=is_extra)
            _require_answer(response, what, absent)
        except FeedError as error:
            if error.kind in _MOVING_ON:
                self._hosts.refused(url)
            raise
        return response

    async def _fetch_quotes(self, query: Query) -> Response:
        url, count = self._hosts.url, len(symbols_of(query))
        try:
            response = await self._ask_quotes(query)
            self._learn_size(response, count)
            _require_fewer(response, count)
            _require_answer(response, what_of(query), _unknown(query))
        except FeedError as error:
            if error.kind is ErrorKind.GARBLED:
                self._batch.refused(count)
            if error.kind in _MOVING_ON - {ErrorKind.REFUSED}:
                self._hosts.refused(url)
            raise
        return response

    def _learn_size(self, response: Response, count: int) -> None:
        if _is_too_much(response, count):
            self._batch.refused(count)
        elif response.status == 200:
            self._batch.accepted(count)

    async def _ask_quotes(self, query: Query) -> Response:
        """Ask with the crumb; where it is refused, once more with a new one."""
        crumb = await self._crumb.value()
        response = await self._ask_with(crumb, query)
        if response.status == 401:
            crumb = await self._crumb.renewed(crumb)
            response = await self._ask_with(crumb, query, is_extra=True)
        if response.status == 401:
            raise self._crumb.given_up("Yahoo refuses its own crumb for quotes")
        if response.status == 200:
            self._crumb.accepted()
        return response

    async def _ask_with(self, crumb: str, query: Query, *, is_extra: bool = False) -> Response:
        params = (*query.params, *_QUOTE_PARAMS, ("crumb", crumb))
        return await self._send(self._hosts.url + query.path, params, is_extra=is_extra)

    async def _send(self, url: str, params: Params, *, is_extra: bool) -> Response:
        hosts = self._hosts.names
        request = Request(url, params=params, allowed_hosts=hosts, is_extra=is_extra)
        return await self._http.send(request)


def what_of(query: Query) -> str:
    """Return what a query asks for, as sentences name it: "chart of IWM"."""
    if query.path == QUOTE_PATH:
        return "quotes"
    return "sparklines" if query.path == SPARK_PATH else f"chart of {query.keys[0].symbol}"


def _unknown(query: Query) -> str:
    symbols = symbols_of(query)
    if len(symbols) != 1:
        return "Yahoo knows none of these symbols"
    return f"Yahoo knows no symbol {symbols[0]}"


def _require_answer(response: Response, what: str, absent: str) -> None:
    """Raise the FeedError that an answer stands for; Yahoo's own word counts most."""
    if 400 <= response.status < 500 and response.status not in {401, 403, 429}:
        fault = fault_of(response.body)
        if fault is not None:
            raise fault_error(fault, what, absent)
    check(response, "Yahoo")
    require_data(response.body, what)


def _require_fewer(response: Response, count: int) -> None:
    """Raise the FeedError for an address that became too long, or a list that is."""
    if response.status in _TOO_MANY_SYMBOLS and count > SMALLEST_BATCH:
        text = f"Yahoo refuses {count} symbols at once: fewer are asked for next"
        raise FeedError(ErrorKind.GARBLED, text, _SOON_S)


def _is_too_much(response: Response, count: int) -> bool:
    """Return whether an answer looks as if fewer symbols had been answered better."""
    if response.status in _TOO_MANY_SYMBOLS or response.status >= 500:
        return True
    if response.status != 200:
        return False
    answered = count_rows(response.body)
    return answered is None or is_shortened(count, answered)
