"""The rows of a board as a table: their keys, what they are sorted by, what a filter looks in."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import ClassVar, TypeAlias, cast, overload

from widgets.board_model import Cell, Column, Row, Sort

RULE_SIGN = "#"
"""Begins a word of a filter that names a rule."""
SortValue: TypeAlias = "float | str | tuple[int, float, str] | None"
"""What a row is sorted by: comparable with the others of its column; None or NaN is missing."""


class Rows(Sequence[Row]):
    """Rows in their given order. A long table makes a row only when it is looked at."""

    is_measured: ClassVar[bool] = True
    """Whether cells may ask for more room than their columns have."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self.keys = keys
        """No two alike."""
        self._found: Mapping[str, int] | None = None

    @abstractmethod
    def row(self, index: int) -> Row:
        """Return one row."""

    @property
    @abstractmethod
    def sparks(self) -> Collection[int]:
        """Which columns hold sparklines."""

    @property
    def pinned(self) -> Collection[int]:
        """Which rows stay below all others."""
        return ()

    def search_of(self, index: int) -> str:
        """Return what a filter looks in, besides the key."""
        return self.row(index).search

    def holding(self, rule: str) -> Collection[int]:
        """Return the rows of which a rule holds whose id begins so."""
        told = enumerate(row.rules for row in self)
        return {n for n, ids in told if any(each.startswith(rule) for each in ids)}

    def sort_values(self, index: int, column: Column) -> Sequence[SortValue]:
        """Return what a column, the `index`th, sorts the rows by: what its cells say, or words."""
        is_text = column.justify == "left"
        return [_sort_value(row.cells[index], is_text=is_text) for row in self]

    def alphabet(self, columns: Sequence[Column]) -> Sequence[int]:
        """Return the rows in the order of what names them: their keys, or words of theirs."""
        del columns
        return _alphabet(self.keys)

    def place(self, key: str) -> int | None:
        """Return where a key stands in the given order, None if there is none."""
        if self._found is None:
            self._found = _places(self.keys)
        return self._found.get(key)

    def find(self, key: str) -> Row | None:
        """Return the row of a key, None if there is none."""
        place = self.place(key)
        return None if place is None else self.row(place)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.keys)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        """Return a row, or some."""
        if isinstance(index, slice):
            return [self.row(n) for n in range(*index.indices(len(self)))]
        return self.row(range(len(self))[index])

    def __iter__(self) -> Iterator[Row]:
        """Yield all rows."""
        return map(self.row, range(len(self)))


class GivenRows(Rows):
    """Rows that are made already; of two with the same key the last counts."""

    def __init__(self, rows: Iterable[Row]) -> None:
        by_key = {row.key: row for row in rows}
        super().__init__(tuple(by_key))
        self._rows = tuple(by_key.values())
        self._pinned = frozenset(n for n, row in enumerate(self._rows) if row.pinned)

    def row(self, index: int) -> Row:
        """Return one row."""
        return self._rows[index]

    @property
    def sparks(self) -> Collection[int]:
        """Which columns hold sparklines, in any row."""
        told = (enumerate(row.cells) for row in self._rows)
        return {n for cells in told for n, cell in cells if cell.spark is not None}

    @property
    def pinned(self) -> Collection[int]:
        """Which rows stay below all others."""
        return self._pinned

    def alphabet(self, columns: Sequence[Column]) -> Sequence[int]:
        """Return the rows by the first words they show, which a key need not resemble."""
        words = next((n for n, each in enumerate(columns) if each.justify == "left"), None)
        if words is None:
            return super().alphabet(columns)
        named = self.sort_values(words, columns[words])
        keys = super().alphabet(columns)
        return [*_sorted_by(named, keys, reverse=False)]


class Picked(Sequence[Row]):
    """Some rows of a table in an order of their own."""

    def __init__(self, rows: Rows, picks: Sequence[int]) -> None:
        self._rows = rows
        self._picks = picks

    def of(self, rows: Rows) -> Picked:
        """Return the same places of another table of the same keys."""
        return Picked(rows, self._picks)

    def place(self, key: str) -> int | None:
        """Return where a key stands, None if its row is not among them."""
        pick = self._rows.place(key)
        try:
            return None if pick is None else self._picks.index(pick)
        except ValueError:
            return None

    def key(self, place: int) -> str:
        """Return the key at a place."""
        return self._rows.keys[self._picks[place]]

    def keys(self, start: int, stop: int) -> list[str]:
        """Return the keys from a place up to another."""
        keys = self._rows.keys
        return [keys[pick] for pick in self._picks[start:stop]]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._picks)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        """Return a row, or some."""
        if isinstance(index, slice):
            return [self._rows.row(pick) for pick in self._picks[index]]
        return self._rows.row(self._picks[index])


def matches(row: Row, text: str) -> bool:
    """Return whether a filter keeps a row."""
    return bool(ordered([row], (), Sort(), text))


def ordered(rows: Rows | Iterable[Row], columns: Sequence[Column], sort: Sort, text: str) -> Picked:
    """Return the rows that a filter leaves, sorted: missing values last, ties by name.

    Pinned rows come behind them all, in the order they were given in.
    """
    rows = rows if isinstance(rows, Rows) else GivenRows(rows)
    index = next((i for i, column in enumerate(columns) if column.id == sort.column), None)
    picks: Sequence[int] = range(len(rows)) if index is None else rows.alphabet(columns)
    picks = _filtered(rows, picks, text.casefold().split())
    if pinned := rows.pinned:
        below = sorted(n for n in picks if n in pinned)
        picks = [n for n in picks if n not in pinned]
    else:
        below = []
    if index is not None:
        picks = _sorted_by(rows.sort_values(index, columns[index]), picks, reverse=sort.reverse)
    return Picked(rows, [*picks, *below] if below else picks)


def _filtered(rows: Rows, picks: Sequence[int], filter_words: Sequence[str]) -> Sequence[int]:
    """Return the rows that have every word in key or search text, and every named rule."""
    for rule in (word[len(RULE_SIGN) :] for word in filter_words if word.startswith(RULE_SIGN)):
        held = rows.holding(rule)
        picks = [n for n in picks if n in held]
    words = [word for word in filter_words if not word.startswith(RULE_SIGN)]
    if not words:
        return picks
    keys = rows.keys
    return [n for n in picks if _holds(f"{keys[n]} {rows.search_of(n)}", words)]


def _sorted_by(
    values: Sequence[SortValue], picks: Sequence[int], *, reverse: bool
) -> Sequence[int]:
    # A stable sort leaves equals in the order of their names, also when it is reversed.
    known = [n for n in picks if (value := values[n]) is not None and value == value]  # noqa: PLR0124 - NaN
    known.sort(key=cast("Sequence[float]", values).__getitem__, reverse=reverse)
    if len(known) == len(picks):
        return known
    found = set(known)
    return known + [n for n in picks if n not in found]


def _holds(hay: str, words: Sequence[str]) -> bool:
    folded = hay.casefold()
    return all(word in folded for word in words)


def _sort_value(cell: Cell, *, is_text: bool) -> SortValue:
    """Return a value that compares with those of any other cell: numbers before words."""
    value = cell.sort
    if value is None and is_text and cell.text.strip("— "):
        value = cell.text
    if isinstance(value, str):
        return (1, 0.0, value.casefold())
    return None if value is None or math.isnan(value) else (0, value, "")


@lru_cache(maxsize=8)
def _alphabet(keys: tuple[str, ...]) -> Sequence[int]:
    """Return the rows in the order of their keys: tables come anew with the same ones."""
    return sorted(range(len(keys)), key=keys.__getitem__)


@lru_cache(maxsize=8)
def _places(keys: tuple[str, ...]) -> Mapping[str, int]:
    return {key: index for index, key in enumerate(keys)}
