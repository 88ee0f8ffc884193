"""Board lines as strips: the title line and one line for each row. Pure, tested without an app."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from widgets.board_layout import Seat, fitted, shown
from widgets.board_model import Column, Row, Sort
from widgets.board_sparks import Sparks
from widgets.palette import Palette
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
    """Return the styles on a widget's own colours; the cursor's goes over any of them."""
    return Palette(
        {
            role: style if role == "cursor" else ground + style
            for role, style in palette.styles.items()
        }
    )


def row_strip(row: Row, look: Look, sparks: Sparks | None = None) -> Strip:
    """Return one row, exactly as wide as the look says."""
    drawn = sparks or Sparks()
    pieces = [
        (seat, *_cell_text(row, seat, look, drawn))
        for seat in look.seats
        if seat.column < len(row.cells)
    ]
    return _line([(seat.start, text, _role(role, row)) for seat, text, role in pieces], look)


def _cell_text(row: Row, seat: Seat, look: Look, sparks: Sparks) -> tuple[str, str]:
    cell, is_ascii = row.cells[seat.column], look.ascii_only
    if cell.spark is not None:
        text = sparks.text(row.key, seat.column, cell.spark, seat.width, ascii_only=is_ascii)
        return text, cell.role
    text = fitted(shown(cell.text), seat.width, look.columns[seat.column].justify)
    return ascii_text(text) if is_ascii else text, cell.role


def _role(role: str, row: Row) -> str:
    return "late" if row.dim and role not in _STEADY else role


def _line(pieces: Sequence[tuple[int, str, str]], look: Look) -> Strip:
    """Return a strip of texts at their columns, all else empty."""
    segments: list[Segment] = []
    end = 0
    for start, text, role in pieces:
        words = text.strip(" ")
        at = start + len(text) - len(text.lstrip(" "))
        if not words:
            continue
        if at > end:
            segments.append(Segment(" " * (at - end), look.ground))
        segments.append(Segment(words, look.palette.style(role)))
        end = at + cell_len(words)
    if end < look.width:
        segments.append(Segment(" " * (look.width - end), look.ground))
        return Strip(segments, look.width)
    return Strip(segments, end).crop(0, look.width)


def title_strip(sort: Sort, look: Look) -> Strip:
    """Return the titles; the sorted column's stands out and carries ▼ or ▲ right after it."""
    pieces: list[tuple[int, str, str]] = []
    for seat in look.seats:
        column = look.columns[seat.column]
        is_sorted = column.id == sort.column
        title = fitted(shown(column.title), seat.width, column.justify)
        if not is_sorted:
            pieces.append((seat.start, title, "header"))
            continue
        words = title.rstrip() + _sort_mark(sort, ascii_only=look.ascii_only)
        pieces.append((seat.start, words, "strong"))
    return _line(pieces, look)


def _sort_mark(sort: Sort, *, ascii_only: bool) -> str:
    if ascii_only:
        return "v" if sort.reverse else "^"
    return "▼" if sort.reverse else "▲"


def with_cursor(strip: Strip, look: Look) -> Strip:
    """Return a row as the one under the cursor: marked at its left, also without colour."""
    mark = Segment(">" if look.ascii_only else "▸", look.palette.style("accent"))
    marked = Strip.join([Strip([mark], 1), strip.crop(1)]).crop(0, look.width)
    under = look.palette.style("cursor")
    return Strip(
        [Segment(text, (style or look.ground) + under) for text, style, _ in marked],
        marked.cell_length,
    )


def message_strip(text: str, look: Look) -> Strip:
    """Return the line that stands in for rows."""
    words = fitted(shown(text), max(0, look.width - 2), "left")
    return _line([(1, words, "muted")] if words else [], look)


class StripStore:
    """Painted rows, kept until their row or the look changes."""

    def __init__(self) -> None:
        self.look = Look((), (), 0, Palette({"text": Style()}), Style())
        self.painted = 0
        """Rows painted since the start: what the tests count."""
        self.sparks = Sparks()
        self._strips: dict[str, Strip] = {}

    def use(self, look: Look) -> None:
        """Paint everything anew in another look."""
        self.look = look
        self.sparks.forget()
        self._strips.clear()

    def forget(self, keys: Iterable[str]) -> None:
        """Paint these rows anew when they are next in sight."""
        for key in keys:
            self._strips.pop(key, None)

    def row(self, row: Row, *, is_cursor: bool) -> Strip:
        """Return a row's line, painted now or before."""
        strip = self._strips.get(row.key)
        if strip is None:
            if len(self._strips) >= _MOST_STRIPS:
                self._strips.clear()
            strip = self._strips[row.key] = row_strip(row, self.look, self.sparks)
            self.painted += 1
        return with_cursor(strip, self.look) if is_cursor else strip
