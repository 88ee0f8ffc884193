"""Lines in dots of a canvas: split at gaps, kept to what shows, beaded or cut into dashes.

Two lines of one chart differ in shape as well as in colour, so that they can be told apart without
any. A line that is compared with another is beaded, not dashed: what it lacks is a gap. Averages
are smooth and lack nothing, so dashes cannot be taken for gaps in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from operator import itemgetter

Point = tuple[float, float]
"""A place on the canvas in dots: two a cell from the left, four a cell from below."""

DASHES = {"average_50": (8, 4), "average_200": (2, 2)}
"""Role -> (dots drawn, dots left out); lines in any other role are whole."""
BEADS = {"compare": "○"}
"""Role -> the sign that stands on its lines every few cells."""
BEAD_EVERY = 12
"""Dots from one bead to the next: six cells."""
_SAMPLES = {"compare": f"─{BEADS['compare']}", "average_50": "╍╍", "average_200": "┈┈"}
_WHOLE = "──"


def sample_of(role: str) -> str:
    """Return two cells that look as the lines in a role do, for a chart's legend."""
    return _SAMPLES.get(role, _WHOLE)


def strokes(points: Iterable[Point | None], role: str = "") -> Iterator[Sequence[Point]]:
    """Split a line at its gaps, and at those of its role's dashes; None is a gap.

    Of each column of dots only what shows is kept.
    """
    for is_known, group in groupby(points, key=lambda point: point is not None):
        if is_known:
            stroke = _condensed([point for point in group if point is not None])
            yield from _dashed(stroke, *DASHES[role]) if role in DASHES else (stroke,)


def beads(points: Iterable[Point | None]) -> Iterator[Point]:
    """Yield where a line's beads are: at the same dots whatever the line, one on each piece."""
    for stroke in strokes(points):
        dots = {round(x): (x, y) for x, y in _dotted(stroke)}
        on = [dot for column, dot in dots.items() if column % BEAD_EVERY == BEAD_EVERY // 2]
        yield from on or stroke[-1:]


def _condensed(stroke: list[Point]) -> list[Point]:
    """Keep the lowest and highest point of each column of dots, and the newest of all."""
    kept: list[Point] = []
    for _, group in groupby(stroke, key=lambda point: round(point[0])):
        points = list(group)
        if len(points) <= 2:
            kept.extend(points)
            continue
        ends = {
            points.index(min(points, key=itemgetter(1))),
            points.index(max(points, key=itemgetter(1))),
        }
        kept.extend(points[index] for index in sorted(ends))
    if kept[-1] != stroke[-1]:
        kept.append(stroke[-1])
    return kept


def _dashed(stroke: Sequence[Point], drawn: int, left_out: int) -> Iterator[Sequence[Point]]:
    """Cut a stroke into dashes that stand at the same dots whatever the line; its end shows."""
    is_drawn = False
    for is_drawn, group in groupby(
        _dotted(stroke), key=lambda point: round(point[0]) % (drawn + left_out) < drawn
    ):
        if is_drawn:
            yield list(group)
    if not is_drawn:
        yield stroke[-1:]


def _dotted(stroke: Sequence[Point]) -> Iterator[Point]:
    """Yield a stroke's points, and those between them in every column of dots they skip."""
    for (x, y), (end, height) in pairwise(stroke):
        yield x, y
        for column in range(round(x) + 1, round(end)):
            yield float(column), y + (height - y) * (column - x) / (end - x)
    yield stroke[-1]
