"""Key to the first frame of a room with its first panel, at two sizes, first and second opening.

Between two openings a program that only answers a key, with as many bytes as a room has, tells what
the pseudo-terminal takes: the system hands bytes on at ordinary priority, whatever ours is.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
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
ANSWER_BYTES = 75_000
"""What a room takes at 200x55, in the median."""
END = b"END"
ECHO = f"""
import os, tty
tty.setraw(0)
os.write(1, {END!r})
while os.read(0, 1):
    left = b"x" * {ANSWER_BYTES} + {END!r}
    while left:
        left = left[os.write(1, left):]
"""


def measure(runs: int = 2) -> list[Measurement]:
    """Return median and longest opening of each size, the first and the second time."""
    return [figure for size in SIZES for figure in _figures(size, runs)]


def _figures(size: tuple[int, int], runs: int) -> Iterator[Figure]:
    openings = [_openings(size) for _ in range(runs)]
    for turn, name in enumerate(("first", "second")):
        spent = [milliseconds for run in openings for milliseconds in run[turn]]
        what = f"opening: {name}, {size[0]}x{size[1]}"
        yield Figure(f"{what}, p50", "ms", median(spent))
        yield Figure(f"{what}, max", "ms", max(spent), "<= 100 ms")
    alone = [milliseconds for run in openings for milliseconds in run[-1]]
    yield Figure(f"opening: pseudo-terminal alone, {size[0]}x{size[1]}, max", "ms", max(alone))


def _openings(size: tuple[int, int]) -> tuple[list[float], list[float], list[float]]:
    """Open every room twice in one program; return milliseconds of each turn, and of the echo."""
    columns, rows = size
    command = [sys.executable, "-m", "tui", "--demo", "--at", "2026-08-04T14:32"]
    with (
        tempfile.TemporaryDirectory() as home,
        Terminal(command, columns=columns, rows=rows, environment={"HOME": home}) as terminal,
        Terminal([sys.executable, "-c", ECHO], columns=columns, rows=rows) as echo,
    ):
        terminal.wait_for("Russell 2000")
        echo.wait_for(END.decode())
        terminal.read(SETTLE_S)
        terminal.parses = echo.parses = False  # reading a screen would take the measured time
        first, second, alone = list[float](), list[float](), list[float]()
        for turn in (first, second):
            for key, words in ROOMS.items():
                turn.append(_answer(terminal, key, words))
                terminal.read(PAUSE_S)
                terminal.type(UP)
                terminal.read(PAUSE_S)
                alone.append(_answer(echo, "x", (END.decode(),)))
        return first, second, alone


def _answer(terminal: Terminal, key: str, words: Sequence[str]) -> float:
    """Return the milliseconds until a key is answered with some words."""
    terminal.output = b""
    wanted = [each.encode() for each in words]
    begun = time.perf_counter()
    terminal.type(key)
    if not terminal.read(5.0, until=lambda: all(each in terminal.output for each in wanted)):
        raise TimeoutError(f"{words} were never painted")
    return (time.perf_counter() - begun) * 1000
