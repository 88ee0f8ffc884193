"""The one polling loop, with scripted feeds and a pushed clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from market.feeds.feed import Answer, Query
from market.feeds.polling import Poller
from market.instruments import default_cast
from market.quotes import Key, Kind
from market.reports import Arrived, ErrorKind, Failed, FeedError
from tests.clocks import ManualClock, settle
from tests.market.feeds.polling_bench import (
    IWM,
    LIMITED,
    RUT,
    VIX,
    XBI,
    fails,
    limited_for_the_index,
    polling,
)
from tests.market.feeds.scripted import ScriptedFeed, good

SUNDAY = datetime(2026, 7, 5, 15, 0, tzinfo=UTC)


async def test_everything_wanted_is_asked_at_once_and_then_on_its_beat() -> None:
    feed = ScriptedFeed()
    async with polling([feed], [RUT, XBI]) as bench:
        assert {q.keys for q in feed.asked} == {(RUT,), (XBI,)}
        await bench.clock.push(61)
        asked = [q.keys for q in feed.asked]
        assert 4 <= asked.count((RUT,)) <= 6
        assert 2 <= asked.count((XBI,)) <= 4


async def test_steady_state_of_many_data_stays_within_the_budget() -> None:
    feed = ScriptedFeed()
    many = [Key(Kind.INTRADAY, f"S{n}") for n in range(60)]
    async with polling([feed], many) as bench:
        await bench.clock.push(120)
        before = len(feed.asked)
        await bench.clock.push(600)
        assert len(feed.asked) - before <= 300


async def test_one_request_in_flight_per_datum() -> None:
    feed = ScriptedFeed()
    feed.hold = asyncio.Event()
    async with polling([feed], [RUT]) as bench:
        await bench.clock.push(120)
        bench.poller.refresh()
        await bench.clock.push(10)
        assert len(feed.asked) == 1
        feed.hold.set()
        await bench.clock.push(1)
        assert len(bench.arrived) == 1


async def test_traces_are_batched_by_twenty_and_stay_so() -> None:
    feed = ScriptedFeed()
    traces = [Key(Kind.TRACE, f"S{n}") for n in range(35)]
    async with polling([feed], traces) as bench:
        assert sorted(len(q.keys) for q in feed.asked) == [15, 20]
        await bench.clock.push(300)
        assert len(feed.asked) <= 2 * 12


async def test_a_refused_index_falls_back_and_comes_home() -> None:
    yahoo, cboe = ScriptedFeed(reply=fails(LIMITED)), ScriptedFeed("cboe", host="cdn.example")
    async with polling([yahoo, cboe], [RUT]) as bench:
        await bench.clock.push(1)
        assert bench.arrived[0].feed == "cboe"
        assert bench.failed[0].exhausted == ()
        refused = len(yahoo.asked)
        await bench.clock.push(30)
        assert len(yahoo.asked) == refused
        yahoo.reply = good
        await bench.clock.push(200)
        assert bench.arrived[-1].feed == "yahoo"


async def test_a_429_leads_to_fewer_requests() -> None:
    feed = ScriptedFeed(reply=fails(LIMITED))
    many = [Key(Kind.INTRADAY, f"S{n}") for n in range(30)]
    async with polling([feed], many) as bench:
        await bench.clock.push(60)
        assert len(feed.asked) <= 5
        await bench.clock.push(3600)
        assert len(feed.asked) <= 15


async def test_retry_after_is_honoured() -> None:
    feed = ScriptedFeed(reply=fails(FeedError(ErrorKind.LIMITED, "slow down", 300.0)))
    async with polling([feed], [RUT, IWM, XBI]) as bench:
        first = len(feed.asked)
        await bench.clock.push(298)
        assert len(feed.asked) == first
        assert bench.failed[0].retry_at is not None
        feed.reply = good
        await bench.clock.push(30)
        assert {k for a in bench.arrived for k in a.keys} == {RUT, IWM, XBI}


async def test_data_that_wait_for_a_paused_host_say_so() -> None:
    feed = ScriptedFeed(reply=fails(LIMITED))
    many = [Key(Kind.INTRADAY, f"S{n}") for n in range(12)]
    async with polling([feed], many) as bench:
        await bench.clock.push(3)
        assert {k for f in bench.failed for k in f.exhausted} == set(many)
        assert all(f.text == LIMITED.text for f in bench.failed)


async def test_a_feed_with_a_bug_costs_its_numbers_only() -> None:
    yahoo, cboe = ScriptedFeed(reply=fails(KeyError("meta"))), ScriptedFeed("cboe", host="c")
    async with polling([yahoo, cboe], [IWM, VIX]) as bench:
        await bench.clock.push(5)
        assert [a.keys for a in bench.arrived] == [(VIX,)]
        assert bench.failed[0].kind is ErrorKind.GARBLED
        assert "KeyError" in bench.failed[0].text


async def test_unknown_symbols_are_asked_for_rarely() -> None:
    feed = ScriptedFeed(reply=fails(FeedError(ErrorKind.ABSENT, "no such symbol")))
    stranger = Key(Kind.TRACE, "NOSUCH")
    async with polling([feed], [stranger]) as bench:
        await bench.clock.push(1800, step=5)
        assert len(feed.asked) == 1
        assert bench.failed[0].exhausted == (stranger,)


async def test_an_instrument_of_the_cast_that_has_no_prices_is_asked_for_again_soon() -> None:
    feed = ScriptedFeed(reply=fails(FeedError(ErrorKind.ABSENT, "no prices")))
    async with polling([feed], [RUT]) as bench:
        await bench.clock.push(100)
        feed.reply = good
        await bench.clock.push(150)
        assert bench.arrived


async def test_the_most_trusted_feed_that_broke_is_blamed() -> None:
    refused = FeedError(ErrorKind.REFUSED, "Yahoo refuses")
    yahoo = ScriptedFeed(reply=fails(refused))
    cboe = ScriptedFeed("cboe", fails(FeedError(ErrorKind.ABSENT, "no such file")), host="c")
    async with polling([yahoo, cboe], [RUT]) as bench:
        await bench.clock.push(5)
        blames = [blame for failed in bench.failed for blame in failed.blames]
        assert [(b.key, b.feed, b.text) for b in blames] == [(RUT, "yahoo", "Yahoo refuses")]


async def test_refresh_knows_a_host_that_must_be_left_alone() -> None:
    feed = ScriptedFeed()
    async with polling([feed], [RUT, IWM]) as bench:
        await bench.clock.push(2)
        feed.reply = fails(FeedError(ErrorKind.LIMITED, "slow down", 300.0))
        await bench.clock.push(16)
        answer = bench.poller.refresh()
        assert (answer.asked, answer.refused) == (0, 2)
        assert 270 < answer.wait_s <= 300


async def test_refresh_tells_an_unknown_symbol_from_a_budget_that_is_used_up() -> None:
    unknown = (Key(Kind.INTRADAY, "ZZZZ"), Key(Kind.DAILY, "ZZZZ"))
    no_days = Key(Kind.DAILY, XBI.symbol)

    def reply(query: Query) -> Answer | FeedError:
        lacks = {no_days, *unknown} & set(query.keys)
        return FeedError(ErrorKind.ABSENT, "no such symbol") if lacks else good(query)

    async with polling([ScriptedFeed(reply=reply)], [XBI, no_days, *unknown]) as bench:
        await bench.clock.push(5)
        answer = bench.poller.refresh()
        assert (answer.asked, answer.refused, answer.wait_s) == (1, 0, 0)
        assert answer.unknown == ("ZZZZ",), "of XBI something is known"
        assert 2500 < answer.unknown_s <= 4500


async def test_a_datum_that_is_suddenly_absent_is_asked_for_again_soon() -> None:
    feed = ScriptedFeed()
    async with polling([feed], [XBI]) as bench:
        await bench.clock.push(2)
        feed.reply = fails(FeedError(ErrorKind.ABSENT, "no such page"))
        await bench.clock.push(60)
        assert bench.failed[0].exhausted == (XBI,)
        feed.reply = good
        known = len(bench.arrived)
        await bench.clock.push(90)
        assert len(bench.arrived) > known


async def test_a_batch_that_failed_is_asked_for_again_as_a_batch() -> None:
    feed = ScriptedFeed(reply=fails(FeedError(ErrorKind.REFUSED, "go away")))
    traces = [Key(Kind.TRACE, f"S{n}") for n in range(20)]
    async with polling([feed], traces) as bench:
        await bench.clock.push(600)
        assert {len(q.keys) for q in feed.asked} == {20}
        assert len(feed.asked) <= 5


async def test_a_short_retry_after_is_not_believed_for_ever() -> None:
    feed = ScriptedFeed(reply=fails(FeedError(ErrorKind.UNREACHABLE, "out of order", 1.0)))
    async with polling([feed], [RUT, IWM, XBI]) as bench:
        await bench.clock.push(600)
        assert len(feed.asked) <= 15


async def test_hidden_and_unfocused_data_are_asked_for_less_often() -> None:
    feed = ScriptedFeed()
    async with polling([feed], [RUT]) as bench:
        await bench.clock.push(120)
        shown = len(feed.asked)
        bench.poller.want([], [RUT])
        await bench.clock.push(120)
        hidden = len(feed.asked) - shown
        bench.poller.roster.focused = False
        await bench.clock.push(480)
        unfocused = (len(feed.asked) - shown - hidden) / 4
        assert unfocused < hidden < shown / 2


async def test_a_closed_market_is_left_in_peace() -> None:
    feed = ScriptedFeed()
    keys = [RUT, IWM, XBI, Key(Kind.DAILY, "^RUT")]
    async with polling([feed], keys, SUNDAY) as bench:
        first = len(feed.asked)
        assert first == 4
        await bench.clock.push(3600, step=5)
        assert len(feed.asked) == first


async def test_a_laptop_sleep_causes_one_refetch_not_a_burst() -> None:
    feed = ScriptedFeed()
    async with polling([feed], [RUT, IWM, XBI]) as bench:
        await bench.clock.push(5)
        before = len(feed.asked)
        bench.clock.jump(3 * 3600 - 600)
        await bench.clock.push(6)
        asked = [q.keys for q in feed.asked[before:]]
        assert sorted(asked) == sorted([(RUT,), (IWM,), (XBI,)])


async def test_a_laptop_sleep_ends_old_pauses() -> None:
    lost = FeedError(ErrorKind.UNREACHABLE, "no network")
    feed = ScriptedFeed(reply=fails(lost))
    async with polling([feed], [XBI]) as bench:
        await bench.clock.push(5)
        feed.reply = good
        bench.clock.jump(3600)
        await bench.clock.push(6)
        assert len(bench.arrived) == 1


async def test_a_clock_set_back_does_not_stop_the_polling() -> None:
    feed = ScriptedFeed()
    async with polling([feed], [RUT]) as bench:
        await bench.clock.push(5)
        before = len(feed.asked)
        bench.clock.jump(-1800)
        await bench.clock.push(60)
        assert 3 <= len(feed.asked) - before <= 6


async def test_refresh_asks_now_and_says_when_it_may_not() -> None:
    feed = ScriptedFeed()
    async with polling([feed], [RUT, IWM]) as bench:
        await bench.clock.push(2)
        before = len(feed.asked)
        assert bench.poller.refresh().asked == 2
        await settle()
        assert len(feed.asked) == before + 2
        feed.reply = fails(LIMITED)
        await bench.clock.push(20)
        refused = bench.poller.refresh()
        assert refused.asked == 0
        assert refused.refused == 2
        assert refused.wait_s > 0


async def test_refresh_leaves_alone_what_is_published_at_set_times() -> None:
    published = [Key(Kind.DAILY, "IWM"), Key(Kind.CLOSES, "XBI"), Key(Kind.PUBLISHED, "EFFR")]
    feed = ScriptedFeed()
    async with polling([feed], [RUT, *published]) as bench:
        await bench.clock.push(2)
        before = len(feed.asked)
        assert bench.poller.refresh().asked == 1
        await settle()
        assert [query.keys for query in feed.asked[before:]] == [(RUT,)]
        bench.poller.roster[published[0]].sources[0].failures = 1
        assert bench.poller.refresh().asked == 2, "another feed stood in for the one that failed"


async def test_a_restart_asks_only_for_news() -> None:
    feed = ScriptedFeed()
    clock = ManualClock(SUNDAY)
    poller = Poller({"yahoo": feed}, default_cast(), clock, lambda report: None)
    poller.roster.remember({RUT: datetime(2026, 7, 3, 12, 0, tzinfo=UTC)})
    poller.want([RUT, XBI])
    task = asyncio.create_task(poller.run())
    await clock.push(10)
    task.cancel()
    assert [q.keys for q in feed.asked] == [(XBI,)]


async def test_one_pass_asks_each_datum_once_whatever_fails() -> None:
    yahoo, cboe = ScriptedFeed(), ScriptedFeed("cboe", host="c")
    yahoo.reply = limited_for_the_index
    cboe.unserved = {XBI, IWM}
    clock = ManualClock()
    reports: list[Arrived | Failed] = []
    asked: list[str] = []
    poller = Poller(
        {"yahoo": yahoo, "cboe": cboe}, default_cast(), clock, reports.append, set_out=asked.append
    )
    poller.want([RUT, IWM, XBI, VIX])
    done = asyncio.create_task(poller.run_once())
    while not done.done():
        await clock.push(0.1, step=0.1)
    answered = [key for r in reports if isinstance(r, Arrived) for key in r.keys]
    assert RUT in answered
    assert VIX in answered
    assert len(answered) == len(set(answered))
    assert [q.keys for q in yahoo.asked].count((RUT,)) == 1
    assert asked.count("yahoo") == len(yahoo.asked), "each request is told of as it leaves"
    assert asked.count("cboe") == len(cboe.asked)


class ThirstyFeed(ScriptedFeed):
    """Makes seven requests for each query, as the way to a crumb does."""

    def __init__(self) -> None:
        super().__init__()
        self.spend: Callable[[str], None] = lambda host: None

    def meter(self, spend: Callable[[str], None]) -> None:
        self.spend = spend

    async def fetch(self, query: Query) -> Answer:
        for _ in range(6):
            self.spend(self._host)
        return await super().fetch(query)


async def test_a_feed_that_asks_more_for_a_query_is_let_in_less_often() -> None:
    feed = ThirstyFeed()
    many = [Key(Kind.INTRADAY, f"S{n}") for n in range(30)]
    async with polling([feed], many) as bench:
        await bench.clock.push(600)
        assert 7 * len(feed.asked) <= 30 + 6 * 4 + 300, "full at first, in debt by four at once"


class TwinFeed(ScriptedFeed):
    """Goes on to its second host when the first refuses."""

    has_moved = False

    def host(self, query: Query) -> str:
        return "two.example" if self.has_moved else "one.example"

    async def fetch(self, query: Query) -> Answer:
        self.asked.append(query)
        if not self.has_moved:
            self.has_moved = True
            raise LIMITED
        return good(query)


async def test_one_pass_tries_the_other_host_of_a_feed() -> None:
    feed, clock = TwinFeed(), ManualClock()
    reports: list[Arrived | Failed] = []
    poller = Poller({"yahoo": feed}, default_cast(), clock, reports.append)
    poller.want([IWM])
    done = asyncio.create_task(poller.run_once())
    while not done.done():
        await clock.push(0.1, step=0.1)
    assert [type(report) for report in reports] == [Failed, Arrived]
    assert isinstance(reports[0], Failed)
    assert reports[0].exhausted == ()


async def test_a_cancelled_loop_leaves_no_task_behind() -> None:
    feed = ScriptedFeed()
    feed.hold = asyncio.Event()
    before = asyncio.all_tasks()
    async with polling([feed], [RUT, IWM]):
        pass
    assert asyncio.all_tasks() == before


async def test_a_road_that_hangs_leaves_the_host_to_the_others() -> None:
    feed = ScriptedFeed()
    lost = FeedError(ErrorKind.UNREACHABLE, "no answer in time")

    def hanging_traces(query: Query) -> Answer | FeedError:
        return lost if query.keys[0].kind is Kind.TRACE else good(query)

    feed.reply = hanging_traces
    traces = [Key(Kind.TRACE, f"S{n}") for n in range(60)]
    async with polling([feed], [RUT, *traces]) as bench:
        await bench.clock.push(120)
        asked = [q.keys[0].kind for q in feed.asked]
        assert asked.count(Kind.INTRADAY) >= 7
        assert asked.count(Kind.TRACE) <= 15
        assert {k for f in bench.failed for k in f.exhausted} == set(traces)


async def test_what_comes_by_itself_is_asked_for_a_quarter_as_often_until_it_does_not() -> None:
    feed = ScriptedFeed()
    async with polling([feed], [RUT, IWM]) as bench:
        bench.poller.stream(["IWM"])
        await bench.clock.push(300)
        asked = [q.keys for q in feed.asked]
        assert 17 <= asked.count((RUT,)) <= 24
        assert 5 <= asked.count((IWM,)) <= 6
        await bench.clock.push(30)
        before = [q.keys for q in feed.asked].count((IWM,))
        bench.poller.stream([])
        await bench.clock.push(60)
        assert [q.keys for q in feed.asked].count((IWM,)) - before >= 4


async def test_what_was_missed_is_asked_for_once() -> None:
    feed = ScriptedFeed()
    async with polling([feed], [RUT, IWM, XBI], SUNDAY) as bench:
        await bench.clock.push(60)
        before = len(feed.asked)
        bench.poller.catch_up(["IWM", "XBI", "UNKNOWN"])
        await bench.clock.push(60)
        assert [q.keys for q in feed.asked[before:]] == [(IWM,), (XBI,)]
