"""The leaders: sub-sectors and baskets ranked over the chosen window."""

from __future__ import annotations

from functools import lru_cache

from textual.app import ComposeResult
from textual.reactive import reactive

from market.census import Census
from market.instruments import Instrument
from market.snapshot import Snapshot
from widgets.board import Board, Cell, Column, Row, Sort
from widgets.census_mark import (
    census_mark,
    census_reading,
    holdings_in_words,
    left_out_in_words,
)
from widgets.frame import PART
from widgets.leaders_view import (
    LeaderRow,
    RowKind,
    awaited,
    beside,
    leader_rows,
    leads_by_members,
)
from widgets.mark import Mark
from widgets.marking import row_rules
from widgets.panel import BoardPanel
from widgets.strips import BASKET_SIGN, contribution, direction, percent_in, share
from widgets.trend import shown_window
from widgets.values import Value, list_mark

__all__ = ["LeaderRow", "LeadersPanel", "beside", "leader_rows"]

CHOSEN = "window"
"""Id of the chosen window's column, whichever window it is: a sort by it follows the choice."""
RANKING = Sort(CHOSEN, reverse=True)
"""The order that leaders are given in."""
UNEXPLAINED = 0.0020
"""A day's return that no member explains, above which something is wrong: 20 bp."""
BASKET_MARK = f"{BASKET_SIGN} "
"""Before the names of baskets; sub-sectors carry nothing."""
_FINE = frozenset({"1D", "5D"})
_DROPPED = {"1D": 2, "YTD": 3, "1M": 4}
_DROPPED_BY_MEMBERS = {"1D": 4, "YTD": 4, "1M": 5}
_NAME_WIDTH = 19
"""Cells of `Cons. Discretionary`: other columns leave before a name is cropped."""
GROUP_WIDTH = 18
"""Cells of `Midstream, Tankers`: no name that is shipped, a basket's mark included, is longer."""
_TITLE_ROOM = 60
"""Cells of the border that say which groups, of how many members, and whose prices how old."""
_RETURN_WIDTH = 6
"""Cells of a return, the same for all windows: columns stay in place whichever is chosen."""
_BP_WIDTH = 5
"""Cells of `+12.3`: with one more there would be none for ranks in 120 columns."""
_LEFT_OVER = frozenset({RowKind.UNMAPPED, RowKind.UNATTRIBUTED})
"""Rows that belong to no group: they stay last in any order."""


def columns_for(window: str, *, by_members: bool = False, drawn: str = "") -> tuple[Column, ...]:
    """Return the columns, the chosen window's return in front of the others.

    `drawn` is the window of the sparklines where it is another one.
    """
    trend = f"{drawn} line" if drawn not in {"", window} else "Trend"
    dropped = _DROPPED_BY_MEMBERS if by_members else _DROPPED
    name = GROUP_WIDTH if by_members else _NAME_WIDTH
    fund = Column("symbol", "Fund", 4, "left", priority=5, flex=True, descending_first=False)
    return (
        Column("rank", "#", 2, priority=6, descending_first=False),
        Column("name", "Sub-sector", name, "left", flex=True, descending_first=False),
        *(() if by_members else (fund,)),
        Column(CHOSEN, window, _RETURN_WIDTH, is_marked=True),
        Column("relative", "vs RUT", _RETURN_WIDTH + 1, priority=7 if by_members else 2),
        *(Column(w, w, _RETURN_WIDTH, priority=dropped[w]) for w in beside(window)),
        *(_of_members(window) if by_members else ()),
        Column("trend", trend, 7, "left", priority=2 if by_members else 1, sortable=False),
    )


def _of_members(window: str) -> tuple[Column, ...]:
    is_day = window == "1D"  # advances are of today, whatever the window: a rank outlasts them
    return (
        Column("contribution", "bp", _BP_WIDTH, priority=1, is_marked=True),
        Column("advancing", "adv" if is_day else "adv 1D", 4, priority=3 if is_day else 6),
        Column("volume", "RVol", 5, priority=8),
    )


def board_rows(rows: tuple[LeaderRow, ...], window: str) -> list[Row]:
    """Return the rows as the board shows them."""
    return [_board_row(row, window) for row in rows]


@lru_cache(maxsize=256)
def _board_row(row: LeaderRow, window: str) -> Row:
    chosen, *others = row.returns
    is_fund = row.kind is RowKind.FUND
    cells = (
        Cell("" if row.rank is None else str(row.rank), "faint", row.rank),
        _name_cell(row),
        *((Cell(row.symbol, "muted", row.symbol),) if is_fund else ()),
        *_return_cells(row, chosen[1], window),
        *(_blank_or(row, _return_cell(value, w, _RETURN_WIDTH)) for w, value in others),
        *(() if is_fund else _member_cells(row, window)),
        Cell(row.session, "late")
        if row.session
        else Cell("", direction_role(row.drawn), spark=row.trend),
    )
    search = f"{row.name} {row.symbol} {row.sector} {row.kind}"
    is_below = row.kind in _LEFT_OVER or bool(row.session)
    return Row(row.key, cells, search, row.old, is_below)


def _name_cell(row: LeaderRow) -> Cell:
    name = BASKET_MARK + row.name if row.kind is RowKind.BASKET else row.name
    return Cell(name, "muted" if row.kind in _LEFT_OVER else "text", row.name.casefold())


def _return_cells(row: LeaderRow, chosen: Value, window: str) -> tuple[Cell, Cell]:
    return (
        _blank_or(row, _return_cell(chosen, window, _RETURN_WIDTH)),
        _blank_or(row, _return_cell(row.relative, window, _RETURN_WIDTH)),
    )


def _blank_or(row: LeaderRow, cell: Cell) -> Cell:
    """Return nothing where a row can have no such value: what is unattributed has no return."""
    return Cell("", "absent") if row.kind is RowKind.UNATTRIBUTED else cell


def _member_cells(row: LeaderRow, window: str) -> tuple[Cell, Cell, Cell]:
    advancing, busy = row.advancing, row.relative_volume
    cells = (
        Cell(*advancing.run(share(advancing.number, 0, "%")), advancing.number),
        Cell(*busy.relative_volume(), busy.number),
    )
    if row.kind is RowKind.UNATTRIBUTED:
        return _residual_cell(row.contribution, window), Cell("", "absent"), Cell("", "absent")
    return (points_cell(row.contribution, _BP_WIDTH), *cells)


def _residual_cell(residual: Value, window: str) -> Cell:
    """Return what is unattributed: red when it is large."""
    cell = points_cell(residual, _BP_WIDTH)
    is_large = window == "1D" and abs(residual.number or 0.0) > UNEXPLAINED
    return Cell(cell.text, "failing" if is_large else "muted" if residual.known else "absent")


def points_cell(value: Value, width: int) -> Cell:
    """Return a fraction of the index in basis points, with a decimal where there is room."""
    text = contribution(value.number, width, "")
    run = value.run(text, direction(text))
    return Cell(run[0], run[1], value.number)


def _return_cell(value: Value, window: str, width: int) -> Cell:
    return moved_cell(value, width, 2 if window in _FINE else 1)


def moved_cell(value: Value, width: int, decimals: int = 2) -> Cell:
    """Return a signed percent as a cell of a column that wide."""
    run = value.run(text := percent_in(value.number, width, decimals), direction(text))
    return Cell(run[0], run[1], value.number)


def direction_role(value: Value) -> str:
    """Return the role of a sparkline over a window with this return."""
    if value.number is None or value.old:
        return "muted" if value.number is None else "late"
    return "up" if value.number > 0 else "down" if value.number < 0 else "flat"


class LeadersPanel(BoardPanel):
    """Which parts of the small-cap market lead over the chosen window, and by how much."""

    sector: reactive[str] = reactive("", repaint=False)
    """Only the rows of one sector screen; all when empty."""

    _touched: bool = False
    """Whether the cursor was ever moved; until then it stays on the leader as ranks come in."""

    _seen: tuple[Census | None, tuple[object, ...]] = None, ()
    """What the rows were made of last: the census, and all else."""

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
        """Return title, window, and what the rows are made of; the last parts leave first."""
        snapshot, what = self.snapshot, self.sector or "Sub-sectors"
        lead = f"{what}{PART}{self.window}"
        if snapshot is None:
            return lead
        if not leads_by_members(snapshot, self.window, self.sector):
            waits = awaited(snapshot, self.window, self.sector, self.size.width - _TITLE_ROOM)
            parts = (f"{what} by funds", self.window, waits, "relative to RUT")
            return PART.join(part for part in parts if part)
        left = left_out_in_words(snapshot, self.size.width - _TITLE_ROOM)
        return PART.join((lead, *((left,) if left else ()), *_made_of(snapshot, self.sector)))

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the members' prices, or of the first fund's."""
        if leads_by_members(snapshot, self.window, self.sector):
            return census_mark(snapshot)
        slugs = [snapshot.cast[i.symbol].slug for i in self._instruments(snapshot)]
        shown = [f"{slug}.return.{self.window.lower()}" for slug in slugs]
        return list_mark(snapshot, [f"{slug}.last" for slug in slugs], shown)

    def _instruments(self, snapshot: Snapshot) -> tuple[Instrument, ...]:
        cast = snapshot.cast
        return cast.in_sector(self.sector) if self.sector else cast.leaders

    @property
    def cursor_symbol(self) -> str | None:
        """The symbol of the row under the cursor; rows of what is left over have none."""
        symbol = super().cursor_symbol
        return symbol if symbol not in _LEFT_OVER else None

    def take(self, snapshot: Snapshot) -> bool:
        """Give the board its rows; it repaints what changed by itself."""
        if self.has_board and self._is_other(snapshot):
            board = self.board
            self._touched = self._touched or board.listing.cursor.chosen is not None
            rows = leader_rows(snapshot, self.window, self.sector)
            by_members = any(row.kind is not RowKind.FUND for row in rows)
            board.rank_by(RANKING)
            drawn = shown_window(snapshot, rows[0].key, self.window) if rows else ""
            columns = columns_for(self.window, by_members=by_members, drawn=drawn)
            board.show(self.marked(board_rows(rows, self.window), snapshot), columns)
            if not self._touched:
                board.rest()
        return False

    def _is_other(self, snapshot: Snapshot) -> bool:
        """Return whether rows may be other ones than were shown: ticks move the members' seldom."""
        census, before = snapshot.census, self._seen
        self._seen = census, (*_seen_in(snapshot), self.window, self.sector, row_rules(self))
        is_same = census is before[0] is not None and self._seen[1] == before[1]
        return not is_same or bool(row_rules(self))

    def on_board_opened(self, event: Board.Opened) -> None:
        """Keep the cursor where somebody went in; Textual calls the panel's own handler too."""
        if event.key == RowKind.UNATTRIBUTED:
            event.stop()
            event.prevent_default()
            return
        self._touched = True


def _seen_in(snapshot: Snapshot) -> tuple[object, ...]:
    """Return what rows of members are made of beside the census; ages count by the second."""
    slugs = [group.slug for group in snapshot.census.groups] if snapshot.census is not None else []
    moved = [snapshot.readings.get(f"{slug}.relative.1d") for slug in slugs]
    told = snapshot.troubles, snapshot.absences, snapshot.bars, snapshot.colours
    return int(snapshot.now.timestamp()), snapshot.session, moved, told


def _made_of(snapshot: Snapshot, sector: str) -> tuple[str, ...]:
    """Return how many members the rows stand for, and by which scheme they are divided."""
    if sector:
        return ("captop sub-sectors of a GICS sector",)
    reading = census_reading(snapshot, "breadth.advances")
    counted = "" if reading.used is None else f"{reading.used:,} of {reading.total:,}"
    part = reading.coverage
    covered = "" if part is None or part >= 1.0 else f"{share(part, 1)} of weight"
    scheme = "GICS sectors, captop sub-sectors"
    return tuple(each for each in (counted, covered, holdings_in_words(snapshot), scheme) if each)
