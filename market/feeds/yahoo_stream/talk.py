"""What is said over a connection that stands: what is wanted, and what comes.

This module imports websockets, which the first paint must not wait for: it is loaded on the
engine's thread.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import NamedTuple

from market.clock import Clock
from market.feeds.waiting import Waiting
from market.feeds.yahoo_stream.socket import Socket
from market.quotes import Phase
from market.reports import ErrorKind, FeedError
from market.sessions import session_state

HEARTBEAT_S = 15.0
"""How often the stream is told all symbols again, as its own page does."""
SILENCE_S = 60.0
"""So long without any price in regular hours, and the connection is dead. The others are quiet."""


class Ties(NamedTuple):
    """What ties a connection to the stream it is of."""

    wanted: Callable[[], tuple[str, ...]]
    """Tells the symbols that it carries now."""
    hear: Callable[[bytes], bool]
    """Takes in a frame; returns whether it could be read."""
    stand: Callable[[], None]
    """Is told that the connection stands."""
    lose: Callable[[FeedError, float], None]
    """Is told why nothing comes any more, and for how many seconds it is left alone."""


class Talk:
    """One connection from its opening to its end."""

    def __init__(self, socket: Socket, clock: Clock, waiting: Waiting, ties: Ties) -> None:
        self._socket = socket
        self._clock = clock
        self._waiting = waiting
        self._ties = ties
        self.stood_at = clock.monotonic()
        """Since when it stands, monotonic seconds."""
        self._heard_at = self.stood_at
        """When a price came last, or when none was to be expected; monotonic seconds."""
        self.has_heard = False
        """Whether any price has come."""
        self._is_garbled = False

    async def run(self) -> None:
        """Speak and listen until the connection breaks or nothing is wanted on it any more."""
        tasks = [
            asyncio.create_task(work, name="yahoo_stream")
            for work in (self._listen(), self._speak())
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    async def _listen(self) -> None:
        """Take what comes, and what has come before, until the connection breaks."""
        self._socket.hear = self._take
        while True:
            self._take(await self._socket.recv(decode=False))

    def _take(self, frame: bytes) -> None:
        if self._ties.hear(frame):
            self._heard_at = self._clock.monotonic()
            self.has_heard = True
        else:
            self._is_garbled = True

    async def _speak(self) -> None:
        """Tell the stream what is wanted, now, when that changes and with each heartbeat."""
        told: tuple[str, ...] = ()
        self._waiting.has_jumped()
        self._ties.stand()
        while wanted := self._ties.wanted():
            self._waiting.begin()
            if gone := [symbol for symbol in told if symbol not in wanted]:
                await self._socket.send(json.dumps({"unsubscribe": gone}))
            await self._socket.send(json.dumps({"subscribe": wanted}))
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
