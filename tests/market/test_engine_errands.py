"""The engine sends on errands whatever is missing of the members, and looks again each minute."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

from msgspec.structs import replace

from market.baskets import Basket, MemberRule
from market.chores import ERRANDS_EVERY_S
from market.engine_room import EngineRoom
from market.errands import DAY_CURVE
from market.health import Trouble
from market.instruments import TRACKER
from market.interest import INDEX_KEYS, Wishes
from market.quotes import Key, Kind
from market.reports import Arrived, Computed, ErrorKind, Failed, Report, Restored
from market.snapshot import Snapshot, empty_snapshot
from tests.clocks import ManualClock, settle
from tests.market.at_once import AtOnce
from tests.market.feeds.scripted import ScriptedFeed
from tests.market.listening import Listening
from tests.market.memberships import NOW, WEDNESDAY, holdings, known_in_full, listings, symbols
from tests.market.rooms import room_of

FEW = symbols(3)
PAST = tuple(Key(Kind.PAST, symbol) for symbol in FEW)


def a_room(first: Snapshot, clock: ManualClock | None = None) -> EngineRoom:
    feeds = {"yahoo": ScriptedFeed()}
    room = room_of(first, feeds, clock or ManualClock())
    room.begin()
    return room


def errands(room: EngineRoom) -> frozenset[Key]:
    return room.asking.poller.roster._errands


def lacking_closes() -> Snapshot:
    return replace(known_in_full(FEW), past={})


def test_the_members_and_the_baskets_funds_are_always_wanted() -> None:
    basket = Basket(
        name="AI",
        slug="ai",
        rule="",
        as_of=date(2026, 7, 1),
        members=MemberRule(funds=("IGV",)),
    )
    room = a_room(replace(empty_snapshot(NOW), baskets=(basket,)))
    room.obey(Wishes(visible=frozenset()))
    slots = {slot.key: slot.visible for slot in room.asking.poller.roster}
    assert slots.keys() >= INDEX_KEYS
    assert slots[Key(Kind.HOLDINGS, "IGV")] is False
    assert room.latest.wanted == slots.keys() | {DAY_CURVE}, "the picture says so"


def test_news_of_members_sends_on_errands() -> None:
    file = holdings(FEW)
    reports: list[Report] = [
        Arrived(feed="ishares", at=NOW, keys=(Key(Kind.HOLDINGS, TRACKER),), holdings=(file,)),
        Restored(holdings=(file,), listings=listings(FEW)),
    ]
    for report in reports:
        room = a_room(empty_snapshot(NOW))
        room.note(report)
        assert errands(room) >= set(PAST)


def test_one_pass_goes_on_no_errands() -> None:
    """It would depend on who answers first which of them were done."""
    room = room_of(empty_snapshot(NOW), {"yahoo": ScriptedFeed()}, ManualClock())
    room.note(Restored(holdings=(holdings(FEW),), listings=listings(FEW)))
    assert errands(room) == frozenset()


def test_news_of_anything_else_does_not() -> None:
    room = a_room(lacking_closes())
    room.note(Arrived(feed="yahoo", at=NOW, keys=(Key(Kind.INTRADAY, "^RUT"),)))
    room.note(Computed(at=NOW, readings={}))
    assert errands(room) == frozenset()


def test_a_failed_errand_gives_way_to_others() -> None:
    room = a_room(replace(lacking_closes(), profiles={}))
    room.note(Restored())
    assert errands(room) > set(PAST)
    failed = Failed(
        feed="yahoo",
        at=NOW,
        keys=PAST,
        kind=ErrorKind.LIMITED,
        text="too many requests",
        retry_at=NOW + timedelta(minutes=1),
        exhausted=PAST,
    )
    room.note(failed)
    assert errands(room) == {Key(Kind.PROFILE, symbol) for symbol in FEW}


async def test_how_volume_usually_comes_concerns_everybody() -> None:
    room, listening = a_room(empty_snapshot(NOW)), Listening()
    room.computing.reckoner = listening
    asyncio.get_running_loop().set_default_executor(AtOnce(1))
    task = asyncio.create_task(room.computing.run())
    for key, whose in ((Key(Kind.CHART, TRACKER, "1M"), {TRACKER}), (DAY_CURVE, None)):
        room.note(Arrived(feed="yahoo", at=NOW, keys=(key,)))
        await settle()
        assert listening.asked[-1].symbols == whose
    task.cancel()


async def test_it_looks_again_each_minute() -> None:
    clock = ManualClock()
    trouble = Trouble(
        ErrorKind.LIMITED, "too many requests", "yahoo", NOW, NOW + timedelta(seconds=30)
    )
    room = a_room(replace(lacking_closes(), troubles={PAST[0]: trouble}), clock)
    task = asyncio.create_task(room.chores.keep_on_errands())
    await settle()
    assert errands(room) == frozenset()
    await clock.push(ERRANDS_EVERY_S + 1)
    assert errands(room) == set(PAST)
    assert room.latest.holdings[TRACKER].day == WEDNESDAY
    task.cancel()
