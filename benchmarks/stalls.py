"""How long an event loop stands still while a thread works."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import perf_counter

HEARTBEAT_S = 0.001


async def longest_stall(work: Callable[[], object]) -> float:
    """Return for how many milliseconds at most a loop stands still while a thread works."""
    longest, before = 0.0, perf_counter()
    task = asyncio.create_task(asyncio.to_thread(work))
    while not task.done():
        await asyncio.sleep(HEARTBEAT_S)
        now = perf_counter()
        longest, before = max(longest, now - before - HEARTBEAT_S), now
    return longest * 1000
