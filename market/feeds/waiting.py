"""Waiting: for time to pass, or for news that cannot wait; and noticing that time has jumped."""

from __future__ import annotations

import asyncio

from market.clock import Clock

JUMP_S = 20.0
"""A difference this large between wall and monotonic time is a jump, not a correction."""


class Waiting:
    """The pauses of one loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._news = asyncio.Event()
        self._wall = clock.now()
        self._monotonic = clock.monotonic()

    def wake(self) -> None:
        """Let the loop look again at once."""
        self._news.set()

    def begin(self) -> None:
        """Begin another round: what woke the loop so far is being looked at."""
        self._news.clear()

    async def wait(self, seconds: float) -> None:
        """Wait that long, or until somebody wakes the loop."""
        sleeper = asyncio.ensure_future(self._clock.sleep(seconds))
        waker = asyncio.ensure_future(self._news.wait())
        try:
            await asyncio.wait((sleeper, waker), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeper.cancel()
            waker.cancel()

    def has_jumped(self) -> bool:
        """Return whether the wall clock jumped since the last look: a sleep, or a new time."""
        wall, now = self._clock.now(), self._clock.monotonic()
        drift = (wall - self._wall).total_seconds() - (now - self._monotonic) * self._clock.speed
        self._wall, self._monotonic = wall, now
        return abs(drift) > JUMP_S
