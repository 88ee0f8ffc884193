"""What polling asks first, what stands in for what fails, and what it says of both."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from market.feeds.feed import Answer, Query
from market.metrics.metric import STALE_AFTER, Cadence
from market.quotes import Key, Kind
from market.reports import NOBODY, Absent, Arrived, ErrorKind, FeedError
from market.sessions import NEW_YORK
from tests.market.feeds.polling_bench import (
    IWM,
    LIMITED,
    RUT,
    RUT_DAYS,
    VIX,
    XBI,
    fails,
    limited_for_the_index,
    polling,
)
from tests.market.feeds.scripted import ScriptedFeed, good


def limited_charts(query: Query) -> Answer | FeedError:
    return LIMITED if query.keys[0].kind in {Kind.INTRADAY, Kind.DAILY} else good(query)


async def test_what_is_missing_on_screen_comes_before_a_long_watchlist() -> None:
    feed = ScriptedFeed(batch=1)
    cast = [RUT, IWM, XBI, *(Key(Kind.CLOSES, symbol) for symbol in ("PSCT", "XBI", "SPY"))]
    kinds = (Kind.TRACE, Kind.CLOSES, Kind.DETAILS)
    listed = [Key(kind, f"S{n:03}") for n in range(400) for kind in kinds]
    async with polling([feed], [*cast, *listed]) as bench:
        await bench.clock.push(1)
        assert {q.keys[0] for q in feed.asked[: len(cast)]} == set(cast)


async def test_the_cast_is_asked_for_first_though_nobody_looks() -> None:
    feed = ScriptedFeed(batch=1)
    async with polling([feed], []) as bench:
        watched = [Key(Kind.TRACE, f"A{n:02}") for n in range(60)]
        bench.poller.want([watched[50]], [*watched, RUT, XBI])
        await bench.clock.push(1)
        assert [q.keys[0] for q in feed.asked[:3]] == [watched[50], RUT, XBI]


async def test_a_list_that_is_too_long_for_the_budget_is_renewed_in_turn() -> None:
    feed = ScriptedFeed(batch=1)
    listed = [Key(Kind.TRACE, f"S{n:02}") for n in range(60)]
    async with polling([feed], [RUT, *listed]) as bench:
        await bench.clock.push(600)
        counts = Counter(q.keys[0] for q in feed.asked)
        assert counts[RUT] >= 25, "the index nearly keeps its beat"
        assert max(counts[key] for key in listed) - min(counts[key] for key in listed) <= 2


async def test_a_road_that_is_refused_is_stood_in_for_by_another() -> None:
    feed = ScriptedFeed(reply=limited_charts)
    days, closes = Key(Kind.DAILY, "IWM"), Key(Kind.CLOSES, "IWM")
    trace = Key(Kind.TRACE, "IWM")
    async with polling([feed], [IWM, days, XBI]) as bench:
        await bench.clock.push(300)
        arrived = {key for a in bench.arrived for key in a.keys}
        assert arrived == {trace, closes, XBI}
        assert not {k for f in bench.failed for k in f.exhausted} & {trace, closes}
        feed.reply = good
        await bench.clock.push(1200, step=5)
        before = len(feed.asked)
        await bench.clock.push(120)
        assert {q.keys for q in feed.asked[before:]} == {(IWM,), (XBI,)}, "it needs no stand-in"


async def test_a_feed_that_refuses_everything_is_not_asked_in_other_words() -> None:
    feed = ScriptedFeed(reply=fails(FeedError(ErrorKind.REFUSED, "go away")))
    async with polling([feed], [IWM, XBI]) as bench:
        await bench.clock.push(600)
        assert {q.keys for q in feed.asked} == {(IWM,), (XBI,)}


async def test_a_stand_in_that_fails_too_is_no_news() -> None:
    absent = FeedError(ErrorKind.ABSENT, "no such page")
    feed = ScriptedFeed(reply=fails(absent))
    async with polling([feed], [IWM]) as bench:
        await bench.clock.push(30)
        assert (Key(Kind.TRACE, "IWM"),) in [q.keys for q in feed.asked]
        assert {k for f in bench.failed for k in f.exhausted} == {IWM}


async def test_a_strange_symbol_is_not_looked_for_elsewhere() -> None:
    feed = ScriptedFeed(reply=fails(FeedError(ErrorKind.ABSENT, "no such symbol")))
    stranger = Key(Kind.INTRADAY, "NOSUCH")
    async with polling([feed], [stranger]) as bench:
        await bench.clock.push(60)
        assert [q.keys for q in feed.asked] == [(stranger,)]


class Lacking(ScriptedFeed):
    """Answers by knowing nothing of what it is asked for."""

    def parse(self, query: Query, answer: Answer, now: datetime) -> Arrived:
        gone = tuple(Absent(key, f"{self.name} knows no {key.symbol}") for key in query.keys)
        return Arrived(feed=self.name, at=now, keys=query.keys, absent=gone)


async def test_a_feed_that_lacks_a_datum_does_not_hide_that_a_better_one_broke() -> None:
    garbled = FeedError(ErrorKind.GARBLED, "Cboe's answer is cut")
    cboe, yahoo = ScriptedFeed("cboe", fails(garbled), host="c"), Lacking()
    async with polling([yahoo, cboe], [VIX]) as bench:
        await bench.clock.push(5)
        assert [(a.feed, a.keys, a.absent) for a in bench.arrived] == [("yahoo", (), ())]
        (blame,) = bench.failed[-1].blames
        assert (blame.key, blame.feed, blame.text) == (VIX, "cboe", garbled.text)
        assert not bench.failed[-1].was_asked


async def test_a_feed_without_a_datum_lets_the_next_one_be_asked() -> None:
    yahoo, cboe = Lacking(), ScriptedFeed("cboe", host="c")
    days = Key(Kind.DAILY, "^RUT")
    async with polling([yahoo, cboe], [days]) as bench:
        await bench.clock.push(5)
        assert [(a.feed, len(a.absent)) for a in bench.arrived] == [("yahoo", 1), ("cboe", 0)]


async def test_what_no_feed_can_be_asked_for_is_said_once() -> None:
    feed = ScriptedFeed()
    dots, file = Key(Kind.TRACE, ".."), Key(Kind.HOLDINGS, "IWM")
    feed.unserved = {dots, file}
    async with polling([feed], [RUT, dots]) as bench:
        bench.poller.want([dots, file])
        await bench.clock.push(60)
        said = [a for a in bench.arrived if a.feed == NOBODY]
        assert [a.absent[0].reason for a in said] == [
            "no feed that is switched on can be asked for ..",
            "no feed that is switched on can be asked for holdings of IWM",
        ]
        assert [a.keys for a in said] == [(dots,), (file,)]


async def test_data_held_up_at_a_shut_gate_are_not_told_as_requests() -> None:
    feed = ScriptedFeed(reply=fails(LIMITED))
    many = [Key(Kind.INTRADAY, f"S{n}") for n in range(12)]
    async with polling([feed], many) as bench:
        await bench.clock.push(30)
        assert sum(f.was_asked for f in bench.failed) == len(feed.asked) < len(bench.failed)


async def test_an_answer_says_when_its_host_was_shut_meanwhile() -> None:
    feed = ScriptedFeed(reply=limited_for_the_index)
    async with polling([feed], [RUT, RUT_DAYS]) as bench:
        assert [f.is_host_shut for f in bench.failed] == [True]
        assert [(a.keys, a.is_host_shut) for a in bench.arrived] == [((RUT_DAYS,), True)]
        feed.reply = good
        await bench.clock.push(200)
        assert not bench.arrived[-1].is_host_shut


@pytest.mark.parametrize("speed", [10, 60])
async def test_a_simulated_market_is_followed_by_its_own_clock(speed: float) -> None:
    before = datetime(2026, 8, 4, 9, 28, tzinfo=NEW_YORK)
    keys = (RUT, VIX, XBI, Key(Kind.LISTINGS, "US"))
    async with polling([ScriptedFeed(host="")], keys, before, speed) as bench:
        await bench.clock.push(12 * 60 / speed, step=0.05)
        ended = bench.clock.now()
        for key in keys:
            asked = [report.at for report in bench.arrived if key in report.keys]
            gaps = [then - at for at, then in pairwise((*asked, ended)) if at > before]
            assert len(gaps) >= 8
            assert max(gaps) < STALE_AFTER[Cadence.QUOTE]
            assert min(gaps[:-1]) >= timedelta(seconds=0.5 * speed), "not oftener than it is seen"
