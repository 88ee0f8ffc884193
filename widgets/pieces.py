"""Lines put together from pieces: a short straight way from one dot to another, as braille.

What plotext's canvas costs goes with its cells, most of them empty, and with each dot on it; and a
way looks the same wherever it begins. So each way is drawn once, on a canvas just large enough,
together with all others that are lacking, and a drawing is an OR of dots. Long ways are divided,
so that there are no more than a few hundred.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, groupby, pairwise

from widgets.strokes import Point

Stroke = tuple[int, Sequence[Point]]
"""(a number of its own, points joined by lines), in dots from the canvas' lower left."""

Cells = dict[tuple[int, int], tuple[int, int]]
"""(column, row from below) -> (dots of a braille cell, number of the stroke): cells with a line."""

Dot = tuple[int, int]

Way = tuple[int, int]
"""Dots to the right and up from a line's start to its end; nothing is a single dot."""

Piece = tuple[tuple[int, int, int], ...]
"""(columns to the right, rows up, dots) of each cell, counted from the cell it begins in."""

Draw = Callable[[Sequence[Sequence[Dot]], int, int], Sequence[str]]
"""Draws lines through dots on a canvas of so many columns and rows; returns rows, top first."""

BLANK = 0x2800
"""The braille cell without dots; the dots of others are added to it."""
LEFT_DOTS, RIGHT_DOTS = (0x40, 0x04, 0x02, 0x01), (0x80, 0x20, 0x10, 0x08)
"""The dots of a braille cell from below."""
_DOTS = (LEFT_DOTS, RIGHT_DOTS)
_PLACES = [
    (dot, aside, above) for aside, dots in enumerate(_DOTS) for above, dot in enumerate(dots)
]
_DOTS_OF = [[(aside, above) for dot, aside, above in _PLACES if cell & dot] for cell in range(256)]
"""Braille cell -> the places of its dots, from its lower left."""
LONGEST = 8
"""Dots of the longest way. A long one is divided next to the straight line, so that each dot of it
is within two of that line."""


class Pieces:
    """Puts lines together, and remembers the ways they took."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self.known: dict[Way, Sequence[Dot]] = {}
        """The dots of ways drawn so far, counted from where they begin."""
        self.piece = lru_cache(maxsize=None)(self._placed)
        """Returns the piece of a way that begins in a dot of its first cell: `piece(x, y, way)`."""

    def joined(self, strokes: Sequence[Stroke]) -> Cells:
        """Return what strokes look like; in cells that several cross, the last one shows."""
        lines = [(number, list(_steps(points))) for number, points in strokes]
        self._learn({way for _, line in lines for _, way in line})
        found: Cells = {}
        for number, line in lines:
            for place, dots in self._dots_of(line).items():
                found[place] = dots, number
        return found

    def _dots_of(self, line: Sequence[tuple[Dot, Way]]) -> dict[tuple[int, int], int]:
        found: dict[tuple[int, int], int] = {}
        for (x, y), way in line:
            column, row = x // 2, y // 4
            for right, up, dots in self.piece(x % 2, y % 4, way):
                place = column + right, row + up
                found[place] = found.get(place, 0) | dots
        return found

    def _placed(self, x: int, y: int, way: Way) -> Piece:
        self._learn({way})
        cells: dict[tuple[int, int], int] = {}
        for right, up in self.known[way]:
            place = (x + right) // 2, (y + up) // 4
            cells[place] = cells.get(place, 0) | _DOTS[(x + right) % 2][(y + up) % 4]
        return tuple((column, row, dots) for (column, row), dots in cells.items())

    def _learn(self, wanted: set[Way]) -> None:
        """Draw the ways that are lacking, those of one height side by side."""
        lacking = sorted(wanted - self.known.keys(), key=_rows)
        for rows, ways in groupby(lacking, key=_rows):
            self._draw_all(list(ways), rows)

    def _draw_all(self, ways: Sequence[Way], rows: int) -> None:
        """Draw ways, each on columns of its own, its lowest dot on the canvas' lower edge."""
        widths = [abs(right) // 2 + 1 for right, _ in ways]
        ends = list(accumulate(widths))
        lines = [
            _line(way, 2 * (end - width))
            for way, end, width in zip(ways, ends, widths, strict=True)
        ]
        picture = self._draw(lines, ends[-1], rows)
        for way, line, end, width in zip(ways, lines, ends, widths, strict=True):
            x, y = line[0]
            dots = _dots_in(picture, end - width, end)
            self.known[way] = [(right - x, up - y) for right, up in dots]


def _rows(way: Way) -> int:
    return abs(way[1]) // 4 + 1


def _line(way: Way, left: int) -> Sequence[Dot]:
    """Return start and end of a way; its leftmost dot is `left`, its lowest 0."""
    right, up = way
    start = (left + max(0, -right), max(0, -up))
    return (start, (start[0] + right, start[1] + up)) if right or up else (start,)


def _dots_in(picture: Sequence[str], first: int, end: int) -> Iterator[Dot]:
    """Yield the dots of some columns of a picture, counted from its lower left."""
    for row, cells in enumerate(reversed(picture)):
        for column, cell in enumerate(cells[first:end], first):
            for aside, above in _DOTS_OF[max(0, ord(cell) - BLANK)]:
                yield 2 * column + aside, 4 * row + above


def _steps(points: Sequence[Point]) -> Iterator[tuple[Dot, Way]]:
    """Yield where a stroke's ways begin, and the ways."""
    dots = [(int(x + 0.5), int(y + 0.5)) for x, y in points]
    for start, end in pairwise(dots if len(dots) > 1 else dots * 2):
        for (x, y), (right, up) in pairwise(_stops(start, end)):
            yield (x, y), (right - x, up - y)


def _stops(start: Dot, end: Dot) -> Sequence[Dot]:
    """Return dots of the way from start to end, no further apart than the longest way."""
    (x, y), (right, up) = start, (end[0] - start[0], end[1] - start[1])
    length = max(abs(right), abs(up))
    if length <= LONGEST:
        return start, end
    between = ((right * n / length, up * n / length) for n in range(LONGEST, length, LONGEST))
    return (start, *((x + round(aside), y + round(above)) for aside, above in between), end)
