"""Time in a soak: fast, the same inside the pane and beside it, and wrong where that is wanted."""

from __future__ import annotations

import asyncio
import struct
import time
from datetime import datetime, timedelta
from mmap import mmap
from pathlib import Path

_LAYOUT = struct.Struct("dd")


class Dial:
    """What is wrong with the pane's clock: a file that both sides have in memory."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(_LAYOUT.size))
        with path.open("r+b") as file:
            self._memory = mmap(file.fileno(), _LAYOUT.size)

    @property
    def ahead(self) -> float:
        """Seconds by which the clock on the wall is ahead."""
        return self._read()[0]

    @ahead.setter
    def ahead(self, seconds: float) -> None:
        _LAYOUT.pack_into(self._memory, 0, seconds, self.slept)

    @property
    def slept(self) -> float:
        """Seconds that the computer has slept, for which schedules stood still."""
        return self._read()[1]

    @slept.setter
    def slept(self, seconds: float) -> None:
        _LAYOUT.pack_into(self._memory, 0, self.ahead, seconds)

    def _read(self) -> tuple[float, float]:
        return _LAYOUT.unpack_from(self._memory)


class SoakClock:
    """A clock all of whose seconds are short: of the day, of schedules, and of waiting.

    Args:
        start: The instant at which it begins.
        rate: Of its seconds in a real one.
        origin: When it began, by the computer's monotonic clock, which all processes share.
        dial: What is wrong with it; None where it is right.
    """

    speed = 1.0

    def __init__(
        self, start: datetime, rate: float, origin: float, dial: Dial | None = None
    ) -> None:
        self._start = start
        self._rate = rate
        self._origin = origin
        self._dial = dial

    def now(self) -> datetime:
        """Return what the clock on the wall says."""
        ahead = self._dial.ahead if self._dial is not None else 0.0
        return self._start + timedelta(seconds=self._passed() + ahead)

    def monotonic(self) -> float:
        """Return seconds that stand still in the computer's sleep."""
        slept = self._dial.slept if self._dial is not None else 0.0
        return self._origin + self._passed() - slept

    async def sleep(self, seconds: float) -> None:
        """Wait on the running asyncio loop."""
        await asyncio.sleep(seconds / self._rate)

    def _passed(self) -> float:
        return (time.monotonic() - self._origin) * self._rate
