"""A table of 2,000 members that changes five times a second: CPU, callbacks, keys, memory.

A member that changes changes at least four cells: last, return, contribution in bp and in points.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.keys import key_times
from benchmarks.members_app import BEAT_S, COUNT
from benchmarks.programs import empty_app
from benchmarks.samples import Comparison, Figure, Measurement, percentile
from benchmarks.terminal import Terminal
from tui.terminal import with_short_frames

SETTLE_S = 4.0
WATCH_S = 15.0
FILL_S = 60.0
"""Until what is kept between pictures is full: words of cells, fitted words, drawings."""
MEMORY_S = 60.0
CELLS_A_MEMBER = 4
FEW = int(200 / CELLS_A_MEMBER * BEAT_S)
"""Members a beat when 200 cells a second change."""
MOVING, STEADY = "window", "symbol"
"""Sorted by what changes, rows move; sorted by the symbol they stay, and so does the cursor."""


def measure() -> list[Measurement]:
    """Return shares of a core against an empty app with the same beat, keys and memory."""
    with empty_app("--beat") as terminal:
        control = _share(terminal, "READY")
    rates = {(rows, sort): _rate_of(rows, sort) for rows in (FEW, COUNT) for sort in ("", MOVING)}
    few, all_of = "200 cells a second", "2,000 members at 5 Hz"
    return [
        Comparison(f"board: {few}, CPU", "s/s", (rates[FEW, ""],), (control,), "< 0.03"),
        Comparison(f"board: {few}, sorted", "s/s", (rates[FEW, MOVING],), (control,), "< 0.03"),
        Comparison(f"board: {all_of}, CPU", "s/s", (rates[COUNT, ""],), (control,), "< 0.10"),
        Comparison(
            f"board: {all_of}, sorted", "s/s", (rates[COUNT, MOVING],), (control,), "< 0.10"
        ),
        *_callbacks(),
        *_keys(),
        _memory(),
    ]


def members(rows: int, sort: str, report: str = "") -> Terminal:
    """Start the table in a terminal of 120x52."""
    surroundings: dict[str, str] = {}
    with_short_frames(surroundings)
    command = [sys.executable, "-m", "benchmarks.members_app", f"--rows={rows}"]
    return Terminal(
        [*command, f"--sort={sort}", f"--report={report}"], rows=52, environment=surroundings
    )


def _rate_of(rows: int, sort: str) -> float:
    with members(rows, sort) as terminal:
        return _share(terminal, "Symbol")


def _share(terminal: Terminal, text: str) -> float:
    """Return CPU seconds a second once the program has settled."""
    _settle(terminal, text)
    before = terminal.cpu_seconds()
    _watch(terminal, WATCH_S)
    return (terminal.cpu_seconds() - before) / WATCH_S


def _settle(terminal: Terminal, text: str) -> None:
    terminal.wait_for(text)
    terminal.parses = False  # reading a screen costs more than painting it
    terminal.read(SETTLE_S)


def _watch(terminal: Terminal, seconds: float) -> None:
    """Read at a steady pace: who keeps all that is written comes to hold the program up."""
    for _ in range(int(seconds)):
        terminal.read(1.0)
        terminal.output = b""


def _callbacks() -> list[Measurement]:
    """Return the longest single callback of the loop."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        with members(COUNT, MOVING, str(report)) as terminal:
            _settle(terminal, "Symbol")
            _watch(terminal, WATCH_S)
            terminal.type("x")
            terminal.wait()
        longest = json.loads(report.read_bytes())
    return [
        Figure("board: longest callback of the loop, CPU", "ms", longest["cpu"], "< 16 ms"),
        Figure("board: longest callback of the loop, wall", "ms", longest["wall"]),
    ]


def _keys() -> list[Measurement]:
    with members(COUNT, STEADY) as terminal:
        busy = key_times(terminal, "Symbol", "jk")
    with empty_app() as terminal:
        control = key_times(terminal, "READY", "ab")
    return [
        Comparison("board: key to paint, p50", "ms", busy, control),
        Figure("board: key to paint, p99", "ms", percentile(busy, 0.99), "< 50 ms"),
    ]


def _memory() -> Measurement:
    """Return by how much memory grows, after the first minute."""
    with members(COUNT, MOVING) as terminal:
        _settle(terminal, "Symbol")
        _watch(terminal, FILL_S)
        before = terminal.resident_bytes()
        _watch(terminal, MEMORY_S)
        grown = terminal.resident_bytes() - before
    return Figure("board: memory, growth", "MB/min", grown / 2**20 * 60 / MEMORY_S, "flat")
