"""Draws the rotation of groups: where each stands and whence it came, names where they fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from rich.cells import cell_len

from market.metrics.rotation import BOUND, Quadrant
from widgets import plotting
from widgets.chart_frame import Frame, frame_of
from widgets.lines import Line, cropped, item, joined, packed, sentence
from widgets.picture import Curve, Tick
from widgets.strips import price, signed

ROLES = {
    Quadrant.LEADING: "up",
    Quadrant.WEAKENING: "failing",
    Quadrant.LAGGING: "down",
    Quadrant.IMPROVING: "line",
}
HEAD, CHOSEN_HEAD = "●", "◆"
_ASCII_HEADS = {HEAD: "o", CHOSEN_HEAD: "#"}
LEGEND_WIDTH = 38
LEGEND_FROM = 84
"""Cells from which on a list of the groups stands beside the plot."""
_CELLS_PER_TRAIL = 70
"""With fewer cells for each group only the chosen one shows its trail."""
_LEAST_SPREAD = 0.5
_LONGEST_NAME = 16
_CORNER_ROWS = 5
"""Rows above and below all points, together, so that no head stands on a quadrant's word."""
_LABELLED_FROM = 24
"""Cells from which on the scales are labelled."""


class Way(msgspec.Struct, frozen=True):
    """One group's way over the plot, oldest first; its head is the newest point."""

    symbol: str
    name: str
    ratio: tuple[float, ...]
    momentum: tuple[float, ...]
    quadrant: Quadrant

    @property
    def role(self) -> str:
        """The role of its quadrant."""
        return ROLES[self.quadrant]

    @property
    def head(self) -> tuple[float, float]:
        """Ratio and momentum now."""
        return self.ratio[-1], self.momentum[-1]

    @property
    def reach(self) -> float:
        """How far it stands from the middle."""
        x, y = self.head
        return ((x - BOUND) ** 2 + (y - BOUND) ** 2) ** 0.5


class RotationView(msgspec.Struct, frozen=True):
    """All ways, in the order of the list: by quadrant, then from the middle outwards first."""

    ways: tuple[Way, ...] = ()
    reason: str = ""
    old: bool = False


class Plotted(msgspec.Struct, frozen=True):
    """A painted view, and which group each of its cells belongs to."""

    lines: tuple[Line, ...]
    heads: tuple[tuple[int, int, str], ...] = ()
    """(column, row, symbol)."""
    legend_at: int = 0
    """First column of the list; 0 where there is none."""
    listed: tuple[str, ...] = ()
    """Symbols of the list, by row."""


def painted(
    view: RotationView, width: int, height: int, chosen: str, *, ascii_only: bool = False
) -> Plotted:
    """Return plot, list where there is room, and a line about the chosen group beneath."""
    if height < 1 or width < 1:
        return Plotted(())
    way = next((w for w in view.ways if w.symbol == chosen), None)
    if way is None:
        return Plotted((((sentence(view.reason, width), "absent"),),))
    beneath = detail_line(way, width)
    rows = height - 1
    if rows < 4:
        return Plotted((beneath,))
    plot_width = width - LEGEND_WIDTH - 2 if width >= LEGEND_FROM else width
    frame = _framed(view.ways, plot_width, rows)
    _draw(frame, view.ways, way, ascii_only=ascii_only)
    heads = tuple((*_cell(frame, each), each.symbol) for each in view.ways)
    picture = frame.grid.picture(ascii_only=ascii_only)
    if plot_width == width:
        return Plotted((*picture, beneath), heads)
    listed = _window_of(view.ways, way, rows)
    legend = [
        _listed(each, is_chosen=each is way, old=view.old, ascii_only=ascii_only) for each in listed
    ]
    lines = [
        joined([row, entry], 2) for row, entry in zip(picture, _padded(legend, rows), strict=True)
    ]
    return Plotted((*lines, beneath), heads, plot_width + 2, tuple(each.symbol for each in listed))


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
    """Return a frame with 100 in the middle of both scales, every point in it."""
    wide = _spread(x for way in ways for x in way.ratio)
    high = _spread(y for way in ways for y in way.momentum) * (1 + _CORNER_ROWS / height)
    ticks = [Tick(BOUND + part * wide, price(BOUND + part * wide, 1)) for part in (-0.8, 0.0, 0.8)]
    return frame_of(
        width,
        height,
        xs=(BOUND - wide, BOUND + wide),
        ys=(BOUND - high, BOUND + high),
        ticks=ticks,
        decimals=1,
        side="left" if width >= _LABELLED_FROM else "none",
    )


def _spread(values: Iterable[float]) -> float:
    return 1.06 * max([_LEAST_SPREAD, *(abs(value - BOUND) for value in values)])


def _draw(frame: Frame, ways: Sequence[Way], chosen: Way, *, ascii_only: bool) -> None:
    grid = frame.grid
    middle_row, middle = frame.row(BOUND), frame.column(BOUND)
    grid.put(frame.left, middle_row, "─" * frame.width, "border")
    for row in range(frame.height):
        if row != middle_row:
            grid.put(middle, row, "│", "border")
    for quadrant in Quadrant:
        _corner(frame, quadrant)
    shows_all = frame.width * frame.height >= _CELLS_PER_TRAIL * len(ways)
    trails = [Curve(chosen.ratio, chosen.momentum, "accent")]
    if shows_all:
        trails += [Curve(way.ratio, way.momentum, "volume") for way in ways if way is not chosen]
    plotting.curves_beneath(trails, ascii_only=ascii_only)(frame)
    for way in (*(w for w in ways if w is not chosen), chosen):
        head = _head(way is chosen, ascii_only=ascii_only)
        grid.put(*_cell(frame, way), head, way.role)
    _name(frame, chosen, "strong")
    for way in sorted(ways, key=lambda w: -w.reach):
        if way is not chosen:
            _name(frame, way, "muted")


def _head(is_chosen: bool, *, ascii_only: bool) -> str:
    head = CHOSEN_HEAD if is_chosen else HEAD
    return _ASCII_HEADS[head] if ascii_only else head


def _corner(frame: Frame, quadrant: Quadrant) -> None:
    """Write a quadrant's word into its corner, whole or not at all."""
    word = quadrant.value.capitalize()
    if frame.width < 2 * len(word) + 6:
        return
    is_right = quadrant in {Quadrant.LEADING, Quadrant.WEAKENING}
    is_low = quadrant in {Quadrant.WEAKENING, Quadrant.LAGGING}
    column = frame.left + (frame.width - len(word) - 1 if is_right else 1)
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
    for start, at in places:
        inside = start >= frame.left and start + long <= frame.left + frame.width
        cells = range(start - 1, start + long + 1)
        if inside and 0 <= at < frame.height and all(_is_open(frame, c, at, column) for c in cells):
            frame.grid.put(start, at, words, role)
            return


def _is_open(frame: Frame, column: int, row: int, head: int) -> bool:
    """Return whether a name may stand in a cell, or end beside it: its own head, or the edge."""
    at_edge = not frame.left <= column < frame.left + frame.width
    return at_edge or column == head or frame.grid.is_free(column, row)


def _window_of(ways: Sequence[Way], chosen: Way, rows: int) -> Sequence[Way]:
    """Return as many of the list as fit, the chosen one among them."""
    first = max(0, min(ways.index(chosen) - rows // 2, len(ways) - rows))
    return ways[first : first + rows]


def _listed(way: Way, *, is_chosen: bool, old: bool, ascii_only: bool) -> Line:
    head = _head(is_chosen, ascii_only=ascii_only)
    x, y = way.head
    numbers = f"{price(x):>7}{price(y):>8}"
    name = cropped(way.name, LEGEND_WIDTH - 4 - cell_len(numbers))
    gap = " " * (LEGEND_WIDTH - 3 - cell_len(name) - cell_len(numbers))
    if is_chosen:
        return ((f"{head} ", way.role), (f"{name}{gap}{numbers}", "cursor"))
    return (
        (f"{head} ", way.role), (name + gap, "late" if old else "text"), (numbers, "muted"),
    )  # fmt: skip


def _padded(lines: Sequence[Line], rows: int) -> list[Line]:
    return [*lines, *[()] * (rows - len(lines))]
