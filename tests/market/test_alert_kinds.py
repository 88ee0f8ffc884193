"""Every kind of alert, told by the engine's own room from what feeds report."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import timedelta
from functools import cache

from msgspec.structs import replace

from market.agenda import Earnings, EarningsDay, Halt, Halts
from market.alert_room import opened_alert_room
from market.alert_sources import AlertSources
from market.documents import Document
from market.errands import DAY_CURVE
from market.holdings import WHOLE_MARKET, Listings
from market.interest import Wishes
from market.judge import Judge
from market.metrics.catalogue import METRICS
from market.metrics.halts import KEY as HALTS
from market.metrics.implied import regime, term_state
from market.metrics.names import story_writing
from market.quotes import Bars, Key, Kind, Quote
from market.reports import Arrived, Computed, ErrorKind, Failed
from market.sessions import next_session, session_of, sessions_back, sessions_between
from market.snapshot import Snapshot
from market.thesis import story_of
from tests.clocks import THURSDAY_AFTERNOON, ManualClock
from tests.market.alerts.written_alerts import Pigeon, shown
from tests.market.memberships import known_in_full, listings, symbols
from tests.market.metrics.pictures import (
    bars_of,
    full_picture,
    new_picture,
    quote_at,
    seen,
    struck_at,
)
from tests.market.rooms import room_of

NOW = THURSDAY_AFTERNOON
TODAY = NOW.date()
MEMBERS = symbols(60)
ALERTS = """
[[alert]]
id = "level"
rule = { metric = "vix.last", above = 25, until = 20 }
leaving = true
[[alert]]
id = "cross"
rule = { metric = "vix.last", crosses = "vix3m.last" }
[[alert]]
id = "move"
rule = { metric = "iwm.last", rises = "3 %" }
[[alert]]
id = "z"
rule = { metric = "iwm.last", z_move = 4 }
[[alert]]
id = "thrust"
rule = { any = [{ metric = "breadth.advancing", above = 0.9 },
                { metric = "breadth.advancing", below = 0.1 }] }
[[alert]]
id = "inversion"
rule = { metric = "vix.term.state", is = "backwardation" }
[[alert]]
id = "high"
for = ["IWM"]
rule = { metric = "{slug}.range52w.new", is = "high" }
[[alert]]
id = "tracking"
rule = { any = [{ metric = "iwm.tracking.1d", above = 0.002 },
                { metric = "iwm.tracking.1d", below = -0.002 }] }
[[alert]]
id = "earnings"
for = "watchlists"
rule = { metric = "{slug}.earnings.sessions", below = 1 }
[[alert]]
id = "halt"
for = "watchlists"
rule = { metric = "{slug}.halt", is = "halted" }
[[alert]]
id = "flip"
rule = { metric = "thesis.calm.vix", turns = true }
[[alert]]
id = "feed"
rule = { metric = "feed.yahoo.state", is = "failing" }
"""
STORY = """
slug = "calm"
title = "Calm"
source = "a test"
date = 2026-06-01
[[line]]
id = "vix"
title = "VIX"
claim = "calm"
rule = { metric = "vix.last", below = 20, closes = 1 }
"""


def test_the_words_that_metrics_name_are_all_that_they_can_be() -> None:
    named = {metric.name: set(metric.words) for metric in METRICS if metric.words}
    assert named["vix.regime"] == {regime(level / 2) for level in range(20, 80)}
    assert named["vix.term.state"] == {term_state(near, 20) for near in range(15, 25)}
    for name, word in known_readings().items():
        template = "{slug}." + name.partition(".")[2]
        words = named.get(name) or named.get(template)
        assert not words or word in words, name


def known_readings() -> dict[str, str]:
    """The words of a full picture."""
    found = seen(full_picture()).readings
    return {name: each.value for name, each in found.items() if isinstance(each.value, str)}


@cache
def known() -> Snapshot:
    """What the cast's prices and the members were before anything of the day came."""
    cast, members = new_picture(NOW, ("CRDO",), 300), known_in_full(MEMBERS)
    bars = {**cast.bars, DAY_CURVE: members.bars[DAY_CURVE]}
    return replace(members, bars=bars, fetched=cast.fetched, listings=None, profiles={})


def close_of(symbol: str) -> float:
    return known().bars[Key(Kind.DAILY, symbol)].close[-1]


class Room:
    """An engine room, and what it is told of."""

    def __init__(self) -> None:
        self.clock, self.pigeon = ManualClock(NOW), Pigeon()
        cast = known().cast
        story = story_of(STORY, story_writing(cast, ()))
        sources = AlertSources(feeds=("yahoo",), couriers=lambda: (self.pigeon,), words=shown)
        self.alerts = opened_alert_room(sources, cast, (), (story,), self.complain)
        self.judge = Judge((story,))
        self.room = room_of(known(), {}, self.clock, judge=self.judge, alerts=self.alerts)
        self.room.begin()
        self.room.obey(Wishes(watched=("CRDO",)))
        self.room.use_alerts(ALERTS)

    def complain(self, sentence: str) -> None:
        raise AssertionError(sentence)

    async def hear(
        self,
        quotes: Sequence[Quote] = (),
        *,
        bars: Sequence[Bars] = (),
        listed: Listings | None = None,
        documents: Sequence[Document] = (),
    ) -> None:
        """Let an answer come, work out what follows, and tell."""
        keys = [each.key for each in (*bars, *documents)]
        keys += [Key(Kind.INTRADAY, each.symbol) for each in quotes]
        if listed is not None:
            keys.append(Key(Kind.LISTINGS, WHOLE_MARKET))
        arrived = Arrived(
            feed="yahoo",
            at=self.clock.now(),
            keys=tuple(keys),
            quotes=tuple(quotes),
            bars=tuple(bars),
            listings=listed,
            documents=tuple(documents),
        )
        self.room.note(arrived)
        await self.room.computing.reckon(None, None, members=listed is not None)
        await self.look()

    async def look(self) -> None:
        """Judge stories and alerts by all closes, and tell."""
        is_done = False
        while not is_done:
            self.judge.look_back(self.room.latest)
            self.alerts.watcher.look_back(self.room.latest)
            is_done = self.judge.is_done and self.alerts.watcher.has_looked_back
        looked = Computed(at=self.clock.now(), readings={})
        self.room.note(self.judge.judged(self.room.latest, looked))
        await self.alerts.tell_now()


def prices(seconds_ago: float, **moves: float) -> list[Quote]:
    """Prices of the day: the closes before, by so much more."""
    found: list[Quote] = []
    for name in ("^RUT", "IWM", "^VIX", "^VIX3M", "CRDO"):
        source = "cboe" if name.startswith("^V") else "yahoo"
        at = struck_at(NOW, source) - timedelta(seconds=seconds_ago)
        last = close_of(name) * (1 + moves.get(name.strip("^"), 0.001))
        found.append(replace(quote_at(name, last, at, source), high=last, low=last, open=last))
    return found


def breadth(up: int, seconds_ago: float = 0) -> Listings:
    """The members' prices, so many of them higher."""
    change = [1.0] * up + [-1.0] * (len(MEMBERS) - up)
    found = listings(MEMBERS, at=NOW - timedelta(seconds=seconds_ago))
    return replace(found, last=array("d", (100 + c for c in change)), change=array("d", change))


def reports(days: int) -> EarningsDay:
    """CRDO's report so many sessions ahead."""
    day = TODAY
    for _ in range(days):
        day = next_session(day)
    row = Earnings(symbol="CRDO", day=day, quarter="Jun/2026", estimate=0.5, estimates=3)
    key = Key(Kind.EARNINGS, "US", day.isoformat())
    return EarningsDay(key=key, source="nasdaq", fetched_at=NOW, day=day, rows=(row,))


def halts(*symbols_halted: str) -> Halts:
    at = NOW - timedelta(minutes=5)
    rows = tuple(Halt(symbol=s, name="", code="T1", halted_at=at) for s in symbols_halted)
    return Halts(key=HALTS, source="nasdaqtrader", fetched_at=NOW, rows=rows)


async def test_every_kind_of_alert_is_told_once_and_with_its_value() -> None:
    room = Room()
    calm = {"IWM": -0.002, "RUT": -0.002}
    await room.hear(prices(60, **calm), listed=breadth(40, 60), documents=(reports(3), halts()))
    board = room.room.latest.alerts
    assert board is not None
    assert [
        (e.alert.id, e.standing.reason) for e in board.standings if e.standing.holds is not False
    ] == []
    assert (room.pigeon.told, board.faults) == ({}, ())
    iwm = max(close_of("IWM") * 1.3, 400.0) / close_of("IWM") - 1
    wild = prices(0, IWM=iwm, RUT=iwm + 0.01, VIX=1.0)
    await room.hear(wild, listed=breadth(58), documents=(reports(1), halts("CRDO")))
    told = room.pigeon.told
    assert sorted(told) == sorted(
        f"{name} entered"
        for name in (
            *("level", "cross", "move", "z", "thrust", "inversion", "high/iwm", "tracking"),
            *("earnings/crdo", "halt/crdo"),
        )
    )
    assert told["move entered"].startswith("iwm.last rose ")
    assert told["z entered"].startswith("iwm.last moved +")
    assert told["thrust entered"] == "breadth.advancing is 0.97"
    assert told["tracking entered"] == "iwm.tracking.1d is -0.01"
    assert told["earnings/crdo entered"] == "crdo.earnings.sessions is 1.00"
    assert told["halt/crdo entered"] == "crdo.halt is halted"
    room.pigeon.told.clear()
    await room.hear(wild, listed=breadth(59))
    assert room.pigeon.told == {}


async def test_a_failing_feed_and_a_flip_at_a_close_are_told() -> None:
    room = Room()
    await room.hear(prices(60))
    key = Key(Kind.INTRADAY, "IWM")
    failed = Failed(feed="yahoo", at=NOW, keys=(key,), kind=ErrorKind.LIMITED, text="too many")
    room.room.note(failed)
    assert room.alerts.watcher.is_due(room.room.latest)
    await room.look()
    assert room.pigeon.told == {"feed entered": "feed.yahoo.state is failing"}
    evening = session_of(TODAY).close + timedelta(hours=2)
    room.clock.jump((evening - NOW).total_seconds())
    past = known().bars[Key(Kind.DAILY, "^VIX")]
    days = [*sessions_between(sessions_back(TODAY, 20), TODAY)]
    closes = dict(zip(days, [*past.close[-20:], 31.0], strict=True))
    await room.hear(bars=[bars_of("^VIX", closes, source="cboe")])
    assert room.pigeon.told["flip entered"] == "thesis.calm.vix is fails"
    room.room.obey(Wishes(visible=frozenset(), alone=True))
    roster = room.room.asking.poller.roster
    looked_at = {key for key in roster._wanted if roster._slots[key].visible}
    assert Key(Kind.QUOTE, "^VIX") in looked_at, "what its line is judged by"
    assert looked_at <= room.alerts.watcher.keys(room.room.latest), "and nothing but that"
    assert room.pigeon.told["level entered"] == "vix.last is 31.00"
