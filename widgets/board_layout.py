"""Where a board's columns stand, and how a value fills its cells."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from widgets.board_model import Column, Justify
from widgets.strips import MINUS, plain

_SQUEEZED = 4
"""Cells a flexible column of words keeps when a board is narrower than its columns."""

_WIDEST_GAP = 3


def shown(text: str) -> str:
    """Return outside text as it may be shown; the usual case is quick."""
    return text if text.isprintable() else plain(text)


def cells_of(text: str) -> int:
    """Return how many cells a text takes; the usual case, a number, is quick."""
    usual = text.replace(MINUS, "-")
    return len(text) if usual.isascii() and usual.isprintable() else cell_len(text)


def fitted(text: str, width: int, justify: Justify) -> str:
    """Return text of exactly that many cells; words are cropped with …, a number is never cut."""
    if width <= 0:
        return ""
    spare = width - cells_of(text)
    if spare >= 0:
        return text + " " * spare if justify == "left" else " " * spare + text
    if justify == "right":
        return "…".rjust(width)
    kept = set_cell_size(text, width - 1).rstrip()
    return kept + "…" + " " * (width - 1 - cell_len(kept))


class Seat(NamedTuple):
    """Where one column stands on the line."""

    column: int
    """Which of the columns."""
    start: int
    width: int


def seats(
    columns: Sequence[Column], needs: Sequence[int], sparks: Collection[int], width: int
) -> tuple[Seat, ...]:
    """Return which columns are shown and where, on a line of that many cells.

    Whole columns go, by priority, until the rest fits, words that have a least width to no less;
    spare cells go back to them, to wider gaps, flexible words, then sparklines; what is left
    stays empty at the right.

    Args:
        columns: all columns.
        needs: cells the longest content of each asks for, its title included.
        sparks: which columns hold sparklines.
        width: cells of the line; its first is the cursor's, its last stays free.
    """
    room = max(0, width - 2)
    widths = {
        index: needs[index] if column.justify == "right" and index not in sparks else column.width
        for index, column in enumerate(columns)
    }
    _drop_columns(columns, widths, room)
    if not widths or room <= 0:
        return ()
    for index, cells in widths.items():
        if columns[index].least:
            widths[index] += max(0, min(columns[index].width - cells, room - _length(widths)))
    spare = room - _length(widths)
    gap = 2 if spare >= len(widths) - 1 else 1
    spare -= (gap - 1) * (len(widths) - 1)
    for index, most in _growing(columns, needs, sparks, widths):
        grown = max(0, min(spare, most - widths[index]))
        widths[index] += grown
        spare -= grown
    if gap == 2 and len(widths) > 1:
        gap = min(_WIDEST_GAP, gap + spare // (len(widths) - 1))
    return _placed(widths, gap, room)


def _length(widths: dict[int, int]) -> int:
    return sum(widths.values()) + len(widths) - 1


def _drop_columns(columns: Sequence[Column], widths: dict[int, int], room: int) -> None:
    """Take out columns until the rest has room; the first of those that may not go stays."""
    while (lack := _length(widths) - room) > 0:
        free = [n for n in widths if columns[n].priority and widths[n] > columns[n].least]
        if not free:
            break
        index = max(free, key=lambda n: (columns[n].priority, n))
        if least := columns[index].least:
            widths[index] = max(least, widths[index] - lack)
        else:
            del widths[index]
    if _length(widths) > room:
        for index, cells in tuple(widths.items()):
            if columns[index].flex:
                widths[index] = min(cells, _SQUEEZED)
    while _length(widths) > room and len(widths) > 1:
        del widths[max(widths)]


def _growing(
    columns: Sequence[Column],
    needs: Sequence[int],
    sparks: Collection[int],
    widths: dict[int, int],
) -> list[tuple[int, int]]:
    """Return (column, its greatest width) of those that take spare cells, words first."""
    words = [
        (i, max(needs[i], columns[i].width, columns[i].most)) for i in widths if columns[i].flex
    ]
    lines = [(i, columns[i].most or 3 * columns[i].width) for i in widths if i in sparks]
    return words + lines


def _placed(widths: dict[int, int], gap: int, room: int) -> tuple[Seat, ...]:
    placed: list[Seat] = []
    start = 1
    for index, width in widths.items():
        placed.append(Seat(index, start, min(width, room)))
        start += width + gap
    return tuple(placed)
