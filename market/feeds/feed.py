"""What a feed is: it splits wanted data into queries, asks, and parses what comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, Self, runtime_checkable

import msgspec

from market.feeds.responses import Response
from market.quotes import Key, Match
from market.reports import Arrived


class Query(msgspec.Struct, frozen=True):
    """One request: what it is for and where it goes. Two equal queries never run at once."""

    feed: str
    keys: tuple[Key, ...]
    """The data that one answer to this query serves."""
    path: str
    """Path below the feed's base URL, starting with a slash."""
    params: tuple[tuple[str, str], ...] = ()


class Answer(msgspec.Struct, frozen=True):
    """The body of one good answer (HTTP 200) before anybody understood it."""

    body: bytes
    content_type: str = ""
    headers: Mapping[str, str] = msgspec.field(default_factory=dict[str, str])

    @classmethod
    def of(cls, response: Response) -> Self:
        """Return what a feed has to understand of a response."""
        return cls(response.body, response.content_type, response.headers)


class Feed(Protocol):
    """One source of data. Everything but `fetch`, `search` and `aclose` is pure."""

    name: str

    def serves(self, key: Key) -> bool:
        """Return whether this feed can be asked for a datum at all."""
        ...

    def plan(self, keys: Sequence[Key]) -> list[Query]:
        """Group data that are due now into as few queries as the source allows."""
        ...

    def host(self, query: Query) -> str:
        """Return the host whose request budget the query spends now; no name if none is."""
        ...

    async def fetch(self, query: Query) -> Answer:
        """Ask. Raise FeedError for anything but a usable answer."""
        ...

    def parse(self, query: Query, answer: Answer, now: datetime) -> Arrived:
        """Understand an answer. Raise FeedError (garbled, absent) when nothing of it is usable."""
        ...

    async def aclose(self) -> None:
        """Give connections back."""
        ...


@runtime_checkable
class Metered(Protocol):
    """A feed that may make more requests than the one that a query was let in for."""

    def meter(self, spend: Callable[[str], None]) -> None:
        """Have `spend` told host and port of each further request, before it is made.

        It raises FeedError where the host is to be left alone.
        """
        ...


@runtime_checkable
class Searcher(Protocol):
    """A feed that finds symbols by name."""

    async def search(self, text: str) -> Sequence[Match]:
        """Return the best matches; raise FeedError if the source cannot be asked."""
        ...
