"""Errands on the polling loop: what two thousand members cost beside what is on screen."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

from msgspec.structs import replace

from market.errands import DAY_CURVE, next_errands
from market.feeds.feed import Answer, Query
from market.feeds.polling import Poller
from market.feeds.yahoo.plan import QUOTE_PATH, is_served, queries_for
from market.fold import fold
from market.instruments import TRACKER
from market.interest import overview_keys
from market.quotes import Bars, Key, Kind, Quote
from market.reports import Arrived, ErrorKind, Failed, FeedError
from market.sessions import last_completed_session
from market.snapshot import Snapshot, empty_snapshot
from tests.clocks import ManualClock, settle
from tests.market.day_charts import five_days
from tests.market.memberships import NOW, WEDNESDAY, holdings, listings, past, profile, symbols

ALL = symbols(1950)
MEMBERS = symbols(600)
"""Enough that errands never run out while a test looks at them."""
OF_ERRANDS = frozenset({Kind.PAST, Kind.PAST_BARS, Kind.PROFILE, Kind.MEMBER})
LIMITED = FeedError(ErrorKind.LIMITED, "Yahoo says there were too many requests")


@dataclass
class MembersFeed:
    """Yahoo's own questions, answered at once about any symbol."""

    clock: ManualClock
    name: str = "yahoo"
    trouble: Callable[[Query], FeedError | None] = lambda query: None
    asked: list[tuple[float, Query]] = field(default_factory=list[tuple[float, Query]])
    """When, in seconds since the clock was made, and what."""

    def __post_init__(self) -> None:
        self._began = self.clock.monotonic()

    def serves(self, key: Key) -> bool:
        return is_served(key)

    def plan(self, keys: Sequence[Key]) -> list[Query]:
        return queries_for(keys, 250)

    def host(self, query: Query) -> str:
        return "one.example"

    async def fetch(self, query: Query) -> Answer:
        self.asked.append((self.clock.monotonic() - self._began, query))
        await self.clock.sleep(0.3)
        if (error := self.trouble(query)) is not None:
            raise error
        return Answer(b"")

    def parse(self, query: Query, answer: Answer, now: datetime) -> Arrived:
        kind = query.keys[0].kind
        return Arrived(
            feed=self.name,
            at=now,
            keys=query.keys,
            quotes=tuple(_quotes(query, now)),
            bars=tuple(bars for key in query.keys if (bars := _bars(key, now)) is not None),
            profiles=tuple(
                profile(key.symbol, now)
                for key in query.keys
                if kind in {Kind.PROFILE, Kind.MEMBER}
            ),
        )

    async def aclose(self) -> None:
        return

    def times(self, *, errands: bool) -> list[float]:
        """When errands, or everything else, were asked for."""
        return [at for at, query in self.asked if is_errand(query) is errands]

    def symbols_of(self, kind: Kind) -> list[str]:
        """The symbols asked for, in their order."""
        keys = (key for _, query in self.asked for key in query.keys)
        return [key.symbol for key in keys if key.kind is kind]


def is_errand(query: Query) -> bool:
    return query.keys[0].kind in OF_ERRANDS


def _quotes(query: Query, now: datetime) -> list[Quote]:
    if is_errand(query) or query.path == QUOTE_PATH:
        return []
    return [Quote(symbol=k.symbol, last=100.0, as_of=now, source="yahoo") for k in query.keys]


def _bars(key: Key, now: datetime) -> Bars | None:
    if key.kind not in {Kind.PAST, Kind.PAST_BARS}:
        return None
    return past(key.symbol, last_completed_session(now), 10, kind=key.kind)


@dataclass
class Program:
    """A poller that folds what comes and goes on errands, as the engine does."""

    clock: ManualClock
    feed: MembersFeed
    snapshot: Snapshot
    failed: list[Failed] = field(default_factory=list[Failed])

    def __post_init__(self) -> None:
        self.poller = Poller(
            {"yahoo": self.feed}, self.snapshot.cast, self.clock, self.note, random=Random(7)
        )

    def note(self, report: Arrived | Failed) -> None:
        self.snapshot = fold(self.snapshot, report, self.clock.now())
        if isinstance(report, Failed):
            self.failed.append(report)
        self.send()

    def send(self) -> None:
        self.poller.run_errands(next_errands(self.snapshot, self.clock.now()))


@asynccontextmanager
async def running(
    snapshot: Snapshot, *, is_shown: bool = True, now: datetime = NOW
) -> AsyncGenerator[Program]:
    clock = ManualClock(now)
    program = Program(clock, MembersFeed(clock), snapshot)
    program.poller.want(overview_keys(snapshot.cast) if is_shown else ())
    program.send()
    task = asyncio.create_task(program.poller.run())
    try:
        await settle()
        yield program
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def beginning(members: Sequence[str] = MEMBERS) -> Snapshot:
    """The members are known, and nothing about them."""
    return replace(
        empty_snapshot(NOW),
        holdings={TRACKER: holdings(members)},
        listings=listings(members),
        bars={DAY_CURVE: five_days(WEDNESDAY)},
    )


def busiest_minute(times: Sequence[float]) -> int:
    return max(sum(start <= at < start + 60 for at in times) for start in times)


def longest_gaps(feed: MembersFeed, *kinds: Kind) -> dict[Key, float]:
    """The longest time between two asks for each datum of some kinds."""
    seen: defaultdict[Key, list[float]] = defaultdict(list)
    for at, query in feed.asked:
        for key in query.keys:
            if key.kind in kinds:
                seen[key].append(at)
    return {key: max(b - a for a, b in pairwise(at)) for key, at in seen.items()}


async def test_ten_minutes_beside_the_overview_stay_within_the_budget() -> None:
    old = listings(ALL, at=NOW - timedelta(minutes=10))  # too old for the last five of them
    async with running(replace(beginning(ALL), listings=old)) as program:
        await program.clock.push(600)
        feed = program.feed
        everything = [at for at, _ in feed.asked]
        assert busiest_minute(everything) <= 30, everything
        assert len(feed.times(errands=True)) >= 10 * 4, "it gets on"
        gaps = longest_gaps(feed, Kind.INTRADAY, Kind.TRACE)
        late = {key: gap for key, gap in gaps.items() if gap > 2 * 15 + 5}
        assert gaps
        assert not late, "what is on screen never waits for an errand"
        assert feed.symbols_of(Kind.MEMBER)
        assert not program.failed


def batches(size: int) -> list[set[str]]:
    """The members by the batch, the heaviest first."""
    return [set(ALL[start : start + size]) for start in range(0, len(ALL), size)]


async def test_closes_come_first_the_heaviest_before_the_others() -> None:
    async with running(beginning(ALL), is_shown=False) as program:
        await program.clock.push(600)
        feed = program.feed
        closes = feed.symbols_of(Kind.PAST)
        assert [set(closes[n : n + 20]) for n in range(0, len(ALL), 20)] == batches(20)
        pages = feed.symbols_of(Kind.PROFILE)
        assert [set(pages[n : n + 250]) for n in range(0, len(ALL), 250)] == batches(250)
        bars = feed.symbols_of(Kind.PAST_BARS)
        assert len(bars) >= 60
        assert len(set(ALL[: len(bars)]) - set(bars)) <= 1, "of two at a time one may be left"
        assert busiest_minute(feed.times(errands=True)) <= 21


async def test_an_errand_interrupted_is_taken_up_where_it_was_left() -> None:
    async with running(beginning(), is_shown=False) as program:
        await program.clock.push(60)
        first = program.feed.symbols_of(Kind.PAST)
        kept = program.snapshot
    # The next start knows what is on disk, and nothing of when it was asked for.
    assert 0 < len(first) < len(MEMBERS)
    async with running(replace(kept, fetched={}), is_shown=False) as program:
        await program.clock.push(600)
        again = program.feed.symbols_of(Kind.PAST)
    lost = set(first) - kept.past.keys()
    assert len(lost) <= 20, "at most the request that was under way"
    assert sorted([*first, *again]) == sorted([*MEMBERS, *lost])


async def test_when_all_is_known_nothing_more_is_asked() -> None:
    some = symbols(40)
    snapshot = replace(beginning(), holdings={TRACKER: holdings(some)})
    async with running(snapshot, is_shown=False) as program:
        await program.clock.push(900)
        done = len(program.feed.asked)
        assert done == 2 + 1 + 40, "two of closes, one of pages, and each one's bars"
        await program.clock.push(900)
        assert len(program.feed.asked) == done


async def test_a_429_stops_errands_first() -> None:
    async with running(beginning()) as program:
        await program.clock.push(300)
        program.feed.trouble = lambda query: LIMITED if is_errand(query) else None
        await program.clock.push(20)
        program.feed.trouble = lambda query: None
        refused = program.clock.monotonic()
        before = len(program.feed.asked)
        await program.clock.push(300)
        since = program.feed.asked[before:]
        assert since
        assert not is_errand(since[0][1]), "the probe is for what is on screen"
        begun = refused - 1000.0
        shown = next(at for at, query in since if not is_errand(query)) - begun
        errand = next(at for at, query in since if is_errand(query)) - begun
        assert errand > shown + 30


async def test_while_a_host_is_left_alone_errands_are_no_trouble() -> None:
    async with running(beginning(), is_shown=False) as program:
        program.feed.trouble = lambda query: LIMITED
        await program.clock.push(600)
        asked = {key for _, query in program.feed.asked for key in query.keys}
        assert len(program.feed.asked) <= 5
        assert program.snapshot.troubles.keys() <= asked
        assert len(program.failed) <= 5


async def test_a_batch_that_cannot_be_read_does_not_block_the_others() -> None:
    broken = FeedError(ErrorKind.GARBLED, "Yahoo's sparklines cannot be read")

    def trouble(query: Query) -> FeedError | None:
        return broken if Key(Kind.PAST, "M3") in query.keys else None

    async with running(beginning(), is_shown=False) as program:
        program.feed.trouble = trouble
        await program.clock.push(600)
        lacking = [symbol for symbol in MEMBERS if symbol not in program.snapshot.past]
        assert "M3" in lacking
        assert len(lacking) <= 20


async def test_a_lost_crumb_costs_the_pages_alone() -> None:
    lost = FeedError(ErrorKind.REFUSED, "Yahoo gives no crumb for quotes", 600.0)

    async with running(beginning(), is_shown=False) as program:
        program.feed.trouble = lambda query: lost if query.path == QUOTE_PATH else None
        await program.clock.push(600)
        assert program.snapshot.past.keys() == set(MEMBERS)
        assert len([q for _, q in program.feed.asked if q.path == QUOTE_PATH]) <= 3


async def test_members_that_the_listings_lack_are_renewed_on_their_beat() -> None:
    snapshot = replace(beginning(), listings=listings(MEMBERS[3:]))
    async with running(snapshot, is_shown=False) as program:
        await program.clock.push(600)
        asked = program.feed.symbols_of(Kind.MEMBER)
        assert set(asked) == {"M0", "M1", "M2"}
        assert 4 * 3 <= len(asked) <= 6 * 3, "every two minutes"


async def test_one_evening_completes_what_the_listings_did_not() -> None:
    some = symbols(5)
    night = NOW + timedelta(hours=7)
    snapshot = replace(beginning(), holdings={TRACKER: holdings(some)})
    async with running(snapshot, is_shown=False, now=night) as program:
        await program.clock.push(120)
        known = program.snapshot.past
        assert {bars.times[-1] for bars in known.values()} == {
            past("M0", last_completed_session(night)).times[-1]
        }


async def test_what_somebody_wants_is_no_errand_any_more() -> None:
    key = Key(Kind.PROFILE, "M0")
    async with running(empty_snapshot(NOW), is_shown=False) as program:
        program.poller.run_errands([key])
        assert program.poller.roster[key].is_errand
        program.poller.want([key])
        assert not program.poller.roster[key].is_errand
        await program.clock.push(30)
        assert [query.keys for _, query in program.feed.asked] == [(key,)]


async def test_an_errand_that_is_called_off_is_not_run() -> None:
    key = Key(Kind.PROFILE, "M0")
    async with running(empty_snapshot(NOW), is_shown=False) as program:
        program.poller.run_errands([key])
        program.poller.run_errands([])
        await program.clock.push(30)
        assert program.feed.asked == []
