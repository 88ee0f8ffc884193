"""What is the same for every feed that asks one host by one address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from market.feeds.feed import Answer, Query
from market.feeds.http import Asker, Request, check


class OneHost:
    """The part of a feed that knows where it asks, and what its requests are paid from."""

    source: str = ""
    """Who answers, for the sentence of an error; by default the host."""
    headers: Mapping[str, str] = {}
    """What its requests tell beyond what all do."""

    def __init__(self, http: Asker, base_url: str) -> None:
        """Ask `base_url` through `http`."""
        self._http = http
        self._base_url = base_url.rstrip("/")

    def host(self, query: Query) -> str:
        """Return the one host that is asked, with its port."""
        del query
        return urlsplit(self._base_url).netloc

    def meter(self, spend: Callable[[str], None]) -> None:
        """Have every request beyond a query's own, such as a redirect, pay like any request."""
        self._http.spend = spend

    async def fetch(self, query: Query) -> Answer:
        """Ask for what a query names, in one request; FeedError unless that is answered."""
        url = self._base_url + query.path
        response = await self._http.send(Request(url, params=query.params, headers=self.headers))
        check(response, self.source)
        return Answer.of(response)

    async def aclose(self) -> None:
        """Give connections back."""
        await self._http.aclose()
