"""Which of the twin hosts is asked, and what each failure means; then all of it on a socket."""

import pytest

from market.feeds.http import host_of
from market.feeds.yahoo import YahooFeed
from market.feeds.yahoo.hosts import Hosts
from market.feeds.yahoo.plan import QUOTE_PATH
from market.instruments import default_cast
from market.quotes import Key, Kind
from market.reports import ErrorKind, FeedError
from tests.exchange import Exchange, faults
from tests.market.feeds.real_wire import feeds_at
from tests.market.feeds.scripted_http import Reply, ScriptedHttp
from tests.market.feeds.yahoo_wire import (
    IN_SESSION,
    IWM,
    ONE,
    TWO,
    UNAUTHORIZED,
    Yahoo,
    details,
    feed_of,
    one_query,
    recorded,
    refused,
    reply,
)
from tests.shared import needs_shared


async def test_after_a_refusal_the_next_request_goes_to_the_other_host() -> None:
    http = ScriptedHttp(lambda asked: reply(status=429, body=b"Too Many Requests\r\n"))
    feed = feed_of(http)
    query = one_query(feed, IWM)
    hosts: list[str] = []
    for _ in range(3):
        hosts.append(feed.host(query))
        assert (await refused(feed, query)).kind is ErrorKind.LIMITED
    assert hosts == [ONE, TWO, ONE]
    asked = [host_of(request.url) for request in http.asked]
    assert asked == hosts, "one request a fetch, where announced"


@pytest.mark.parametrize(
    ("answer", "kind", "moves"),
    [
        (reply(status=401, body=UNAUTHORIZED), ErrorKind.REFUSED, True),
        (reply(status=403), ErrorKind.REFUSED, True),
        (reply(status=500), ErrorKind.UNREACHABLE, True),
        (FeedError(ErrorKind.UNREACHABLE, "no connection"), ErrorKind.UNREACHABLE, True),
        (reply("<html>", content_type="text/html"), ErrorKind.REFUSED, True),
        (reply("", status=404), ErrorKind.ABSENT, False),
        (reply(""), ErrorKind.GARBLED, False),
    ],
)
async def test_which_failures_move_on(answer: Reply, kind: ErrorKind, moves: bool) -> None:
    feed = feed_of(ScriptedHttp(lambda asked: answer))
    query = one_query(feed, IWM)
    assert (await refused(feed, query)).kind is kind
    assert feed.host(query) == (TWO if moves else ONE)


async def test_without_an_alternate_it_stays() -> None:
    http = ScriptedHttp(lambda asked: reply(status=403))
    feed = feed_of(http, base_url="http://127.0.0.1:8080/yahoo/", alternate_url=None)
    query = one_query(feed, IWM)
    await refused(feed, query)
    assert feed.host(query) == "127.0.0.1:8080"
    assert http.asked[0].url == "http://127.0.0.1:8080/yahoo/v8/finance/chart/IWM"
    assert http.asked[0].allowed_hosts == {"127.0.0.1"}


def test_late_refusals_of_one_host_move_on_once() -> None:
    hosts = Hosts("https://one.example", "https://two.example")
    hosts.refused("https://one.example")
    hosts.refused("https://one.example")
    assert hosts.host == "two.example"


async def test_retry_after_is_passed_on() -> None:
    feed = feed_of(ScriptedHttp(lambda asked: reply(status=429, retry_after="37")))
    assert (await refused(feed, one_query(feed, IWM))).retry_after_s == 37


@needs_shared
@pytest.mark.parametrize(
    ("name", "status", "kind", "word"),
    [
        ("ZZZZZZZZQ_404_2026-10-05.json", 404, ErrorKind.ABSENT, "no symbol IWM"),
        ("AAPL_5m_2y_422_2026-10-05.json", 422, ErrorKind.GARBLED, "60 days"),
    ],
)
async def test_yahoos_own_word_is_told(name: str, status: int, kind: ErrorKind, word: str) -> None:
    body = recorded(f"v8_chart/{name}")
    feed = feed_of(ScriptedHttp(lambda asked: reply(body, status)))
    error = await refused(feed, one_query(feed, IWM))
    assert error.kind is kind
    assert word in error.text


# On a real socket


def feed_at(exchange: Exchange) -> YahooFeed:
    feed = feeds_at(exchange)["yahoo"]
    assert isinstance(feed, YahooFeed)
    return feed


@pytest.mark.parametrize("consent", [False, True])
async def test_every_kind_arrives_over_a_socket(consent: bool) -> None:
    with Exchange(now=IN_SESSION) as exchange:
        exchange.consent = consent
        feed = feed_at(exchange)
        keys = [Key(kind, "IWM", "5D" if kind is Kind.CHART else "") for kind in Kind]
        for query in feed.plan(keys):
            arrived = feed.parse(query, await feed.fetch(query), IN_SESSION)
            assert arrived.keys == query.keys
            assert not arrived.absent
            assert not arrived.lost
        (match, *_) = await feed.search("IWM")
        assert match.symbol == "IWM"
        await feed.aclose()


async def test_the_crumb_is_encoded_on_the_wire_and_renewed() -> None:
    with Exchange(now=IN_SESSION) as exchange:
        feed = feed_at(exchange)
        query = one_query(feed, *details())
        await feed.fetch(query)
        exchange.crumb = "an/other.1&x"
        await feed.fetch(query)
        assert [r.params["crumb"] for r in exchange.asked(QUOTE_PATH)] == [
            "oXb/tz7L.lG",
            "oXb/tz7L.lG",
            "an/other.1&x",
        ]
        await feed.aclose()


async def test_a_redirect_elsewhere_is_refused() -> None:
    with Exchange(now=IN_SESSION) as exchange:
        exchange.fault("/v8/", faults.foreign_redirect())
        feed = feed_at(exchange)
        assert (await refused(feed, one_query(feed, IWM))).kind is ErrorKind.REFUSED
        await feed.aclose()


def test_the_default_hosts_are_yahoos() -> None:
    feed = YahooFeed(ScriptedHttp(Yahoo()), cast=default_cast())
    assert feed.host(one_query(feed, IWM)) == ONE


async def test_closing_closes_the_client() -> None:
    http = ScriptedHttp(Yahoo())
    await feed_of(http).aclose()
    assert http.closed
