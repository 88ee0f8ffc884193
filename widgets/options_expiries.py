"""The expiries of one option chain: expected move, volatility, put/call and skew of each."""

from __future__ import annotations

from datetime import datetime

import msgspec
from textual.app import ComposeResult
from textual.reactive import reactive

from market.instruments import INDEX, OPTIONED, TRACKER
from market.option_study import ChainStudy, ExpiryRow, PutCall
from market.quotes import Key, Kind
from market.sessions import exchange_date
from market.snapshot import Snapshot
from widgets.board import Board, Cell, Column, Row
from widgets.frame import PART
from widgets.mark import Mark
from widgets.panel import BoardPanel
from widgets.strips import MISSING, price, ratio, share, signed, volume
from widgets.values import WORKING_OUT, is_old, mark_for, value_of

SLUGS = {INDEX: "rut", TRACKER: "iwm"}
"""What the figures of each chain are called by."""
NAMES = {INDEX: "RUT", TRACKER: "IWM"}
COLUMNS = (
    Column("expiry", "Expiry", 9, "left", descending_first=False),
    Column("days", "Days", 4, priority=1, descending_first=False),
    Column("move", "Move", 7),
    Column("relative", "Move %", 6, priority=2),
    Column("iv", "IV %", 5),
    Column("volume", "P/C vol", 7, priority=4),
    Column("open", "P/C OI", 6, priority=5),
    Column("skew", "Skew 25d", 8, priority=3),
    Column("straddle", "Straddle", 8, priority=7),
    Column("straddle.move", "x 1.25", 7, priority=10),
    Column("forward", "Forward", 8, priority=8),
    Column("contracts", "Contracts", 9, priority=9),
)
ALL = "all"
"""The row of all expiries together."""


class ExpiriesView(msgspec.Struct, frozen=True):
    """One chain's study, and what its age and its absence are told by."""

    study: ChainStudy | None
    rows: tuple[ExpiryRow, ...]
    """The expiries that are not past by now, soonest first."""
    this_year: int
    reason: str = ""
    old: bool = False


def expiries_view(snapshot: Snapshot, symbol: str) -> ExpiriesView:
    """Return what the table shows of one underlying."""
    options, figure = snapshot.studies.options, figure_of(symbol)
    study = None if options is None else options.of(symbol)
    year = exchange_date(snapshot.now).year
    if study is None:
        return ExpiriesView(None, (), year, value_of(snapshot, figure).reason or WORKING_OUT)
    rows = tuple(row for row in study.rows if row.figures.settles > snapshot.now)
    return ExpiriesView(study, rows, year, old=is_old(snapshot, figure))


def figure_of(symbol: str) -> str:
    """Return the metric whose age is that of an underlying's chain."""
    return f"options.{SLUGS[symbol]}.put_call.oi"


def board_rows(view: ExpiriesView) -> list[Row]:
    """Return the expiries, soonest first, and all of them together below."""
    if view.study is None:
        return []
    rows = [_row(row, view) for row in view.rows]
    return [*rows, _all(view.study, old=view.old)]


def _row(row: ExpiryRow, view: ExpiriesView) -> Row:
    figures = row.figures
    contracts = row.volume.puts + row.volume.calls
    cells = (
        Cell(_day(figures.settles, row, view.this_year), "strong", figures.settles.timestamp()),
        Cell(price(figures.days, 0), "muted", float(figures.days)),
        _points(figures.move),
        _number(row.relative_move, share(row.relative_move, 2, "")),
        _number(figures.iv, share(figures.iv, 1, "")),
        _put_call(row.volume),
        _put_call(row.open_interest),
        _number(figures.skew, signed(None if figures.skew is None else 100 * figures.skew, 1)),
        _points(None if figures.straddle is None else figures.straddle.price),
        _points(figures.straddle_move, "muted"),
        _number(figures.forward, price(figures.forward, 2), "muted"),
        Cell(volume(contracts), "muted", contracts),
    )
    return Row(figures.settles.isoformat(), cells, f"{figures.settles:%B %Y}", view.old)


def _all(study: ChainStudy, *, old: bool) -> Row:
    blank = Cell("", "text")
    contracts = study.volume.puts + study.volume.calls
    cells = [blank] * len(COLUMNS)
    cells[0] = Cell(f"all {len(study.rows)}", "text")
    cells[5], cells[6] = _put_call(study.volume), _put_call(study.open_interest)
    cells[-1] = Cell(volume(contracts), "muted", contracts)
    return Row(ALL, tuple(cells), ALL, old, pinned=True)


def _day(settles: datetime, row: ExpiryRow, this_year: int) -> str:
    """The day of expiry; `AM` where it settles at the open."""
    day = exchange_date(settles)
    text = f"{day.day} {day:%b}" if day.year == this_year else f"{day:%b %y}"
    return f"{text} AM" if row.is_morning else text


def _points(value: float | None, role: str = "text") -> Cell:
    """Points of the underlying, five digits at most."""
    decimals = 1 if value is not None and value >= 100 else 2
    return _number(value, price(value, decimals), role)


def _put_call(contracts: PutCall) -> Cell:
    return _number(contracts.ratio, ratio(contracts.ratio))


def _number(value: float | None, text: str, role: str = "text") -> Cell:
    return Cell(MISSING, "absent") if value is None else Cell(text, role, value)


class OptionExpiriesPanel(BoardPanel):
    """Each expiry of an underlying's options: one standard deviation to it, and what is traded."""

    TITLE = "Options"
    underlying: reactive[str] = reactive(INDEX, repaint=False)
    """Whose chain is shown: ^RUT or IWM."""

    def compose(self) -> ComposeResult:
        """Hold one board."""
        yield Board(COLUMNS)

    def watch_underlying(self) -> None:
        """Show the other chain."""
        self.renew()

    def next_underlying(self) -> None:
        """Show the chain that follows in their order."""
        self.underlying = OPTIONED[(OPTIONED.index(self.underlying) + 1) % len(OPTIONED)]

    def heading(self) -> str:
        """Return the underlying, its level and the model index, which is never Cboe's own."""
        words = [f"{NAMES[self.underlying]} options"]
        study = None if self._taken is None else self._taken[1].study
        if study is not None:
            words.append(price(study.price, 2))
            if study.model.value is not None:
                words.append(f"model {price(study.model.value, 2)}")
        return PART.join(words)

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the chain."""
        keys = [Key(Kind.CHAIN, self.underlying)]
        return mark_for(snapshot, [figure_of(self.underlying)], keys)

    @property
    def cursor_symbol(self) -> str | None:
        """The underlying: an expiry has no screen of its own."""
        return self.underlying

    def on_board_opened(self, event: Board.Opened) -> None:
        """Open the underlying."""
        event.stop()
        self.action_open()

    def take(self, snapshot: Snapshot) -> bool:
        """Give the board its rows; it repaints what changed by itself."""
        taken = self.underlying, expiries_view(snapshot, self.underlying)
        if self.has_board and taken != self._taken:
            self._taken = taken
            self.board.empty = taken[1].reason
            self.board.show(board_rows(taken[1]), COLUMNS)
            self.board.refresh()
        return False

    _taken: tuple[str, ExpiriesView] | None = None
