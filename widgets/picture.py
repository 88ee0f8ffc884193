"""What a chart is made of: curves and rules go in, rows of runs come out. Knows no library."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

import msgspec

from widgets.strips import ascii_text

Run = tuple[str, str]
"""(text, role): a piece of one row in one look."""

Picture = tuple[tuple[Run, ...], ...]
"""Rows of runs, top first; every row is exactly as wide as the picture."""

LARGEST = 1e15
"""Numbers beyond this are no prices: charts treat them as missing."""


class Curve(msgspec.Struct, frozen=True):
    """One line of a chart. A None breaks the line: a gap is shown as a gap."""

    xs: tuple[float, ...]
    ys: tuple[float | None, ...]
    role: str = "line"


class Rule(msgspec.Struct, frozen=True):
    """A level across the chart, such as the previous close."""

    y: float
    role: str = "previous"
    label: str = ""
    """Words on the value axis at this level, in the rule's own role; replaces a near tick."""
    drawn: bool = True
    """False puts only the label on the axis, such as the last price."""


class Tick(msgspec.Struct, frozen=True):
    """A label on the horizontal axis."""

    x: float
    label: str


def finite(value: float | None) -> float | None:
    """Return the number, or None for what no chart can draw: missing, NaN, infinite, absurd."""
    if value is None or not math.isfinite(value) or abs(value) > LARGEST:
        return None
    return value


class Marker(msgspec.Struct, frozen=True):
    """A sign at a point of a line, such as where two lines part, or at an x alone."""

    x: float
    y: float | None
    """None for the foot of the plot."""
    sign: str
    """One character."""
    role: str
    is_above: bool = True
    """Above its point, else below it."""


class Grid:
    """Cells of one picture while it is drawn: a character and a role each."""

    def __init__(self, width: int, height: int, role: str = "text") -> None:
        self.width = max(0, width)
        self.height = max(0, height)
        self._texts = [[" "] * self.width for _ in range(self.height)]
        self._roles = [[role] * self.width for _ in range(self.height)]

    def is_free(self, column: int, row: int) -> bool:
        """Return whether a cell exists and is empty."""
        inside = 0 <= row < self.height and 0 <= column < self.width
        return inside and self._texts[row][column] == " "

    def is_of(self, column: int, row: int, role: str) -> bool:
        """Return whether a cell exists and is of a role."""
        inside = 0 <= row < self.height and 0 <= column < self.width
        return inside and self._roles[row][column] == role

    def put(self, column: int, row: int, text: str, role: str) -> None:
        """Write single-width characters from a cell to the right; outside is left out."""
        if not 0 <= row < self.height:
            return
        for offset, character in enumerate(text):
            if 0 <= column + offset < self.width:
                self._texts[row][column + offset] = character
                self._roles[row][column + offset] = role

    def picture(self, *, ascii_only: bool = False) -> Picture:
        """Return what was drawn, neighbours of one role joined into runs."""
        rows = zip(self._texts, self._roles, strict=True)
        runs = (_runs(texts, roles) for texts, roles in rows)
        if not ascii_only:
            return tuple(runs)
        return tuple(tuple((ascii_text(text), role) for text, role in row) for row in runs)


def _runs(texts: Sequence[str], roles: Sequence[str]) -> tuple[Run, ...]:
    runs: list[Run] = []
    column = 0
    for role, cells in groupby(roles):
        end = column + sum(1 for _ in cells)
        runs.append(("".join(texts[column:end]), role))
        column = end
    return tuple(runs)


def blank(width: int, height: int) -> Picture:
    """Return an empty picture of the given size."""
    return Grid(width, height).picture()
