"""Draw the pictures of the documents: `uv run python scripts/screenshots.py [NAME...]`.

captop itself runs at a pseudo-terminal and shows the simulated market, seeded and standing
still, so that the same program gives the same pictures.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pyte.screens import Char

from benchmarks.terminal import Terminal
from widgets.screen_svg import Cell, screen_svg
from widgets.strips import MISSING

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
MARKET = ("--demo", "--at", "2026-08-04T14:32", "--speed", "0")
QUIET_S = 1.5
"""A screen that wrote nothing for so long has come to rest."""
PATIENCE_S = 30.0
INK, PAPER = "#d0d0d0", "#000000"
"""Colours of cells that the program leaves to the terminal."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: what captop shows at a size after some keys."""

    name: str
    columns: int
    lines: int
    title: str
    keys: Sequence[str] = ()
    theme: str = "captop-dark"


PICTURES: Sequence[Picture] = (
    Picture("overview", 120, 34, "captop: index, breadth, sub-sectors, volatility and watchlist"),
    Picture("sector", 120, 34, "captop: one sector, its sub-sectors and its members", ("\r",)),
    Picture(
        "symbol",
        *(120, 34, "captop: one symbol with candles, averages and its quote"),
        ("3", "j", "\r", *"ttt", "d", "M"),
    ),
    Picture("heat-map", 120, 34, "captop: the index as a heat map of its sub-sectors", ("m",)),
    Picture("breadth", 120, 34, "captop: breadth over time and by sector", ("b",)),
    Picture("light", 120, 34, "captop in its light theme", theme="captop-light"),
    Picture("80x24", 80, 24, "captop on 80 columns and 24 lines"),
    Picture("40x12", 40, 12, "captop on 40 columns and 12 lines"),
)


def drawn(picture: Picture, home: Path) -> str:
    """Return a picture as SVG; TimeoutError if the screen never comes to rest.

    Args:
        picture: What to draw.
        home: A folder without settings.
    """
    with Terminal(
        [sys.executable, "-m", "tui", *MARKET, "--theme", picture.theme],
        columns=picture.columns,
        rows=picture.lines,
        environment=_surroundings(home),
    ) as terminal:
        terminal.wait_for("DEMO", PATIENCE_S)
        _come_to_rest(terminal)
        for key in picture.keys:
            terminal.type(key)
            _come_to_rest(terminal)
        return screen_svg(_cells(terminal, picture), picture.title)


def _surroundings(home: Path) -> dict[str, str]:
    """Return the environment in which nobody's settings count."""
    own = {name: "" for name in os.environ if name.startswith("CAPTOP_") or name == "NO_COLOR"}
    return {**own, "HOME": str(home), "XDG_CONFIG_HOME": str(home), "XDG_CACHE_HOME": str(home)}


def _come_to_rest(terminal: Terminal) -> None:
    """Wait until every number is there and nothing more is written."""
    if not terminal.read(PATIENCE_S, until=lambda: MISSING not in terminal.text):
        raise TimeoutError(f"a number never came within {PATIENCE_S:g} s:\n{terminal.text}")
    while terminal.pump(QUIET_S):
        pass


def _cells(terminal: Terminal, picture: Picture) -> list[list[Cell]]:
    buffer = terminal.screen.buffer
    return [[_cell(buffer[y][x]) for x in range(picture.columns)] for y in range(picture.lines)]


def _cell(character: Char) -> Cell:
    ink, paper = _colour(character.fg, INK), _colour(character.bg, PAPER)
    if character.reverse:
        ink, paper = paper, ink
    return Cell(character.data, ink, paper, character.bold)


def _colour(name: str, usual: str) -> str:
    return usual if name == "default" else f"#{name}"


def main() -> None:
    """Draw the named pictures, or all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for picture in PICTURES:
        if sys.argv[1:] and picture.name not in sys.argv[1:]:
            continue
        with tempfile.TemporaryDirectory() as home:
            svg = drawn(picture, Path(home))
        path = FOLDER / f"{picture.name}.svg"
        path.write_text(svg, encoding="utf-8")
        print(f"{path.name}: {len(svg) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
