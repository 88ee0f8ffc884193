"""A feed that answers by script: real queries, real parsing rules, no network."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from market.feeds.feed import Answer, Query
from market.quotes import Key, Kind, Quote
from market.reports import Arrived, FeedError

Reply = Callable[[Query], Answer | FeedError | Exception]


def good(query: Query) -> Answer:
    return Answer(b"100.0")


class ScriptedFeed:
    """Serves every key; batches TRACE and CLOSES by 20; records what it was asked and when."""

    def __init__(
        self,
        name: str = "yahoo",
        reply: Reply = good,
        *,
        host: str = "one.example",
        batch: int = 20,
    ) -> None:
        self.name = name
        self.reply = reply
        self.asked: list[Query] = []
        self.unserved: set[Key] = set()
        self.hold: asyncio.Event | None = None
        self.closed = False
        self._host = host
        self._batch = batch

    def serves(self, key: Key) -> bool:
        return key not in self.unserved

    def plan(self, keys: Sequence[Key]) -> list[Query]:
        singles = [k for k in keys if k.kind not in {Kind.TRACE, Kind.CLOSES}]
        queries = [Query(self.name, (key,), f"/{key.kind}/{key.symbol}") for key in singles]
        for kind in (Kind.TRACE, Kind.CLOSES):
            some = [k for k in keys if k.kind is kind]
            groups = (some[n : n + self._batch] for n in range(0, len(some), self._batch))
            queries += [Query(self.name, tuple(group), f"/{kind}") for group in groups]
        return queries

    def host(self, query: Query) -> str:
        return self._host

    async def fetch(self, query: Query) -> Answer:
        self.asked.append(query)
        if self.hold is not None:
            await self.hold.wait()
        reply = self.reply(query)
        if isinstance(reply, Exception):
            raise reply
        return reply

    def parse(self, query: Query, answer: Answer, now: datetime) -> Arrived:
        quotes = tuple(
            Quote(symbol=key.symbol, last=float(answer.body), as_of=now, source=self.name)
            for key in query.keys
        )
        return Arrived(feed=self.name, at=now, keys=query.keys, quotes=quotes)

    async def aclose(self) -> None:
        self.closed = True
