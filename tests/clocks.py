"""A clock that tests push by hand."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Sized
from datetime import UTC, datetime, timedelta
from itertools import count

THURSDAY_AFTERNOON = datetime(2026, 7, 2, 18, 32, 7, tzinfo=UTC)
"""Thursday 2 July 2026, 14:32:07 in New York: regular session."""


class ManualClock:
    """Stands still until pushed; sleepers wake in the order of their time."""

    def __init__(self, now: datetime = THURSDAY_AFTERNOON, speed: float = 1.0) -> None:
        self.speed = speed
        self._now = now
        self._monotonic = 1000.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = count()

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        due = self._monotonic + max(0.0, seconds)
        heapq.heappush(self._sleepers, (due, next(self._order), future))
        await future

    def jump(self, seconds: float) -> None:
        """Move the wall clock alone: a laptop's sleep, or somebody setting the time."""
        self._now += timedelta(seconds=seconds)

    async def push(self, seconds: float, step: float = 1.0) -> None:
        """Let time pass in steps, letting everything that is due run in between."""
        end = self._monotonic + seconds
        while self._monotonic < end:
            leap = min(step, end - self._monotonic)
            self._monotonic += leap
            self._now += timedelta(seconds=leap * self.speed)
            await self._wake()
        await self._wake()

    async def _wake(self) -> None:
        await settle()
        while self._sleepers and self._sleepers[0][0] <= self._monotonic + 1e-9:
            _, _, future = heapq.heappop(self._sleepers)
            if not future.done():
                future.set_result(None)
            await settle()


async def settle(turns: int = 100) -> None:
    """Let every task that can run do so: until nothing was left to run three times in a row."""
    ready: Sized = vars(asyncio.get_running_loop())["_ready"]
    idle = 0
    for _ in range(turns):
        await asyncio.sleep(0)
        idle = 0 if ready else idle + 1
        if idle == 3:
            return
