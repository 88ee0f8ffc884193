"""The demo feed: the same answer for a seed and an instant, for any symbol it knows."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market.feeds.demo import DemoFeed
from market.feeds.demo_days import trading_days
from market.feeds.demo_tape import _bridge
from market.feeds.feed import Answer, Query
from market.instruments import INDEX, default_cast
from market.quotes import Key, Kind
from market.reports import ErrorKind, FeedError
from tests.clocks import THURSDAY_AFTERNOON, ManualClock
from tests.market.feeds.demo_asked import (
    FEED,
    OF_SYMBOLS,
    SYMBOLS,
    all_keys,
    asked,
    digest,
    everything,
    instants,
    new_feed,
)


@settings(deadline=None, max_examples=3)
@given(
    order=st.randoms(use_true_random=False),
    before=st.lists(instants, max_size=2),
    now=instants,
)
def test_an_answer_does_not_depend_on_what_was_asked_before(
    order: Random, before: list[datetime], now: datetime
) -> None:
    keys = all_keys("^RUT", "IWM", "RTY=F", "^RVX")
    feed = new_feed()
    for earlier in before:
        everything(feed, earlier, keys[:8])
    shuffled = keys.copy()
    order.shuffle(shuffled)
    assert everything(feed, now, shuffled) == everything(FEED, now, keys)


def test_another_seed_gives_another_market() -> None:
    key = Key(Kind.DAILY, INDEX)
    one = asked(THURSDAY_AFTERNOON, key, feed=new_feed(1)).bars
    other = asked(THURSDAY_AFTERNOON, key, feed=new_feed(2)).bars
    assert one.close != other.close


def test_it_answers_for_any_plausible_symbol_but_zzz() -> None:
    keys = tuple(Key(Kind.DETAILS, s) for s in ("ACME", "ZZZQ", "not a symbol", "^RUT"))
    seen = asked(THURSDAY_AFTERNOON, *keys).arrived
    assert [d.symbol for d in seen.details] == ["ACME", "^RUT"]
    assert {a.key.symbol: a.reason for a in seen.absent} == {
        "ZZZQ": "the demo knows no symbol ZZZQ",
        "not a symbol": "the demo knows no symbol not a symbol",
    }
    assert "simulated" in seen.details[0].name
    with pytest.raises(FeedError) as refused:
        asked(THURSDAY_AFTERNOON, Key(Kind.QUOTE, "ZZZ"))
    assert refused.value.kind is ErrorKind.ABSENT


def test_a_foreign_body_is_garbled() -> None:
    query = Query("demo", (Key(Kind.QUOTE, INDEX),), "/quote")
    with pytest.raises(FeedError) as refused:
        FEED.parse(query, Answer(b"<html>"), THURSDAY_AFTERNOON)
    assert refused.value.kind is ErrorKind.GARBLED


def test_one_query_serves_all_symbols_of_a_kind() -> None:
    plan = FEED.plan([*all_keys(*SYMBOLS), *all_keys(*SYMBOLS)])
    assert len(plan) == len(OF_SYMBOLS)
    assert {key for query in plan for key in query.keys} == set(all_keys(*SYMBOLS))
    assert FEED.plan([Key(Kind.CHART, INDEX, "9Y")]) == []
    assert not any(FEED.host(query) for query in plan), "no host, whose budget could be spent"


async def test_search_finds_the_cast_and_makes_up_the_rest() -> None:
    assert [m.symbol for m in await FEED.search("biotech")][-1] == "XBI"
    assert (await FEED.search("iwm"))[0].symbol == "IWM"
    made_up = (await FEED.search("acme"))[0]
    assert (made_up.symbol, made_up.quote_type) == ("ACME", "EQUITY")
    assert await FEED.search("zzzq") == []
    assert await FEED.search("  ") == []


async def test_the_answer_is_struck_when_it_is_fetched() -> None:
    clock = ManualClock()
    feed = DemoFeed(cast=default_cast(), clock=clock)
    (query,) = feed.plan([Key(Kind.QUOTE, INDEX)])
    answer = await feed.fetch(query)
    clock.jump(60)
    assert feed.parse(query, answer, clock.now()).quotes[0].as_of == THURSDAY_AFTERNOON
    await feed.aclose()


def test_a_refresh_works_out_only_what_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    bridges: list[int] = []

    def counted(rng: Random, steps: int) -> list[float]:
        bridges.append(steps)
        return _bridge(rng, steps)

    monkeypatch.setattr("market.feeds.demo_tape._bridge", counted)
    feed = new_feed()
    some = SYMBOLS[::2]
    keys = [Key(k, s) for s in some for k in OF_SYMBOLS if k is not Kind.CHART]
    for query in feed.plan(keys):
        feed.parse(query, Answer(THURSDAY_AFTERNOON.isoformat().encode()), THURSDAY_AFTERNOON)
    # A session and a night for each symbol and for each factor they share, at most.
    assert len(bridges) <= 3 * len(some)
    bridges.clear()
    later = THURSDAY_AFTERNOON + timedelta(minutes=10)
    for query in feed.plan(keys):
        feed.parse(query, Answer(later.isoformat().encode()), later)
    assert bridges == []


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("market.feeds.demo_tape.KEPT", 8)
    feed = new_feed()
    now = THURSDAY_AFTERNOON
    before = digest(asked(now, Key(Kind.CHART, "XBI", "1M"), feed=feed).arrived)
    assert len(feed._market.tapes._tapes) <= 8
    assert digest(asked(now, Key(Kind.CHART, "XBI", "1M"), feed=feed).arrived) == before
    assert before == digest(asked(now, Key(Kind.CHART, "XBI", "1M")).arrived)


def test_the_calendar_reaches_beyond_the_last_night() -> None:
    assert len(trading_days().days) == len(trading_days().index)
    last = datetime(2028, 12, 29, 23, tzinfo=UTC)
    assert asked(last, Key(Kind.QUOTE, "RTY=F")).quote.last > 0


def test_fetch_needs_no_running_network() -> None:
    (query,) = FEED.plan([Key(Kind.QUOTE, INDEX)])
    assert asyncio.run(FEED.fetch(query)).body.startswith(b"2026-07-02T18:32:07")
