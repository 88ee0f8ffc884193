"""How far one pass over the feeds has come, told to who waits for it at a terminal."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress

from market.snapshot import Snapshot
from tui.output import is_terminal, stream_named

QUIET_S = 4.0
"""A pass that takes no longer says nothing."""
_BEAT_S = 1.0
_CLEAR = "\r\x1b[K"


@contextmanager
def told_progress(latest: Callable[[], Snapshot], most_s: float) -> Generator[None]:
    """Say on standard error each second how far a pass is, where that is a terminal.

    The line is written by a thread of its own, since a pass keeps this one, and is gone afterwards.

    Args:
        latest: Returns the newest snapshot of the pass.
        most_s: How long it may take.
    """
    over = threading.Event()

    def tell() -> None:
        passed_s = QUIET_S
        while not over.wait(_BEAT_S if passed_s > QUIET_S else QUIET_S):
            _write(_CLEAR + in_words(latest(), passed_s, most_s))
            passed_s += _BEAT_S
        if passed_s > QUIET_S:
            _write(_CLEAR)

    if not is_terminal("stderr"):
        yield
        return
    teller = threading.Thread(target=tell, name="captop progress", daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def in_words(snapshot: Snapshot, passed_s: float, most_s: float) -> str:
    """Return how far a pass is: `captop: 12 answers in 8 s, 60 s at most`."""
    count = sum(feed.answers for feed in snapshot.feeds.values())
    answers = f"{count} answer{'' if count == 1 else 's'}"
    return f"captop: {answers} in {passed_s:.0f} s, {most_s:g} s at most"


def _write(text: str) -> None:
    stream = stream_named("stderr")
    with suppress(OSError, ValueError):
        if stream is not None:
            stream.write(text)
            stream.flush()
