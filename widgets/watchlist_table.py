"""The watchlist as a table: its columns, and its rows as cells."""

from __future__ import annotations

from collections.abc import Sequence

from widgets.board import Cell, Column, Row
from widgets.census_mark import HALTED
from widgets.leaders import direction_role, moved_cell
from widgets.strips import direction, price, share, signed
from widgets.watchlist_view import BESIDE, WatchRow


def columns_for(rows: Sequence[WatchRow]) -> tuple[Column, ...]:
    """Return the columns; prices get the room that the longest of them needs."""
    last = max((len(price(r.last.number, r.decimals)) for r in rows), default=0)
    change = max((len(signed(r.change.number, r.decimals)) for r in rows), default=0)
    symbol = max((len(_symbol(r).text) for r in rows), default=0)
    shown: tuple[Column, ...] = (
        Column("symbol", "Symbol", min(10, max(6, symbol)), "left", descending_first=False),
        Column("last", "Last", max(8, last), is_marked=True),
        Column("change", "Change", max(7, change), priority=3, is_marked=True),
        Column("day", "1D %", 7, is_marked=True),
        *_extended_columns(rows),
        Column("trend", "Trend", 8, "left", priority=1, sortable=False),
        *(Column(w, w, 6, priority=9) for w in BESIDE),
        Column("relative", "vs RUT", 6, priority=8),
        Column("volume", "RVol", 5, priority=4),
        Column("position", "52w", 5, priority=5),
        *_earnings_columns(rows),
        Column("name", "Name", 12, "left", priority=6, flex=True, descending_first=False),
    )
    return shown


def _earnings_columns(rows: Sequence[WatchRow]) -> tuple[Column, ...]:
    """Return the column of reports that are near, while there are any."""
    if all(row.report_in is None for row in rows):
        return ()
    return (Column("earnings", "Next", 15, "left", priority=5, descending_first=False),)


def _extended_columns(rows: Sequence[WatchRow]) -> tuple[Column, ...]:
    """Return the columns of prints outside regular hours, while there are any."""
    if not any(r.extended.known for r in rows):
        return ()
    tag = shared_tag(rows)
    name = tag.capitalize() or "Ext"
    last = max(len(price(r.extended_last.number, r.decimals)) for r in rows)
    return (
        Column("extended_last", name, max(8, last), priority=7, is_marked=True),
        Column("extended", f"{name} %", 7 if tag else 11, priority=2, is_marked=True),
    )


def shared_tag(rows: Sequence[WatchRow]) -> str:
    """Return `pre` or `post` where all prints outside regular hours are of it, else nothing."""
    tags = {row.tag for row in rows if row.extended.known}
    return tags.pop() if len(tags) == 1 else ""


def board_rows(rows: Sequence[WatchRow]) -> list[Row]:
    """Return the rows as the board shows them, under the columns of `columns_for`."""
    has_extended, tag = any(r.extended.known for r in rows), shared_tag(rows)
    is_near = any(row.report_in is not None for row in rows)
    return [
        _board_row(
            row,
            _extended_cells(row, tag) if has_extended else (),
            (_report_cell(row.report_in),) if is_near else (),
        )
        for row in rows
    ]


def _board_row(row: WatchRow, extended: tuple[Cell, ...], near: tuple[Cell, ...] = ()) -> Row:
    last = row.last.level(row.decimals, "strong")
    change = row.change.run(text := signed(row.change.number, row.decimals), direction(text))
    place = row.position.run(share(row.position.number, 0, "%"), "muted")
    cells = (
        _symbol(row),
        Cell(*last, row.last.number),
        Cell(*change, row.change.number),
        moved_cell(row.day, 7),
        *extended,
        Cell("", direction_role(row.day), spark=row.trend),
        *(moved_cell(value, 6, 1) for _, value in row.returns),
        moved_cell(row.relative, 6),
        Cell(*row.relative_volume.relative_volume(), row.relative_volume.number),
        Cell(*place, row.position.number),
        *near,
        Cell(row.name, "muted", row.name.casefold()),
    )
    return Row(row.symbol, cells, f"{row.symbol} {row.name}", row.old, notes=row.notes)


def _symbol(row: WatchRow) -> Cell:
    """Return the symbol, behind it an H while its trading is halted."""
    return Cell(f"{row.symbol} {HALTED}" if row.is_halted else row.symbol, "strong", row.symbol)


def _report_cell(days: int | None) -> Cell:
    if days is None:
        return Cell("")
    return Cell(f"earnings in {days} d" if days else "earnings today", "accent", float(days))


def _extended_cells(row: WatchRow, shared: str) -> tuple[Cell, ...]:
    """Return price and return outside regular hours; the tag where the title does not say it."""
    if not row.extended.known:
        return Cell("", "absent"), Cell("", "absent")
    moved = moved_cell(row.extended, 7)
    tagged = moved.text if shared else f"{row.tag} {moved.text}".strip()
    last = row.extended_last.level(row.decimals)
    return (
        Cell(*last, row.extended_last.number),
        Cell(tagged, moved.role, moved.sort),
    )
