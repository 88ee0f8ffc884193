"""The watchlist as a table: its columns, and its rows as cells."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from market.snapshot import Snapshot
from widgets.board import Cell, Column, Row
from widgets.board_rows import Rows
from widgets.census_mark import HALTED
from widgets.leaders import direction_role, moved_cell
from widgets.strips import direction, share, signed
from widgets.watchlist_view import BESIDE, ListView, WatchRow, watch_row

TREND = "trend"
_REPORT = Column("earnings", "Next", 16, "left", priority=5, descending_first=False)
"""As wide as `earnings in 14 d`."""


def columns_for(view: ListView) -> tuple[Column, ...]:
    """Return the columns; prices get the room that the longest of them needs."""
    shown: tuple[Column, ...] = (
        Column("symbol", "Symbol", min(10, max(6, view.symbol)), "left", descending_first=False),
        Column("last", "Last", max(8, view.last), is_marked=True),
        Column("change", "Change", max(7, view.change), priority=3, is_marked=True),
        Column("day", "1D %", 7, is_marked=True),
        *(_extended_columns(view) if view.tags else ()),
        Column(TREND, "Trend", 8, "left", priority=1, sortable=False),
        *(Column(w, w, 6, priority=9) for w in BESIDE),
        Column("relative", "vs RUT", 6, priority=8),
        Column("volume", "RVol", 5, priority=4),
        Column("position", "52w", 5, priority=5),
        *((_REPORT,) if view.has_reports else ()),
        Column("name", "Name", 12, "left", 6, flex=True, descending_first=False, most=view.name),
    )
    return shown


def _extended_columns(view: ListView) -> tuple[Column, ...]:
    """Return the columns of prints outside regular hours."""
    tag = shared_tag(view)
    name = tag.capitalize() or "Ext"
    return (
        Column("extended_last", name, max(8, view.extended_last), priority=7, is_marked=True),
        Column("extended", f"{name} %", 7 if tag else 11, priority=2, is_marked=True),
    )


def shared_tag(view: ListView) -> str:
    """Return `pre` or `post` where all prints outside regular hours are of it, else nothing."""
    return next(iter(view.tags)) if len(view.tags) == 1 else ""


class WatchRows(Rows):
    """The symbols of a list as rows, made when they are looked at."""

    is_measured = False

    def __init__(
        self,
        snapshot: Snapshot,
        symbols: Sequence[str],
        window: str,
        view: ListView,
        mark: Callable[[Row], Row],
    ) -> None:
        """Make rows under the columns of `view`; `mark` marks one as the user's rules have it."""
        super().__init__(tuple(symbols))
        self._snapshot = snapshot
        self._window = window
        self._view = view
        self._mark = mark
        self._made: dict[int, Row] = {}

    def row(self, index: int) -> Row:
        """Return one row, as it was made before or made now."""
        row = self._made.get(index)
        if row is None:
            told = watch_row(self._snapshot, self.keys[index], self._window)
            row = self._made[index] = self._mark(board_row(told, self._view))
        return row

    @property
    def sparks(self) -> Collection[int]:
        """The column of trends."""
        return [n for n, column in enumerate(columns_for(self._view)) if column.id == TREND]


def board_row(row: WatchRow, view: ListView) -> Row:
    """Return a row as the board shows it, under the columns of the list."""
    last = row.last.level(row.decimals, "strong")
    change = row.change.run(text := signed(row.change.number, row.decimals), direction(text))
    place = row.position.run(share(row.position.number, 0, "%"), "muted")
    cells = (
        _symbol(row),
        Cell(*last, row.last.number),
        Cell(*change, row.change.number),
        moved_cell(row.day, 7),
        *(_extended_cells(row, shared_tag(view)) if view.tags else ()),
        Cell("", direction_role(row.day), spark=row.trend),
        *(moved_cell(value, 6, 1) for _, value in row.returns),
        moved_cell(row.relative, 6),
        Cell(*row.relative_volume.relative_volume(), row.relative_volume.number),
        Cell(*place, row.position.number),
        *((_report_cell(row.report_in),) if view.has_reports else ()),
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
