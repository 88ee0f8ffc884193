"""What a board shows, without a screen: rows, their order, the cursor among them, the columns."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Literal, NamedTuple, TypeAlias

import msgspec

Justify = Literal["left", "right"]


class Column(msgspec.Struct, frozen=True):
    """One column of a board."""

    id: str
    title: str
    width: int
    """Cells at least; a column of numbers grows to its longest number, which is never cut."""
    justify: Justify = "right"
    priority: int = 0
    """The highest goes first when there is no room for all; 0 goes last."""
    flex: bool = False
    """Words: grows to its longest, and is squeezed first when there is no room."""
    sortable: bool = True
    descending_first: bool = True
    """Whether the first press of a sort puts the greatest on top."""
    most: int = 0
    """Widest a column of sparklines grows when cells are spare; 0 for three times its width.
    Of words it is a width worth growing to, whatever the rows seen so far say."""


class Cell(msgspec.Struct, frozen=True, gc=False):
    """One value as it is shown, and what it is sorted by."""

    text: str
    role: str = "text"
    sort: float | str | None = None
    """None is missing and comes last, whichever way the column is sorted."""
    spark: tuple[float | None, ...] | None = None
    """Values drawn as a sparkline of the column's width, in place of the text."""


class LazyCells(Sequence[Cell]):
    """The cells of a row of a long table: each is made when it is looked at.

    Nobody measures them: what they say fits the widths of their columns.
    """

    @property
    @abstractmethod
    def sparks(self) -> Collection[int]:
        """Which of them are sparklines."""

    @abstractmethod
    def sort_of(self, index: int) -> float | str | None:
        """Return what a cell is sorted by, without making the cell."""


class Row(msgspec.Struct, frozen=True, gc=False):
    """One line of a board; `key` names it for good."""

    key: str
    cells: Sequence[Cell]
    """A tuple, or `LazyCells`."""
    search: str = ""
    """What a filter looks in, besides the key."""
    dim: bool = False
    """Late: everything muted, directions too."""
    pinned: bool = False
    """Stays below all others, whatever they are sorted by and whichever way."""


class Sort(NamedTuple):
    """By which column rows are ordered; None is the order they were given in."""

    column: str | None = None
    reverse: bool = False
    """The greatest on top."""


UNSORTED = Sort()


class BoardState(msgspec.Struct, frozen=True):
    """What must survive the way back to a board."""

    cursor_key: str | None = None
    sort: Sort = UNSORTED
    filter: str = ""
    scroll: int = 0
    """Rows above the first one seen."""


def matches(row: Row, text: str) -> bool:
    """Return whether every word of a filter occurs in a row's key or search text."""
    hay = f"{row.key} {row.search}".casefold()
    return all(word in hay for word in text.casefold().split())


def ordered(rows: Sequence[Row], columns: Sequence[Column], sort: Sort, text: str) -> list[Row]:
    """Return the rows that a filter leaves, sorted: missing values last, ties by key.

    Pinned rows come behind them all, in the order they were given in.
    """
    left = [row for row in rows if matches(row, text)] if text.strip() else list(rows)
    index = next((i for i, column in enumerate(columns) if column.id == sort.column), None)
    pinned = [row for row in left if row.pinned]
    if pinned:
        left = [row for row in left if not row.pinned]
    if index is not None:
        left = _sorted_by(index, left, columns[index], reverse=sort.reverse)
    return left + pinned


def _sorted_by(index: int, rows: Sequence[Row], column: Column, *, reverse: bool) -> list[Row]:
    is_text = column.justify == "left"
    known: list[tuple[_SortValue, Row]] = []
    missing: list[Row] = []
    for row in sorted(rows, key=attrgetter("key")):
        cells = row.cells
        if isinstance(cells, LazyCells):
            value = _comparable(cells.sort_of(index))
        else:
            value = _sort_value(cells[index], is_text=is_text)
        if value is None:
            missing.append(row)
        else:
            known.append((value, row))
    # A stable sort leaves equals in the order of their keys, also when it is reversed.
    known.sort(key=itemgetter(0), reverse=reverse)
    return [row for _, row in known] + missing


_SortValue: TypeAlias = tuple[int, float, str]
"""Compares with that of any other cell: numbers before words."""


def _sort_value(cell: Cell, *, is_text: bool) -> _SortValue | None:
    """Return a value that compares with those of any other cell, or None if it is missing."""
    if cell.sort is None and is_text and cell.text.strip("— "):
        return (1, 0.0, cell.text.casefold())
    return _comparable(cell.sort)


def _comparable(value: float | str | None) -> _SortValue | None:
    if isinstance(value, str):
        return (1, 0.0, value.casefold())
    return None if value is None or math.isnan(value) else (0, value, "")


class Cursor(msgspec.Struct):
    """Which row is chosen. Follows its key; stands in for it on the nearest row while it is gone.

    A row that a filter hides or a feed loses gets the cursor back when it returns, unless the
    user has moved meanwhile.
    """

    chosen: str | None = None
    index: int = 0
    _standin: str | None = msgspec.field(default=None)

    def settle(self, before: Sequence[Row], places: Mapping[str, int], rows: Sequence[Row]) -> None:
        """Find the row again in a new order, else the nearest of its former neighbours."""
        own = [key for key in (self.chosen, self._standin) if key is not None]
        near = _outwards(before, self.index) if own else iter(())
        first = (row.key for row in rows[:1])
        for key in chain(own, near, first):
            if key in places:
                self.index = places[key]
                self._standin = key
                return
        self.index = 0

    def forget_standin(self) -> None:
        """Let a row that the user did not choose go."""
        if self.chosen is None:
            self._standin = None
            self.index = 0

    def choose(self, index: int, rows: Sequence[Row]) -> None:
        """Move to a row, by the user's wish; outside is the nearest end."""
        if rows:
            self.index = max(0, min(index, len(rows) - 1))
            self.chosen = self._standin = rows[self.index].key


def _outwards(rows: Sequence[Row], index: int) -> Iterator[str]:
    """Yield keys from a place outwards, the one below before the one above."""
    for distance in range(1, len(rows)):
        for place in (index + distance, index - distance):
            if 0 <= place < len(rows):
                yield rows[place].key
