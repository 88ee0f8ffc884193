"""Leaving in an orderly way when the system asks for it: a closed terminal, a shutdown."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from queue import SimpleQueue

PATIENCE_S = 2.0
"""How long the screen may take to end; a terminal that is gone may never take its last words."""
SIGNALS = ("SIGTERM", "SIGHUP")
"""By name, as some systems lack the one or the other."""


def leave_on_signals(save: Callable[[], None], leave: Callable[[], None]) -> None:
    """Save and leave when the running loop's process is told to end.

    Where there are no signals, and away from the main thread, nothing happens.

    Args:
        save: Keeps what must be kept; called first, and without the terminal.
        leave: Ends the screen.
    """
    loop = asyncio.get_running_loop()

    def end() -> None:
        save()
        deadline = threading.Timer(PATIENCE_S, os._exit, (0,))
        deadline.daemon = True
        deadline.start()
        leave()

    for name in SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            with suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, end)


def setting(ended: threading.Event) -> Callable[[], None]:
    """Return what sets an event from within a signal's handler.

    The event has a lock, which whoever was interrupted may hold: its own `wait`, or the handler of
    a signal just before. So a thread of its own sets it; a simple queue may be put to anywhere.
    """
    asked: SimpleQueue[None] = SimpleQueue()

    def set_when_asked() -> None:
        asked.get()
        ended.set()

    threading.Thread(target=set_when_asked, name="ending", daemon=True).start()
    return lambda: asked.put(None)


@contextmanager
def told_to_end(ended: threading.Event | None = None) -> Generator[threading.Event]:
    """Give what is set when the system asks this process to end; commands wait for it.

    A signal that is ignored, as `nohup` has it, stays so. Away from the main thread nothing is told
    by signals.

    Args:
        ended: What is to be set; by default one of its own.
    """
    ended = ended if ended is not None else threading.Event()
    end = setting(ended)
    numbers = (getattr(signal, name, None) for name in SIGNALS)
    taken = [n for n in numbers if n is not None and signal.getsignal(n) is signal.SIG_DFL]
    if threading.current_thread() is not threading.main_thread():
        taken = []
    for number in taken:
        signal.signal(number, lambda _number, _frame: end())
    try:
        yield ended
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)
