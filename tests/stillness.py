"""Waiting until an app has nothing left to do, and no longer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Sized
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import textual.app
import textual.pilot
from textual._wait import wait_for_idle

from tests.clocks import settle

SOON_S = 0.02
"""What is due within a frame or so is waited for."""
OF_NO_APP = "exchange"
"""The thread of the local exchange, which answers and never acts."""
_UNKNOWN: Any = vars(threading)["_DummyThread"]
"""Threads that were not started by Python's own means: those of the test runner."""


def use() -> None:
    """Let Textual's pilots wait so; by themselves they rest 20 ms or more, three times a key."""
    for module in (textual.app, textual.pilot):
        vars(module)["wait_for_idle"] = still


async def still(min_sleep: float = 0, max_sleep: float = 1) -> None:
    """Return once nothing is ready to run and nothing is due soon.

    When a thread will be done cannot be seen: while one is at work, the time that the processor
    spends tells, as it does without this.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + max_sleep
    while (left := end - loop.time()) > 0:
        await settle()
        if _has_working_thread(loop):
            await wait_for_idle(min_sleep, left)
            return
        due = 0.0 if _ready(loop) else _next_due(loop)
        if due > SOON_S:
            return
        await asyncio.sleep(max(due, 0))


def _ready(loop: asyncio.AbstractEventLoop) -> Sized:
    return vars(loop)["_ready"]


def _next_due(loop: asyncio.AbstractEventLoop) -> float:
    """Return the seconds until the next timer of the loop."""
    timers: Iterable[asyncio.TimerHandle] = vars(loop)["_scheduled"]
    return min((t.when() for t in timers if not t.cancelled()), default=float("inf")) - loop.time()


def _has_working_thread(loop: asyncio.AbstractEventLoop) -> bool:
    """Return whether a thread beside this one may be at work for the app."""
    pool: Any = vars(loop)["_default_executor"]
    resting: set[threading.Thread] = set()
    if isinstance(pool, ThreadPoolExecutor):
        inside: dict[str, Any] = vars(pool)
        if inside["_idle_semaphore"]._value == len(inside["_threads"]):
            resting = inside["_threads"]
    others = set(threading.enumerate()) - resting - {threading.current_thread()}
    return any(thread.name != OF_NO_APP and not isinstance(thread, _UNKNOWN) for thread in others)
