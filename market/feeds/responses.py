"""An HTTP request, its limits and its complete answer, and what an answer's status means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import msgspec

from market.reports import ErrorKind, FeedError

CONNECT_TIMEOUT_S = 5.0
OPENING = 512
"""Bytes of a body in which it shows whether it is data at all."""
LONGEST_WAIT_S = 86_400.0
"""A Retry-After beyond a day is taken as a day."""


class UnconnectedError(FeedError):
    """No connection came about: the source was asked nothing."""

    def __init__(self, text: str) -> None:
        super().__init__(ErrorKind.UNREACHABLE, text)


class Limits(msgspec.Struct, frozen=True):
    """What one exchange may cost."""

    timeout_s: float
    """Seconds for all of it."""
    max_bytes: int
    """Largest body, packed or unpacked."""

    @property
    def connect_s(self) -> float:
        """Seconds until a connection must stand."""
        return min(CONNECT_TIMEOUT_S, self.timeout_s)

    def late(self, url: str) -> FeedError:
        """Return the error for an exchange that takes too long."""
        text = f"{host_of(url)} did not answer within {self.timeout_s:g} s"
        return FeedError(ErrorKind.UNREACHABLE, text)

    def unconnected(self, url: str) -> UnconnectedError:
        """Return the error for a connection that does not come about in time."""
        text = f"{host_of(url)} could not be connected to within {self.connect_s:g} s"
        return UnconnectedError(text)

    def too_large(self, url: str) -> FeedError:
        """Return the error for a body that is too large."""
        limit = f"{self.max_bytes / 2**20:g} MB"
        return FeedError(ErrorKind.GARBLED, f"the answer of {host_of(url)} is larger than {limit}")


class Request(msgspec.Struct, frozen=True):
    """One request, before anybody sent it."""

    url: str
    """Absolute http or https address."""
    method: str = "GET"
    """GET or POST."""
    params: Sequence[tuple[str, str]] = ()
    """Query parameters of the address."""
    headers: Mapping[str, str] = msgspec.field(default_factory=dict[str, str])
    """Headers on top of the browser's."""
    form: Mapping[str, str] | None = None
    """Fields to post."""
    body: bytes | None = None
    """What is posted as it is, in place of fields."""
    allowed_hosts: frozenset[str] | None = None
    """Hosts a redirect may lead to; by default the address's own."""
    follow: bool = True
    """Whether a redirect is followed or returned."""
    is_extra: bool = False
    """Whether it goes beyond the one request that its query was let in for."""


class Response(msgspec.Struct, frozen=True):
    """One complete answer, whatever its status."""

    status: int
    body: bytes
    """Unpacked."""
    content_type: str
    headers: Mapping[str, str]
    """By lower-case name."""
    url: str
    """Where it came from, after redirects."""


def check(response: Response, source: str = "") -> None:
    """Raise the FeedError that an answer's status stands for; a 2xx passes.

    Args:
        response: The answer.
        source: Who gave it, for the sentence ("Yahoo"); by default its host.
    """
    who = source or host_of(response.url)
    status = response.status
    if 200 <= status < 300:
        return
    if status == 429:
        text = f"{who} says there were too many requests"
        raise FeedError(ErrorKind.LIMITED, text, retry_after_s(response))
    if status in {401, 403}:
        raise FeedError(ErrorKind.REFUSED, f"{who} refuses to answer (HTTP {status})")
    if status in {404, 410}:
        raise FeedError(ErrorKind.ABSENT, f"{who} has no such data (HTTP {status})")
    if status == 408 or status >= 500:
        text = f"{who} is out of order (HTTP {status})"
        raise FeedError(ErrorKind.UNREACHABLE, text, retry_after_s(response))
    raise FeedError(ErrorKind.GARBLED, f"{who} gave an unexpected answer (HTTP {status})")


def opening(body: bytes) -> bytes:
    """Return how a body begins, without byte order mark and white space: what it is shows there."""
    return body[:OPENING].lstrip(b"\xef\xbb\xbf \t\r\n").rstrip()


def require_data(body: bytes, source: str, what: str, empty: FeedError) -> None:
    """Raise the FeedError for a body that is no data, whatever its status and headers say.

    Args:
        body: The answer's body.
        source: Who gave it: "Cboe".
        what: What should have come: "data for ^VIX".
        empty: The error where it holds nothing.
    """
    start = opening(body)
    if not start:
        raise empty
    if start.startswith(b"<"):
        raise FeedError(ErrorKind.REFUSED, f"{source} sent a web page instead of {what}")


def retry_after_s(response: Response) -> float | None:
    """Return the seconds a Retry-After header asks us to wait, None without one.

    A date is measured against the answer's own Date header, so that a wrong clock on either
    side does no harm; without that header it is not understood.
    """
    text = response.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal():
        return min(float(text), LONGEST_WAIT_S)
    try:
        until = parsedate_to_datetime(text)
        wait = until - parsedate_to_datetime(response.headers.get("date", ""))
    except (ValueError, TypeError):
        return None
    return min(max(0.0, wait.total_seconds()), LONGEST_WAIT_S)


def host_of(url: str) -> str:
    """Return the host name of an address in small letters, the address itself if it has none."""
    try:
        return urlsplit(url).hostname or printable(url)
    except ValueError:
        return printable(url)


def printable(text: str) -> str:
    """Return text from outside as one short line without control characters."""
    return "".join(c for c in text if c.isprintable())[:80]
