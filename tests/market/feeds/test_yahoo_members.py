"""Index members at Yahoo: pages by the hundred, closes by twenty, bars one by one.

Nobody looks at them one by one, so nothing of them goes where a symbol's own quote, details or
bars are kept.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from market.feeds.feed import Answer, Query
from market.feeds.http import Request
from market.feeds.yahoo.hosts import LARGEST_BATCH
from market.feeds.yahoo.plan import QUOTE_PATH, SPARK_PATH
from market.quotes import Key, Kind
from market.reports import Arrived, ErrorKind
from tests.market.feeds.scripted_http import Reply, ScriptedHttp, path_of
from tests.market.feeds.yahoo_wire import (
    IN_SESSION,
    PRE_MARKET,
    UNAUTHORIZED,
    Yahoo,
    a_feed,
    feed_of,
    only_bars,
    own,
    parsed,
    refused,
    reply,
    utc,
)


def members(kind: Kind, count: int) -> list[Key]:
    return [Key(kind, f"S{n}") for n in range(count)]


def answered(kind: Kind, body: bytes, now: datetime, *symbols: str) -> Arrived:
    return parsed(body, now, *(Key(kind, symbol) for symbol in symbols))


# How many requests


def sizes(queries: list[Query]) -> list[tuple[str, int]]:
    return [(query.path, len(query.keys)) for query in queries]


@pytest.mark.parametrize("kind", [Kind.PROFILE, Kind.MEMBER])
def test_pages_go_by_the_batch(kind: Kind) -> None:
    queries = a_feed().plan(members(kind, 1950))
    assert sizes(queries) == [*([(QUOTE_PATH, LARGEST_BATCH)] * 7), (QUOTE_PATH, 200)]
    assert "fields" in dict(queries[0].params)


def test_pages_of_members_and_of_the_watchlist_are_asked_for_apart() -> None:
    queries = a_feed().plan([*members(Kind.DETAILS, 3), *members(Kind.PROFILE, 3)])
    assert [{key.kind for key in query.keys} for query in queries] == [
        {Kind.DETAILS},
        {Kind.PROFILE},
    ]


def test_one_row_serves_both_pages_of_a_member() -> None:
    keys = [Key(kind, "IWM") for kind in (Kind.MEMBER, Kind.PROFILE)]
    arrived = parsed(own("quote_pre_market.json"), PRE_MARKET, *keys)
    assert (set(arrived.keys), len(arrived.profiles)) == (set(keys), 1)


def test_the_past_goes_by_twenty() -> None:
    queries = a_feed().plan(members(Kind.PAST, 45))
    assert sizes(queries) == [(SPARK_PATH, 20), (SPARK_PATH, 20), (SPARK_PATH, 5)]
    asked = dict(queries[0].params)
    assert (asked["range"], asked["interval"]) == ("2y", "1d")


def test_bars_are_a_chart_each() -> None:
    paths = [query.path for query in a_feed().plan(members(Kind.PAST_BARS, 2))]
    assert paths == ["/v8/finance/chart/S0", "/v8/finance/chart/S1"]


# What becomes of the answers


@pytest.mark.parametrize("kind", [Kind.PROFILE, Kind.MEMBER])
def test_a_page_is_a_profile_and_nothing_else(kind: Kind) -> None:
    symbols = ("IWM", "BE", "GONE", "ZZZ")
    arrived = answered(kind, own("quote_pre_market.json"), PRE_MARKET, *symbols)
    assert (arrived.quotes, arrived.details) == ((), ())
    iwm, bloom = arrived.profiles
    assert iwm.quote is not None
    assert (iwm.symbol, iwm.quote.last, iwm.quote.volume) == ("IWM", 298.4, 21_000_000)
    assert (iwm.details.average_50d, iwm.details.average_200d) == (290.5, 260.75)
    assert (bloom.symbol, bloom.quote) == ("BE", None), "its price cannot be read"
    assert bloom.details.name == "Bloom [bold]Energy"
    assert arrived.keys == tuple(Key(kind, symbol) for symbol in symbols)
    assert [absent.key for absent in arrived.absent] == [Key(kind, "GONE"), Key(kind, "ZZZ")]


def test_a_shortened_answer_makes_no_member_unknown() -> None:
    many = [f"S{n}" for n in range(60)]
    arrived = answered(Kind.PROFILE, own("quote_pre_market.json"), PRE_MARKET, "IWM", *many)
    assert arrived.keys == (Key(Kind.PROFILE, "IWM"),)
    assert not arrived.absent


def test_the_past_is_closes_and_nothing_else() -> None:
    arrived = answered(Kind.PAST, own("spark_daily.json"), IN_SESSION, "IWM")
    bars = only_bars(arrived)
    assert (bars.key, list(bars.close)) == (Key(Kind.PAST, "IWM"), [297.0, 298.4])
    assert bars.as_of == utc("2026-07-01T20:00")
    assert (arrived.quotes, arrived.details) == ((), ())


def test_the_past_in_the_older_form_brings_no_details_either() -> None:
    arrived = answered(Kind.PAST, own("spark_v7.json"), utc("2026-07-03T01:00"), "IWM")
    assert [bars.key for bars in arrived.bars] == [Key(Kind.PAST, "IWM")]
    assert (arrived.quotes, arrived.details) == ((), ())


def test_a_members_day_is_closes_and_nothing_else() -> None:
    body = own("spark_v8_one_bad.json")
    day = only_bars(answered(Kind.DAY, body, IN_SESSION, "IWM"))
    arrived = answered(Kind.TRACE, body, IN_SESSION, "IWM")
    trace = only_bars(arrived)
    assert (day.key, day.times, day.close) == (Key(Kind.DAY, "IWM"), trace.times, trace.close)
    assert arrived.quotes
    assert not answered(Kind.DAY, body, IN_SESSION, "IWM").quotes


def test_a_member_without_a_past_is_absent() -> None:
    arrived = answered(Kind.PAST, own("spark_daily.json"), IN_SESSION, "IWM", "ZZZ")
    assert [absent.key for absent in arrived.absent] == [Key(Kind.PAST, "ZZZ")]


def test_bars_of_the_past_have_ranges_volume_and_splits_of_completed_days() -> None:
    body = own("chart_daily_in_session.json")
    daily = only_bars(answered(Kind.DAILY, body, IN_SESSION, "^RUT"))
    arrived = answered(Kind.PAST_BARS, body, IN_SESSION, "^RUT")
    bars = only_bars(arrived)
    assert bars.key == Key(Kind.PAST_BARS, "^RUT")
    assert (bars.times, bars.close, bars.high) == (daily.times, daily.close, daily.high)
    assert bars.splits == daily.splits
    assert bars.splits
    assert bars.as_of < IN_SESSION
    assert (arrived.quotes, arrived.details) == ((), ())


# What the loss of the crumb costs


class WithoutCrumb(Yahoo):
    """A Yahoo that takes no crumb, and serves everything else."""

    def __call__(self, asked: Request) -> Reply:
        path = path_of(asked)
        if path == QUOTE_PATH:
            return reply(UNAUTHORIZED, 401)
        if path == SPARK_PATH:
            return reply(own("spark_daily.json"))
        if path.startswith("/v8/finance/chart/"):
            return reply(own("chart_daily_in_session.json"))
        return super().__call__(asked)


async def test_losing_the_crumb_costs_the_pages_alone() -> None:
    feed = feed_of(ScriptedHttp(WithoutCrumb()))
    for kind in (Kind.PROFILE, Kind.MEMBER):
        (query,) = feed.plan([Key(kind, "IWM")])
        assert (await refused(feed, query)).kind is ErrorKind.REFUSED
    for kind, symbol in ((Kind.PAST, "IWM"), (Kind.PAST_BARS, "^RUT")):
        (query,) = feed.plan([Key(kind, symbol)])
        assert only_bars(feed.parse(query, await feed.fetch(query), IN_SESSION)).key.kind is kind


async def test_a_batch_of_members_that_is_too_large_is_halved() -> None:
    yahoo = Yahoo()
    yahoo.quotes = reply(b"", 413)
    feed = feed_of(ScriptedHttp(yahoo))
    (query, *_) = feed.plan(members(Kind.PROFILE, 500))
    error = await refused(feed, query)
    assert error.kind is ErrorKind.GARBLED
    assert error.retry_after_s is not None
    assert sizes(feed.plan(members(Kind.PROFILE, 500)))[0] == (QUOTE_PATH, LARGEST_BATCH // 2)


def test_half_a_page_is_no_reason_to_drop_the_rest() -> None:
    body = own("quote_unreadable_row.json")
    query = a_feed().plan([Key(Kind.PROFILE, "IWM"), Key(Kind.PROFILE, "XBI")])[0]
    arrived = a_feed().parse(query, Answer(body), PRE_MARKET)
    assert arrived.keys == (Key(Kind.PROFILE, "IWM"),)
    assert [profile.symbol for profile in arrived.profiles] == ["IWM"]
    assert arrived.lost
