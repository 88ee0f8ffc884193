"""One connection to the stream: opened, kept subscribed, listened to, and opened again.

This module imports websockets, which the first paint must not wait for: it is loaded on the
engine's thread.
"""

from __future__ import annotations

import ssl
from functools import cache
from random import Random
from typing import NoReturn, cast

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from market.clock import Clock
from market.feeds.client import USER_AGENT
from market.feeds.gate import LONGEST_RETRY_AFTER_S, backoff_s, jitter
from market.feeds.responses import host_of
from market.feeds.text import plain
from market.feeds.waiting import Waiting
from market.feeds.yahoo_stream.socket import Socket
from market.feeds.yahoo_stream.talk import HEARTBEAT_S, SILENCE_S, Talk, Ties
from market.reports import ErrorKind, FeedError

PAUSES_S = {
    ErrorKind.LIMITED: (60.0, 1800.0),
    ErrorKind.REFUSED: (60.0, 1800.0),
    ErrorKind.UNREACHABLE: (1.0, 300.0),
    ErrorKind.GARBLED: (30.0, 600.0),
}
"""First and longest pause before a connection is opened again."""
CLOSE_S = 1.0
LARGEST_FRAME = 2**16
_KINDS = {429: ErrorKind.LIMITED, 401: ErrorKind.REFUSED, 403: ErrorKind.REFUSED}


class Line:
    """One connection.

    Args:
        url: Where it leads to.
        timeout_s: Seconds until it must stand.
        clock: Where time comes from.
        random: Chance, for pauses.
        ties: What ties it to the stream.
    """

    def __init__(
        self,
        url: str,
        timeout_s: float,
        *,
        clock: Clock,
        random: Random,
        ties: Ties,
    ) -> None:
        self._url = url
        self._timeout_s = timeout_s
        self._clock = clock
        self._random = random
        self._ties = ties
        self._waiting = Waiting(clock)
        self._failures = 0
        """In a row; a price ends the row, and so does a connection that stood for a while."""
        self._last: Talk | None = None
        """What was said last; None if the last connection never came to stand."""

    def wake(self) -> None:
        """Look again at what is wanted."""
        self._waiting.wake()

    async def run(self) -> None:
        """Keep the connection for as long as anything is wanted on it."""
        while True:
            self._waiting.begin()
            if not self._ties.wanted():
                await self._waiting.wait(HEARTBEAT_S)
                continue
            try:
                await self._talk()
            except FeedError as error:
                pause = self._pause_s(error)
                self._ties.lose(error, pause)
                await self._clock.sleep(pause)

    def _pause_s(self, error: FeedError) -> float:
        last, now = self._last, self._clock.monotonic()
        if last is not None and (last.has_heard or now - last.stood_at >= SILENCE_S):
            self._failures = 0
        self._failures += 1
        own = backoff_s(*PAUSES_S[error.kind], self._failures) * jitter(self._random)
        return max(own, min(error.retry_after_s or 0.0, LONGEST_RETRY_AFTER_S))

    async def _talk(self) -> None:
        """Connect, and talk until the connection breaks or nothing is wanted on it any more."""
        self._last = None
        try:
            async with connect(
                self._url,
                open_timeout=self._timeout_s,
                close_timeout=CLOSE_S,
                ping_interval=None,
                compression=None,
                max_size=LARGEST_FRAME,
                create_connection=Socket,
                user_agent_header=USER_AGENT,
                ssl=_trusted() if self._url.startswith("wss:") else None,
            ) as socket:
                talk = Talk(cast("Socket", socket), self._clock, self._waiting, self._ties)
                self._last = talk
                await talk.run()
        except ConnectionClosed as closed:
            raise FeedError(ErrorKind.UNREACHABLE, self._why_closed(closed)) from None
        except InvalidStatus as refused:
            self._refused(refused)
        except (OSError, WebSocketException, ImportError) as error:
            # What a proxy of the environment needs beyond websockets may not be installed.
            # Of several addresses that were tried Python tells a list, which says no more.
            why = (error.strerror or "") if isinstance(error, OSError) else plain(str(error))
            told = f": {why}" if why else ""
            text = f"Yahoo's stream at {host_of(self._url)} cannot be reached{told}"
            raise FeedError(ErrorKind.UNREACHABLE, text) from None

    def _why_closed(self, closed: ConnectionClosed) -> str:
        if closed.rcvd is None:
            return "Yahoo's stream broke off"
        reason = plain(closed.rcvd.reason)
        return f"Yahoo closed the stream (code {closed.rcvd.code}{f': {reason}' if reason else ''})"

    def _refused(self, refused: InvalidStatus) -> NoReturn:
        status = refused.response.status_code
        after = refused.response.headers.get("Retry-After", "")
        kind = _KINDS.get(status, ErrorKind.UNREACHABLE)
        text = f"Yahoo's stream at {host_of(self._url)} answers with status {status}"
        raise FeedError(kind, text, float(after) if after.isdecimal() else None)


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates that the feeds trust; not their context, which offers HTTP/2 as well."""
    context = httpx.create_ssl_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
