"""The stream as a whole: its connections, what is wanted of it, and its reports."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random

from market.clock import Clock
from market.feeds.stream import Polled, Report
from market.feeds.yahoo_stream.frames import Pricing, read_frame
from market.feeds.yahoo_stream.line import Line
from market.feeds.yahoo_stream.places import Places
from market.feeds.yahoo_stream.prices import SOURCE, Newest, is_of_now, quote_of, said_name
from market.feeds.yahoo_stream.standing import Standing
from market.feeds.yahoo_stream.talk import Ties
from market.quotes import Quote
from market.reports import Arrived, Failed, FeedError

BASE_URL = "wss://streamer.finance.yahoo.com"
PATH = "/?version=2"
FOCUSED_S, UNFOCUSED_S = 0.1, 1.0
"""Seconds between two reports, while somebody looks and while nobody does."""


class YahooStream:
    """Yahoo's stream of prices."""

    name = SOURCE

    def __init__(
        self,
        *,
        base_url: str = BASE_URL,
        connections: int = 1,
        timeout_s: float = 15.0,
        clock: Clock,
        random: Random | None = None,
    ) -> None:
        self._clock = clock
        self._focused = True
        self._places = Places(connections)
        self._wanted: tuple[str, ...] = ()
        self._symbols: dict[str, list[str]] = {}
        """The symbols that are wanted or linger, by what the stream calls them."""
        self._newest = Newest()
        self._news = asyncio.Event()
        self._standing = Standing(connections)
        self._streamed: frozenset[str] = frozenset()
        chance = random or Random()
        self._lines = [
            self._line(number, f"{base_url}{PATH}", timeout_s, chance)
            for number in range(connections)
        ]

    def want(self, symbols: Sequence[str]) -> None:
        """Set whose prices are wanted, the most urgent first."""
        if (wanted := tuple(symbols)) != self._wanted:
            self._wanted = wanted
            self._places.want(wanted, self._clock.monotonic())
            self._symbols.clear()
            for number in range(len(self._lines)):
                for symbol in self._places.on(number, self._clock.monotonic()):
                    self._symbols.setdefault(said_name(symbol), []).append(symbol)
            self._newest.keep_only(self._symbols.keys())
            for line in self._lines:
                line.wake()

    def set_focused(self, focused: bool) -> None:
        """Learn whether somebody looks: if nobody does, reports are made more seldom."""
        self._focused = focused

    async def run(self, report: Report, polled: Polled) -> None:
        """Report ticks until cancelled; a burst between two reports is one."""
        self._streamed = frozenset()
        try:
            async with asyncio.TaskGroup() as group:
                for line in self._lines:
                    group.create_task(line.run(), name=SOURCE)
                group.create_task(self._keep_reporting(report, polled), name=SOURCE)
        finally:
            polled.stream(())

    def _line(self, number: int, url: str, timeout_s: float, random: Random) -> Line:
        return Line(
            url,
            timeout_s,
            clock=self._clock,
            random=random,
            ties=Ties(
                wanted=partial(self._on, number),
                hear=partial(self._hear, number),
                stand=partial(self._stand, number),
                lose=partial(self._lose, number),
            ),
        )

    def _on(self, number: int) -> tuple[str, ...]:
        """Return what a connection carries, as the stream calls it."""
        symbols = self._places.on(number, self._clock.monotonic())
        return tuple(dict.fromkeys(map(said_name, symbols)))

    def _hear(self, number: int, frame: bytes) -> bool:
        tick = read_frame(frame)
        if tick is None:
            return False
        name = tick.id
        if name in self._symbols:
            self._newest.tell(name, tick)
            self._standing.hear(number, name)
            if not self._news.is_set():
                self._news.set()
        return True

    def _stand(self, number: int) -> None:
        self._standing.stand(number)
        self._news.set()

    def _lose(self, number: int, error: FeedError, pause_s: float) -> None:
        at = self._clock.now()
        text = f"prices are polled: {error.text}"
        retry_at = at + timedelta(seconds=pause_s)
        failed = Failed(feed=SOURCE, at=at, keys=(), kind=error.kind, text=text, retry_at=retry_at)
        self._standing.lose(number, failed)
        self._news.set()

    async def _keep_reporting(self, report: Report, polled: Polled) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            self._report(report, polled)
            await self._clock.sleep(FOCUSED_S if self._focused else UNFOCUSED_S)

    def _report(self, report: Report, polled: Polled) -> None:
        """Tell what has happened since the last report, and have the gaps filled."""
        now, (failures, has_stood) = self._clock.now(), self._standing.take_failures()
        for failed in failures:
            report(failed)
        news = tuple(self._newest.take(now))
        self._standing.believe({told.id for told in news if is_of_now(told, now)})
        quotes = tuple(self._quotes(news, now))
        self._tell(polled)
        if quotes or has_stood:
            is_down = self._standing.is_down
            note = _note(len(self._streamed), self._standing.telling)
            report(
                Arrived(
                    feed=SOURCE, at=now, keys=(), quotes=quotes, note=note, is_host_shut=is_down
                )
            )

    def _tell(self, polled: Polled) -> None:
        """Tell who polls what need not be polled, and what was missed."""
        carried = self._standing.carried([self._on(n) for n in range(len(self._lines))])
        streamed = frozenset(s for name in carried for s in self._symbols[name])
        if streamed != self._streamed:
            self._streamed = streamed
            polled.stream(streamed)
        for number in self._standing.take_gaps():
            polled.catch_up(self._places.on(number, self._clock.monotonic()))

    def _quotes(self, news: Iterable[Pricing], now: datetime) -> Iterator[Quote]:
        for told in news:
            for symbol in self._symbols[told.id]:
                if (quote := quote_of(symbol, told, now)) is not None:
                    yield quote


def _note(count: int, lines: int) -> str:
    """Return how many prices come, over how many connections."""
    if not count:
        return "connected; no price has come by itself yet"
    come, are = (
        ("price comes by itself", "is") if count == 1 else ("prices come by themselves", "are")
    )
    over = f" over {lines} connections" if lines > 1 else ""
    return f"{count} {come}{over}, and {are} polled a quarter as often if at all"
