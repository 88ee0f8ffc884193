"""The rows of a board in the order shown, and the cursor among them. Knows no screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len

from widgets.board_layout import shown
from widgets.board_model import Column, Cursor, LazyCells, Row, Sort, ordered


class Listing:
    """Rows by key, the order that sort and filter give them, and what columns need for them."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = tuple(columns)
        self.order: list[Row] = []
        """The rows shown, first on top."""
        self.cursor = Cursor()
        self.version = 0
        """Changes whenever the columns' needs do."""
        self._rows: dict[str, Row] = {}
        self._places: dict[str, int] = {}
        self._needs: list[int] = []
        self._sparks: set[int] = set()
        self._measure_anew(())

    def replace(self, rows: Iterable[Row], columns: Sequence[Column] | None = None) -> set[str]:
        """Take these rows for all there are; return the keys of the new and the changed."""
        before, self._rows = self._rows, {row.key: row for row in rows}
        changed = {
            key
            for key, row in self._rows.items()
            if (old := before.get(key)) is not row and old != row
        }
        if columns is not None and tuple(columns) != self.columns:
            self.columns = tuple(columns)
            self._measure_anew(self._rows.values())
        else:
            self._measure(self._rows[key] for key in changed)
        return changed

    def arrange(self, sort: Sort, text: str) -> None:
        """Order the rows and find the cursor's row again."""
        before, self.order = (
            self.order,
            ordered(tuple(self._rows.values()), self.columns, sort, text),
        )
        self._places = {row.key: index for index, row in enumerate(self.order)}
        self.cursor.settle(before, self._places, self.order)

    @property
    def key(self) -> str | None:
        """The key under the cursor; None when no row is shown."""
        return self.order[self.cursor.index].key if self.order else None

    @property
    def is_known(self) -> bool:
        """Whether there are rows at all, shown or filtered out."""
        return bool(self._rows)

    @property
    def count(self) -> int:
        """How many rows there are, shown or filtered out."""
        return len(self._rows)

    @property
    def needs(self) -> tuple[int, ...]:
        """Cells the longest content of each column asks for, its title included."""
        return tuple(self._needs)

    @property
    def sparks(self) -> frozenset[int]:
        """Which columns hold sparklines."""
        return frozenset(self._sparks)

    def place(self, key: str) -> int | None:
        """Return the place of a row in the order, None if it is not shown."""
        return self._places.get(key)

    def _measure_anew(self, rows: Iterable[Row]) -> None:
        self.version += 1
        self._needs = [max(c.width, cell_len(shown(c.title))) for c in self.columns]
        self._sparks = set()
        self._measure(rows)

    def _measure(self, rows: Iterable[Row]) -> None:
        """Let needs grow, never shrink: columns that breathe with every tick are unreadable."""
        before = (self.needs, self.sparks)
        needs, sparks = self._needs, self._sparks
        for row in rows:
            if isinstance(row.cells, LazyCells):
                sparks.update(row.cells.sparks)
                continue
            for index, (need, cell) in enumerate(zip(needs, row.cells, strict=False)):
                if cell.spark is not None:
                    sparks.add(index)
                elif len(cell.text) > need or not cell.text.isascii():
                    needs[index] = max(need, cell_len(shown(cell.text)))
        if before != (self.needs, self.sparks):
            self.version += 1
