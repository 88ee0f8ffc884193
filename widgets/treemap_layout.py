"""Where the tiles of a treemap stand: whole cells, no gap, no overlap, areas by weight.

The rows are chosen as in Bruls, Huizing and van Wijk, "Squarified Treemaps" (2000), but in whole
cells from the start. Rectangles laid out in real numbers and then rounded leave tiles without
a cell and rows too low for a word, which on a terminal is most of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Literal, NamedTuple

CELL_SHAPE = 2.6
"""How many cells side by side look as long as one is high: two, and more where words must fit."""

Way = Literal["left", "right", "up", "down"]


class Box(NamedTuple):
    """A rectangle of cells."""

    x: int
    y: int
    width: int
    height: int

    @property
    def area(self) -> int:
        """Cells in it."""
        return self.width * self.height

    def holds(self, x: int, y: int) -> bool:
        """Return whether a cell lies in it."""
        return 0 <= x - self.x < self.width and 0 <= y - self.y < self.height


@lru_cache(maxsize=256)
def squarified(weights: tuple[float, ...], box: Box) -> tuple[Box, ...]:
    """Return a box for each weight, in their order, that together fill the box.

    The last ones are remembered: weights seldom change while colours do, every minute.

    Args:
        weights: not negative, best from the heaviest; at most as many as the box has cells.
        box: what is to be filled.

    Raises:
        ValueError: There are more weights than cells.
    """
    if len(weights) > box.area:
        raise ValueError(f"{len(weights)} tiles do not fit into {box.area} cells")
    total = math.fsum(weights)
    left = [max(weight / total if total else 0.0, 1e-9) for weight in weights]
    boxes: list[Box] = []
    while left:
        count, thickness = _next_row(left, box)
        boxes += _split(left[:count], *_cut(box, thickness))
        del left[:count]
        box = _rest(box, thickness)
    return tuple(boxes)


def _next_row(weights: Sequence[float], box: Box) -> tuple[int, int]:
    """Return how many weights stand in the next row, and how many cells thick it is.

    A row lies along the shorter side. It takes in weights while its worst tile comes no further
    from a square, and at least as many as leave a cell for each of the others.
    """
    along, across = (box.height, box.width) if is_upright(box) else (box.width, box.height)
    total = math.fsum(weights)
    least = max(1, len(weights) - along * (across - 1))
    scale = _scale(total, box)
    count, best = 0, math.inf
    longest, shortest = 0.0, math.inf
    row = weights[:along]
    for n, (weight, covered) in enumerate(zip(row, accumulate(row), strict=True), 1):
        longest, shortest = max(longest, weight), min(shortest, weight)
        square = covered * covered
        worst = max(scale * longest / square, square / (scale * shortest))
        if n > least and worst > best:
            break
        count, best = n, worst
    if count == len(weights):
        return count, across
    thickness = round(math.fsum(weights[:count]) / total * across)
    others = -(-(len(weights) - count) // along)
    return count, max(1, min(thickness, across - others))


def is_upright(box: Box) -> bool:
    """Return whether a box looks wide: its next row stands upright at the left, else on top."""
    return box.width >= box.height * CELL_SHAPE


def _scale(total: float, box: Box) -> float:
    """Return what makes the shapes of a row's tiles of weights: how far each is from a square.

    A tile of a row is `along * weight / covered` long and `area * covered / total / along` thick,
    which is a square where both are the same.
    """
    width, height = float(box.width), box.height * CELL_SHAPE
    return min(width, height) / max(width, height) * total


def _cut(box: Box, thickness: int) -> tuple[Box, bool]:
    """Return the next row of that many cells, and whether it stands upright."""
    if is_upright(box):
        return Box(box.x, box.y, thickness, box.height), True
    return Box(box.x, box.y, box.width, thickness), False


def _rest(box: Box, thickness: int) -> Box:
    """Return what the next row leaves of a box."""
    x, y, width, height = box
    if is_upright(box):
        return Box(x + thickness, y, width - thickness, height)
    return Box(x, y + thickness, width, height - thickness)


def _split(weights: Sequence[float], row: Box, upright: bool) -> Iterator[Box]:
    """Yield the tiles of one row."""
    lengths = _lengths(weights, row.height if upright else row.width)
    for start, length in zip(accumulate(lengths, initial=0), lengths, strict=False):
        if upright:
            yield Box(row.x, row.y + start, row.width, length)
        else:
            yield Box(row.x + start, row.y, length, row.height)


def _lengths(weights: Sequence[float], cells: int) -> list[int]:
    """Return whole lengths that add up to `cells`: ends are rounded, none is empty."""
    total = math.fsum(weights)
    ends = [round(covered / total * cells) for covered in accumulate(weights)]
    ends[-1] = cells
    for n, end in enumerate(ends):
        after = len(ends) - 1 - n
        ends[n] = min(max(end, ends[n - 1] + 1 if n else 1), cells - after)
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def neighbour(boxes: Sequence[Box], index: int, way: Way) -> int:
    """Return the box one comes to from another when going one way; the same at the edge.

    Of the boxes that lie wholly on that side and beside it, the nearest one; of several as near,
    the one in the line of its middle.
    """
    here = _seen_from(boxes[index], way)
    best, best_key = index, (math.inf, math.inf)
    for n, box in enumerate(boxes):
        there = _seen_from(box, way)
        gap = there.x - here.x - here.width
        is_beside = there.y < here.y + here.height and here.y < there.y + there.height
        if gap >= 0 and is_beside:
            middle = here.y + (here.height - 1) / 2
            aside = max(there.y - middle, middle - (there.y + there.height - 1), 0.0)
            if (gap, aside) < best_key:
                best, best_key = n, (gap, aside)
    return best


def _seen_from(box: Box, way: Way) -> Box:
    """Return a box turned so that the way leads to the right."""
    x, y, width, height = box
    match way:
        case "right":
            return box
        case "left":
            return Box(-x - width, y, width, height)
        case "down":
            return Box(y, x, height, width)
        case "up":
            return Box(-y - height, x, height, width)
