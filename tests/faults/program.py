"""The program without a screen: real feeds over real sockets, on a clock that is pushed.

The clock stands still while a request is under way, so a run is the same every time and
lasts as long as its requests do, however many hours pass in it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from msgspec.structs import replace

from market.engine_room import EngineRoom
from market.feeds.cboe import CboeFeed
from market.feeds.first_picture import PAINTING_S
from market.feeds.http import Http
from market.feeds.responses import Limits
from market.feeds.yahoo import YahooFeed
from market.freshness import Freshness, freshness
from market.health import Look
from market.interest import Wishes, overview_keys, watch_keys
from market.quotes import Key, Kind
from market.snapshot import Snapshot, empty_snapshot
from market.tape.recorder import Recorder
from tests.clocks import THURSDAY_AFTERNOON, ManualClock, settle
from tests.exchange import Exchange, Request
from tests.exchange.routes import ROOTS
from tests.market.rooms import room_of
from tui.settings import (
    CboeSettings,
    FeedsSettings,
    IsharesSettings,
    NasdaqSettings,
    Settings,
    YahooSettings,
)
from tui.wiring import live_feeds

WATCHED = ("IWM", "XBI", "CRDO", "HIMS")
"""A watchlist with two members of the cast and two stocks of which only the list knows."""
SHORT_S = 0.15
"""Seconds of real time that a test waits for an answer that never comes."""


class _Sums(ThreadPoolExecutor):
    """A worker thread that is slow: what it is given is worked out when somebody looks."""

    def __init__(self) -> None:
        super().__init__(1)
        self._waiting: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Keep it for later."""
        future: Future[Any] = Future()
        self._waiting.append((future, partial(fn, *args, **kwargs)))
        return future

    async def finish(self) -> None:
        """Work out everything, and what follows from it."""
        await settle()
        while self._waiting:
            future, work = self._waiting.pop(0)
            future.set_result(work())
            await settle()


@dataclass
class Dial:
    """The exchange's clock: that of the program under test, unless one of them is wrong."""

    clock: ManualClock = field(default_factory=ManualClock)
    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        return self.clock.now() + self.ahead


class Hall:
    """One exchange for many tests, since making five years of prices takes a while."""

    def __init__(self) -> None:
        self.dial = Dial()
        self.exchange = Exchange(now=self.dial.now)
        self._picture: Snapshot | None = None

    def twin(self) -> Exchange:
        """Return another exchange with the same prices."""
        return Exchange(now=self.dial.now, routes=self.exchange.routes)

    async def picture(self) -> Snapshot:
        """Return the first picture of a healthy afternoon, as the disk would have kept it."""
        if self._picture is None:
            async with started(self.exchange, self.at(THURSDAY_AFTERNOON)) as program:
                await program.start()
                self._picture = program.engine.latest
            self.at(THURSDAY_AFTERNOON)
        return self._picture

    def at(self, now: datetime) -> ManualClock:
        """Put everything in order and return a new clock that stands at `now`."""
        clock = ManualClock(now)
        self.dial.clock, self.dial.ahead = clock, timedelta(0)
        self.exchange.heal()
        self.exchange.consent = False
        return clock


class Program:
    """The engine on the test's own loop, and what it asked of the exchange since it began."""

    def __init__(
        self,
        engine: EngineRoom,
        clock: ManualClock,
        exchange: Exchange,
    ) -> None:
        self.sums = _Sums()
        asyncio.get_running_loop().set_default_executor(self.sums)
        self.engine = engine
        self.clock = clock
        self.exchange = exchange
        cast = engine.latest.cast
        self.visible = overview_keys(cast) | watch_keys(WATCHED, cast)
        self._began = len(exchange.requests)
        self.focus(is_focused=True)

    @property
    def snapshot(self) -> Snapshot:
        """What is known, seen now."""
        return self.engine.latest.at(self.clock.now())

    @property
    def requests(self) -> list[Request]:
        """Everything this program asked of the exchange."""
        return self.exchange.requests[self._began :]

    def asked(self, part: str = "", *, since: int = 0) -> list[Request]:
        """Return its requests whose path has `part` in it, without the first `since` of all."""
        return [request for request in self.requests[since:] if part in request.path]

    def focus(self, *, is_focused: bool, pace: float = 1.0) -> None:
        """Show the overview in a terminal that has, or has not, the focus."""
        wishes = Wishes(self.visible, WATCHED, focused=is_focused, pace=pace)
        self.engine.obey(wishes)

    def look(self, name: str) -> Freshness:
        """Return the freshness of a named metric now."""
        return freshness(self.snapshot, name)

    def looks(self, *names: str) -> dict[str, Look]:
        """Return how metrics look now."""
        return {name: self.look(name).look for name in names}

    def value(self, name: str) -> float | str | None:
        """Return the value of a named metric."""
        return self.engine.latest.reading(name).value

    def spent(self, feed: str) -> float:
        """Return what a feed's host has paid in the minute that ends now."""
        query = self.engine.asking.feeds[feed].plan([_ANY[feed]])[0]
        gate = self.engine.asking.poller.under_way.gate_of(query)
        assert gate is not None
        return len(gate._recent) + gate._in_flight

    async def run(self, seconds: float, step: float = 1.0) -> None:
        """Let time pass, every request answered within the instant at which it was made."""
        end = self.clock.monotonic() + seconds
        await self._answered()
        while (left := end - self.clock.monotonic()) > 0:
            await self.clock.push(min(step, left), step)
            await self._answered()
        await self.sums.finish()

    async def start(self) -> None:
        """Let it ask for its first picture, and for what it leaves until that is painted."""
        await self.run(PAINTING_S)

    async def until(self, condition: Callable[[], bool], within_s: float) -> float:
        """Let time pass until something holds; return the seconds, or fail after `within_s`."""
        began = self.clock.monotonic()
        while not condition():
            assert self.clock.monotonic() - began < within_s, f"not within {within_s:g} s"
            await self.run(20, step=5)
        return self.clock.monotonic() - began

    def are(self, look: Look, *names: str) -> bool:
        """Return whether all metrics look so now."""
        return set(self.looks(*names).values()) == {look}

    async def _answered(self) -> None:
        """Wait until no request is under way."""
        await settle()
        while tasks := set(self.engine.asking.poller.under_way.tasks):
            await asyncio.wait(tasks)
            await settle()

    @contextmanager
    def impatient(self, *feeds: str) -> Generator[None]:
        """Let these feeds give requests up after a moment of real time, while they hang."""
        https = [_http_of(self.engine.asking.feeds[name]) for name in feeds]
        for http in https:
            http._opened()  # a client keeps the limits it was opened with
        usual = [http._limits for http in https]
        for http in https:
            http._limits = Limits(SHORT_S, http._limits.max_bytes)
        try:
            yield
        finally:
            for http, limits in zip(https, usual, strict=True):
                http._limits = limits


_ANY = {"yahoo": Key(Kind.INTRADAY, "IWM"), "cboe": Key(Kind.QUOTE, "^VIX")}


def _http_of(feed: object) -> Http:
    assert isinstance(feed, YahooFeed | CboeFeed)
    http = feed._http
    assert isinstance(http, Http)
    return http


def settings_for(
    exchange: Exchange, alternate: Exchange | None = None, *, members: bool = False
) -> Settings:
    """Return the settings of somebody whose feeds an exchange stands in for.

    Without `members` nobody is asked who is in the index, and Yahoo nothing about them. Feeds of
    documents are off.
    """
    others = {
        name: replace(getattr(FeedsSettings(), name), enabled=False)
        for name in set(FeedsSettings().enabled) - {"yahoo", "cboe", "ishares", "nasdaq"}
    }
    yahoo = YahooSettings(base_url=exchange.url, alternate_url=alternate.url if alternate else None)
    cboe = CboeSettings(base_url=exchange.cboe_url)
    return Settings(
        feeds=FeedsSettings(
            yahoo=yahoo,
            cboe=cboe,
            ishares=IsharesSettings(enabled=members, base_url=exchange.ishares_url),
            nasdaq=NasdaqSettings(enabled=members, base_url=exchange.nasdaq_url),
            impersonate=False,
            max_body_mb=2,
            **others,
        )
    )


@asynccontextmanager
async def started(
    exchange: Exchange,
    clock: ManualClock,
    *,
    alternate: Exchange | None = None,
    first: Snapshot | None = None,
    members: bool = False,
    recorder: Recorder | None = None,
) -> AsyncGenerator[Program]:
    """Start the program; it has asked nothing yet, and knows what is in `first`."""
    settings = settings_for(exchange, alternate, members=members)
    first = first or empty_snapshot(clock.now(), cast=settings.cast)
    per_minute = settings.feeds.requests_per_minute
    feeds = live_feeds(settings, clock)
    engine = room_of(first, feeds, clock, per_minute=per_minute, recorder=recorder)
    program = Program(engine, clock, exchange)
    task = asyncio.create_task(engine.run())
    try:
        yield program
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def by_source(requests: Iterable[Request]) -> Counter[str]:
    """Count requests by the source they were meant for."""
    return Counter(
        next((name for name, root in _ROOTS.items() if r.path.startswith(root)), "yahoo")
        for r in requests
    )


_ROOTS = {name: root for name, root in ROOTS.items() if root}


def busiest_minute(requests: Iterable[Request], source: str) -> int:
    """Return the most requests that one source got within any sixty seconds."""
    times = [r.at for r in requests if by_source([r])[source]]
    minute = timedelta(seconds=60)
    return max((sum(at <= other < at + minute for other in times) for at in times), default=0)
