"""The first picture: asked for before all that no panel waits for, but not at its expense."""

from __future__ import annotations

import asyncio

from market.feeds.feed import Answer, Query
from market.feeds.first_picture import PAINTING_S, PATIENCE_S
from market.feeds.polling import Poller
from market.holdings import WHOLE_MARKET
from market.instruments import TRACKER, Role, default_cast
from market.interest import is_at_first_look, overview_keys, watch_keys
from market.interest_rooms import policy_line_keys, today_keys
from market.quotes import Key, Kind
from market.reports import Arrived, ErrorKind, Failed, FeedError
from market.snapshot import empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON, ManualClock, settle
from tests.exchange import Exchange
from tests.market.feeds.polling_bench import IWM, RUT, VIX, XBI, fails, polling
from tests.market.feeds.real_wire import feeds_at
from tests.market.feeds.scripted import ScriptedFeed, good

CAST = default_cast()
EFFR, JOBS = Key(Kind.PUBLISHED, "EFFR"), Key(Kind.PUBLISHED, "PAYEMS")
HALTS = Key(Kind.HALTS, WHOLE_MARKET)
LATER = Key(Kind.DETAILS, "IWM")
DEAR, CALM = Key(Kind.DAILY, "^VIX"), Key(Kind.DAILY, "^SKEW")
LIST = "all_us_indices.json"


def on_hosts() -> tuple[ScriptedFeed, ScriptedFeed]:
    """Two feeds of two hosts: one of prices, one of all else."""
    prices, others = ScriptedFeed("yahoo", host="y"), ScriptedFeed("cboe", host="c")
    prices.unserved = {VIX, LATER}
    others.unserved = {RUT, IWM, XBI}
    return prices, others


def without_bars(query: Query) -> Answer | FeedError:
    return FeedError(ErrorKind.GARBLED, "no bars") if query.keys == (IWM,) else good(query)


def test_the_panels_wait_for_prices_members_and_what_the_path_is_made_of() -> None:
    day = THURSDAY_AFTERNOON.date()
    known = empty_snapshot(THURSDAY_AFTERNOON, cast=CAST)
    wanted = overview_keys(CAST, ["IGV"]) | policy_line_keys(day) | watch_keys(["CRDO"], CAST)
    later = {
        *(Key(Kind.DAILY, f"^{name}") for name in ("VIX9D", "VIX3M", "VIX6M", "VVIX", "SKEW")),
        *(Key(Kind.HOLDINGS, "IGV"), Key(Kind.DETAILS, "CRDO"), HALTS),
    }
    assert {key for key in wanted if not is_at_first_look(key, CAST[key.symbol])} == later
    judged = (*today_keys(known), JOBS, Key(Kind.FUND, TRACKER), Key(Kind.CHAIN, TRACKER))
    assert not any(is_at_first_look(key, CAST[key.symbol]) for key in judged)


async def test_what_no_panel_waits_for_comes_after_what_one_waits_for() -> None:
    prices, others = on_hosts()
    prices.hold = asyncio.Event()
    async with polling([prices, others], [RUT, XBI, VIX, LATER, HALTS]) as bench:
        await bench.clock.push(2)
        assert {query.keys[0] for query in prices.asked} == {RUT, XBI}
        assert {query.keys[0] for query in others.asked} == {VIX}, "another host waits for nobody"
        prices.hold.set()
        await settle()
        assert len(others.asked) == 1, "the picture is being painted"
        await bench.clock.push(PAINTING_S)
        assert {LATER, HALTS} <= {q.keys[0] for q in (*prices.asked, *others.asked)}
        bench.poller.want([RUT, XBI, VIX, IWM, JOBS])
        prices.hold = asyncio.Event()
        await settle()
        assert JOBS in {q.keys[0] for q in (*prices.asked, *others.asked)}, "only once a run"


async def test_a_host_that_hangs_keeps_the_others_waiting_for_seconds_only() -> None:
    prices, others = on_hosts()
    prices.hold = asyncio.Event()
    async with polling([prices, others], [RUT, VIX, LATER]) as bench:
        await bench.clock.push(PATIENCE_S - 1)
        assert [query.keys for query in others.asked] == [(VIX,)]
        await bench.clock.push(2)
        assert [query.keys for query in others.asked] == [(VIX,), (LATER,)]


async def test_hosts_that_are_slow_but_answer_are_waited_for() -> None:
    prices, others = on_hosts()
    shown = [Key(Kind.INTRADAY, f"S{n}") for n in range(20)]
    prices.hold = asyncio.Event()
    async with polling([prices, others], [*shown, LATER]) as bench:
        for answered in range(4, 20, 4):
            await bench.clock.push(PATIENCE_S - 1)
            assert (len(prices.asked), others.asked) == (answered, [])
            prices.hold.set()
            prices.hold = asyncio.Event()
            await settle()
        await bench.clock.push(PATIENCE_S + 1)
        assert [query.keys for query in others.asked] == [(LATER,)]


async def test_who_fails_keeps_nobody_waiting() -> None:
    prices, others = on_hosts()
    prices.reply = fails(FeedError(ErrorKind.UNREACHABLE, "no answer"))
    async with polling([prices, others], [RUT, VIX, LATER]) as bench:
        await bench.clock.push(PAINTING_S + 1)
        assert (LATER,) in [query.keys for query in others.asked]


async def test_what_stands_in_for_a_price_of_the_first_picture_is_of_it_too() -> None:
    prices, others = on_hosts()
    prices.reply = without_bars
    others.hold = asyncio.Event()
    async with polling([prices, others], [IWM, XBI, VIX, LATER]) as bench:
        await bench.clock.push(PAINTING_S)
        assert (Key(Kind.TRACE, IWM.symbol),) in [query.keys for query in prices.asked]
        assert [query.keys for query in others.asked] == [(VIX,)], "all else waits"


async def test_what_is_kept_needs_no_first_picture() -> None:
    prices, others = on_hosts()
    prices.hold = asyncio.Event()
    async with polling([prices, others], []) as bench:
        bench.poller.roster.remember({RUT: THURSDAY_AFTERNOON})
        bench.poller.want([RUT, LATER], [HALTS])
        await settle()
        assert {LATER, HALTS} <= {q.keys[0] for q in (*prices.asked, *others.asked)}


async def test_the_local_exchange_is_asked_for_the_first_picture_before_all_else(
    afternoon: Exchange,
) -> None:
    family = [Key(Kind.QUOTE, each.symbol) for each in CAST.of(Role.VOLATILITY)]
    first = {RUT, XBI, Key(Kind.TRACE, "KRE"), *family, EFFR, DEAR}
    later = {HALTS, JOBS, CALM, Key(Kind.PUBLISHED, "SOFR")}
    feeds, begun, clock = feeds_at(afternoon), len(afternoon.requests), ManualClock()
    told: set[Key] = set()
    here, all_here = asyncio.Event(), asyncio.Event()

    def report(news: Arrived | Failed) -> None:
        told.update(news.keys)
        (all_here if later <= told else here if first <= told else asyncio.Event()).set()

    poller = Poller(feeds, CAST, clock, report, per_minute=10_000)
    poller.want(first | later)
    run = asyncio.create_task(poller.run())
    await asyncio.wait_for(here.wait(), 20)
    paths = [request.path.rpartition("/")[2] for request in afternoon.requests[begun:]]
    assert set(paths) == {"^RUT", "spark", LIST, "VIX_History.csv", "search.json"}
    assert len(paths) == len(set(paths)), "seven quotes of one host are one request"
    await clock.push(PAINTING_S + 1)
    await asyncio.wait_for(all_here.wait(), 20)
    run.cancel()
    await asyncio.gather(run, *(feed.aclose() for feed in feeds.values()), return_exceptions=True)
    assert len(afternoon.requests) - begun == len(paths) + len(later)
