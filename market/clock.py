"""What time it is. The only file in captop that asks."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Wall time for values, monotonic time for schedules, and a way to wait."""

    @property
    def speed(self) -> float:
        """Seconds of wall time per monotonic second: 1 but for simulated clocks."""
        ...

    def now(self) -> datetime:
        """Return the wall time, UTC, timezone-aware."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never run backwards and stand still in a laptop's sleep."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait that many seconds of this clock's monotonic time."""
        ...


class WallClock:
    """The computer's own clock."""

    speed = 1.0

    def now(self) -> datetime:
        """Return the computer's time in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the computer's monotonic seconds."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait on the running asyncio loop."""
        import asyncio  # whoever only asks for the time does without it

        await asyncio.sleep(seconds)


def time_passed() -> float:
    """Return the seconds that have really passed since some moment, whatever a clock plays."""
    return time.monotonic()


def time_at_work() -> float:
    """Return the seconds of a processor that the calling thread has had."""
    return time.thread_time()


class SimulatedClock:
    """A clock that starts at a chosen instant and runs at a chosen speed.

    Speed 0 stands still: the wall time stays `start`, while schedules go on.
    """

    def __init__(self, start: datetime, speed: float = 1.0) -> None:
        self._start = start
        self.speed = speed
        self._origin = time.monotonic()

    def now(self) -> datetime:
        """Return the simulated instant in UTC."""
        elapsed = (time.monotonic() - self._origin) * self.speed
        return self._start + timedelta(seconds=elapsed)

    def monotonic(self) -> float:
        """Return real monotonic seconds: schedules are not sped up."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait on the running asyncio loop."""
        import asyncio  # whoever only asks for the time does without it

        await asyncio.sleep(seconds)
