"""Board lines as strips: the title line and one line for each row. Pure, tested without an app."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import msgspec
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from widgets.board_layout import Seat, fitted, shown
from widgets.board_marks import NO_CHANGES, Changes
from widgets.board_model import Column, Justify, Row, Sort
from widgets.board_sparks import Sparks
from widgets.palette import OVERLAYS, Palette
from widgets.strips import ascii_text

_STEADY = frozenset({"absent", "failing"})
"""Roles that a late row keeps: they say more than lateness."""

_MOST_STRIPS = 2048
"""Painted rows kept at most: a few megabytes."""


class Look(msgspec.Struct, frozen=True):
    """Everything that decides how a row is painted, besides the row."""

    columns: tuple[Column, ...]
    seats: tuple[Seat, ...]
    width: int
    palette: Palette
    """The styles on the ground, see `grounded`."""
    ground: Style
    """The widget's own colours, below all others."""
    ascii_only: bool = False


def grounded(palette: Palette, ground: Style) -> Palette:
    """Return the styles on a widget's own colours; the cursor's and the marks' go over any."""
    return Palette(
        {
            role: style if role in OVERLAYS else ground + style
            for role, style in palette.styles.items()
        }
    )


def row_strip(
    row: Row, look: Look, sparks: Sparks | None = None, changes: Changes = NO_CHANGES
) -> Strip:
    """Return one row, exactly as wide as the look says, with marks on what has changed."""
    if row.notes and look.seats:
        return _line(_noted(row, look), look)
    drawn, cells, is_ascii = sparks or Sparks(), row.cells, look.ascii_only
    pieces: list[_Piece] = []
    for column, start, width in look.seats:
        if column >= len(cells):
            continue
        cell = cells[column]
        if cell.spark is None:
            placed = _placed(cell.text, width, look.columns[column].justify, is_ascii)
        else:
            placed = _trimmed(drawn.text(row.key, column, cell.spark, width, ascii_only=is_ascii))
        style = look.palette.style(_role(cell.role, row))
        if column in changes:
            style += look.palette.style(changes[column])
        pieces.append((start, placed, style))
    return _line(pieces, look)


def _noted(row: Row, look: Look) -> list[_Piece]:
    """Return what a row is of, and beside it all that can be said of it."""
    (column, start, width), *others = look.seats
    beside = others[0].start if others else start + width + 1
    room = max(0, look.width - 1 - beside)
    note = next((text for text in map(shown, row.notes) if cell_len(text) <= room), "")
    name = _placed(row.cells[column].text, width, "left", look.ascii_only)
    words = _placed(note, room, "left", look.ascii_only)
    styles = look.palette.style("strong"), look.palette.style("absent")
    return [(start, name, styles[0]), (beside, words, styles[1])]


def _role(role: str, row: Row) -> str:
    return "late" if row.dim and role not in _STEADY else role


class _Words(NamedTuple):
    """What a cell says: blanks before it, the words, and the cells they take."""

    indent: int
    text: str
    length: int


_Piece: TypeAlias = tuple[int, _Words, Style]
"""Column of the line, words, style."""


@lru_cache(maxsize=8192)
def _placed(text: str, width: int, justify: Justify, is_ascii: bool) -> _Words:
    fit = fitted(shown(text), width, justify)
    return _trimmed(ascii_text(fit) if is_ascii else fit)


def _trimmed(text: str) -> _Words:
    words = text.strip(" ")
    return _Words(len(text) - len(text.lstrip(" ")), words, cell_len(words))


def _line(pieces: Sequence[_Piece], look: Look) -> Strip:
    """Return a strip of texts at their columns, all else empty."""
    segments: list[Segment] = []
    end, ground = 0, look.ground
    for start, (indent, words, length), style in pieces:
        if not words:
            continue
        at = start + indent
        if at > end:
            segments.append(Segment(" " * (at - end), ground))
        segments.append(Segment(words, style))
        end = at + length
    if end < look.width:
        segments.append(Segment(" " * (look.width - end), ground))
        return Strip(segments, look.width)
    return Strip(segments, end).crop(0, look.width)


def title_strip(sort: Sort, look: Look) -> Strip:
    """Return the titles; the sorted column's stands out and carries ▼ or ▲ right after it."""
    pieces: list[_Piece] = []
    style = look.palette.style
    for seat in look.seats:
        column = look.columns[seat.column]
        is_sorted = column.id == sort.column
        title = fitted(shown(column.title), seat.width, column.justify)
        if not is_sorted:
            pieces.append((seat.start, _trimmed(title), style("header")))
            continue
        words = title.rstrip() + _sort_mark(sort, ascii_only=look.ascii_only)
        pieces.append((seat.start, _trimmed(words), style("strong")))
    return _line(pieces, look)


def _sort_mark(sort: Sort, *, ascii_only: bool) -> str:
    if ascii_only:
        return "v" if sort.reverse else "^"
    return "▼" if sort.reverse else "▲"


def with_cursor(strip: Strip, look: Look) -> Strip:
    """Return a row as the one under the cursor: marked at its left, also without colour."""
    mark = Segment(">" if look.ascii_only else "▸", look.palette.style("accent"))
    marked = Strip.join([Strip([mark], 1), strip.crop(1)]).crop(0, look.width)
    return Strip(
        [Segment(text, _under_cursor(style or look.ground, look)) for text, style, _ in marked],
        marked.cell_length,
    )


def _under_cursor(style: Style, look: Look) -> Style:
    """Return a style on the cursor's row; the mark of a change keeps its own ground."""
    is_marked = style.bgcolor != look.ground.bgcolor
    return style if is_marked else style + look.palette.style("cursor")


def message_strip(text: str, look: Look) -> Strip:
    """Return the line that stands in for rows."""
    words = fitted(shown(text), max(0, look.width - 2), "left")
    return _line([(1, _trimmed(words), look.palette.style("muted"))], look)


class StripStore:
    """Painted rows, kept until their row or the look changes."""

    def __init__(self) -> None:
        self.look = Look((), (), 0, Palette({"text": Style()}), Style())
        self.painted = 0
        """Rows painted since the start: what the tests count."""
        self.sparks = Sparks()
        self._strips: dict[str, tuple[Row, Changes, Strip]] = {}

    def use(self, look: Look) -> None:
        """Paint everything anew in another look."""
        self.look = look
        self.sparks.forget()
        self._strips.clear()

    def forget(self, keys: Iterable[str]) -> None:
        """Paint these rows anew when they are next in sight."""
        for key in keys:
            self._strips.pop(key, None)

    def row(self, row: Row, changes: Changes = NO_CHANGES, *, is_cursor: bool = False) -> Strip:
        """Return a row's line, painted now or before."""
        strip = self._painted_before(row, changes)
        if strip is None:
            if len(self._strips) >= _MOST_STRIPS:
                self._strips.clear()
            strip = row_strip(row, self.look, self.sparks, changes)
            self._strips[row.key] = (row, changes, strip)
            self.painted += 1
        return with_cursor(strip, self.look) if is_cursor else strip

    def _painted_before(self, row: Row, changes: Changes) -> Strip | None:
        found = self._strips.get(row.key)
        if found is None:
            return None
        painted, marks, strip = found
        if (painted is not row and painted != row) or marks != changes:
            return None
        return strip
