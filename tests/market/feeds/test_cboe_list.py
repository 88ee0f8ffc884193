"""Cboe's list of all U.S. indices: many quotes for one request, and what happens without it."""

import json

import pytest

from market.feeds.cboe import CboeFeed
from market.feeds.cboe_quotes import LIST_PATH
from market.feeds.feed import Answer
from market.feeds.http import Http
from market.instruments import Role, default_cast
from market.quotes import Key, Kind
from market.reports import ErrorKind, FeedError
from tests.clocks import THURSDAY_AFTERNOON
from tests.exchange import Exchange, faults
from tests.market.feeds.real_wire import feeds_at, reports_of

FAMILY = [Key(Kind.QUOTE, each.symbol) for each in default_cast().of(Role.VOLATILITY)]
DAYS = Key(Kind.DAILY, "^VIX")
ROW = {
    "security_type": "index",
    "exchange_id": 5,
    "price_change": -0.58,
    "price_change_percent": -3.4,
    "open": 16.71,
    "high": 16.88,
    "low": 15.91,
    "prev_day_close": 16.6,
    "volume": 0,
    "iv30_change_percent": None,
    "last_trade_time": "2026-07-02T14:16:01",
    "tick": "down",
}
"""A row as the list has it, without its name and price."""


@pytest.fixture
def feed() -> CboeFeed:
    return CboeFeed(Http(), cast=default_cast())


def body_of(*rows: object) -> bytes:
    return json.dumps({"timestamp": "2026-07-02 18:31:07", "data": rows}).encode()


def row(symbol: str, price: object = 16.02, **other: object) -> dict[str, object]:
    return {"symbol": symbol, "current_price": price, "close": price} | ROW | other


def test_the_quotes_of_the_family_cost_one_request(feed: CboeFeed) -> None:
    together, days = feed.plan([DAYS, *FAMILY])
    assert (together.path, together.keys) == (LIST_PATH, tuple(FAMILY))
    assert days.keys == (DAYS,)


def test_one_or_two_quotes_are_files_of_their_own(feed: CboeFeed) -> None:
    assert [query.keys for query in feed.plan(FAMILY[:2])] == [(key,) for key in FAMILY[:2]]


def test_a_row_says_what_a_file_of_its_own_says(feed: CboeFeed) -> None:
    (together,) = feed.plan(FAMILY)
    vix = Key(Kind.QUOTE, "^VIX")
    (alone,) = feed.plan([vix])
    listed = body_of(row("^AAVE100", 60.8), *(row(key.symbol) for key in FAMILY))
    single = json.dumps({"symbol": "_VIX", "data": row("^VIX")}).encode()
    many = feed.parse(together, Answer(listed), THURSDAY_AFTERNOON)
    (one,) = feed.parse(alone, Answer(single), THURSDAY_AFTERNOON).quotes
    assert one in many.quotes
    assert one.reported_previous_close == pytest.approx(16.6)
    assert [quote.symbol for quote in many.quotes] == [key.symbol for key in FAMILY]
    assert (many.keys, many.absent) == (tuple(FAMILY), ())


def test_a_bad_row_costs_its_index(feed: CboeFeed) -> None:
    (together,) = feed.plan(FAMILY[:4])
    rows = [7, row("", 1.0), row("^VIX"), row("^VIX9D", None), row("^VIX3M", last_trade_time="x")]
    answer = feed.parse(together, Answer(body_of(*rows)), THURSDAY_AFTERNOON)
    assert [quote.symbol for quote in answer.quotes] == ["^VIX"]
    assert {each.key.symbol: each.reason for each in answer.absent} == {
        "^VIX9D": "Cboe's quote of ^VIX9D has no price in `data.close`",
        "^VIX3M": "Cboe's quote of ^VIX3M has no readable `data.last_trade_time`",
        "^VIX6M": "Cboe's list of indices has no ^VIX6M",
    }


@pytest.mark.parametrize("body", [b"", b"<html></html>", b'{"data": {}}', b"[]", b'{"data": [1'])
def test_what_is_no_list_is_garbled(feed: CboeFeed, body: bytes) -> None:
    (together,) = feed.plan(FAMILY)
    with pytest.raises(FeedError) as caught:
        feed.parse(together, Answer(body), THURSDAY_AFTERNOON)
    assert caught.value.kind in {ErrorKind.GARBLED, ErrorKind.REFUSED}


async def test_without_the_list_quotes_are_asked_for_one_by_one(afternoon: Exchange) -> None:
    (told,) = await reports_of(afternoon, "cboe", *FAMILY)
    assert [quote.symbol for quote in told.quotes] == [key.symbol for key in FAMILY]
    for fault, is_answer in ((faults.empty(), True), (faults.forbidden(), False)):
        feed = feeds_at(afternoon)["cboe"]
        (together,) = feed.plan(FAMILY)
        afternoon.fault("all_us_indices", fault, 1)
        if is_answer:
            await feed.fetch(together)
        else:
            with pytest.raises(FeedError, match="Cboe has no list of its indices") as caught:
                await feed.fetch(together)
            assert (caught.value.kind, caught.value.retry_after_s) == (ErrorKind.GARBLED, 2.0)
        assert [query.keys for query in feed.plan(FAMILY)] == [(key,) for key in FAMILY]
        await feed.aclose()


async def test_a_list_that_cannot_be_had_now_is_asked_for_again(afternoon: Exchange) -> None:
    feed = feeds_at(afternoon)["cboe"]
    (together,) = feed.plan(FAMILY)
    for fault in (faults.limited(), faults.server_error()):
        afternoon.fault("all_us_indices", fault, 1)
        with pytest.raises(FeedError):
            await feed.fetch(together)
    assert feed.plan(FAMILY) == [together]
    await feed.aclose()
