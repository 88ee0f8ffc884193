"""Starting captop against an empty Textual app: what it takes until what is on the screen."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

from benchmarks.programs import (
    LEVEL,
    Household,
    empty_app,
    empty_household,
    fill,
    household,
)
from benchmarks.samples import Comparison, Figure, Measurement, alternately
from benchmarks.terminal import Terminal
from tui.last_frame import AGE_PLACE, FRAME_FILE

LOADED_S = 30.0
"""How long loading everything may take at most."""


def measure(runs: int = 7) -> list[Measurement]:
    """Return CPU and wall time to the last frame, the first paint, the first data, and the rest."""
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
        Comparison("start: first paint from cache, CPU", "s", *cpu, goal="<= 1.25x, must 1.5x"),
        Comparison("start: first paint from cache, wall", "s", *wall),
        *_first_data(runs),
        *_loaded(runs),
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


def _first_data(runs: int) -> list[Measurement]:
    """Return the time to the index's level in homes where captop has never run."""
    with empty_household() as home:

        def first() -> float:
            with tempfile.TemporaryDirectory() as folder:
                new = replace(home, home=Path(folder))
                return _first_paint(lambda: new.captop(reachable=True), LEVEL)[1]

        wall = alternately(first, lambda: _first_paint(empty_app, "READY")[1], runs)
    return [Comparison("start: first data from a local exchange, wall", "s", *wall)]


def _loaded(runs: int) -> list[Measurement]:
    """Return the CPU until everything is loaded and running, and how the loop fared meanwhile."""
    reports: list[dict[str, float]] = []
    with household() as home:
        fill(home)

        def loaded() -> float:
            reports.append(_report(home))
            return reports[-1]["cpu"]

        cpu = alternately(loaded, lambda: _first_paint(empty_app, "READY")[0], runs)
    lags = {name: median(each[name] for each in reports[1:]) for name in ("p90", "max")}
    return [
        Comparison("start: everything loaded, CPU", "s", *cpu, goal="<= 4.5x"),
        Figure("start: loop lag meanwhile, p90", "ms", lags["p90"], "<= 10 ms"),
        Figure("start: loop lag meanwhile, max", "ms", lags["max"], "<= 60 ms"),
    ]


def _report(home: Household) -> dict[str, float]:
    path = home.home / "loaded.json"
    path.unlink(missing_ok=True)
    with home.watched(path) as terminal:
        if not terminal.read(LOADED_S, until=path.exists):
            raise TimeoutError(f"not everything was loaded within {LOADED_S} s")
        terminal.read(0.2)  # until the report is whole
    return json.loads(path.read_bytes())
