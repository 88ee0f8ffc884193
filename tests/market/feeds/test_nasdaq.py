"""Nasdaq as a feed: what is asked, how, and which tables are believed."""

from __future__ import annotations

import time

import pytest

from market.feeds.feed import Metered
from market.feeds.nasdaq import FEWEST_ROWS, HEADERS, PATIENCE, NasdaqFeed
from market.quotes import Key, Kind
from market.reports import ErrorKind, FeedError
from tests.market.feeds.nasdaq_wire import (
    NOW,
    US,
    WEB_PAGE,
    WHOLE,
    a_feed,
    market,
    parsed,
    recorded,
    reply,
    whole_evening,
)
from tests.market.feeds.scripted_http import always
from tests.shared import needs_shared


@pytest.mark.parametrize(
    ("key", "is_served"),
    [
        (US, True),
        (Key(Kind.LISTINGS, "IWM"), False),
        (Key(Kind.QUOTE, "US"), False),
        (Key(Kind.HOLDINGS, "IWM"), False),
    ],
)
def test_the_whole_market_is_served_and_nothing_else(key: Key, is_served: bool) -> None:
    feed = a_feed()
    assert feed.serves(key) is is_served
    assert len(feed.plan([key, key])) == is_served


async def test_it_is_one_request_that_looks_like_the_pages_own() -> None:
    http = always(reply(market(3000)))
    feed = NasdaqFeed(http)
    (query,) = feed.plan([US])
    await feed.fetch(query)
    (request,) = http.asked
    assert request.url == "https://api.nasdaq.com/api/screener/stocks"
    assert dict(request.params) == {"tableonly": "true", "download": "true"}
    assert request.headers == HEADERS
    assert not request.is_extra, "the query has paid for it"


def test_another_server_can_stand_in() -> None:
    feed = a_feed(base_url="http://127.0.0.1:8123/api/")
    assert feed.host(feed.plan([US])[0]) == "127.0.0.1:8123"


def test_redirects_pay_like_any_request() -> None:
    paid: list[str] = []
    http = always(reply(b""))
    feed = NasdaqFeed(http)
    assert isinstance(feed, Metered)
    feed.meter(paid.append)
    http.spend("api.nasdaq.com")
    assert paid == ["api.nasdaq.com"]


async def test_closing_it_gives_the_connections_back() -> None:
    http = always(reply(b""))
    await NasdaqFeed(http).aclose()
    assert http.closed


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (403, ErrorKind.REFUSED),
        (429, ErrorKind.LIMITED),
        (404, ErrorKind.ABSENT),
        (503, ErrorKind.UNREACHABLE),
        (302, ErrorKind.GARBLED),
    ],
)
async def test_a_status_says_what_is_wrong(status: int, kind: ErrorKind) -> None:
    feed = a_feed(reply(WEB_PAGE, status))
    with pytest.raises(FeedError, match="Nasdaq") as caught:
        await feed.fetch(feed.plan([US])[0])
    assert caught.value.kind is kind


async def test_a_connection_that_hangs_is_unreachable() -> None:
    gone = FeedError(ErrorKind.UNREACHABLE, "api.nasdaq.com did not answer within 15 s")
    feed = a_feed(gone)
    with pytest.raises(FeedError) as caught:
        await feed.fetch(feed.plan([US])[0])
    assert caught.value is gone


# Which tables are believed


def test_a_table_below_the_least_is_cut() -> None:
    with pytest.raises(FeedError, match="2,999 stocks and at least 3,000 are due") as caught:
        parsed(market(FEWEST_ROWS - 1))
    assert caught.value.kind is ErrorKind.GARBLED
    assert parsed(market(FEWEST_ROWS)).listings is not None


def test_a_table_much_shorter_than_the_one_before_is_cut() -> None:
    feed = a_feed()
    parsed(market(5000), feed)
    with pytest.raises(FeedError, match="3,999 stocks and the one before had 5,000"):
        parsed(market(3999), feed)
    assert parsed(market(4000), feed).keys == (US,), "some stocks come and go"


def test_a_table_that_stays_short_is_the_truth() -> None:
    feed = a_feed()
    long, short = market(5000), market(3500)
    parsed(long, feed)
    for _ in range(PATIENCE):
        with pytest.raises(FeedError):
            parsed(short, feed)
    assert parsed(short, feed).keys == (US,)
    parsed(long, feed)
    with pytest.raises(FeedError):
        parsed(short, feed)


def test_short_tables_count_only_in_a_row() -> None:
    feed = a_feed()
    long, short = market(5000), market(3500)
    for _ in range(PATIENCE + 1):
        parsed(long, feed)
        with pytest.raises(FeedError):
            parsed(short, feed)


# As it was recorded


@needs_shared
def test_the_whole_market_as_recorded() -> None:
    arrived = parsed(recorded(WHOLE))
    listings = arrived.listings
    assert listings is not None
    assert len(listings) == 7138
    assert arrived.lost == ()
    assert (listings.as_of, listings.source) == (NOW, "nasdaq")
    at = {symbol: n for n, symbol in enumerate(listings.symbols)}
    apple = at["AAPL"]
    assert listings.last[apple] == 333.02
    assert {"CRD-A", "BRK-B", "ECC", "ETX"} <= at.keys()
    assert listings.names[at["AA"]] == "Alcoa Corporation Common Stock"


@needs_shared
@pytest.mark.parametrize(("day", "rows"), [("2025-04-04", 6893), ("2026-07-02", 7158)])
def test_whole_evenings_as_recorded(day: str, rows: int) -> None:
    arrived = parsed(whole_evening(day))
    assert arrived.listings is not None
    assert (len(arrived.listings), arrived.lost) == (rows, ())


@needs_shared
def test_the_whole_market_is_understood_in_a_blink() -> None:
    raw, feed = recorded(WHOLE), a_feed()
    parsed(raw, feed)
    spent: list[float] = []
    for _ in range(5):
        begun = time.process_time()
        parsed(raw, feed)
        spent.append(time.process_time() - begun)
    assert min(spent) < 0.12, "30 ms on an idle machine"
