"""A terminal's screen as an SVG picture that looks the same with any font.

Letters are text, word by word, each stretched to its cells; lines, blocks and braille are
drawn as shapes, since few fonts have them all and none joins them in every viewer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import groupby

WIDTH, HEIGHT = 10, 20
"""One cell, in pixels."""
MARGIN = 14
FONT_PX, BASELINE = 16, 15
FONTS = "ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace"
THIN, THICK, DOT = 1.4, 5, 3.8
"""Widths of light lines, heavy lines and braille dots."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One character of the screen with its colours, `#rrggbb`."""

    text: str
    ink: str
    paper: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Pen:
    """How a path is drawn: two paths with equal pens are one."""

    ink: str
    width: float = 0
    """0 fills the path."""
    round: bool = False

    @property
    def attributes(self) -> str:
        """The pen as SVG attributes."""
        if not self.width:
            return f'fill="{self.ink}"'
        cap = ' stroke-linecap="round"' if self.round else ""
        return f'fill="none" stroke="{self.ink}" stroke-width="{self.width:g}"{cap}'


def screen_svg(rows: list[list[Cell]], title: str) -> str:
    """Return a screen as SVG.

    Args:
        rows: The cells of every line, all lines of one length.
        title: What the picture shows, for those who cannot see it.
    """
    width = len(rows[0]) * WIDTH + 2 * MARGIN
    height = len(rows) * HEIGHT + 2 * MARGIN
    paper = rows[0][0].paper
    size = f'width="{width}" height="{height}"'
    shapes = _shapes(rows)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {size}>',
        f"<title>{escape(title)}</title>",
        f'<rect {size} rx="8" fill="{paper}"/>',
        f'<g transform="translate({MARGIN} {MARGIN})" font-family="{FONTS}" font-size="{FONT_PX}">',
        *_papers(rows, paper),
        *(f'<path {pen.attributes} d="{"".join(paths)}"/>' for pen, paths in shapes.items()),
        *_words(rows),
        "</g>",
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _papers(rows: list[list[Cell]], usual: str) -> Iterator[str]:
    for y, row in enumerate(rows):
        for paper, run in groupby(enumerate(row), key=lambda item: item[1].paper):
            columns = [x for x, _ in run]
            if paper != usual:
                place = f'x="{columns[0] * WIDTH}" y="{y * HEIGHT}"'
                size = f'width="{len(columns) * WIDTH}" height="{HEIGHT}"'
                yield f'<rect {place} {size} fill="{paper}"/>'


def _words(rows: list[list[Cell]]) -> Iterator[str]:
    for y, row in enumerate(rows):
        for style, run in groupby(enumerate(row), key=lambda item: _style(item[1])):
            cells = list(run)
            if style is not None:
                text = escape("".join(cell.text for _, cell in cells))
                place = f'x="{cells[0][0] * WIDTH}" y="{y * HEIGHT + BASELINE}"'
                yield f'<text {place} textLength="{len(cells) * WIDTH}" {style}>{text}</text>'


def _style(cell: Cell) -> str | None:
    """Return the attributes of a letter, None for a blank or a shape."""
    if not cell.text.strip() or _is_shape(cell.text):
        return None
    return f'fill="{cell.ink}"' + (' font-weight="bold"' if cell.bold else "")


def _is_shape(text: str) -> bool:
    return text in _LINES or text in _FILLS or "\u2800" <= text <= "\u28ff"


def _shapes(rows: list[list[Cell]]) -> Mapping[Pen, list[str]]:
    paths: dict[Pen, list[str]] = defaultdict(list)
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            for pen, path in _drawn(cell, x * WIDTH, y * HEIGHT):
                paths[pen].append(path)
    return paths


def _drawn(cell: Cell, x: int, y: int) -> Iterable[tuple[Pen, str]]:
    """Yield the paths of a cell whose left upper corner is at (x, y)."""
    if "\u2800" <= cell.text <= "\u28ff":
        return [(Pen(cell.ink, DOT, round=True), _braille(cell.text, x, y))]
    if cell.text in _FILLS:
        return [(Pen(cell.ink), _FILLS[cell.text](x, y))]
    strokes = _LINES.get(cell.text, ())
    return [(Pen(cell.ink, width), f"M{x + dx:g} {y + dy:g}{go}") for width, dx, dy, go in strokes]


def _braille(text: str, x: int, y: int) -> str:
    """Return a dot for each bit; bits run down the columns, the lowest row was added later."""
    bits = ord(text) - 0x2800
    dots = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
    raised = [dot for bit, dot in enumerate(dots) if bits >> bit & 1]
    return "".join(f"M{x + 2.5 + 5 * column:g} {y + 2.5 + 5 * row:g}h0" for column, row in raised)


@dataclass(frozen=True, slots=True)
class Box:
    """A filled part of a cell, in eighths of its width and height."""

    left: int
    top: int
    right: int
    bottom: int

    def __call__(self, x: int, y: int) -> str:
        """Return its path in the cell at (x, y)."""
        wide, high = (self.right - self.left) * WIDTH / 8, (self.bottom - self.top) * HEIGHT / 8
        start = f"M{x + self.left * WIDTH / 8:g} {y + self.top * HEIGHT / 8:g}"
        return f"{start}h{wide:g}v{high:g}h{-wide:g}z"


@dataclass(frozen=True, slots=True)
class Outline:
    """A filled shape that begins at a point of the cell."""

    dx: float
    dy: float
    path: str

    def __call__(self, x: int, y: int) -> str:
        """Return its path in the cell at (x, y)."""
        return f"M{x + self.dx:g} {y + self.dy:g}{self.path}"


_FILLS: Mapping[str, Box | Outline] = {
    **{block: Box(0, 8 - n, 8, 8) for n, block in enumerate("▁▂▃▄▅▆▇█", 1)},
    **{block: Box(0, 0, 8 - n, 8) for n, block in enumerate("▉▊▋▌▍▎▏", 1)},
    "▀": Box(0, 0, 8, 4),
    "▐": Box(4, 0, 8, 8),
    "▖": Box(0, 4, 4, 8),
    "▗": Box(4, 4, 8, 8),
    "▘": Box(0, 0, 4, 4),
    "▝": Box(4, 0, 8, 4),
    "▲": Outline(0.5, 15, "l4.5 -9l4.5 9z"),
    "▼": Outline(0.5, 6, "l4.5 9l4.5 -9z"),
    "▸": Outline(2, 6, "l6 4.5l-6 4.5z"),
    "●": Outline(1, 10, "a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z"),
}

_Stroke = tuple[float, float, float, str]
_UP: _Stroke = (THIN, 5, 0, "v10")
_DOWN: _Stroke = (THIN, 5, 10, "v10")
_HEAVY_UP: _Stroke = (THICK, 5, 0, "v10")
_HEAVY_DOWN: _Stroke = (THICK, 5, 10, "v10")
_LEFT: _Stroke = (THIN, 0, 10, "h5")
_RIGHT: _Stroke = (THIN, 5, 10, "h5")
_LINES: Mapping[str, tuple[_Stroke, ...]] = {
    "─": (_LEFT, _RIGHT),
    "│": (_UP, _DOWN),
    "┃": (_HEAVY_UP, _HEAVY_DOWN),
    "╵": (_UP,),
    "╷": (_DOWN,),
    "╹": (_HEAVY_UP,),
    "╻": (_HEAVY_DOWN,),
    "╿": (_HEAVY_UP, _DOWN),
    "╽": (_UP, _HEAVY_DOWN),
    "├": (_UP, _DOWN, _RIGHT),
    "┤": (_UP, _DOWN, _LEFT),
    "┬": (_LEFT, _RIGHT, _DOWN),
    "┴": (_LEFT, _RIGHT, _UP),
    "┼": (_LEFT, _RIGHT, _UP, _DOWN),
    "┌": (_RIGHT, _DOWN),
    "┐": (_LEFT, _DOWN),
    "└": (_RIGHT, _UP),
    "┘": (_LEFT, _UP),
    "╭": ((THIN, 10, 10, "q-5 0 -5 5v5"),),
    "╮": ((THIN, 0, 10, "q5 0 5 5v5"),),
    "╰": ((THIN, 5, 0, "v5q0 5 5 5"),),
    "╯": ((THIN, 5, 0, "v5q0 5 -5 5"),),
}
"""Lines by their strokes: width, start within the cell, and the way."""
