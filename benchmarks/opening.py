"""Key to the first frame of a room with its first panel, at two sizes, first and second opening."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from statistics import median

from benchmarks.samples import Figure, Measurement
from benchmarks.terminal import Terminal

SIZES = ((120, 34), (200, 55))
ROOMS = {
    "v": ("volatility", "Volatility family"),
    "P": ("policy", "Federal funds path"),
    "b": ("breadth", "Breadth"),
    "c": ("calendar", "Calendar, two weeks"),
    "f": ("flows", "Fund flows"),
    "y": ("thesis", "Thesis"),
    "A": ("alerts", "Alerts"),
    "R": ("rotation", "Rotation"),
    "m": ("heat map", "by weight and return"),
    "C": ("changes", "Changes of members"),
    "i": ("feeds", "Feeds"),
    "*": ("all members", "All members"),
}
"""The key of each room, its name in the title line, and words of its first panel's title."""
SETTLE_S = 8.0
"""How long the simulated market is let come in."""
PAUSE_S = 0.6
UP = "\x1b"


def measure(runs: int = 2) -> list[Measurement]:
    """Return median and longest opening of each size, the first and the second time."""
    return [figure for size in SIZES for figure in _figures(size, runs)]


def _figures(size: tuple[int, int], runs: int) -> Iterator[Figure]:
    openings = [_openings(size) for _ in range(runs)]
    for turn, name in enumerate(("first", "second")):
        spent = [milliseconds for run in openings for milliseconds in run[turn].values()]
        what = f"opening: {name}, {size[0]}x{size[1]}"
        yield Figure(f"{what}, p50", "ms", median(spent))
        yield Figure(f"{what}, max", "ms", max(spent), "<= 100 ms")


def _openings(size: tuple[int, int]) -> tuple[dict[str, float], dict[str, float]]:
    """Open every room twice in one program; return milliseconds by key, of each turn."""
    columns, rows = size
    command = [sys.executable, "-m", "tui", "--demo", "--at", "2026-08-04T14:32"]
    with (
        tempfile.TemporaryDirectory() as home,
        Terminal(command, columns=columns, rows=rows, environment={"HOME": home}) as terminal,
    ):
        terminal.wait_for("Russell 2000")
        terminal.read(SETTLE_S)
        terminal.parses = False  # reading a screen would take the time that is measured
        first = {key: _one(terminal, key) for key in ROOMS}
        return first, {key: _one(terminal, key) for key in ROOMS}


def _one(terminal: Terminal, key: str) -> float:
    terminal.output = b""
    words = [each.encode() for each in ROOMS[key]]
    begun = time.perf_counter()
    terminal.type(key)
    if not terminal.read(5.0, until=lambda: all(each in terminal.output for each in words)):
        raise TimeoutError(f"{ROOMS[key][1]!r} was never painted")
    spent = (time.perf_counter() - begun) * 1000
    terminal.read(PAUSE_S)
    terminal.type(UP)
    terminal.read(PAUSE_S)
    return spent
