"""The one HTTP client of the feeds: time-outs, redirects, cookies; every trouble is a FeedError."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast
from urllib.parse import urljoin, urlsplit

from msgspec.structs import replace

from market.feeds import impersonate as curl
from market.feeds.responses import Limits, Request, Response, check, host_of, printable
from market.reports import ErrorKind, FeedError

if TYPE_CHECKING:
    from market.feeds.client import Client

__all__ = ["Asker", "Http", "Request", "Response", "check", "host_of"]

MAX_REDIRECTS = 5

cast("dict[str, object]", sys.modules).setdefault("httpx._main", None)
# httpx's own command line is not looked for: with click at hand it would load half of rich, 3 MB.

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Asker(Protocol):
    """Whatever gets answers: `Http`, or a script in its place."""

    spend: Callable[[str], None]
    """Told host and port of every request beyond the one that its query was let in for, before
    it is made. It pays from that host's budget, or raises FeedError where none may be made."""

    async def send(self, request: Request) -> Response:
        """Ask, follow redirects, and return the answer of whatever status."""
        ...

    async def aclose(self) -> None:
        """Close all connections."""
        ...


def _unpaid(host: str) -> None:
    """Without a polling loop there is no budget to keep."""
    del host


class Http:
    """An HTTP client that is cheap to make and opened by its first request.

    It belongs to the event loop that makes the first request. Cookies are kept for its life,
    through redirects too.
    """

    def __init__(
        self,
        *,
        timeout_s: float = 15.0,
        max_bytes: int = 32 * 2**20,
        impersonate: bool = True,
        user_agent: str | None = None,
    ) -> None:
        """Set the limits of every exchange.

        Args:
            timeout_s: Seconds for a whole exchange, redirects and body included.
            max_bytes: Largest body, packed or unpacked.
            impersonate: Use curl_cffi where the extra is installed.
            user_agent: Name to go by instead of a browser's.
        """
        self._limits = Limits(timeout_s, max_bytes)
        self._impersonates = impersonate and curl.is_usable()
        self._user_agent = user_agent
        self._client: Client | None = None
        self.spend: Callable[[str], None] = _unpaid

    @property
    def transport_name(self) -> str:
        """What makes the connections: "httpx 0.28.1 (HTTP/2)" or "curl_cffi 0.16.3 (Chrome)"."""
        if self._client is not None:
            return self._client.name
        return curl.name() if self._impersonates else curl.plain_name()

    async def send(self, request: Request) -> Response:
        """Ask, follow redirects, and return the answer of whatever status.

        Raises:
            FeedError: unreachable (no answer in time), refused (redirected elsewhere),
                garbled (the body is cut, damaged or too large).
        """
        if _scheme_of(request.url) not in {"http", "https"}:
            text = f"{printable(request.url)} is no http or https address"
            raise FeedError(ErrorKind.UNREACHABLE, text)
        self._opened()  # loading httpx is no part of the exchange
        try:
            async with asyncio.timeout(self._limits.timeout_s):
                return await self._exchange(request)
        except TimeoutError:
            raise self._limits.late(request.url) from None

    async def aclose(self) -> None:
        """Close all connections. A later request opens anew, without the cookies."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def _opened(self) -> Client:
        if self._client is None:
            # httpx is imported here, by the first request, since the first paint needs none.
            made = cast("type[Client]", import_module("market.feeds.client").Client)
            self._client = made(
                self._limits, impersonate=self._impersonates, user_agent=self._user_agent
            )
        return self._client

    async def _exchange(self, request: Request) -> Response:
        for hop in range(MAX_REDIRECTS + 1):
            if hop or request.is_extra:
                self.spend(urlsplit(request.url).netloc)
            response = await self._opened().send(request)
            moved = response.status in _REDIRECTS and "location" in response.headers
            if not (request.follow and moved):
                return response
            request = _redirected(request, response)
        raise FeedError(ErrorKind.REFUSED, f"{host_of(request.url)} redirects without end")


def _redirected(request: Request, response: Response) -> Request:
    """Return the request that a redirect asks for; FeedError if it leads astray."""
    here = host_of(request.url)
    allowed = request.allowed_hosts if request.allowed_hosts is not None else frozenset({here})
    target = _target(response)
    scheme, host = _scheme_of(target), host_of(target)
    if scheme != "https" and (scheme != "http" or _scheme_of(request.url) == "https"):
        raise FeedError(ErrorKind.REFUSED, f"{here} redirected to an unsafe address")
    if host not in allowed:
        text = f"{here} redirected to the foreign host {printable(host)}"
        raise FeedError(ErrorKind.REFUSED, text)
    request = replace(request, url=target, params=(), allowed_hosts=allowed)
    if response.status == 303 or (response.status < 303 and request.method == "POST"):
        return replace(request, method="GET", form=None, body=None)
    return request


def _target(response: Response) -> str:
    try:
        return urljoin(response.url, response.headers["location"])
    except ValueError:
        return ""


def _scheme_of(url: str) -> str:
    try:
        return urlsplit(url).scheme
    except ValueError:
        return ""
