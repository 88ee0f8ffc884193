"""One connection to the stream: opened, kept subscribed, listened to, and opened again.

This module imports websockets, which the first paint must not wait for: it is loaded on the
engine's thread.
"""

from __future__ import annotations

import asyncio
import json
import math
import ssl
from collections.abc import Callable
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
from market.quotes import Phase
from market.reports import ErrorKind, FeedError
from market.sessions import session_state

HEARTBEAT_S = 15.0
"""How often the stream is told all symbols again, as its own page does."""
SILENCE_S = 60.0
"""So long without any price in regular hours, and the connection is dead. The others are quiet."""
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
        wanted: Tells the symbols that it carries now.
        hear: Takes in a frame; returns whether it could be read.
        stand: Is told that the connection stands.
        lose: Is told why nothing comes any more, and for how many seconds it is left alone.
    """

    def __init__(
        self,
        url: str,
        timeout_s: float,
        *,
        clock: Clock,
        random: Random,
        wanted: Callable[[], tuple[str, ...]],
        hear: Callable[[bytes], bool],
        stand: Callable[[], None],
        lose: Callable[[FeedError, float], None],
    ) -> None:
        self._url = url
        self._timeout_s = timeout_s
        self._clock = clock
        self._random = random
        self._wanted = wanted
        self._hear = hear
        self._stand = stand
        self._lose = lose
        self._waiting = Waiting(clock)
        self._heard_at = 0.0
        """When a price came last, or when none was to be expected; monotonic seconds."""
        self._failures = 0
        """In a row; a price ends the row, and so does a connection that stood for a while."""
        self._stood_at = math.inf
        self._is_garbled = False

    def wake(self) -> None:
        """Look again at what is wanted."""
        self._waiting.wake()

    async def run(self) -> None:
        """Keep the connection for as long as anything is wanted on it."""
        while True:
            self._waiting.begin()
            if not self._wanted():
                await self._waiting.wait(HEARTBEAT_S)
                continue
            try:
                await self._talk()
            except FeedError as error:
                pause = self._pause_s(error)
                self._lose(error, pause)
                await self._clock.sleep(pause)

    def _pause_s(self, error: FeedError) -> float:
        if self._clock.monotonic() - self._stood_at >= SILENCE_S:
            self._failures = 0
        self._failures += 1
        own = backoff_s(*PAUSES_S[error.kind], self._failures) * jitter(self._random)
        return max(own, min(error.retry_after_s or 0.0, LONGEST_RETRY_AFTER_S))

    async def _talk(self) -> None:
        """Speak and listen until the connection breaks or nothing is wanted on it any more."""
        self._is_garbled, self._stood_at = False, math.inf
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
                await self._both(cast("Socket", socket))
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

    async def _both(self, socket: Socket) -> None:
        tasks = [
            asyncio.create_task(work, name="yahoo_stream")
            for work in (self._listen(socket), self._speak(socket))
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    async def _listen(self, socket: Socket) -> None:
        """Take what comes, and what has come before, until the connection breaks."""
        socket.hear = self._take
        while True:
            self._take(await socket.recv(decode=False))

    def _take(self, frame: bytes) -> None:
        if self._hear(frame):
            self._heard_at = self._clock.monotonic()
            self._failures = 0
        else:
            self._is_garbled = True

    async def _speak(self, socket: Socket) -> None:
        """Tell the stream what is wanted, now, when that changes and with each heartbeat."""
        told: tuple[str, ...] = ()
        self._heard_at = self._stood_at = self._clock.monotonic()
        self._waiting.has_jumped()
        self._stand()
        while wanted := self._wanted():
            self._waiting.begin()
            if gone := [symbol for symbol in told if symbol not in wanted]:
                await socket.send(json.dumps({"unsubscribe": gone}))
            await socket.send(json.dumps({"subscribe": wanted}))
            told = wanted
            await self._waiting.wait(HEARTBEAT_S)
            self._look()

    def _look(self) -> None:
        """Raise FeedError if the connection only seems to stand."""
        now = self._clock.monotonic()
        if self._waiting.has_jumped():
            raise FeedError(ErrorKind.UNREACHABLE, "the computer slept, or its clock was set")
        if session_state(self._clock.now()).phase is not Phase.REGULAR:
            self._heard_at = now
        elif now - self._heard_at >= SILENCE_S:
            if self._is_garbled:
                raise FeedError(ErrorKind.GARBLED, "Yahoo's stream sends what cannot be read")
            text = f"Yahoo's stream told no price for {SILENCE_S:.0f} s"
            raise FeedError(ErrorKind.UNREACHABLE, text)

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
