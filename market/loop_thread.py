"""A thread with an asyncio loop of its own, on which others may have things done."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")

NewLoop = Callable[[], asyncio.AbstractEventLoop]
PATIENCE_S = 3.0
"""How long its beginning and its end are waited for."""


class LoopThread:
    """Does one long work. All its methods may be called from any other thread."""

    def __init__(self, name: str, new_loop: NewLoop | None = None) -> None:
        """Make a thread, which does not run yet.

        Args:
            name: The thread's.
            new_loop: Makes the loop; by default asyncio does.
        """
        self._name = name
        self._new_loop = new_loop
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()

    def start(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Begin to work."""

        def run() -> None:
            with asyncio.Runner(loop_factory=self._new_loop) as runner:
                runner.run(self._live(work))

        self._thread = threading.Thread(target=run, name=self._name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Have the work cancelled, and wait for its end; where none was begun, do nothing."""
        if self._thread is None:
            return
        self._ready.wait(PATIENCE_S)
        if self._main is not None:
            self.call(self._main.cancel)
        self._thread.join(PATIENCE_S)

    def call(self, work: Callable[[], object]) -> None:
        """Have something done on the loop, if it runs."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop may have ended by itself
                self._loop.call_soon_threadsafe(work)

    def ask(self, work: Callable[[], Coroutine[Any, Any, T]]) -> Future[T]:
        """Start further work on the loop; RuntimeError unless it runs."""
        if self._thread is not None:
            self._ready.wait(PATIENCE_S)
        if self._loop is None:
            raise RuntimeError("the engine must be started before it can be asked")
        return asyncio.run_coroutine_threadsafe(work(), self._loop)

    async def _live(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._loop = asyncio.get_running_loop()
        self._main = asyncio.current_task()
        self._ready.set()
        with suppress(asyncio.CancelledError):
            await work()
