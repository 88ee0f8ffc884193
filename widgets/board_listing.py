"""The rows of a board in the order shown, and the cursor among them. Knows no screen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from rich.cells import cell_len

from widgets.board_layout import shown
from widgets.board_model import Column, Cursor, Row, Sort
from widgets.board_rows import GivenRows, Picked, Rows, ordered


class Listing:
    """Rows by key, the order that sort and filter give them, and what columns need for them."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = tuple(columns)
        self.cursor = Cursor()
        self.version = 0
        """Changes whenever the columns' needs do."""
        self._rows: Rows = GivenRows(())
        self.order = Picked(self._rows, ())
        """The rows shown, first on top."""
        self._needs: list[int] = []
        self._sparks: set[int] = set()
        self._measure_anew()

    def replace(
        self, rows: Rows | Iterable[Row], columns: Sequence[Column] | None = None
    ) -> set[str]:
        """Take these rows for all there are; return the keys of the new and the changed.

        Of a long table, whose rows are made when they are looked at, none is looked at.
        """
        before, self._rows = self._rows, rows if isinstance(rows, Rows) else GivenRows(rows)
        changed = self._changed_since(before) if self._rows.is_measured else []
        if columns is not None and tuple(columns) != self.columns:
            self.columns = tuple(columns)
            self._measure_anew()
        else:
            self._measure(changed, self._rows.sparks)
        return {row.key for row in changed}

    def say_anew(self, rows: Rows) -> None:
        """Take these rows for the same ones, though some say something else by now."""
        self._rows, self.order = rows, self.order.of(rows)

    def _changed_since(self, before: Rows) -> list[Row]:
        return [
            row
            for row in self._rows
            if (old := before.find(row.key)) is not row and old != row
        ]  # fmt: skip

    def arrange(self, sort: Sort, text: str) -> None:
        """Order the rows and find the cursor's row again."""
        before, self.order = self.order, ordered(self._rows, self.columns, sort, text)
        self.cursor.settle(before, self.order.place, self.order)

    @property
    def key(self) -> str | None:
        """The key under the cursor; None when no row is shown."""
        return self.order.key(self.cursor.index) if self.order else None

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

    def find(self, key: str) -> Row | None:
        """Return the row of a key, shown or filtered out."""
        return self._rows.find(key)

    def place(self, key: str) -> int | None:
        """Return the place of a row in the order, None if it is not shown."""
        return self.order.place(key)

    def _measure_anew(self) -> None:
        self.version += 1
        self._needs = [max(c.width, cell_len(shown(c.title))) for c in self.columns]
        self._sparks = set()
        self._measure(self._rows if self._rows.is_measured else (), self._rows.sparks)

    def _measure(self, rows: Iterable[Row], sparks: Collection[int]) -> None:
        """Let needs grow, never shrink: columns that breathe with every tick are unreadable."""
        before = (self.needs, self.sparks)
        needs = self._needs
        self._sparks.update(sparks)
        for row in rows:
            for index, (need, cell) in enumerate(zip(needs, row.cells, strict=False)):
                if len(cell.text) > need or not cell.text.isascii():
                    needs[index] = max(need, cell_len(shown(cell.text)))
        if before != (self.needs, self.sparks):
            self.version += 1
