"""The HTTP client against a real socket, with both transports."""

import socket
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import httpx
import pytest

from market.feeds.client import why_unreachable
from market.feeds.http import MAX_REDIRECTS, Http
from market.feeds.impersonate import TIMED_OUT, is_usable, timed_out_connecting
from market.feeds.responses import (
    Request,
    Response,
    UnconnectedError,
    check,
    host_of,
    retry_after_s,
)
from market.reports import ErrorKind, FeedError
from tests.clocks import THURSDAY_AFTERNOON
from tests.exchange import Exchange, faults

SEARCH = "/v1/finance/search"
HISTORY = "/api/global/us_indices/daily_prices/VIX_History.csv"
MB = 2**20

needs_curl = pytest.mark.skipif(
    not is_usable(), reason="the extra captop[impersonate] is not installed"
)


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    with Exchange(now=THURSDAY_AFTERNOON) as made:
        yield made


@pytest.fixture(params=[False, pytest.param(True, marks=needs_curl)], ids=["httpx", "curl"])
def impersonates(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
async def http(impersonates: bool) -> AsyncIterator[Http]:
    made = Http(timeout_s=10, impersonate=impersonates)
    yield made
    await made.aclose()


async def got(
    http: Http,
    url: str,
    *,
    params: Sequence[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
    allowed_hosts: frozenset[str] | None = None,
) -> Response:
    """What stands at an address."""
    request = Request(url, params=params, headers=headers or {}, allowed_hosts=allowed_hosts)
    return await http.send(request)


async def refused(http: Http, url: str, allowed: frozenset[str] | None = None) -> FeedError:
    with pytest.raises(FeedError) as caught:
        await got(http, url, allowed_hosts=allowed)
    assert caught.value.text.isprintable()
    assert "<" not in caught.value.text
    return caught.value


# Good answers


async def test_a_good_answer_is_complete_and_unpacked(http: Http, exchange: Exchange) -> None:
    response = await got(http, exchange.url + HISTORY)
    assert response.status == 200
    assert response.headers["content-encoding"] == "gzip"
    assert response.body.startswith(b"DATE,OPEN,HIGH,LOW,CLOSE\n")
    assert response.content_type == "text/csv"
    assert response.url == exchange.url + HISTORY


async def test_the_request_goes_by_a_browser_s_name(http: Http, exchange: Exchange) -> None:
    await got(http, exchange.url + SEARCH)
    (request,) = exchange.requests
    assert "Chrome/1" in request.headers["user-agent"]
    assert "python" not in request.headers["user-agent"]
    assert request.headers["accept-encoding"] == "gzip,deflate"
    assert request.headers["accept-language"].startswith("en-US")
    assert "upgrade" not in request.headers


async def test_another_name_can_be_set(impersonates: bool, exchange: Exchange) -> None:
    http = Http(impersonate=impersonates, user_agent="captop me@example.org")
    await got(http, exchange.url + SEARCH)
    await http.aclose()
    assert exchange.requests[0].headers["user-agent"] == "captop me@example.org"


async def test_parameters_and_headers_arrive_as_given(http: Http, exchange: Exchange) -> None:
    params = [("q", "a&b=c/d é"), ("crumb", "x.y/z+%")]
    await got(http, exchange.url + SEARCH, params=params, headers={"X-One": "1"})
    (request,) = exchange.requests
    assert list(request.params.items()) == params
    assert request.headers["x-one"] == "1"


async def test_an_index_s_caret_arrives(http: Http, exchange: Exchange) -> None:
    response = await got(http, exchange.url + "/v8/finance/chart/%5ERUT")
    assert response.status == 200
    assert exchange.requests[0].path == "/v8/finance/chart/^RUT"


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (faults.limited(), 429),
        (faults.unauthorized(), 401),
        (faults.forbidden(), 403),
        (faults.absent(), 404),
        (faults.server_error(), 503),
        (faults.empty(), 200),
        (faults.html_200(), 200),
    ],
)
async def test_any_status_is_returned(
    http: Http, exchange: Exchange, fault: faults.Fault, status: int
) -> None:
    exchange.fault("*", fault)
    assert (await got(http, exchange.url + SEARCH)).status == status


async def test_one_client_asks_many_times(http: Http, exchange: Exchange) -> None:
    for _ in range(15):
        assert (await got(http, exchange.url + SEARCH)).status == 200


# Trouble on the wire


@pytest.mark.parametrize("fault", [faults.hang(), faults.held(), faults.slow(60)])
async def test_no_answer_in_time_is_unreachable(
    impersonates: bool,
    exchange: Exchange,
    fault: faults.Fault,
) -> None:
    exchange.fault("*", fault, times=1)
    http = Http(timeout_s=0.3, impersonate=impersonates)
    error = await refused(http, exchange.url + SEARCH)
    assert error.kind is ErrorKind.UNREACHABLE
    assert error.text == "127.0.0.1 did not answer within 0.3 s"
    assert (await got(http, exchange.url + SEARCH)).status == 200, "the client still works"
    await http.aclose()


async def test_a_connection_that_does_not_come_about_tells_its_own_time_out(
    http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("market.feeds.responses.CONNECT_TIMEOUT_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        error = await refused(http, f"https://127.0.0.1:{silent.getsockname()[1]}/")
    assert isinstance(error, UnconnectedError)
    assert error.text == "127.0.0.1 could not be connected to within 0.1 s"


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        (TIMED_OUT, "Connection timed out after 5001 milliseconds", True),
        (TIMED_OUT, "SSL connection timeout", True),
        (TIMED_OUT, "Resolving timed out after 5000 milliseconds", True),
        (TIMED_OUT, "Operation timed out after 15000 milliseconds with 0 bytes received", False),
        (7, "Failed to connect to 127.0.0.1 port 1", False),
    ],
)
def test_curl_says_which_time_out_it_was(code: int, text: str, *, expected: bool) -> None:
    class CurlError(OSError):
        def __init__(self) -> None:
            super().__init__(text)
            self.code = code

    assert timed_out_connecting(CurlError()) is expected


async def test_redirects_share_one_time_out(impersonates: bool, exchange: Exchange) -> None:
    exchange.fault("*", faults.hang())
    exchange.fault("/start", faults.redirect("/end"))
    http = Http(timeout_s=0.3, impersonate=impersonates)
    assert "did not answer" in (await refused(http, exchange.url + "/start")).text
    await http.aclose()


async def test_a_late_answer_in_time_is_good(http: Http, exchange: Exchange) -> None:
    exchange.fault("*", faults.slow(0.01))
    assert (await got(http, exchange.url + SEARCH)).status == 200


async def test_a_cut_body_is_garbled(http: Http, exchange: Exchange) -> None:
    exchange.fault("*", faults.cut_body())
    error = await refused(http, exchange.url + HISTORY)
    assert error.kind is ErrorKind.GARBLED
    assert error.text == "127.0.0.1 broke off in the middle of its answer"


async def test_a_reset_is_unreachable(http: Http, exchange: Exchange) -> None:
    exchange.fault("*", faults.connection_reset())
    error = await refused(http, exchange.url + SEARCH)
    assert error.kind is ErrorKind.UNREACHABLE
    assert not isinstance(error, UnconnectedError), "the request was sent"


async def test_nobody_listening_is_unreachable(http: Http) -> None:
    with Exchange(now=THURSDAY_AFTERNOON) as gone:
        url = gone.url
    error = await refused(http, url)
    assert (error.kind, error.text) == (ErrorKind.UNREACHABLE, "no connection to 127.0.0.1")
    assert isinstance(error, UnconnectedError)


async def test_an_unknown_host_is_named(http: Http) -> None:
    error = await refused(http, "http://nobody.invalid/")
    assert error.kind is ErrorKind.UNREACHABLE
    assert "nobody.invalid could not be resolved" in error.text


@pytest.mark.parametrize("url", ["ftp://a/x", "file:///etc/passwd", "http://[::/x", "nonsense", ""])
async def test_what_is_no_address_is_said_so(http: Http, url: str) -> None:
    assert "address" in (await refused(http, url)).text


def test_a_tls_trouble_is_named() -> None:
    caused = httpx.ConnectError("x")
    caused.__cause__ = OSError("y")
    caused.__cause__.__context__ = ssl.SSLCertVerificationError("self-signed")
    assert why_unreachable("a.example", caused).startswith("no safe connection to a.example")
    by_curl = httpx.ConnectError("x")
    by_curl.__cause__ = CurlLikeError(60)
    assert why_unreachable("a.example", by_curl).startswith("no safe connection to a.example")


class CurlLikeError(OSError):
    def __init__(self, code: int) -> None:
        super().__init__("curl says so")
        self.code = code


# Sizes


async def test_a_gzip_bomb_is_garbled(http: Http, exchange: Exchange) -> None:
    exchange.fault("*", faults.gzip_bomb())
    error = await refused(http, exchange.url + SEARCH)
    assert error.kind is ErrorKind.GARBLED
    assert error.text == "the answer of 127.0.0.1 is larger than 32 MB"


async def test_a_large_body_is_garbled(impersonates: bool, exchange: Exchange) -> None:
    http = Http(max_bytes=MB // 8, impersonate=impersonates)
    exchange.fault("/big", faults.Fault("big", reply=faults.Reply(200, bytes(MB))))
    error = await refused(http, exchange.url + "/big")
    assert (error.kind, "0.125 MB" in error.text) == (ErrorKind.GARBLED, True)
    assert (await got(http, exchange.url + SEARCH)).status == 200
    await http.aclose()


async def test_a_body_packed_in_an_unknown_way_is_garbled(http: Http, exchange: Exchange) -> None:
    reply = faults.Reply(200, b"?", headers=(("Content-Encoding", "br"),))
    exchange.fault("*", faults.Fault("brotli", reply=reply))
    assert (await refused(http, exchange.url + SEARCH)).kind is ErrorKind.GARBLED


# Redirects and cookies


async def test_a_redirect_on_the_same_host_is_followed(http: Http, exchange: Exchange) -> None:
    exchange.fault("/old", faults.redirect(SEARCH + "?q=IWM"))
    response = await got(http, exchange.url + "/old", params=[("lang", "en")])
    assert response.status == 200
    assert response.url == f"{exchange.url}{SEARCH}?q=IWM"
    assert [r.params for r in exchange.requests] == [{"lang": "en"}, {"q": "IWM"}]


async def test_a_foreign_host_is_never_asked(http: Http, exchange: Exchange) -> None:
    exchange.fault(SEARCH, faults.foreign_redirect())
    error = await refused(http, exchange.url + SEARCH)
    assert error.kind is ErrorKind.REFUSED
    assert error.text == "127.0.0.1 redirected to the foreign host localhost"
    assert exchange.asked("/foreign") == []


async def test_a_host_on_the_list_is_asked(http: Http, exchange: Exchange) -> None:
    exchange.fault(SEARCH, faults.foreign_redirect())
    allowed = frozenset({"127.0.0.1", "localhost"})
    assert (await got(http, exchange.url + SEARCH, allowed_hosts=allowed)).status == 404
    assert len(exchange.asked("/foreign")) == 1


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "javascript:alert(1)", "ftp://127.0.0.1/", "http://[::/"]
)
async def test_an_unsafe_target_is_refused(http: Http, exchange: Exchange, target: str) -> None:
    exchange.fault("*", faults.redirect(target))
    assert (await refused(http, exchange.url + SEARCH)).kind is ErrorKind.REFUSED
    assert len(exchange.requests) == 1


async def test_redirects_end_after_five(http: Http, exchange: Exchange) -> None:
    exchange.fault("*", faults.redirect("/again"))
    error = await refused(http, exchange.url + SEARCH)
    assert (error.kind, error.text) == (ErrorKind.REFUSED, "127.0.0.1 redirects without end")
    assert len(exchange.requests) == MAX_REDIRECTS + 1


async def test_every_request_but_the_first_is_paid_for(http: Http, exchange: Exchange) -> None:
    paid: list[str] = []
    http.spend = paid.append
    await got(http, exchange.url + SEARCH)
    assert paid == []
    await http.send(Request(exchange.url + SEARCH, is_extra=True))
    assert paid == [exchange.url.removeprefix("http://")]
    exchange.fault(SEARCH, faults.foreign_redirect())
    await got(http, exchange.url + SEARCH, allowed_hosts=frozenset({"127.0.0.1", "localhost"}))
    assert paid[1].startswith("localhost:")
    assert len(paid) == len(exchange.requests) - 2


async def test_a_request_that_cannot_be_paid_for_is_not_made(
    http: Http, exchange: Exchange
) -> None:
    closed = FeedError(ErrorKind.LIMITED, "too many requests", 60.0)

    def refuse(host: str) -> None:
        raise closed

    http.spend = refuse
    with pytest.raises(FeedError) as caught:
        await http.send(Request(exchange.url + SEARCH, is_extra=True))
    assert caught.value is closed
    assert exchange.requests == []


async def test_a_redirect_can_be_looked_at(http: Http, exchange: Exchange) -> None:
    exchange.fault(SEARCH, faults.foreign_redirect())
    response = await http.send(Request(exchange.url + SEARCH, follow=False))
    assert response.status == 307
    assert response.headers["location"].endswith("/foreign")


async def test_cookies_survive_redirects_and_belong_to_one_client(
    http: Http, exchange: Exchange
) -> None:
    exchange.fault("/start", faults.redirect("/quote/IWM"))
    await got(http, exchange.url + "/start")
    assert (await got(http, exchange.url + "/v1/test/getcrumb")).status == 200
    stranger = Http(impersonate=False)
    assert (await got(stranger, exchange.url + "/v1/test/getcrumb")).status == 401
    await stranger.aclose()


async def test_a_form_is_posted_and_its_redirects_are_fetched(
    http: Http, exchange: Exchange
) -> None:
    exchange.consent = True
    form = {"agree": "agree", "csrfToken": "a b&c"}
    agreeing = Request(exchange.url + "/v2/collectConsent", "POST", form=form)
    response = await http.send(agreeing)
    assert response.status == 200
    assert exchange.requests[0].form == form
    assert [r.method for r in exchange.requests] == ["POST", "GET", "GET"]
    assert (await got(http, exchange.url + "/v1/test/getcrumb")).body == exchange.crumb.encode()


async def test_after_closing_it_opens_anew_without_cookies(http: Http, exchange: Exchange) -> None:
    await got(http, exchange.url + "/")
    await http.aclose()
    assert (await got(http, exchange.url + "/v1/test/getcrumb")).status == 401


# What a status means


def answer(status: int, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, b"<b>not for people</b>", "text/html", named, "https://a.example/x")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (429, ErrorKind.LIMITED),
        (401, ErrorKind.REFUSED),
        (403, ErrorKind.REFUSED),
        (404, ErrorKind.ABSENT),
        (410, ErrorKind.ABSENT),
        (408, ErrorKind.UNREACHABLE),
        (500, ErrorKind.UNREACHABLE),
        (503, ErrorKind.UNREACHABLE),
        (599, ErrorKind.UNREACHABLE),
        (400, ErrorKind.GARBLED),
        (422, ErrorKind.GARBLED),
        (302, ErrorKind.GARBLED),
    ],
)
def test_a_status_is_a_kind_of_error(status: int, kind: ErrorKind) -> None:
    with pytest.raises(FeedError) as caught:
        check(answer(status), "Yahoo")
    assert caught.value.kind is kind
    assert caught.value.text.startswith("Yahoo ")
    assert "<" not in caught.value.text
    with pytest.raises(FeedError, match=r"^a\.example "):
        check(answer(status))


@pytest.mark.parametrize("status", [200, 204])
def test_success_passes(status: int) -> None:
    check(answer(status), "Yahoo")


@pytest.mark.parametrize("status", [429, 503])
def test_the_wait_that_is_asked_for_is_kept(status: int) -> None:
    with pytest.raises(FeedError) as caught:
        check(answer(status, retry_after="90"))
    assert caught.value.retry_after_s == 90


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("99999999999999999999", 86_400.0),
        ("Thu, 02 Jul 2026 18:33:07 GMT", 60.0),
        ("Thu, 02 Jul 2026 18:00:00 GMT", 0.0),
        ("Thu, 02 Jul 2099 18:00:00 GMT", 86_400.0),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("1.5", None),
        ("²", None),
        ("Thu, 99 Jul 2026 18:33:07 GMT", None),
    ],
)
def test_a_wait_is_seconds_or_a_date_by_the_server_s_own_clock(
    text: str, wait: float | None
) -> None:
    assert (
        retry_after_s(answer(429, retry_after=text, date=f"{SENT:%a, %d %b %Y %H:%M:%S} GMT"))
        == wait
    )


SENT = datetime(2026, 7, 2, 18, 32, 7, tzinfo=UTC)


@pytest.mark.parametrize("date", ["", "yesterday", "Thu, 02 Jul 2026 18:32:07 -0000"])
def test_a_date_without_the_server_s_clock_is_not_understood(date: str) -> None:
    until = "Thu, 02 Jul 2026 18:33:07 GMT"
    assert retry_after_s(answer(429, retry_after=until, date=date)) is None


async def test_the_wait_comes_through_the_wire(http: Http, exchange: Exchange) -> None:
    exchange.fault("*", faults.limited(retry_after=7))
    assert retry_after_s(await got(http, exchange.url + SEARCH)) == 7
    exchange.fault("*", faults.limited(retry_after="Thu, 02 Jul 2026 18:34:07 GMT"))
    assert retry_after_s(await got(http, exchange.url + SEARCH)) == 120


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Query1.Finance.Yahoo.com:443/x?y", "query1.finance.yahoo.com"),
        ("http://[::1]:80/", "::1"),
        ("http://[::/", "http://[::/"),
        ("\x1b[31m", "[31m"),
    ],
)
def test_the_host_of_an_address(url: str, host: str) -> None:
    assert host_of(url) == host


# Which transport


def test_the_transport_says_its_name() -> None:
    assert Http(impersonate=False).transport_name.startswith("httpx 0.28")


@needs_curl
def test_the_browser_like_transport_says_its_name() -> None:
    assert Http().transport_name.startswith("curl_cffi ")


@needs_curl
def test_curl_still_has_the_look_for_missed_signals_that_is_made_more_seldom() -> None:
    from market.feeds.curl_transport import RestingCurl

    (look,) = (name for name in vars(RestingCurl) if name.endswith("timeout"))
    assert all(look in vars(base) for base in RestingCurl.__bases__)


async def test_without_the_extra_plain_httpx_is_used(
    monkeypatch: pytest.MonkeyPatch, exchange: Exchange
) -> None:
    monkeypatch.setitem(sys.modules, "httpx_curl_cffi", None)
    monkeypatch.delitem(sys.modules, "market.feeds.curl_transport", raising=False)
    monkeypatch.setattr("market.feeds.impersonate.is_usable", lambda: True)
    http = Http()
    assert (await got(http, exchange.url + SEARCH)).status == 200
    assert http.transport_name.startswith("httpx ")
    await http.aclose()


def test_behind_a_proxy_plain_httpx_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    assert Http().transport_name.startswith("httpx ")


def test_making_a_client_does_not_load_httpx() -> None:
    code = (
        "import sys; from market.feeds.cboe import CboeFeed; from market.feeds.http import Http\n"
        "from market.instruments import default_cast\n"
        "CboeFeed(Http(), cast=default_cast()).name; Http().transport_name\n"
        "print(sorted({'httpx', 'curl_cffi', 'pandas', 'numpy'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
