"""The cookie and crumb that v7/finance/quote asks for, and the consent page on the way to them.

Only quotes need a crumb; everything else goes on without. A server that never gives a good
one is asked rarely: every failed round is followed by a pause that doubles.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Protocol
from urllib.parse import urljoin, urlsplit

from market.clock import Clock
from market.feeds.http import Asker, Request, Response, check
from market.feeds.yahoo.hosts import Hosts
from market.reports import ErrorKind, FeedError

FIRST_PAUSE_S = 600.0
LONGEST_PAUSE_S = 3600.0

YAHOO_HOSTS = frozenset(
    {
        "fc.yahoo.com",
        "finance.yahoo.com",
        "guce.yahoo.com",
        "consent.yahoo.com",
        "query1.finance.yahoo.com",
        "query2.finance.yahoo.com",
    }
)
"""Where the walk to a cookie may lead."""

CRUMB_PATH = "/v1/test/getcrumb"
PAGE_PATH = "/quote/AAPL"
_PAGE_HEADERS = {"Accept": "text/html,application/xhtml+xml,application/xml"}
_CRUMB = re.compile(r"[!#-;=?-z|~]{1,64}")
"""Printable, no blank, quote, brace or angle bracket: no sentence, no page, no JSON."""


class Crumb:
    """One crumb, fetched when it is first needed, kept until it is refused."""

    def __init__(
        self, http: Asker, clock: Clock, hosts: Hosts, *, cookie_url: str, page_url: str
    ) -> None:
        self._http = http
        self._clock = clock
        self._hosts = hosts
        self._cookie_url = cookie_url
        self._page_url = page_url.rstrip("/")
        own = {urlsplit(url).hostname or "" for url in (cookie_url, page_url)}
        self._allowed = YAHOO_HOSTS | hosts.names | own
        self._value: str | None = None
        self._lock = asyncio.Lock()
        self._blocked_until = float("-inf")
        self._renewed_at = float("-inf")
        self._pause_s = FIRST_PAUSE_S
        self._reason = ""

    async def value(self) -> str:
        """Return the crumb.

        Raises:
            FeedError: refused, with the seconds to wait, while none is to be had;
                unreachable, if the host that gives it is.
        """
        async with self._lock:
            if self._value is None:
                self._require_open()
                self._value = await self._fetched()
            return self._value

    async def renewed(self, refused: str) -> str:
        """Return a crumb in place of one that was refused; two renewals are well apart.

        Raises:
            FeedError: refused, with the seconds to wait, if the last renewal did not help.
        """
        async with self._lock:
            if self._value is not None and self._value != refused:
                return self._value
            self._value = None
            now = self._clock.monotonic()
            self._require_open()
            if now - self._renewed_at < FIRST_PAUSE_S:
                raise self.given_up("Yahoo refuses its own crumb for quotes")
            self._renewed_at = now
            self._value = await self._fetched()
            return self._value

    def accepted(self) -> None:
        """Learn that the crumb was good."""
        self._pause_s = FIRST_PAUSE_S

    def given_up(self, reason: str) -> FeedError:
        """Ask for none for a while, longer each time; return the error that says so."""
        self._value = None
        self._reason = reason
        self._blocked_until = self._clock.monotonic() + self._pause_s
        self._pause_s = min(LONGEST_PAUSE_S, 2 * self._pause_s)
        return self._refusal()

    def _refusal(self) -> FeedError:
        left = self._blocked_until - self._clock.monotonic()
        return FeedError(ErrorKind.REFUSED, self._reason, retry_after_s=max(1.0, left))

    def _require_open(self) -> None:
        if self._clock.monotonic() < self._blocked_until:
            raise self._refusal()

    async def _fetched(self) -> str:
        """Fetch a crumb: with the plain cookie, else with the quote page's and its consent."""
        await self._collect_cookie()
        found, reason = await self._ask()
        if found is None and "too many" not in reason:
            await self._walk_consent()
            found, reason = await self._ask()
        if found is None:
            raise self.given_up(f"Yahoo gives no crumb for quotes: {reason}")
        return found

    async def _collect_cookie(self) -> None:
        """The cookie comes with an answer of any status; where it is blocked, the page helps."""
        try:
            await self._get(self._cookie_url)
        except FeedError:
            return

    async def _ask(self) -> tuple[str | None, str]:
        """Return the crumb, or why there is none."""
        response = await self._get(self._hosts.url + CRUMB_PATH)
        text = response.body.decode("utf-8", "replace").strip()
        if response.status == 429 or "too many requests" in text.lower():
            return None, "too many requests"
        if response.status >= 500:
            check(response, "Yahoo")
        if response.status != 200:
            return None, f"HTTP {response.status}"
        if not _CRUMB.fullmatch(text):
            return None, "the answer is empty" if not text else "the answer is no crumb"
        return text, ""

    async def _walk_consent(self) -> None:
        """Open a quote page; agree where it asks. Elsewhere the way there leaves the cookie."""
        try:
            page = await self._get(self._page_url + PAGE_PATH, _PAGE_HEADERS)
            form = consent_form(page.body.decode("utf-8", "replace"))
            target = urljoin(page.url, form.action) if form else ""
            if form and urlsplit(target).hostname in self._allowed:
                await self._post(target, {**form.fields, "agree": "agree"})
        except FeedError:
            return  # the crumb's own answer will say what is wrong

    async def _get(self, url: str, headers: Mapping[str, str] | None = None) -> Response:
        request = Request(url, headers=headers or {}, allowed_hosts=self._allowed, is_extra=True)
        return await self._http.send(request)

    async def _post(self, url: str, form: Mapping[str, str]) -> Response:
        request = Request(
            url, "POST", (), _PAGE_HEADERS, form, allowed_hosts=self._allowed, is_extra=True
        )
        return await self._http.send(request)


class ConsentForm(Protocol):
    """What the consent page wants sent back."""

    action: str
    fields: dict[str, str]


class _FormReader(HTMLParser):
    """Collects the first form that carries a csrfToken."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.action = ""
        self.fields: dict[str, str] = {}
        self._is_done = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the form's target and its hidden fields."""
        given = {name: value or "" for name, value in attrs}
        if self._is_done:
            return
        if tag == "form":
            self.action, self.fields = given.get("action", ""), {}
        elif tag == "input" and given.get("type") == "hidden" and given.get("name"):
            self.fields[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """Stop after the form we look for."""
        if tag == "form" and "csrfToken" in self.fields:
            self._is_done = True


def consent_form(page: str) -> ConsentForm | None:
    """Return the form of a consent page, None if the page asks for no consent."""
    reader = _FormReader()
    reader.feed(page)
    return reader if {"csrfToken", "sessionId"} <= reader.fields.keys() else None
