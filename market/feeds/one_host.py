"""What is the same for every feed that asks one host by one address."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from market.feeds.feed import Query
from market.feeds.http import Asker


class OneHost:
    """The part of a feed that knows where it asks, and what its requests are paid from."""

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

    async def aclose(self) -> None:
        """Give connections back."""
        await self._http.aclose()
