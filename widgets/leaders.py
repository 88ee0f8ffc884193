"""The sub-sector leaders: sectors and themes ranked over the chosen window."""

from __future__ import annotations

import msgspec
from textual.app import ComposeResult
from textual.reactive import reactive

from market.instruments import Instrument
from market.snapshot import Snapshot
from widgets.board import Board, Cell, Column, Row, Sort
from widgets.mark import Mark
from widgets.panel import BoardPanel
from widgets.strips import direction, percent_in
from widgets.trend import trend_of
from widgets.values import WINDOWS, Value, is_old, list_mark, number_of

BESIDE = ("1D", "YTD", "1M")
"""Windows that stand beside the chosen one, the most telling first; two of them do."""
CHOSEN = "window"
"""Id of the chosen window's column, whichever window it is: a sort by it follows the choice."""
RANKING = Sort(CHOSEN, reverse=True)
"""The order that leaders are given in."""
_FINE = frozenset({"1D", "5D"})
_DROPPED = {"1D": 2, "YTD": 3, "1M": 4}
_CHOSEN_WIDTH, _BESIDE_WIDTH = 7, 6
"""Cells of returns, the same for all windows: columns stay in place whichever is chosen."""


class LeaderRow(msgspec.Struct, frozen=True):
    """One sub-sector over the chosen window. Who stands for it, a fund or members, is not said."""

    key: str
    """What enter opens: a symbol."""
    name: str
    symbol: str
    sector: str
    rank: int | None
    """Place by the chosen window's return, 1 the best; None without a return."""
    returns: tuple[tuple[str, Value], ...]
    """The chosen window first, then those beside it."""
    relative: Value
    """The chosen window's return minus the index's."""
    trend: tuple[float, ...]
    old: bool


def leader_rows(snapshot: Snapshot, window: str, sector: str = "") -> tuple[LeaderRow, ...]:
    """Return the sub-sectors, best first over the window; those without a return last."""
    cast = snapshot.cast
    instruments = cast.in_sector(sector) if sector else cast.leaders
    rows = [_row(snapshot, instrument, window) for instrument in instruments]
    rows.sort(key=_best_first)
    return tuple(_ranked(row, n) for n, row in enumerate(rows, 1))


def _best_first(row: LeaderRow) -> tuple[bool, float, str]:
    value = row.returns[0][1].number
    return value is None, -(value or 0.0), row.symbol


def _ranked(row: LeaderRow, place: int) -> LeaderRow:
    rank = place if row.returns[0][1].known else None
    return LeaderRow(
        row.key, row.name, row.symbol, row.sector, rank, row.returns, row.relative, row.trend,
        row.old,
    )  # fmt: skip


def _row(snapshot: Snapshot, instrument: Instrument, window: str) -> LeaderRow:
    old = is_old(snapshot, f"{instrument.slug}.last")

    def value(name: str) -> Value:
        reading = snapshot.reading(f"{instrument.slug}.{name}")
        return Value(number_of(reading), old=old, reason=reading.reason)

    windows = (window, *beside(window))
    return LeaderRow(
        instrument.symbol,
        instrument.group,
        instrument.symbol,
        instrument.sector,
        None,
        tuple((w, value(f"return.{w.lower()}")) for w in windows),
        value(f"relative.{window.lower()}"),
        trend_of(snapshot, instrument.symbol, window),
        old,
    )


def columns_for(window: str) -> tuple[Column, ...]:
    """Return the columns, the chosen window's return in front of the others."""
    return (
        Column("rank", "#", 2, priority=6, descending_first=False),
        Column("name", "Sub-sector", 15, "left", flex=True, descending_first=False),
        Column("symbol", "Fund", 5, "left", priority=5, descending_first=False),
        Column(CHOSEN, window, _CHOSEN_WIDTH),
        Column("relative", "vs RUT", _CHOSEN_WIDTH, priority=2),
        *(Column(w, w, _BESIDE_WIDTH, priority=_DROPPED[w]) for w in beside(window)),
        Column("trend", "Trend", 8, "left", priority=1, sortable=False),
    )


def beside(window: str) -> tuple[str, ...]:
    """Return the windows that have a column besides the chosen one, always two, shortest first."""
    others = [w for w in BESIDE if w != window][:2]
    return tuple(sorted(others, key=WINDOWS.index))


def board_rows(rows: tuple[LeaderRow, ...], window: str) -> list[Row]:
    """Return the rows as the board shows them."""
    return [_board_row(row, window) for row in rows]


def _board_row(row: LeaderRow, window: str) -> Row:
    chosen, *others = row.returns
    cells = (
        Cell("" if row.rank is None else str(row.rank), "faint", row.rank),
        Cell(row.name, "text", row.name.casefold()),
        Cell(row.symbol, "muted", row.symbol),
        _return_cell(chosen[1], window, _CHOSEN_WIDTH),
        _return_cell(row.relative, window, _CHOSEN_WIDTH),
        *(_return_cell(value, w, _BESIDE_WIDTH) for w, value in others),
        Cell("", direction_role(chosen[1]), spark=row.trend),
    )
    return Row(row.key, cells, f"{row.name} {row.symbol} {row.sector}", row.old)


def _return_cell(value: Value, window: str, width: int) -> Cell:
    return moved_cell(value, width, 2 if window in _FINE else 1)


def moved_cell(value: Value, width: int, decimals: int = 2) -> Cell:
    """Return a signed percent as a cell of a column that wide."""
    run = value.run(text := percent_in(value.number, width, decimals), direction(text))
    return Cell(run[0], run[1], value.number)


def direction_role(value: Value) -> str:
    """Return the role of a sparkline that ends with this return."""
    if value.number is None or value.old:
        return "muted" if value.number is None else "late"
    return "up" if value.number > 0 else "down" if value.number < 0 else "flat"


class LeadersPanel(BoardPanel):
    """Which parts of the small-cap market lead over the chosen window, and by how much."""

    sector: reactive[str] = reactive("", repaint=False)
    """Only the rows of one sector screen; all when empty."""

    _top: str | None = None
    _touched: bool = False
    """Whether the cursor was ever moved; until then it stays on the leader as ranks come in."""

    def compose(self) -> ComposeResult:
        """Hold one board."""
        yield Board(columns_for(self.window), empty="no sub-sectors known")

    def watch_window(self) -> None:
        """Rank over another window: a sort by any other column was the old window's."""
        if self.has_board and self.board.sort.column not in (None, CHOSEN):
            self.board.sort = Sort()
        self.renew()

    def watch_sector(self) -> None:
        """Show another sector."""
        self.renew()

    def heading(self) -> str:
        """Return title, window and what the returns are compared with."""
        return f"{self.sector or 'Sub-sectors'} · {self.window} · relative to RUT"

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the first row's price."""
        symbols = [i.symbol for i in self._instruments(snapshot)]
        names = [f"{snapshot.cast[s].slug}.last" for s in symbols]
        return list_mark(snapshot, names)

    def _instruments(self, snapshot: Snapshot) -> tuple[Instrument, ...]:
        cast = snapshot.cast
        return cast.in_sector(self.sector) if self.sector else cast.leaders

    def sector_of(self, symbol: str) -> str:
        """Return the sector screen that a row of the panel belongs to."""
        return "" if self.snapshot is None else self.snapshot.cast[symbol].sector

    def take(self, snapshot: Snapshot) -> bool:
        """Give the board its rows; it repaints what changed by itself."""
        if self.has_board:
            board = self.board
            self._touched = self._touched or board.cursor_key != self._top
            rows = leader_rows(snapshot, self.window, self.sector)
            board.rank_by(RANKING)
            board.show(board_rows(rows, self.window), columns_for(self.window))
            if not self._touched:
                board.home()
                self._top = board.cursor_key
        return False

    def on_board_opened(self, event: Board.Opened) -> None:
        """Keep the cursor where somebody went in; Textual calls the panel's own handler too."""
        del event
        self._touched = True
