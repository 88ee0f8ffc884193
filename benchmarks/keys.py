"""Key to paint through a pseudo-terminal: of a board that changes at 5 Hz, and under ticks."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable

from benchmarks.programs import OPEN, empty_app, household
from benchmarks.samples import Comparison, Measurement, percentile
from benchmarks.stream import later, ticking, watch_many
from benchmarks.terminal import Terminal
from tui.terminal import with_short_frames

KEYS = 300
TICKS = 5_000
"""A second, of all symbols of a watchlist."""
WATCHLIST = "3"
"""The key that goes to it: its rows keep their order, so that nothing else moves the cursor."""
STEPS = 5
"""Rows that the cursor goes down and up again: as many as are in sight in any panel."""
PAUSE_S = 0.05
KEPT_BYTES = 200_000
CURSOR = "▸".encode()
PLACE = re.compile(rb"\x1b\[(\d+);\d+H")


def measure() -> list[Measurement]:
    """Return p50 against the empty app, and p99 in milliseconds."""
    with board("--still") as terminal:
        still = key_times(terminal, "SYM0", "jk")
    with board() as terminal:
        busy = key_times(terminal, "SYM0", "jk")
    with household(OPEN) as home:
        watch_many(home)
        with later(home) as own, ticking(own, TICKS) as (terminal, _):
            terminal.type(WATCHLIST)
            ticked = pressed(terminal, "jk")
    with empty_app() as terminal:
        control = key_times(terminal, "READY", "ab")
    return [
        Comparison("keys: key to paint at 5,000 ticks/s, p50", "ms", ticked, control, "<= 2x"),
        _slowest("keys: key to paint at 5,000 ticks/s, p99", ticked, control, "<= 50 ms"),
        Comparison("keys: key to paint at 5 Hz, p50", "ms", busy, control, "<= 2x"),
        _slowest("keys: key to paint at 5 Hz, p99", busy, control, "<= 50 ms"),
        _slowest("keys: key to paint at rest, p99", still, control, "<= 20 ms"),
    ]


def _slowest(
    name: str, own: tuple[float, ...], control: tuple[float, ...], goal: str
) -> Measurement:
    """Return how long one key in a hundred takes."""
    return Comparison(name, "ms", (percentile(own, 0.99),), (percentile(control, 0.99),), goal)


def board(*arguments: str) -> Terminal:
    """Start the board in a terminal of 120x52."""
    surroundings: dict[str, str] = {}
    with_short_frames(surroundings)
    command = [sys.executable, "-m", "benchmarks.board_app", *arguments]
    return Terminal(command, rows=52, environment=surroundings)


def key_times(terminal: Terminal, text: str, keys: str) -> tuple[float, ...]:
    """Press keys one by one; return milliseconds until the cursor mark has moved."""
    terminal.wait_for(text)
    terminal.parses = False  # reading a screen costs more than painting it
    return pressed(terminal, keys)


def pressed(terminal: Terminal, keys: str) -> tuple[float, ...]:
    """Press two keys, some times each in turn; return milliseconds until the mark has moved."""
    terminal.read(2.0)
    return tuple(_one(terminal, keys[n // STEPS % 2]) for n in range(KEYS))


def _one(terminal: Terminal, key: str) -> float:
    terminal.read(PAUSE_S)
    terminal.output = terminal.output[
        -KEPT_BYTES:
    ]  # or reading would come to take longer than a key
    moved = _moved(terminal)
    begun = time.perf_counter()
    terminal.type(key)
    terminal.read(2.0, until=moved)
    return (time.perf_counter() - begun) * 1000


def _moved(terminal: Terminal) -> Callable[[], bool]:
    """A condition that the cursor's mark is elsewhere, or, without a board, any output came."""
    before, length = _cursor_row(terminal.output), len(terminal.output)
    if before is None:
        return lambda: len(terminal.output) > length
    return lambda: _cursor_row(terminal.output[length:]) not in {before, None}


def _cursor_row(output: bytes) -> int | None:
    """The row at which the cursor's mark was written last, from the bytes themselves."""
    end = output.rfind(CURSOR)
    if end < 0:
        return None
    places = PLACE.findall(output[max(0, end - 400) : end])
    return int(places[-1]) if places else None
