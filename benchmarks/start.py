"""First paint from the cache, CPU time and wall time, against an empty Textual app."""

from __future__ import annotations

import time
from collections.abc import Callable

from benchmarks.programs import LEVEL, empty_app, household
from benchmarks.samples import Comparison, Measurement, alternately
from benchmarks.terminal import Terminal


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
    return [
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
