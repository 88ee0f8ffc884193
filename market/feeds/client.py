"""One request at a time over httpx: who opens the connections, and what can go wrong on them.

This module imports httpx, which the first paint must not wait for: `market.feeds.http` loads
it with the first request.
"""

from __future__ import annotations

import socket
import ssl
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from typing import NoReturn, cast

import httpx

from market.feeds import impersonate as curl
from market.feeds.inflate import ENCODINGS, DamagedError, Inflater, TooLargeError
from market.feeds.responses import (
    Limits,
    Request,
    Response,
    UnconnectedError,
    host_of,
    printable,
)
from market.reports import ErrorKind, FeedError

USER_AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/150.0.0.0 Safari/537.36"
)
"""A current desktop Chrome: libraries' own names, and old browsers, are refused at the door."""

ACCEPT = "application/json,text/csv,text/plain,text/html;q=0.8,*/*;q=0.5"

_LOCATION = "captop.location"

if "sniffio" not in sys.modules and find_spec("sniffio") is None:
    # httpcore imports it several times a request, to see whether trio runs. Where there is none,
    # Python would look for it on the disk each time, half a millisecond a request.
    cast("dict[str, object]", sys.modules)["sniffio"] = None


class Client:
    """The httpx client behind `Http`; it does not follow redirects."""

    def __init__(self, limits: Limits, *, impersonate: bool, user_agent: str | None) -> None:
        """Open it; `impersonate` asks for curl_cffi, and gets httpx where that cannot be loaded."""
        self._limits = limits
        self._user_agent = user_agent
        self._impersonates = impersonate
        self._client = self._impersonating() if impersonate else self._plain()

    @property
    def name(self) -> str:
        """What makes the connections."""
        return curl.name() if self._impersonates else curl.plain_name()

    async def aclose(self) -> None:
        """Close all connections and forget the cookies."""
        await self._client.aclose()

    async def send(self, request: Request) -> Response:
        """Return the answer of whatever status; FeedError for anything less than one."""
        answer = await self._begun(request)
        try:
            body = await self._read(answer, request.url)
        finally:
            await answer.aclose()
        found = {name.lower(): value for name, value in answer.headers.items()}
        location: object = answer.extensions.get(_LOCATION)
        if isinstance(location, str):
            found["location"] = location
        kind = found.get("content-type", "")
        return Response(answer.status_code, body, kind, found, str(answer.url))

    async def _begun(self, request: Request) -> httpx.Response:
        try:
            built = self._client.build_request(
                request.method,
                request.url,
                params=list(request.params) or None,
                headers=dict(request.headers),
                data=dict(request.form) if request.form is not None else None,
                content=request.body,
            )
            return await self._client.send(built, stream=True, follow_redirects=False)
        except httpx.InvalidURL:
            text = f"{printable(request.url)} is no valid address"
            raise FeedError(ErrorKind.UNREACHABLE, text) from None
        except (httpx.HTTPError, OSError) as error:
            self._raise_limit(request.url, error)
            text = why_unreachable(host_of(request.url), error)
            if isinstance(error, httpx.ConnectError):
                raise UnconnectedError(text) from None
            raise FeedError(ErrorKind.UNREACHABLE, text) from None

    async def _read(self, answer: httpx.Response, url: str) -> bytes:
        try:
            packed_as = answer.headers.get("content-encoding", "")
            inflater = Inflater(packed_as, self._limits.max_bytes)
            async for piece in answer.aiter_raw():
                inflater.feed(piece)
            return inflater.finish()
        except TooLargeError:
            self._raise_too_large(url)
        except DamagedError as error:
            text = f"the answer of {host_of(url)} is damaged: {error}"
            raise FeedError(ErrorKind.GARBLED, text) from None
        except (httpx.HTTPError, OSError) as error:
            self._raise_limit(url, error)
            text = f"{host_of(url)} broke off in the middle of its answer"
            raise FeedError(ErrorKind.GARBLED, text) from None

    def _raise_limit(self, url: str, error: Exception) -> None:
        code = curl.error_code(error)
        if code == curl.TOO_LARGE:
            self._raise_too_large(url)
        if isinstance(error, httpx.ConnectTimeout) or curl.timed_out_connecting(error):
            raise self._limits.unconnected(url) from None
        if code == curl.TIMED_OUT or isinstance(error, (httpx.TimeoutException, TimeoutError)):
            raise self._limits.late(url) from None

    def _raise_too_large(self, url: str) -> NoReturn:
        raise self._limits.too_large(url) from None

    def _impersonating(self) -> httpx.AsyncClient:
        limits = self._limits
        try:
            transport = curl.transport(
                timeout_s=limits.timeout_s, connect_s=limits.connect_s, max_bytes=limits.max_bytes
            )
        except (ImportError, OSError):  # a broken extra is no reason not to start
            self._impersonates = False
            return self._plain()
        # The browser's own headers are curl's business: name and greeting must agree.
        headers = {"Accept-Encoding": ENCODINGS}
        if self._user_agent is not None:
            headers["User-Agent"] = self._user_agent
        return self._made(headers, transport)

    def _plain(self) -> httpx.AsyncClient:
        headers = {
            "User-Agent": self._user_agent or USER_AGENT,
            "Accept": ACCEPT,
            "Accept-Encoding": ENCODINGS,
            "Accept-Language": "en-US,en;q=0.9",
        }
        return self._made(headers, None)

    def _made(
        self, headers: dict[str, str], transport: httpx.AsyncBaseTransport | None
    ) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            verify=_trusted(),
            http2=True,
            headers=headers,
            transport=transport,
            timeout=httpx.Timeout(self._limits.timeout_s, connect=self._limits.connect_s),
            event_hooks={"response": [_put_location_aside]},
        )


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates to trust, read once for all feeds: they take a tenth of a second."""
    return httpx.create_ssl_context()


async def _put_location_aside(answer: httpx.Response) -> None:
    """Keep a Location from httpx, which would read it unasked and fail on a bad one."""
    if "location" in answer.headers:
        answer.extensions[_LOCATION] = answer.headers.pop("location")


def why_unreachable(host: str, error: BaseException) -> str:
    """Return in one sentence why a request got no answer at all."""
    causes, code = list(_causes(error)), curl.error_code(error)
    if code == curl.NO_NAME or any(isinstance(cause, socket.gaierror) for cause in causes):
        return f"the name {host} could not be resolved: is the network up?"
    if code in curl.UNSAFE or any(isinstance(cause, ssl.SSLError) for cause in causes):
        return f"no safe connection to {host}: its certificate or greeting was not accepted"
    if isinstance(error, httpx.ConnectError):
        return f"no connection to {host}"
    return f"{host} closed the connection without an answer"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
