"""A pane left open while the market is closed: what is missing comes once, and then it rests."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from market.engine_room import EngineRoom
from market.feeds.feed import Answer, Query
from market.holdings import Listings
from market.interest import Wishes
from market.quotes import OF_THE_INDEX, Key, Kind
from market.reports import Arrived
from market.snapshot import Snapshot
from tests.clocks import ManualClock, settle
from tests.market.at_once import AtOnce
from tests.market.feeds.scripted import ScriptedFeed
from tests.market.listening import Listening
from tests.market.memberships import THURSDAY, known_in_full, listings, symbols
from tests.market.rooms import room_of

SATURDAY = datetime(2026, 7, 4, 15, tzinfo=UTC)
HOUR_S = 3600.0
FEW = symbols(4)


class OfMembers(ScriptedFeed):
    """A feed of members alone, whose answers to errands bring nothing that was missing."""

    def serves(self, key: Key) -> bool:
        return key.kind in OF_THE_INDEX

    def parse(self, query: Query, answer: Answer, now: datetime) -> Arrived:
        return Arrived(feed=self.name, at=now, keys=query.keys)


def a_room(first: Snapshot, feed: OfMembers, clock: ManualClock) -> EngineRoom:
    """An engine room on errands that shows nothing."""
    room = room_of(first, {"yahoo": feed}, clock)
    room.begin()
    room.obey(Wishes(visible=frozenset()))
    return room


async def asked_in_an_hour(first: Snapshot) -> Counter[Key]:
    """Return what a closed hour asks for of members, and how often."""
    clock, feed = ManualClock(SATURDAY), OfMembers()
    room = a_room(first.at(SATURDAY), feed, clock)
    tasks = [
        asyncio.create_task(chore())
        for chore in (room.asking.poller.run, room.chores.keep_on_errands)
    ]
    await clock.push(HOUR_S, step=20)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    keys = (key for query in feed.asked for key in query.keys)
    return Counter(key for key in keys if key.kind not in {Kind.HOLDINGS, Kind.LISTINGS})


def known() -> Snapshot:
    return known_in_full(FEW, THURSDAY)


NO_LISTINGS: dict[str, Listings | None] = {"listings": None}


@pytest.mark.parametrize(
    ("first", "kinds"),
    [
        (known(), set[Kind]()),
        (replace(known(), profiles={}), {Kind.PROFILE}),
        (replace(known(), past={}), {Kind.PAST}),
        (replace(known(), **NO_LISTINGS), {Kind.MEMBER}),
        (replace(known(), listings=listings(["AAPL"])), {Kind.MEMBER}),
    ],
    ids=["everything known", "no pages", "no past", "no listings", "listings without them"],
)
async def test_what_is_missing_is_asked_for_once_and_then_not(
    first: Snapshot, kinds: set[Kind]
) -> None:
    assert await asked_in_an_hour(first) == {Key(kind, s): 1 for kind in kinds for s in FEW}


# What comes in small pieces


async def reckoned(kinds: Sequence[Kind], every_s: float = 3.0) -> list[tuple[float, bool]]:
    """Return when what was asked of the reckoner while data of members come in, one at a time,
    and until ten minutes after."""
    clock = ManualClock(SATURDAY)
    room, listening = a_room(known().at(SATURDAY), OfMembers(), clock), Listening()
    room.computing.reckoner = listening
    asyncio.get_running_loop().set_default_executor(AtOnce(1))
    chores = (room.computing.run, room.chores.keep_on_errands)
    tasks = [asyncio.create_task(chore()) for chore in chores]
    await settle()
    listening.asked.clear()
    for kind in kinds:
        room.note(Arrived(feed="yahoo", at=clock.now(), keys=(Key(kind, FEW[0]),)))
        await settle()
        await clock.push(every_s, step=every_s)
    await clock.push(600, step=30)
    for task in tasks:
        task.cancel()
    return [((asked.at - SATURDAY).total_seconds(), asked.members) for asked in listening.asked]


async def test_the_census_waits_for_more_of_what_comes_in_small_pieces() -> None:
    assert await reckoned([Kind.PAST] * 10) == [(0, True), (15, True), (60, True)]


async def test_for_whole_bars_which_come_for_hours_it_waits_longer_and_misses_none() -> None:
    times = await reckoned([Kind.PAST_BARS] * 200)
    assert [at for at, _ in times] == [0, 300, 600], "ten minutes, a census every five"
    assert all(is_census for _, is_census in times)
    assert [at for at, _ in await reckoned([Kind.PAST_BARS] * 2)] == [0, 306]


async def test_a_price_is_worked_out_at_once_though_something_waits_to_be_counted() -> None:
    asked = await reckoned([Kind.PAST_BARS, Kind.PAST_BARS, Kind.INTRADAY, Kind.LISTINGS])
    assert asked == [(0, True), (6, False), (9, True)]
