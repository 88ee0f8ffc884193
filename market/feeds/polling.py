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
from datetime import datetime, timedelta
from itertools import groupby
from random import Random

from msgspec.structs import replace

from market.clock import Clock
from market.feeds.feed import Feed, Query
from market.feeds.gate import Gate, jitter
from market.feeds.roster import RefreshAnswer, Roster
from market.feeds.slots import Slot
from market.instruments import Cast
from market.quotes import Key, Kind
from market.reports import Arrived, Blame, ErrorKind, Failed, FeedError

log = logging.getLogger(__name__)

LONGEST_WAIT_S = 5.0
"""The loop looks up at least this often, so that it notices a jump of the wall clock."""
SHORTEST_WAIT_S = 0.05
JUMP_S = 20.0
"""A difference this large between wall and monotonic time is a jump, not a correction."""
JITTER = 0.1


_Road = tuple[str, Kind]
"""One endpoint of one feed, as far as polling can tell them apart."""


def _road(query: Query) -> _Road:
    return query.feed, query.keys[0].kind


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
    ) -> None:
        self.roster = Roster(feeds, cast)
        self._feeds = feeds
        self._clock = clock
        self._report = report
        self._per_minute = per_minute
        self._random = random or Random()
        self._gates: dict[str, Gate] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._under_way: Counter[_Road] = Counter()
        self._silent: set[_Road] = set()
        """Roads whose last request got no answer: one request at a time until one does."""
        self._news = asyncio.Event()
        self._wall = clock.now()
        self._monotonic = clock.monotonic()

    def want(self, visible: Iterable[Key], background: Iterable[Key] = ()) -> None:
        """Set what is kept fresh: `visible` at its full beat, `background` slower."""
        self.roster.want(visible, background)
        self._news.set()

    def refresh(self) -> RefreshAnswer:
        """Make everything on screen due now, as far as its feeds may be asked."""
        answer = self.roster.refresh(self._clock.monotonic(), self._pause_s)
        self._news.set()
        return answer

    def _pause_s(self, feed: str, key: Key) -> float:
        """Return how long the host that a feed would ask for a datum is left alone."""
        hosts = {self._feeds[feed].host(query) for query in self._feeds[feed].plan((key,))}
        gates = (self._gates[host] for host in hosts if host in self._gates)
        return max((gate.pause_s(self._clock.monotonic()) for gate in gates), default=0.0)

    def wake(self) -> None:
        """Look again at what is due: focus or pace have changed."""
        self._news.set()

    async def run(self) -> None:
        """Poll until cancelled."""
        try:
            while True:
                self._news.clear()
                await self._wait(self._start_due())
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def run_once(self) -> None:
        """Ask for every wanted datum until each was answered or all its feeds have failed."""
        for slot in self.roster:
            slot.answered = None
        while True:
            self._news.clear()
            self._start_due()
            now = self._clock.monotonic()
            if not any(s.answered is None and (s.in_flight or s.pick(now)) for s in self.roster):
                return
            await self._wait(LONGEST_WAIT_S if self._tasks else SHORTEST_WAIT_S)

    def _start_due(self) -> float:
        """Start every query that may start now; return seconds until the next could."""
        wall, now = self._clock.now(), self._clock.monotonic()
        self._notice_jump(wall, now)
        due = self.roster.due(wall, now, self._clock.speed)
        soonest = due.soonest_s
        for query in self._queries([(feed, slot.key) for feed, slot in due.ready]):
            soonest = min(soonest, self._start(query, now))
        return max(SHORTEST_WAIT_S, min(soonest, LONGEST_WAIT_S))

    def _queries(self, ready: list[tuple[str, Key]]) -> list[Query]:
        """Group what is ready by feed into queries, the most urgent first."""
        urgency = {key: self.roster[key].urgency for _, key in ready}
        ready.sort(key=lambda item: (item[0], urgency[item[1]]))
        queries = [
            query
            for name, group in groupby(ready, key=lambda item: item[0])
            for query in self._feeds[name].plan(tuple(key for _, key in group))
        ]
        return sorted(queries, key=lambda query: min(urgency[key] for key in query.keys))

    def _start(self, query: Query, now: float) -> float:
        """Ask if the host's gate lets us; return seconds until something else can start."""
        road = _road(query)
        if road in self._silent and self._under_way[road]:
            return LONGEST_WAIT_S
        gate = self._gate(self._feeds[query.feed].host(query))
        if gate is not None:
            if gate.pause_s(now):
                self._pass_on(query, gate, now)
                return SHORTEST_WAIT_S
            wait = gate.wait_s(now)
            if wait > 0:
                return wait
            gate.enter(now)
        for key in query.keys:
            self.roster[key].in_flight = True
        self._under_way[road] += 1
        task = asyncio.create_task(self._ask(query, gate), name=f"{query.feed} {query.path}")
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return LONGEST_WAIT_S

    def _pass_on(self, query: Query, gate: Gate, now: float) -> None:
        """Let data go on to the next feed of their chain while a host is left alone."""
        stuck: list[Key] = []
        for key in query.keys:
            slot = self.roster[key]
            source = slot.source(query.feed)
            source.not_before = max(source.not_before, now + gate.pause_s(now))
            source.error = gate.error
            if not slot.candidates(now):
                stuck.append(key)
        if stuck and gate.error is not None:
            waiting = replace(query, keys=tuple(stuck))
            self._report(self._failure(waiting, gate.error, tuple(stuck), now))

    def _gate(self, host: str) -> Gate | None:
        """The host's gate; a feed without a host, such as the simulated market, has none."""
        if not host:
            return None
        if host not in self._gates:
            self._gates[host] = Gate(self._per_minute, self._random)
        return self._gates[host]

    async def _ask(self, query: Query, gate: Gate | None) -> None:
        started = self._clock.monotonic()
        outcome: Arrived | FeedError = FeedError(ErrorKind.UNREACHABLE, "captop was stopped")
        try:
            outcome = await self._outcome(query)
        finally:
            now = self._clock.monotonic()
            if gate is not None:
                gate.leave(now, outcome if isinstance(outcome, FeedError) else None)
            self._under_way[_road(query)] -= 1
            for key in query.keys:
                self.roster[key].in_flight = False
        if isinstance(outcome, FeedError):
            self._note_failure(query, outcome, gate, now)
        else:
            self._note_arrival(query, replace(outcome, elapsed_s=now - started))

    async def _outcome(self, query: Query) -> Arrived | FeedError:
        """Ask and understand. A bug in a feed costs that feed's numbers, nothing else."""
        feed = self._feeds[query.feed]
        try:
            answer = await feed.fetch(query)
            return feed.parse(query, answer, self._clock.now())
        except FeedError as error:
            return error
        except Exception as bug:
            log.exception("feed %s failed on %s", query.feed, query.path)
            text = f"captop could not handle an answer of {query.feed} ({type(bug).__name__})"
            return FeedError(ErrorKind.GARBLED, text)

    def _note_arrival(self, query: Query, report: Arrived) -> None:
        self._silent.discard(_road(query))
        now, factor = self._clock.monotonic(), jitter(self._random)
        stretch = self._random.uniform(1 - JITTER, 1 + JITTER)
        lacking = {absent.key: absent.reason for absent in report.absent}
        for key in query.keys:
            slot = self.roster[key]
            if key in lacking:
                gone = FeedError(ErrorKind.ABSENT, lacking[key])
                slot.note_failure(query.feed, gone, now, factor)
            else:
                slot.note_answer(query.feed, self._clock.now(), stretch)
        self._report(report)

    def _note_failure(self, query: Query, error: FeedError, gate: Gate | None, now: float) -> None:
        if error.kind is ErrorKind.UNREACHABLE:
            self._silent.add(_road(query))
        exhausted: list[Key] = []
        factor = jitter(self._random)
        gate_now = self._gate(self._feeds[query.feed].host(query))
        for key in query.keys:
            slot = self.roster[key]
            slot.note_failure(query.feed, error, now, factor)
            if gate_now is not gate:
                slot.try_other_host(query.feed, now)
            source = slot.source(query.feed)
            if gate_now is not None:
                source.not_before = max(source.not_before, now + gate_now.pause_s(now))
            if not slot.candidates(now):
                exhausted.append(key)
                slot.rest()
        self._report(self._failure(query, error, tuple(exhausted), now))

    def _failure(
        self, query: Query, error: FeedError, exhausted: tuple[Key, ...], now: float
    ) -> Failed:
        retry = min(self.roster[key].source(query.feed).not_before for key in query.keys)
        at = self._clock.now()
        blames = (self._blame(self.roster[key], at, now) for key in exhausted)
        return Failed(
            feed=query.feed,
            at=at,
            keys=query.keys,
            kind=error.kind,
            text=error.text,
            retry_at=at + timedelta(seconds=max(0.0, retry - now)),
            exhausted=exhausted,
            blames=tuple(blame for blame in blames if blame is not None),
        )

    def _blame(self, slot: Slot, at: datetime, now: float) -> Blame | None:
        source = slot.blamed()
        if source is None or source.error is None:
            return None
        retry_at = at + timedelta(seconds=max(0.0, slot.earliest() - now))
        return Blame(slot.key, source.feed, source.error.kind, source.error.text, retry_at)

    def _notice_jump(self, wall: datetime, now: float) -> None:
        """After a laptop's sleep or a changed clock, do not wait out old pauses."""
        drift = (wall - self._wall).total_seconds() - (now - self._monotonic) * self._clock.speed
        self._wall, self._monotonic = wall, now
        if abs(drift) > JUMP_S:
            self.roster.forgive(now)
            for gate in self._gates.values():
                gate.forgive(now)

    async def _wait(self, seconds: float) -> None:
        sleeper = asyncio.ensure_future(self._clock.sleep(min(seconds, LONGEST_WAIT_S)))
        waker = asyncio.ensure_future(self._news.wait())
        try:
            await asyncio.wait((sleeper, waker), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeper.cancel()
            waker.cancel()

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._news.set()
