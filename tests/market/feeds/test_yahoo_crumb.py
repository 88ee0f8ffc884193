"""Cookie, crumb and consent: how quotes get in, and how little a refusal costs."""

import asyncio
from pathlib import Path

import pytest

from market.feeds.http import Request, Response, host_of
from market.feeds.yahoo.crumb import CRUMB_PATH
from market.feeds.yahoo.plan import QUOTE_PATH
from market.reports import ErrorKind, FeedError
from tests.clocks import ManualClock
from tests.market.feeds.scripted_http import Reply, ScriptedHttp, path_of
from tests.market.feeds.yahoo_wire import (
    IWM,
    ONE,
    OWN,
    QUOTES,
    UNAUTHORIZED,
    Yahoo,
    details,
    feed_of,
    files_of,
    one_query,
    own,
    refused,
    reply,
)

WAY = ["", CRUMB_PATH, QUOTE_PATH]


async def test_the_crumb_is_fetched_once_and_kept() -> None:
    http = ScriptedHttp(Yahoo())
    feed = feed_of(http)
    query = one_query(feed, *details())
    for _ in range(3):
        await feed.fetch(query)
    assert http.paths() == [*WAY, QUOTE_PATH, QUOTE_PATH]
    params = dict(http.asked[-1].params)
    assert (params["crumb"], params["formatted"]) == ("oX/b.z7LglG", "false")


async def test_every_request_on_the_way_to_a_crumb_is_paid_for() -> None:
    yahoo = Yahoo()
    http = ScriptedHttp(yahoo)
    feed = feed_of(http)
    query = one_query(feed, *details())
    await feed.fetch(query)
    assert http.paid == ["fc.yahoo.com", ONE]
    yahoo.takes = "new"
    yahoo.gives = reply("new")
    await feed.fetch(query)
    assert http.paid[2:] == ["fc.yahoo.com", ONE, ONE], "cookie, crumb, and the quotes once more"
    await feed.fetch(query)
    assert len(http.paid) == len(http.asked) - 3, "the gate let one request in for each query"


async def test_a_search_is_paid_for_since_no_gate_let_it_in() -> None:
    http = ScriptedHttp(lambda asked: reply('{"quotes": []}'))
    await feed_of(http).search("iwm")
    assert http.paid == [ONE]


async def test_the_way_ends_where_a_host_must_be_left_alone() -> None:
    http, closed = ScriptedHttp(Yahoo()), FeedError(ErrorKind.LIMITED, "too many requests", 9.0)
    feed = feed_of(http)

    def spend(host: str) -> None:
        if host == ONE:
            raise closed

    feed.meter(spend)
    assert await refused(feed, one_query(feed, *details())) is closed
    assert http.paths() == [""], "no crumb was asked for"


async def test_two_questions_at_once_fetch_one_crumb() -> None:
    http = ScriptedHttp(Yahoo())
    feed = feed_of(http)
    first, second = feed.plan(details(300))
    await asyncio.gather(feed.fetch(first), feed.fetch(second))
    assert http.paths().count(CRUMB_PATH) == 1


async def test_charts_need_no_crumb() -> None:
    yahoo = Yahoo()
    yahoo.gives = reply("Too Many Requests", 429)
    http = ScriptedHttp(yahoo)
    feed = feed_of(http)
    assert (await refused(feed, one_query(feed, *details()))).kind is ErrorKind.REFUSED
    before = len(http.asked)
    await feed.fetch(one_query(feed, IWM))
    assert http.paths()[before:] == ["/v8/finance/chart/IWM"]
    assert feed.host(one_query(feed, IWM)) == ONE, "a missing crumb moves no chart"


async def test_an_expired_crumb_is_renewed_once() -> None:
    yahoo = Yahoo()
    http = ScriptedHttp(yahoo)
    feed = feed_of(http)
    query = one_query(feed, *details())
    await feed.fetch(query)
    yahoo.takes = "new"
    yahoo.gives = reply("new")
    await feed.fetch(query)
    assert http.paths() == [*WAY, QUOTE_PATH, *WAY]


async def test_a_server_that_always_says_401_costs_few_requests() -> None:
    yahoo = Yahoo()
    yahoo.takes = "something else"
    http, clock = ScriptedHttp(yahoo), ManualClock()
    feed = feed_of(http, clock)
    query = one_query(feed, *details())
    for _ in range(20):
        error = await refused(feed, query)
        assert error.kind is ErrorKind.REFUSED
        assert error.retry_after_s is not None
        assert 500 < error.retry_after_s <= 600
    assert http.paths() == [*WAY, *WAY]
    for _ in range(4 * 60):
        await clock.push(60, step=60)
        await refused(feed, query)
    assert len(http.asked) < 50, "four hours of refusals"


@pytest.mark.parametrize(
    "gives",
    [
        reply(""),
        reply("<html>Sign in</html>"),
        reply("Edge: Too Many Requests"),
        reply("Too Many Requests", 429),
        reply(UNAUTHORIZED, 401),
        reply(UNAUTHORIZED.decode()),
    ],
)
async def test_what_is_no_crumb_is_never_sent(gives: Response) -> None:
    yahoo = Yahoo()
    yahoo.gives = gives
    http = ScriptedHttp(yahoo)
    feed = feed_of(http)
    for _ in range(5):
        error = await refused(feed, one_query(feed, *details()))
        assert error.kind is ErrorKind.REFUSED
        assert "crumb" in error.text
    assert QUOTE_PATH not in http.paths()
    assert len(http.asked) <= 4


async def test_too_many_requests_for_a_crumb_lead_to_no_more() -> None:
    yahoo = Yahoo()
    yahoo.gives = reply("Too Many Requests", 429)
    http = ScriptedHttp(yahoo)
    await refused(feed := feed_of(http), one_query(feed, *details()))
    assert http.paths() == ["", CRUMB_PATH], "no walk through pages after a 429"


async def test_where_the_cookie_host_is_blocked_the_quote_page_gives_the_cookie() -> None:
    has_cookie = False

    def yahoo(asked: Request) -> Reply:
        nonlocal has_cookie
        if host_of(asked.url) == "fc.yahoo.com":
            return FeedError(ErrorKind.UNREACHABLE, "the name fc.yahoo.com could not be resolved")
        if path_of(asked) == CRUMB_PATH:
            return reply("good") if has_cookie else reply(UNAUTHORIZED, 401)
        if path_of(asked).startswith("/quote/"):
            has_cookie = True
        return reply(QUOTES)

    http = ScriptedHttp(yahoo)
    feed = feed_of(http)
    await feed.fetch(one_query(feed, *details()))
    assert http.paths() == ["", CRUMB_PATH, "/quote/AAPL", CRUMB_PATH, QUOTE_PATH]


RECORDED_PAGES = (path for path in files_of("crumb_consent_flow") if path.suffix == ".html")
CONSENT_PAGES = [OWN / "consent.html", *RECORDED_PAGES]


@pytest.fixture(params=CONSENT_PAGES, ids=lambda page: page.name)
def consent_page(request: pytest.FixtureRequest) -> bytes:
    path: Path = request.param
    return path.read_bytes()


async def test_the_consent_walk(consent_page: bytes) -> None:
    address = "https://consent.yahoo.com/v2/collectConsent?sessionId=3_cc-session_1"
    agreed: list[Request] = []

    def yahoo(asked: Request) -> Reply:
        if path_of(asked) == CRUMB_PATH:
            return reply("haT3oykhHqZ") if agreed else reply("")
        if path_of(asked).startswith("/quote/"):
            return reply(consent_page, url=address, content_type="text/html")
        if asked.method == "POST":
            agreed.append(asked)
            return reply("", url="https://finance.yahoo.com/quote/AAPL?guccounter=1")
        return reply(QUOTES)

    http = ScriptedHttp(yahoo)
    feed = feed_of(http)
    await feed.fetch(one_query(feed, *details()))
    (post,) = agreed
    assert post.url == address
    assert post.form is not None
    assert post.form["agree"] == "agree"
    assert post.form["originalDoneUrl"].endswith("/quote/AAPL?guccounter=1")
    assert set(post.form) == {"csrfToken", "sessionId", "originalDoneUrl", "namespace", "agree"}
    allowed = post.allowed_hosts or ()
    assert "consent.yahoo.com" in allowed
    assert "guce.yahoo.com" in allowed
    assert "login.yahoo.com" not in allowed


async def test_a_form_that_leads_elsewhere_is_not_sent() -> None:
    yahoo = Yahoo()
    yahoo.gives = reply("")
    page = own("consent.html").replace(
        b'class="consent-form"', b'action="https://evil.example/take"'
    )
    yahoo.page = reply(page, url="https://consent.yahoo.com/v2/collectConsent")
    http = ScriptedHttp(yahoo)
    await refused(feed := feed_of(http), one_query(feed, *details()))
    assert [asked.method for asked in http.asked] == ["GET"] * 4


async def test_no_connection_for_a_crumb_is_no_reason_for_a_long_pause() -> None:
    yahoo = Yahoo()
    broken: Reply = FeedError(ErrorKind.UNREACHABLE, "no connection")
    yahoo.gives = broken
    http = ScriptedHttp(yahoo)
    feed = feed_of(http)
    query = one_query(feed, *details())
    assert (await refused(feed, query)).kind is ErrorKind.UNREACHABLE
    yahoo.gives = reply(yahoo.takes)
    assert (await feed.fetch(query)).body == QUOTES
