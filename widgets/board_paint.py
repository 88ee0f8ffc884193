"""Board lines as strips: the title line and one line for each row. Pure, tested without an app."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import msgspec
from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from widgets.board_layout import Seat, cells_of, fitted, shown
from widgets.board_line import Line
from widgets.board_marks import NO_CHANGES, Changes
from widgets.board_model import Cell, Column, Justify, Row, Sort
from widgets.palette import Palette
from widgets.plotting import drawing_of
from widgets.sparkline import runs_within, spark_of
from widgets.strips import MISSING, ascii_text

_STEADY = frozenset({"absent", "failing"})
"""Roles that a late row keeps: they say more than lateness."""
_TELLING = _STEADY | {"up", "down", "flat"}
"""Roles that a row keeps which a rule paints: directions stay what they are."""

_MOST_STRIPS = 256
"""Painted rows kept at most: each is some fifty objects for a full garbage collection to visit."""


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


def row_strip(row: Row, look: Look, changes: Changes = NO_CHANGES) -> Strip:
    """Return one row, exactly as wide as the look says, with marks on what has changed."""
    if row.notes and look.seats:
        return _line(_noted(row, look), look)
    cells, is_ascii = row.cells, look.ascii_only
    count, style_of = len(cells), look.palette.style
    pieces: list[_Piece] = [_sign(row, look)] if row.colour else []
    for column, start, width in _spread(row, look) if row.is_spread else look.seats:
        if column >= count:
            continue
        cell = cells[column]
        if cell.spark is None:
            placed = _placed(cell.text, width, look.columns[column].justify, is_ascii)
        else:
            line = drawing_of(spark_of(cell.spark, width, ascii_only=is_ascii))
            if cell.band is not None:
                pieces += _banded(line, cell, start, look)
                continue
            placed = _trimmed(line)
        style = style_of(_role(cell.role, row) if row.dim or row.colour else cell.role)
        if column in changes:
            style += style_of(changes[column])
        pieces.append((start, placed, style))
    return _line(pieces, look)


def _banded(line: str, cell: Cell, start: int, look: Look) -> Iterator[_Piece]:
    """Yield the parts of a sparkline within its band and outside, each in its style."""
    place = 0
    for length, is_within in runs_within(cell.spark or (), len(line), cell.band or (None, None)):
        style = look.palette.style("up" if is_within else cell.role)
        yield start + place, _trimmed(line[place : place + length]), style
        place += length


def _spread(row: Row, look: Look) -> Sequence[Seat]:
    """Return where a row's cells stand, its words over the empty cells before and after them."""
    cells, columns = row.cells, look.columns
    taken = [
        seat
        for seat in look.seats
        if columns[seat.column].flex or cells[seat.column].text or cells[seat.column].spark
    ]
    for place, seat in enumerate(taken):
        if columns[seat.column].flex:
            before = taken[place - 1].start if place else -1
            start = min(each.start for each in look.seats if each.start > before)
            stop = _begin(taken[place + 1], row, look) if place + 1 < len(taken) else look.width
            taken[place] = Seat(seat.column, start, stop - 1 - start)
    return taken


def _begin(seat: Seat, row: Row, look: Look) -> int:
    """Return where what fills a seat begins: a number stands at its right end."""
    is_number = look.columns[seat.column].justify == "right"
    spare = seat.width - cells_of(row.cells[seat.column].text) if is_number else 0
    return seat.start + max(0, spare)


def _noted(row: Row, look: Look) -> list[_Piece]:
    """Return what a row is of, and beside it all that can be said; a spread row's known cells."""
    (first, *others), cells, style_of = look.seats, row.cells, look.palette.style
    kept = [s for s in others if row.is_spread and cells[s.column].text not in {"", MISSING}]
    free = [seat.start for seat in others if seat not in kept]
    beside = free[0] if free else first.start + first.width + 1
    stop = next((_begin(s, row, look) for s in kept if s.start >= beside), look.width)
    room = max(0, stop - 1 - beside)
    note = next((text for text in map(shown, row.notes) if cell_len(text) <= room), "")
    pieces = [(beside, _placed(note, room, "left", look.ascii_only), style_of("absent"))]
    for seat in (first, *kept):
        cell, justify = cells[seat.column], look.columns[seat.column].justify
        words = _placed(cell.text, seat.width, justify, look.ascii_only)
        pieces.append((seat.start, words, style_of(cell.role)))
    return sorted(pieces, key=lambda piece: piece[0])


def _role(role: str, row: Row) -> str:
    if row.dim:
        return role if role in _STEADY else "late"
    return role if role in _TELLING else row.colour


def _sign(row: Row, look: Look) -> _Piece:
    """Return what marks a row that a rule paints, also without colours: a cursor hides it."""
    return 0, _Words(0, "*" if look.ascii_only else "•", 1), look.palette.style(row.colour)


class _Words(NamedTuple):
    """What a cell says: blanks before it, the words, and the cells they take."""

    indent: int
    text: str
    length: int


_Piece: TypeAlias = tuple[int, _Words, Style]
"""Column of the line, words, style."""


@lru_cache(maxsize=2048)
def _placed(text: str, width: int, justify: Justify, is_ascii: bool) -> _Words:
    fit = fitted(shown(text), width, justify)
    return _trimmed(ascii_text(fit) if is_ascii else fit)


def _trimmed(text: str) -> _Words:
    words = text.strip(" ")
    return _Words(len(text) - len(text.lstrip(" ")), words, cells_of(words))


def _line(pieces: Sequence[_Piece], look: Look) -> Strip:
    """Return a line of texts at their columns, all else empty; its last cell can be taken off."""
    segments: list[Segment] = []
    end, width, blanks = 0, look.width, _blanks(look.ground, look.width)
    for start, (indent, words, length), style in pieces:
        if not words:
            continue
        at = start + indent
        if at > end:
            segments.append(blanks[at - end])
        segments.append(Segment(words, style))
        end = at + length
    if end > width:
        return Line(segments, end).crop(0, width)
    if end < width - 1:
        segments.append(blanks[width - 1 - end])
    if end < width:
        segments.append(blanks[1])
    return Line(segments, width)


@lru_cache(maxsize=16)
def _blanks(ground: Style, most: int) -> Sequence[Segment]:
    """Return the gaps of a line by their length."""
    return [Segment(" " * length, ground) for length in range(most + 1)]


def title_strip(sort: Sort, look: Look) -> Strip:
    """Return the titles; the sorted column's stands out and carries ▼ or ▲ right after it.

    The mark takes the gap's cell where that leaves one before the next title; else the title
    moves by one, and without room for that it is shortened.
    """
    pieces: list[_Piece] = []
    style, following = look.palette.style, look.width + 1
    for seat in reversed(look.seats):
        column = look.columns[seat.column]
        is_sorted, title = column.id == sort.column, shown(column.title)
        words = _trimmed(fitted(title, seat.width, column.justify))
        if is_sorted:
            mark = _sort_mark(sort, ascii_only=look.ascii_only)
            if seat.start + words.indent + words.length + 1 >= following:
                words = _trimmed(fitted(_within(title, seat.width - 1), seat.width - 1, "right"))
            words = _Words(words.indent, words.text + mark, words.length + 1)
        pieces.append((seat.start, words, style("strong" if is_sorted else "header")))
        following = seat.start + words.indent
    return _line(pieces[::-1], look)


def _within(title: str, width: int) -> str:
    """Return a title of at most that many cells: without its last word, else cut."""
    first = title.rpartition(" ")[0] if cell_len(title) > width else title
    return set_cell_size(first or title, min(width, cell_len(first or title)))


def _sort_mark(sort: Sort, *, ascii_only: bool) -> str:
    if ascii_only:
        return "v" if sort.reverse else "^"
    return "▼" if sort.reverse else "▲"


def with_cursor(strip: Strip, look: Look) -> Strip:
    """Return a row as the one under the cursor: marked at its left, also without colour."""
    mark = Segment(">" if look.ascii_only else "▸", look.palette.style("accent"))
    marked = Strip.join([Strip([mark], 1), strip.crop(1)]).crop(0, strip.cell_length)
    return Line(
        [Segment(text, _under_cursor(style or look.ground, look)) for text, style, _ in marked],
        marked.cell_length,
    )


def _under_cursor(style: Style, look: Look) -> Style:
    """Return a style on the cursor's row; the mark of a change keeps its own ground."""
    is_marked = style.bgcolor != look.ground.bgcolor
    return style if is_marked else style + look.palette.style("cursor")


def message_strip(text: str, look: Look) -> Strip:
    """Return the line that stands in for rows."""
    words = _placed(text, max(0, look.width - 2), "left", look.ascii_only)
    return _line([(1, words, look.palette.style("muted"))], look)


class StripStore:
    """Painted rows, kept until their row or the look changes."""

    def __init__(self) -> None:
        self.look = Look((), (), 0, Palette({"text": Style()}), Style())
        self.painted = 0
        """Rows painted since the start: what the tests count."""
        self._strips: dict[str, tuple[Row, Changes, Strip]] = {}
        self._cursor: tuple[Strip, Strip] | None = None
        """The row under the cursor, without and with its mark."""
        self._titles: dict[Sort, Strip] = {}

    def use(self, look: Look) -> None:
        """Paint everything anew in another look."""
        self.look = look
        self._strips.clear()
        self._titles.clear()
        self._cursor = None

    def row(self, row: Row, changes: Changes = NO_CHANGES, *, is_cursor: bool = False) -> Strip:
        """Return a row's line, painted now or before."""
        strip = self._painted_before(row, changes)
        if strip is None:
            if len(self._strips) >= _MOST_STRIPS:
                self._strips.clear()
            strip = row_strip(row, self.look, changes)
            self._strips[row.key] = (row, changes, strip)
            self.painted += 1
        return self._with_cursor(strip) if is_cursor else strip

    def titles(self, sort: Sort) -> Strip:
        """Return the line of titles."""
        strip = self._titles.get(sort)
        if strip is None:
            strip = self._titles[sort] = title_strip(sort, self.look)
        return strip

    def _with_cursor(self, strip: Strip) -> Strip:
        if self._cursor is None or self._cursor[0] is not strip:
            self._cursor = strip, with_cursor(strip, self.look)
        return self._cursor[1]

    def _painted_before(self, row: Row, changes: Changes) -> Strip | None:
        found = self._strips.get(row.key)
        if found is None:
            return None
        painted, marks, strip = found
        if (painted is not row and painted != row) or marks != changes:
            return None
        return strip
