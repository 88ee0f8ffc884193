"""Draws the rotation of groups: where each stands and whence it came, names where they fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import msgspec
from rich.cells import cell_len

from market.metrics.rotation import BOUND, Quadrant
from widgets import plotting
from widgets.axis import nice_ticks, value_labels
from widgets.chart_frame import Frame, frame_of
from widgets.lines import Line, cropped, folded, item, joined, packed
from widgets.picture import Curve, Tick
from widgets.rotation_list import LEGEND_FROM, LEGEND_WIDTH, SLIM_FROM, SLIM_WIDTH, listing_of
from widgets.rotation_ways import ROLES, RotationView, Way, head_sign
from widgets.strips import price, signed

_ROOT_PER_POINT = 3.25
"""Root of the cells for each group that another point of its trail takes: on a larger plot steps
are longer too, and forty whole trails would be a scribble."""
_LEAST_SPREAD = 0.5
_LONGEST_NAME = 18
_MARGIN = 0.05
"""Left free at each side, of the width of all points."""
_CORNER_ROWS = 1.5
"""Left free above and below all points, so that no head stands on a quadrant's word."""
_LABELLED_FROM = 24
"""Cells from which on the scales are labelled."""
_CELLS_PER_TICK = 14
_OTHERS = "volume"
"""The role of trails besides the chosen one's."""


class Plotted(msgspec.Struct, frozen=True):
    """A painted view, and which group each of its cells belongs to."""

    lines: tuple[Line, ...]
    heads: tuple[tuple[int, int, str], ...] = ()
    """(column, row, symbol)."""
    legend_at: int = 0
    """First column of the list; 0 where there is none."""
    listed: tuple[str, ...] = ()
    """Symbols of the list, by row; empty for a quadrant's own row."""
    first: int = 0
    """Which entry the list begins with."""
    most: int = 0
    """The last one it can begin with."""


def painted(
    view: RotationView,
    width: int,
    height: int,
    chosen: str,
    *,
    first: int | None = None,
    ascii_only: bool = False,
) -> Plotted:
    """Return plot, list where there is room, and a line about the chosen group beneath.

    The list begins with its entry `first`; by default so that the chosen group is in sight.
    """
    if height < 1 or width < 1:
        return Plotted(())
    way = next((w for w in view.ways if w.symbol == chosen), None)
    if way is None:
        return Plotted(_amid(view.reason, width, height))
    beneath = detail_line(way, width)
    rows = height - 1
    if rows < 4:
        return Plotted((beneath,))
    listing = LEGEND_WIDTH if width >= LEGEND_FROM else SLIM_WIDTH if width >= SLIM_FROM else 0
    plot_width = width - listing - 2 if listing else width
    frame = _framed(view.ways, plot_width, rows)
    _draw(frame, view.ways, way, ascii_only=ascii_only)
    heads = tuple((*_cell(frame, each), each.symbol) for each in view.ways)
    picture = frame.grid.picture(ascii_only=ascii_only)
    if not listing:
        return Plotted((*picture, beneath), heads)
    beside = listing_of(view, way, first, rows, listing, ascii_only=ascii_only)
    lines = [joined(pair, 2) for pair in zip(picture, beside.lines, strict=True)]
    return Plotted(
        (*lines, beneath), heads, plot_width + 2, beside.symbols, beside.first, beside.most
    )


def _amid(reason: str, width: int, height: int) -> tuple[Line, ...]:
    """Return why there is nothing to plot, in the middle of where the plot would be."""
    words = folded(reason, width, height)
    lines: list[Line] = [((text.center(width).rstrip(), "absent"),) for text in words]
    return (*((),) * ((height - len(lines)) // 2), *lines)


def detail_line(way: Way, width: int) -> Line:
    """Return name, quadrant, ratio and momentum, and how far it went since the point before."""
    x, y = way.head
    items = [
        item((cropped(way.name, 24), "strong"), priority=0),
        item((way.quadrant.value.capitalize(), way.role), priority=1),
        item(("ratio ", "faint"), (price(x), "text"), priority=2),
        item(("momentum ", "faint"), (price(y), "text"), priority=3),
    ]
    if len(way.ratio) > 1:
        steps = f"{signed(x - way.ratio[-2])} {signed(y - way.momentum[-2])}"
        items.append(item(("moved ", "faint"), (steps, "muted"), priority=4))
    return packed(items, width)


def _framed(ways: Sequence[Way], width: int, height: int) -> Frame:
    """Return a frame of every point of all trails and of the middle, equal margins around them."""
    left, right = _extent(chain.from_iterable(way.ratio for way in ways))
    low, high = _extent(chain.from_iterable(way.momentum for way in ways))
    beside = _MARGIN * (right - left)
    above = (high - low) * _CORNER_ROWS / max(1.0, height - 1 - 2 * _CORNER_ROWS)
    xs = (left - beside, right + beside)
    places = nice_ticks(*xs, max(1, width // _CELLS_PER_TICK))
    words = value_labels(places, 1)
    return frame_of(
        width,
        height,
        xs=xs,
        ys=(low - above, high + above),
        ticks=[Tick(place, word) for place, word in zip(places, words, strict=True)],
        decimals=1,
        side="left" if width >= _LABELLED_FROM else "none",
    )


def _extent(values: Iterator[float]) -> tuple[float, float]:
    """Return the least and the greatest of values and the middle, never too near each other."""
    known = (BOUND, *values)
    low, high = min(known), max(known)
    lacking = max(0.0, 2 * _LEAST_SPREAD - (high - low)) / 2
    return low - lacking, high + lacking


def _draw(frame: Frame, ways: Sequence[Way], chosen: Way, *, ascii_only: bool) -> None:
    grid = frame.grid
    middle_row, middle = frame.row(BOUND), frame.column(BOUND)
    grid.put(frame.left, middle_row, "─" * frame.width, "border")
    for row in range(frame.height):
        if row != middle_row:
            grid.put(middle, row, "│", "border")
    for quadrant in Quadrant:
        _corner(frame, quadrant)
    points = int((frame.width * frame.height / len(ways)) ** 0.5 / _ROOT_PER_POINT)
    trails = [Curve(chosen.ratio, chosen.momentum, "accent")]
    if points > 1:
        trails += [
            Curve(way.ratio[-points:], way.momentum[-points:], _OTHERS)
            for way in ways
            if way is not chosen
        ]
    plotting.curves_beneath(trails, ascii_only=ascii_only)(frame)
    for way in (*(w for w in ways if w is not chosen), chosen):
        head = head_sign(way, is_chosen=way is chosen, ascii_only=ascii_only)
        grid.put(*_cell(frame, way), head, way.role)
    _name(frame, chosen, "strong")
    for way in sorted(ways, key=lambda w: -w.reach):
        if way is not chosen:
            _name(frame, way, "muted")


def _corner(frame: Frame, quadrant: Quadrant) -> None:
    """Write a quadrant's word into its corner, whole or not at all."""
    word = quadrant.value.capitalize()
    is_right = quadrant in {Quadrant.LEADING, Quadrant.WEAKENING}
    is_low = quadrant in {Quadrant.WEAKENING, Quadrant.LAGGING}
    end, middle = frame.left + frame.width, frame.column(BOUND)
    column = end - len(word) - 1 if is_right else frame.left + 1
    inside = middle < column if is_right else column + len(word) <= middle
    if inside:
        frame.grid.put(column, frame.height - 1 if is_low else 0, word, ROLES[quadrant])


def _cell(frame: Frame, way: Way) -> tuple[int, int]:
    return frame.column(way.head[0]), frame.row(way.head[1])


def _name(frame: Frame, way: Way, role: str) -> None:
    """Write a name beside its head where all cells are free; else leave it to the list."""
    column, row = _cell(frame, way)
    words = cropped(way.name, _LONGEST_NAME)
    long = cell_len(words)
    if long != len(words):
        return  # cells of the grid hold one single-width character each
    right, left = column + 2, column - 1 - long
    places = [(right, row), (left, row)]
    places += [(column - long // 2, beside) for beside in (row - 1, row + 1)]
    places += [(start, beside) for start in (right, left) for beside in (row - 1, row + 1)]
    for start, at in places:
        inside = start >= frame.left and start + long <= frame.left + frame.width
        cells = range(start - 1, start + long + 1)
        if inside and 0 <= at < frame.height and all(_is_open(frame, c, at, column) for c in cells):
            frame.grid.put(start, at, words, role)
            return


def _is_open(frame: Frame, column: int, row: int, head: int) -> bool:
    """Return whether a name may stand in a cell, or end beside it: its own head, or the edge.

    Names are put over the other groups' trails, since those say less.
    """
    at_edge = not frame.left <= column < frame.left + frame.width
    is_free = frame.grid.is_free(column, row) or frame.grid.is_of(column, row, _OTHERS)
    return at_edge or column == head or is_free
