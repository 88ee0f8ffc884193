"""Rows and columns that the tests of the board share."""

from __future__ import annotations

from widgets.board import Cell, Column, Row

COLUMNS = (
    Column("name", "Name", 8, "left", flex=True, descending_first=False),
    Column("day", "1D", 7),
    Column("month", "1M", 7, priority=2),
    Column("trend", "Trend", 8, "left", priority=1, sortable=False),
)


def row(key: str, day: float | None, name: str = "") -> Row:
    words = name or f"row {int(key[1:])}"
    shown = "—" if day is None else f"{day:+.2f}"
    return Row(
        key,
        (
            Cell(words),
            Cell(shown, "absent" if day is None else "up", day),
            Cell("+1.00", "up", 1.0),
            Cell("", "up", spark=(1.0, 2.0, day or 0.0)),
        ),
        search=words,
    )


def numbered(count: int) -> list[Row]:
    """Return rows `K000`, `K001` ... with values that rise."""
    return [row(f"K{n:03d}", float(n)) for n in range(count)]
