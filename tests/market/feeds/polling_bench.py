"""A poller on a bench: scripted feeds, a clock that is pushed, and all that it reports."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from market.feeds.feed import Answer, Feed, Query
from market.feeds.polling import Poller
from market.instruments import default_cast
from market.quotes import Key, Kind
from market.reports import Arrived, ErrorKind, Failed, FeedError
from tests.clocks import THURSDAY_AFTERNOON, ManualClock, settle
from tests.market.feeds.scripted import Reply, good

RUT = Key(Kind.INTRADAY, "^RUT")
IWM = Key(Kind.INTRADAY, "IWM")
VIX = Key(Kind.QUOTE, "^VIX")
XBI = Key(Kind.TRACE, "XBI")
RUT_DAYS = Key(Kind.DAILY, "^RUT")
LIMITED = FeedError(ErrorKind.LIMITED, "too many requests")


def fails(error: Exception) -> Reply:
    def reply(query: Query) -> Exception:
        return error

    return reply


def limited_for_the_index(query: Query) -> Answer | FeedError:
    return LIMITED if query.keys == (RUT,) else good(query)


@dataclass
class Bench:
    """A poller, its clock and what it reported."""

    poller: Poller
    clock: ManualClock
    reports: list[Arrived | Failed] = field(default_factory=list[Arrived | Failed])

    @property
    def arrived(self) -> list[Arrived]:
        return [r for r in self.reports if isinstance(r, Arrived)]

    @property
    def failed(self) -> list[Failed]:
        return [r for r in self.reports if isinstance(r, Failed)]


@asynccontextmanager
async def polling(
    feeds: Iterable[Feed],
    visible: Iterable[Key],
    now: datetime | None = None,
    speed: float = 1.0,
) -> AsyncGenerator[Bench]:
    clock = ManualClock(now or THURSDAY_AFTERNOON, speed)
    reports: list[Arrived | Failed] = []
    poller = Poller(
        {feed.name: feed for feed in feeds}, default_cast(), clock, reports.append, random=Random(7)
    )
    poller.want(visible)
    task = asyncio.create_task(poller.run())
    try:
        await settle()
        yield Bench(poller, clock, reports)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
