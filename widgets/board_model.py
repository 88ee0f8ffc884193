"""What a board shows, without a screen: columns, cells, rows, and the cursor among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Literal, NamedTuple

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
    least: int = 0
    """Cells that words are squeezed to when by their priority they should leave; 0 to leave."""
    sortable: bool = True
    descending_first: bool = True
    """Whether the first press of a sort puts the greatest on top."""
    most: int = 0
    """Widest a column of sparklines grows when cells are spare; 0 for three times its width.
    Of words it is a width worth growing to, whatever the rows seen so far say."""
    is_marked: bool = False
    """Whether a number that changes is marked for a moment: prices, and what follows from them."""


class Cell(msgspec.Struct, frozen=True, gc=False):
    """One value as it is shown, and what it is sorted by."""

    text: str
    role: str = "text"
    sort: float | str | None = None
    """None is missing and comes last, whichever way the column is sorted."""
    spark: tuple[float | None, ...] | None = None
    """Values drawn as a sparkline of the column's width, in place of the text."""
    band: tuple[float | None, float | None] | None = None
    """Bounds, either of them open: where its values lie between them, a sparkline is `up`."""


class Row(msgspec.Struct, frozen=True, gc=False):
    """One line of a board; `key` names it for good."""

    key: str
    cells: Sequence[Cell]
    """A tuple, or cells that are made when they are looked at."""
    search: str = ""
    """What a filter looks in, besides the key."""
    dim: bool = False
    """Late: everything muted, directions too."""
    pinned: bool = False
    """Stays below all others, whatever they are sorted by and whichever way."""
    notes: tuple[str, ...] = ()
    """Words that stand in place of all cells but the first; the first wording that fits whole."""
    rules: tuple[str, ...] = ()
    """Ids of the user's rules that hold of it: what `#id` in a filter keeps."""
    colour: str = ""
    """The role in which a rule paints its words; such a row is marked at its left too."""
    is_spread: bool = False
    """Whether the words of its flexible column take the empty cells before and after them too;
    notes of such a row stand in place of empty cells alone."""


class Sort(NamedTuple):
    """By which column rows are ordered; None is the order they were given in."""

    column: str | None = None
    reverse: bool = False
    """The greatest on top."""


UNSORTED = Sort()


class Cursor(msgspec.Struct):
    """Which row is chosen. Follows its key; stands in for it on the nearest row while it is gone.

    A row that a filter hides or a feed loses gets the cursor back when it returns, unless the
    user has moved meanwhile.
    """

    chosen: str | None = None
    index: int = 0
    _standin: str | None = msgspec.field(default=None)

    def settle(
        self, before: Sequence[Row], place: Callable[[str], int | None], rows: Sequence[Row]
    ) -> None:
        """Find the row again in a new order, else the nearest of its former neighbours."""
        own = [key for key in (self.chosen, self._standin) if key is not None]
        near = _outwards(before, self.index) if self._standin is not None else iter(())
        first = (row.key for row in rows[:1])
        for key in chain(own, near, first):
            if (index := place(key)) is not None:
                self.index = index
                self._standin = key
                return
        self.index = 0

    def forget_standin(self) -> None:
        """Let a row that the user did not choose go."""
        if self.chosen is None:
            self._standin = None
            self.index = 0

    def seek(self) -> None:
        """Go to the chosen row of what a filter shows, else to its first and not the nearest."""
        self._standin = None

    def rest(self, rows: Sequence[Row]) -> None:
        """Stand on the first row, chosen by nobody: a new order brings the cursor to its first."""
        self.chosen, self.index = None, 0
        self._standin = rows[0].key if rows else None

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
