"""The first paint from the cache against an empty Textual app, and the last frame before it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.programs import LEVEL, Household, empty_app, household
from benchmarks.samples import Comparison, Measurement, alternately
from benchmarks.terminal import Terminal
from tui.last_frame import AGE_PLACE, FRAME_FILE


def measure(runs: int = 7) -> list[Measurement]:
    """Return CPU and wall time to the first paint that shows the level."""
    with household() as home:
        cpu = alternately(
            lambda: _first_paint(home.captop, LEVEL)[0],
            lambda: _first_paint(empty_app, "READY")[0],
            runs,
        )
        wall = alternately(
            lambda: _first_paint(home.captop, LEVEL)[1],
            lambda: _first_paint(empty_app, "READY")[1],
            runs,
        )
        frame = _kept_frame(home)
        last = alternately(
            lambda: _first_paint(home.captop, "just now")[1],
            lambda: _first_paint(lambda: _raw_frame(frame), AGE_PLACE.decode())[1],
            runs,
        )
    return [
        Comparison("start: last frame of the run before, wall", "s", *last, goal="<= 2x"),
        Comparison("start: first paint from cache, CPU", "s", *cpu, goal="<= 1.5x"),
        Comparison("start: first paint from cache, wall", "s", *wall),
    ]


def _first_paint(start: Callable[[], Terminal], text: str) -> tuple[float, float]:
    """Return CPU and wall seconds until a text is on the screen."""
    begun = time.perf_counter()
    with start() as terminal:
        terminal.parses = False  # reading a screen would give the program time to go on
        shown = terminal.read(20.0, until=lambda: text.encode() in terminal.output)
        if not shown:
            raise TimeoutError(f"{text!r} was never painted")
        return terminal.cpu_seconds(), time.perf_counter() - begun


def _kept_frame(home: Household) -> Path:
    """Have captop keep its frame as it leaves, and return the file."""
    with home.captop() as terminal:
        terminal.read(20.0, until=lambda: LEVEL.encode() in terminal.output)
        terminal.process.terminate()
        terminal.wait()
    (path,) = home.home.rglob(FRAME_FILE)
    return path


def _raw_frame(path: Path) -> Terminal:
    """Start the control: a Python that writes a file to the terminal."""
    write = "import os, sys; os.write(1, open(sys.argv[1], 'rb').read())"
    return Terminal([sys.executable, "-c", write, str(path)])
