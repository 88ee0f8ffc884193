"""Which answer belongs to a request: the sources' paths, Yahoo's cookies, crumbs and consent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, Protocol, cast
from urllib.parse import quote, unquote

from market.sessions import exchange_date, session_of, session_on_or_before
from tests.exchange.calendars import ForexFactory, NasdaqCalendars
from tests.exchange.cboe import Cboe
from tests.exchange.faults import DENIED, Reply
from tests.exchange.fred import Fred
from tests.exchange.ishares import Ishares
from tests.exchange.nasdaq import Nasdaq
from tests.exchange.nyfed import NyFed
from tests.exchange.prices import Prices
from tests.exchange.ssga import Ssga
from tests.exchange.stories import NASDAQ_RSS, YAHOO_RSS, HaltsPlayer, Sec
from tests.exchange.treasury import Treasury
from tests.exchange.yahoo import Yahoo, dump

COOKIE = "A3"
CBOE_ROOT = "/api/global/"
ISHARES_ROOT = "/ishares"
NASDAQ_ROOT = "/nasdaq/api"
ROOTS = {
    "yahoo": "",
    "cboe": CBOE_ROOT.removesuffix("/"),
    "ishares": ISHARES_ROOT,
    "nasdaq": NASDAQ_ROOT,
    "fred": "/fred",
    "nyfed": "/nyfed",
    "treasury": "/treasury",
    "ssga": "/ssga",
    "forexfactory": "/forexfactory",
    "sec": "/sec",
    "yahoo_rss": "/yahoo_rss",
    "nasdaq_rss": "/nasdaq_rss",
    "nasdaqtrader": "/nasdaqtrader",
}
"""Where the paths of each source begin."""
_TEXT = "text/plain;charset=utf-8"
_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    """One request that reached the server."""

    method: str
    path: str
    """Unquoted, without parameters."""
    params: Mapping[str, str]
    headers: Mapping[str, str]
    """By lower-case name."""
    at: datetime
    """The server's clock when it came."""
    form: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that came with it."""
        pairs = (p.strip().partition("=") for p in self.headers.get("cookie", "").split(";"))
        return {name: value for name, _, value in pairs if name}


class Player(Protocol):
    """One source whose paths have a root of their own."""

    def answer(self, path: str, params: Mapping[str, str], now: datetime) -> Reply | None:
        """Return the good answer to a path below the root, None to one that is none of theirs."""
        ...


class Sources:
    """What the sources tell whoever may ask: the same answer to the same words at one instant."""

    def __init__(self, prices: Prices) -> None:
        self._yahoo = Yahoo(prices)
        self._cboe = Cboe(prices)
        self._ishares = Ishares(prices)
        self._nasdaq = Nasdaq(prices)
        self._players: Mapping[str, Player] = {
            "fred": Fred(),
            "nyfed": NyFed(),
            "treasury": Treasury(),
            "ssga": Ssga(),
            "forexfactory": ForexFactory(),
            "sec": Sec(),
            "yahoo_rss": YAHOO_RSS,
            "nasdaq_rss": NASDAQ_RSS,
            "nasdaqtrader": HaltsPlayer(),
            "nasdaq": NasdaqCalendars(),
        }
        self._kept = lru_cache(maxsize=256)(self._made)

    def answer(self, path: str, params: Mapping[str, str], now: datetime) -> Reply | None:
        """Return the good answer with the data of `now`, None to a path that is none of theirs."""
        return self._kept(path, tuple(params.items()), now)

    def rows(self, symbols: Iterable[str], now: datetime) -> list[dict[str, object]]:
        """Return Yahoo's rows of quotes, which need a crumb where they are asked for."""
        _, document = self._yahoo.quote({"symbols": ",".join(symbols)}, now)
        return cast("Any", document)["quoteResponse"]["result"]

    def _made(self, path: str, params: tuple[tuple[str, str], ...], now: datetime) -> Reply | None:
        if path.startswith(CBOE_ROOT):
            return self._answer_cboe(path.removeprefix(CBOE_ROOT), now)
        if path.startswith(ISHARES_ROOT):
            return self._answer_ishares(path.removeprefix(ISHARES_ROOT), dict(params), now)
        if path == f"{NASDAQ_ROOT}/screener/stocks":
            return Reply(200, self._nasdaq.screener(now), "application/json; charset=utf-8")
        for name, player in self._players.items():
            if path.startswith(f"{ROOTS[name]}/"):
                found = player.answer(path.removeprefix(ROOTS[name]), dict(params), now)
                return found or Reply(404, _NOT_FOUND, _HTML)
        return self._answer_yahoo(path, dict(params), now)

    def _answer_yahoo(self, path: str, params: Mapping[str, str], now: datetime) -> Reply | None:
        yahoo, root = self._yahoo, "/v8/finance/chart/"
        if path.startswith(root):
            return _json(*yahoo.chart(path.removeprefix(root), params, now))
        match path:
            case "/v8/finance/spark":
                return _json(*yahoo.spark(params, now))
            case "/v7/finance/quote":
                return _json(*yahoo.quote(params, now))
            case "/v1/finance/search":
                return _json(*yahoo.search(params))
            case _:
                return None

    def _answer_ishares(self, path: str, params: Mapping[str, str], now: datetime) -> Reply:
        body, kind = self._ishares.answer(path, params, now)
        return Reply(200, body, kind) if body else Reply(404, _NOT_FOUND, _HTML)

    def _answer_cboe(self, path: str, now: datetime) -> Reply:
        for prefix, suffix, make, kind in (
            ("delayed_quotes/quotes/", ".json", self._cboe.quote, "application/json"),
            ("delayed_quotes/options/", ".json", self._cboe.options, "application/json"),
            ("delayed_quotes/charts/intraday/", ".json", self._cboe.intraday, "application/json"),
            (
                "delayed_quotes/charts/historical/",
                ".json",
                self._cboe.historical,
                "application/json",
            ),
            ("us_indices/daily_prices/", "_History.csv", self._cboe.history_csv, "text/csv"),
        ):
            if path.startswith(prefix) and path.endswith(suffix):
                name = unquote(path.removeprefix(prefix).removesuffix(suffix))
                body = make(name, now)
                if body is not None:
                    return Reply(200, body, kind, (("Cache-Control", "max-age=0, s-maxage=5"),))
        # The bucket behind Cboe's addresses says 403 for what it does not have.
        return Reply(403, DENIED, "application/xml")


@cache
def _sources(seed: int, anchor: date) -> Sources:
    """Return the sources of one seed and session: all exchanges of a process share them."""
    return Sources(Prices(seed, session_of(anchor).close))


class Routes:
    """Good answers to every path the program asks for."""

    def __init__(self, seed: int, now: datetime) -> None:
        self._sources = _sources(seed, session_on_or_before(exchange_date(now)))
        self.crumb = "oXb/tz7L.lG"
        """The crumb that v7 quote takes, with characters that must be encoded."""
        self.consent = False
        """Whether the cookie page leads through the EU consent walk first."""

    def answer(self, request: Request, now: datetime) -> Reply:
        """Return the good answer, with the data of `now`."""
        refusal = self._refusal(request) if request.path == "/v7/finance/quote" else None
        if request.path == "/v1/test/getcrumb":
            return self._answer_crumb(request)
        good = refusal or self._sources.answer(request.path, request.params, now)
        return good or self._answer_page(request)

    def rows(self, symbols: Iterable[str], now: datetime) -> list[dict[str, object]]:
        """Return the rows of quotes that a stream is made of."""
        return self._sources.rows(symbols, now)

    def _refusal(self, request: Request) -> Reply | None:
        if COOKIE not in request.cookies or "crumb" not in request.params:
            return _unauthorized("User is unable to access this feature")
        return _unauthorized("Invalid Crumb") if request.params["crumb"] != self.crumb else None

    def _answer_crumb(self, request: Request) -> Reply:
        if COOKIE not in request.cookies:
            return _unauthorized("Invalid Cookie")
        return Reply(200, self.crumb.encode(), _TEXT)

    def _answer_page(self, request: Request) -> Reply:
        match request.method, request.path:
            case "GET", "/":
                # The cookie page answers 404 and sets the cookie all the same, outside the EU.
                headers = () if self.consent else (_set_cookie(),)
                return Reply(404, _NOT_FOUND, _HTML, headers)
            case "GET", path if path.startswith("/quote"):
                return self._quote_page(request)
            case _:
                return _consent_step(request)

    def _quote_page(self, request: Request) -> Reply:
        if self.consent and COOKIE not in request.cookies:
            return _moved(f"/consent?done={quote(request.path, safe='')}", 307)
        return Reply(200, b"<html><title>Quote</title></html>", _HTML, (_set_cookie(),))


_CONSENT_PAGE = b"""<!DOCTYPE html><html><body>
<form method="post" class="consent-form" action="">
<input type="hidden" name="csrfToken" value="GoNrer0">
<input type="hidden" name="sessionId" value="3_cc-session">
<input type="hidden" name="originalDoneUrl" value="/quote/IWM?guccounter&#x3D;1">
<input type="hidden" name="namespace" value="yahoo">
<button type="submit" class="btn accept-all" name="agree" value="agree">Accept all</button>
<button type="submit" class="btn reject-all" name="reject" value="reject">Reject all</button>
</form></body></html>"""


_NOT_FOUND = b"<html>Not Found</html>"


def _consent_step(request: Request) -> Reply:
    match request.method, request.path:
        case "GET", "/consent":
            return _moved("/v2/collectConsent?sessionId=3_cc-session", 302)
        case "GET", "/v2/collectConsent":
            return Reply(200, _CONSENT_PAGE, _HTML)
        case "POST", "/v2/collectConsent" if request.form.get("agree") == "agree":
            return _moved("/copyConsent?sessionId=3_cc-session", 302)
        case "GET", "/copyConsent":
            return _moved("/quote/IWM?guccounter=1", 302, _set_cookie())
        case _:
            return Reply(404, _NOT_FOUND, _HTML)


def _set_cookie() -> tuple[str, str]:
    return (
        "Set-Cookie",
        f"{COOKIE}=d=AQABBKvcsWcCEIGL&S=AQAAAu; Max-Age=31557600; Path=/; HttpOnly",
    )


def _moved(to: str, status: int, *headers: tuple[str, str]) -> Reply:
    return Reply(status, b"", _HTML, (("Location", to), *headers))


def _json(status: int, document: object) -> Reply:
    return Reply(status, dump(document), "application/json;charset=utf-8")


def _unauthorized(text: str) -> Reply:
    error = {"code": "Unauthorized", "description": text}
    return _json(401, {"finance": {"result": None, "error": error}})
