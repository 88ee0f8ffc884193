"""Which tiles of a heat map are shown at a size, and where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

import msgspec

from widgets.treemap_layout import Box, Way, is_upright, neighbour, squarified
from widgets.treemap_view import Node, descendants, others_of

LEAST_CELLS = 3
"""Cells of the smallest tile, an edge and a direction in its colour; what would get less shares
a tile with others. Most of two thousand members have no room for words, and yet are seen."""
REST_AT_MOST = 1 / 3
"""Share of the cells that the small ones together take at most, whatever they weigh: the map is
for what can be told apart."""
DEEP_FROM = 6000
"""Cells from which on the whole index shows members inside its sub-sectors."""
_NEST_WIDTH, _NEST_HEIGHT = 14, 4
"""The smallest box that has room for a title line and tiles beneath it."""
_WORD_WIDTH = 7
"""Cells a tile should be wide to say a symbol or a number."""
STEADY = 0.05
"""A weight that changed by less, relatively, moves no tile."""


class Tile(msgspec.Struct, frozen=True, gc=False):
    """A node and its place; a title line stands over the tiles of its children."""

    node: Node
    box: Box
    is_title: bool = False


Weights = Mapping[str, float]
"""Weights by the nodes' keys, as tiles stand by them."""


def steadied(root: Node, before: Weights) -> dict[str, float]:
    """Return the weights to lay tiles out by: those of before where little changed."""
    return {node.key: _steady(node.weight, before.get(node.key)) for node in descendants(root)}


def _steady(weight: float, before: float | None) -> float:
    if before is None or abs(weight - before) > STEADY * before:
        return weight
    return before


def arranged(root: Node, width: int, height: int, weights: Weights) -> tuple[Tile, ...]:
    """Return the tiles that fill so many cells; titles in front of what stands below them."""
    box = Box(0, 0, width, height)
    if width < 1 or height < 1:
        return ()
    levels = 3 if box.area >= DEEP_FROM else 2
    return tuple(_inside(root, box, levels, weights))


def _inside(parent: Node, box: Box, levels: int, weights: Weights) -> Iterator[Tile]:
    """Yield the tiles of a node's children, and one of those that are too small for their own."""
    nodes = sorted(parent.children, key=lambda node: (-weights[node.key], node.key))
    sizes = tuple(weights[node.key] for node in nodes)
    kept = _kept(sizes, box.area)
    body = box
    if kept < len(nodes):
        share = min(sum(sizes[kept:]) / (sum(sizes) or 1.0), REST_AT_MOST)
        body, rest = _cut(box, share) if kept else (box, box)
        yield Tile(others_of(parent, {node.key for node in nodes[:kept]}), rest)
    for node, place in zip(nodes[:kept], squarified(sizes[:kept], body), strict=True):
        yield from _placed(node, place, levels, weights)


def _placed(node: Node, box: Box, levels: int, weights: Weights) -> Iterator[Tile]:
    """Yield a node's tile, or its title and the tiles of its children where they have room."""
    x, y, width, height = box
    if levels < 2 or not node.children or width < _NEST_WIDTH or height < _NEST_HEIGHT:
        yield Tile(node, box)
        return
    yield Tile(node, Box(x, y, width, 1), is_title=True)
    below = Box(x, y + 1, width, height - 1)
    yield from _inside(node, below, levels - 1, weights)


def _kept(sizes: Sequence[float], cells: int) -> int:
    """Return how many of the sizes, heaviest first, get a tile of their own.

    Those that have the cells for one by weight; where the others would take more of the map
    than they may, those that have them in what is left.
    """
    least, beside = LEAST_CELLS / cells, LEAST_CELLS / cells / (1.0 - REST_AT_MOST)
    whole, sums = sum(sizes), accumulate(sizes)
    kept = sum(
        size >= min(least * whole, beside * so_far)
        for size, so_far in zip(sizes, sums, strict=True)
    )
    if len(sizes) - kept < 2 and len(sizes) <= cells:
        return len(sizes)
    return min(max(kept, 1), cells - 1)


def _cut(box: Box, share: float) -> tuple[Box, Box]:
    """Return a box without its last strip, and the strip, of that share of the area.

    The strip stands at the right of a wide box that keeps room for words beside it, else it
    lies at the bottom. Neither is without a cell if the box has two.
    """
    x, y, width, height = box
    left = max(1, min(round(width * (1.0 - share)), width - 1))
    if height < 2 or (left >= _WORD_WIDTH and is_upright(box)):
        return Box(x, y, left, height), Box(x + left, y, width - left, height)
    top = max(1, min(round(height * (1.0 - share)), height - 1))
    return Box(x, y, width, top), Box(x, y + top, width, height - top)


class Arrangement:
    """The tiles of one map as they stand: laid out once for all repaints, steady while it lasts."""

    def __init__(self) -> None:
        self.shown: Sequence[Tile] = ()
        """The tiles as they were laid out last."""
        self._laid_out: tuple[Node, int, int] | None = None
        self._weights: dict[str, float] = {}

    def arrange(self, root: Node, width: int, height: int) -> Sequence[Tile]:
        """Return the tiles of a view at a size."""
        known = self._laid_out
        if known is None or known[0] is not root or known[1:] != (width, height):
            self._laid_out = root, width, height
            self._weights = steadied(root, self._weights)
            self.shown = arranged(root, width, height, self._weights)
        return self.shown

    def chosen(self, key: str) -> Tile | None:
        """Return the tile of a node; the heaviest where it is not shown; None without tiles."""
        found = next((tile for tile in self.shown if tile.node.key == key), None)
        return found or max(self.shown, key=_prominence, default=None)

    def beside(self, key: str, way: Way) -> Tile | None:
        """Return the tile one comes to from the chosen one, itself at the edge."""
        here = self.chosen(key)
        if here is None:
            return None
        boxes = [tile.box for tile in self.shown]
        return self.shown[neighbour(boxes, self.shown.index(here), way)]

    def at(self, x: int, y: int) -> Tile | None:
        """Return the tile that a cell belongs to."""
        return next((tile for tile in self.shown if tile.box.holds(x, y)), None)


def _prominence(tile: Tile) -> tuple[bool, bool, int]:
    """Return how fit a tile is to be chosen at first: the largest that is one thing."""
    return not tile.is_title, not tile.node.is_rest, tile.box.area
