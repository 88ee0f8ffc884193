"""The one polling loop for all feeds.

What the roster says is due is grouped into queries by its feed, passed through its host's
gate, asked, parsed and reported. Every failure becomes a report; a datum whose feed failed
goes on to the next feed of its chain.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from random import Random

from msgspec.structs import replace

from market.clock import Clock
from market.feeds.feed import Feed, Metered, Query
from market.feeds.gate import Gate, Gates
from market.feeds.outcomes import Outcomes
from market.feeds.refreshing import refresh
from market.feeds.roster import Roster
from market.feeds.slots import Slot
from market.feeds.waiting import Waiting
from market.instruments import Cast
from market.quotes import Key, Kind
from market.reports import Arrived, ErrorKind, Failed, FeedError, RefreshAnswer

log = logging.getLogger(__name__)

LONGEST_WAIT_S = 5.0
"""The loop looks up at least this often, so that it notices a jump of the wall clock."""
SHORTEST_WAIT_S = 0.05
LARGE = 2**20
"""An answer of more bytes is understood in a thread of its own: the loop goes on meanwhile."""


class Roads:
    """The endpoints of the feeds, as far as polling can tell them apart.

    One whose last request got no answer takes one request at a time, until one is answered.
    """

    def __init__(self) -> None:
        self.under_way: Counter[tuple[str, Kind]] = Counter()
        self._silent: set[tuple[str, Kind]] = set()

    def is_blocked(self, query: Query) -> bool:
        """Return whether a request must wait for the one that is under way."""
        return _road(query) in self._silent and self.under_way[_road(query)] > 0

    def set_out(self, query: Query) -> None:
        """Learn that a request is under way."""
        self.under_way[_road(query)] += 1

    def come_back(self, query: Query) -> None:
        """Learn that it is not under way any more."""
        self.under_way[_road(query)] -= 1

    def learn(self, query: Query, outcome: Arrived | FeedError) -> None:
        """Learn how it ended."""
        if isinstance(outcome, Arrived):
            self._silent.discard(_road(query))
        elif outcome.kind is ErrorKind.UNREACHABLE:
            self._silent.add(_road(query))


def _road(query: Query) -> tuple[str, Kind]:
    return query.feed, query.keys[0].kind


def _queries(feeds: Mapping[str, Feed], ready: Iterable[tuple[str, Slot]]) -> list[Query]:
    """Group what is ready by feed into queries, the most urgent first."""
    due = sorted(ready, key=lambda item: (item[0], item[1].urgency))
    urgency = {slot.key: slot.urgency for _, slot in due}
    queries = [
        query
        for name, group in groupby(due, key=lambda item: item[0])
        for query in feeds[name].plan(tuple(slot.key for _, slot in group))
    ]
    return sorted(queries, key=lambda query: min(urgency[key] for key in query.keys))


class UnderWay:
    """The requests that are under way, and what comes of them."""

    def __init__(
        self,
        feeds: Mapping[str, Feed],
        clock: Clock,
        roster: Roster,
        gates: Gates,
        outcomes: Outcomes,
        *,
        tell: Callable[[str], None] | None,
        wake: Callable[[], None],
    ) -> None:
        """Begin with none.

        Args:
            feeds: Who is asked, by name.
            clock: Where time comes from.
            roster: Knows the data that are asked for.
            gates: The gates of the hosts.
            outcomes: Is told how each request ended.
            tell: Hears of each request that leaves, by the name of its feed.
            wake: Has it looked again what is due.
        """
        self._feeds = feeds
        self._clock = clock
        self._roster = roster
        self._gates = gates
        self._outcomes = outcomes
        self._tell = tell
        self._wake = wake
        self.roads = Roads()
        self.tasks: set[asyncio.Task[None]] = set()

    async def cancel(self) -> None:
        """End them all."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def gate_of(self, query: Query) -> Gate | None:
        """Return the gate of the host that would be asked now."""
        return self._gates.of(self._feeds[query.feed].host(query))

    def set_out(self, query: Query, gate: Gate | None) -> None:
        """Ask, once the gate has been entered."""
        self._roster.mark(query.keys, in_flight=True)
        self.roads.set_out(query)
        if self._tell is not None:
            self._tell(query.feed)
        task = asyncio.create_task(self._ask(query, gate), name=f"{query.feed} {query.path}")
        self.tasks.add(task)
        task.add_done_callback(self._done)

    async def _ask(self, query: Query, gate: Gate | None) -> None:
        started = self._clock.monotonic()
        outcome: Arrived | FeedError = FeedError(ErrorKind.UNREACHABLE, "captop was stopped")
        try:
            outcome = await _outcome(self._feeds[query.feed], query, self._clock)
        finally:
            now = self._clock.monotonic()
            if gate is not None:
                gate.leave(now, outcome if isinstance(outcome, FeedError) else None)
            self.roads.come_back(query)
            self._roster.mark(query.keys, in_flight=False)
        self.roads.learn(query, outcome)
        then = self.gate_of(query)
        if isinstance(outcome, Arrived):
            self._outcomes.arrived(query, replace(outcome, elapsed_s=now - started), gate=then)
        else:
            self._outcomes.failed(query, outcome, next_gate=then, has_moved=then is not gate)

    def _done(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        self._wake()


class Poller:
    """Keeps the wanted data fresh and reports whatever comes."""

    def __init__(
        self,
        feeds: Mapping[str, Feed],
        cast: Cast,
        clock: Clock,
        report: Callable[[Arrived | Failed], None],
        *,
        per_minute: float = 30,
        random: Random | None = None,
        set_out: Callable[[str], None] | None = None,
    ) -> None:
        chance = random or Random()
        self.roster = Roster(feeds, cast)
        self._feeds = feeds
        self._clock = clock
        self._gates = Gates(per_minute, clock, chance)
        self._outcomes = Outcomes(self.roster, clock, chance, report)
        self._waiting = Waiting(clock)
        self.under_way = UnderWay(
            feeds, clock, self.roster, self._gates, self._outcomes, tell=set_out, wake=self.wake
        )
        for feed in feeds.values():
            if isinstance(feed, Metered):
                feed.meter(self._gates.spend)

    def want(self, visible: Iterable[Key], background: Iterable[Key] = ()) -> None:
        """Set what is kept fresh: `visible` at its full beat, `background` slower."""
        self.roster.want(visible, background)
        self._outcomes.unserved(self.roster.unserved())
        self.wake()

    def run_errands(self, keys: Iterable[Key]) -> None:
        """Set what is fetched with the budget that nothing else needs."""
        if self.roster.run_errands(keys):
            self.wake()

    def refresh(self) -> RefreshAnswer:
        """Make all on screen that may be new due now, as far as its feeds may be asked."""
        answer = refresh(self.roster, self._clock.now(), self._clock.monotonic(), self._pause_s)
        self.wake()
        return answer

    def stream(self, symbols: Iterable[str]) -> None:
        """Learn of which symbols prices come by themselves now: they are asked for more seldom."""
        self.roster.streamed = frozenset(symbols)
        self.wake()

    def catch_up(self, symbols: Iterable[str]) -> None:
        """Ask once for what symbols were told while nothing came by itself."""
        self.roster.catch_up(symbols)
        self.wake()

    def wake(self) -> None:
        """Look again at what is due: focus or pace have changed."""
        self._waiting.wake()

    async def run(self) -> None:
        """Poll until cancelled."""
        self.roster.first_picture.begin(self._clock.monotonic())
        try:
            while True:
                self._waiting.begin()
                await self._waiting.wait(self._start_due())
        finally:
            await self.under_way.cancel()

    async def run_once(self) -> None:
        """Ask for every wanted datum until each was answered or all its feeds have failed."""
        for slot in self.roster:
            slot.answered = None
        while True:
            self._waiting.begin()
            self._start_due()
            now = self._clock.monotonic()
            if not any(s.answered is None and (s.in_flight or s.pick(now)) for s in self.roster):
                return
            await self._waiting.wait(LONGEST_WAIT_S if self.under_way.tasks else SHORTEST_WAIT_S)

    def _pause_s(self, feed: str, key: Key) -> float:
        """Return how long the host that a feed would ask for a datum is left alone."""
        queries = self._feeds[feed].plan((key,))
        return self._gates.pause_s({self._feeds[feed].host(query) for query in queries})

    def _start_due(self) -> float:
        """Start every query that may start now; return seconds until the next could."""
        wall, now = self._clock.now(), self._clock.monotonic()
        if self._waiting.has_jumped():
            self.roster.forgive(now)
            self._gates.forgive()
        due = self.roster.due(wall, now, self._clock.speed)
        soonest = due.soonest_s
        for query in _queries(self._feeds, due.ready):
            soonest = min(soonest, self._start(query, now))
        return max(SHORTEST_WAIT_S, min(soonest, LONGEST_WAIT_S))

    def _start(self, query: Query, now: float) -> float:
        """Ask if the host's gate lets us; return seconds until something else can start."""
        if self.under_way.roads.is_blocked(query):
            return LONGEST_WAIT_S
        gate = self.under_way.gate_of(query)
        if gate is not None:
            is_errand = all(self.roster[key].is_errand for key in query.keys)
            if gate.pause_s(now) and not is_errand:
                self._outcomes.held_up(query, gate)
                return SHORTEST_WAIT_S
            wait = gate.spare_wait_s(now) if is_errand else gate.wait_s(now)
            if wait > 0:
                return wait
            gate.enter(now)
        self.under_way.set_out(query, gate)
        return LONGEST_WAIT_S


async def _outcome(feed: Feed, query: Query, clock: Clock) -> Arrived | FeedError:
    """Ask and understand. A bug in a feed costs that feed's numbers, nothing else."""
    try:
        answer = await feed.fetch(query)
        now = clock.now()
        if len(answer.body) > LARGE:
            return await asyncio.to_thread(feed.parse, query, answer, now)
        return feed.parse(query, answer, now)
    except FeedError as error:
        return error
    except Exception as bug:
        log.exception("feed %s failed on %s", query.feed, query.path)
        text = f"captop could not handle an answer of {query.feed} ({type(bug).__name__})"
        return FeedError(ErrorKind.GARBLED, text)
