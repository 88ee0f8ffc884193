"""Prices and jobs as a table: the newest figures, what they were first, and what comes next."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from textual.app import ComposeResult

from market.metrics.published_figures import figures_to_date
from market.snapshot import Snapshot
from widgets.board import Board, Cell, Column, Row
from widgets.macro_values import (
    KEPT,
    newest_series,
    next_when,
    next_words,
    reference_day,
    why_absent,
)
from widgets.mark import Mark
from widgets.panel import BoardPanel
from widgets.strips import MISSING, percent, price, share, signed
from widgets.values import Value, list_mark, value_of


class Figure(msgspec.Struct, frozen=True):
    """One line of the table."""

    name: str
    metric: str
    symbol: str
    """The series it is made of."""
    words: Callable[[float | None], str]
    beside: str = ""
    """The metric of its first print."""
    back: int = 0
    """So many values before the newest one it is of."""


def _percent(value: float | None) -> str:
    return percent(value, 2, " %")


def _level(value: float | None) -> str:
    return share(value, 1)


def _thousands(value: float | None) -> str:
    return MISSING if value is None else f"{signed(value / 1000, 0)}k"


def _claims(value: float | None) -> str:
    return MISSING if value is None else f"{price(value / 1000, 1)}k"


def _points(value: float | None) -> str:
    return f"{price(value, 2)} pp"


FIGURES = (
    Figure("CPI yoy", "macro.cpi.yoy", "CPIAUCNS", _percent),
    Figure("CPI mom", "macro.cpi.mom", "CPIAUCSL", _percent),
    Figure("CPI 3m saar", "macro.cpi.3m", "CPIAUCSL", _percent),
    Figure("Core CPI yoy", "macro.core_cpi.yoy", "CPILFESL", _percent),
    Figure("Core CPI mom", "macro.core_cpi.mom", "CPILFESL", _percent),
    Figure(
        "Payrolls",
        "macro.payrolls.change",
        "PAYEMS",
        _thousands,
        "macro.payrolls.change.first",
    ),
    Figure("  month ago", "macro.payrolls.change.previous", "PAYEMS", _thousands, back=1),
    Figure("  revised by", "macro.payrolls.revision", "PAYEMS", _thousands, back=1),
    Figure("Payrolls 3m", "macro.payrolls.change.3m", "PAYEMS", _thousands),
    Figure("Unemployment", "unemployment.value", "UNRATE", _level),
    Figure("Sahm gap", "macro.sahm_gap", "UNRATE", _points),
    Figure("Claims", "claims.value", "ICSA", _claims),
    Figure("Claims 4w", "macro.claims.4w", "ICSA", _claims),
)
COLUMNS = (
    Column("name", "Figure", 12, "left", flex=True, descending_first=False),
    Column("value", "Value", 7),
    Column("first", "First", 6, priority=5),
    Column("of", "Of", 6, priority=2, sortable=False),
    Column("ahead", "In", 5, priority=1, sortable=False),
    Column("when", "Next, ET", 16, "left", priority=3, sortable=False),
    Column("trend", "Trend", 8, "left", priority=4, sortable=False),
)

WORD = 7
"""Cells of a word that may stand in place of a number."""


class MacroRow(msgspec.Struct, frozen=True):
    """One figure as it is told."""

    name: str
    value: Value
    text: str
    first: Value
    first_text: str
    of: str
    ahead: str
    when: str
    trend: tuple[float | None, ...]
    """The figure itself, as each of the newest months or weeks has it."""
    reason: tuple[str, ...] = ()
    """Why it is absent, ever shorter."""


def macro_rows(snapshot: Snapshot) -> tuple[MacroRow, ...]:
    """Return all figures."""
    return tuple(_row(snapshot, figure) for figure in FIGURES)


def _row(snapshot: Snapshot, figure: Figure) -> MacroRow:
    value = value_of(snapshot, figure.metric)
    first = value_of(snapshot, figure.beside) if figure.beside else Value()
    series = newest_series(snapshot, figure.symbol)
    return MacroRow(
        figure.name,
        value,
        figure.words(value.number),
        first,
        figure.words(first.number) if first.known else "",
        reference_day(snapshot, figure.symbol, figure.back),
        next_words(snapshot, figure.symbol),
        next_when(snapshot, figure.symbol),
        () if series is None else figures_to_date(figure.metric, series, KEPT),
        why_absent(snapshot, figure.metric, value, is_published=series is not None),
    )


def board_row(row: MacroRow) -> Row:
    """Return a figure as the board shows it; one that cannot be known says why.

    In a word in place of the number where its series is known: `no base`; else across the row.
    """
    is_waited_for = row.ahead in {"due", "late"}
    words = row.reason if row.of else ()
    word = next((each for each in words if 1 < len(each) <= WORD), "")
    value = (word, "absent") if word else row.value.run(row.text, "strong")
    cells = (
        Cell(row.name, "text", row.name.casefold()),
        Cell(*value, row.value.number),
        Cell(row.first_text, "muted", row.first.number),
        Cell(row.of or MISSING, "muted"),
        Cell(row.ahead or MISSING, "failing" if is_waited_for else "text"),
        Cell(row.when or MISSING, "muted"),
        Cell("", "line", spark=row.trend),
    )
    notes = () if word else row.reason
    return Row(row.name, cells, row.name, row.value.old, notes=notes, is_spread=bool(notes))


class MacroPanel(BoardPanel):
    """Inflation, jobs and claims, each with its reference date and its next release."""

    TITLE = "Prices and jobs"

    def compose(self) -> ComposeResult:
        """Hold one board."""
        yield Board(COLUMNS, empty="waiting for the statisticians' series")

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the figures."""
        return list_mark(snapshot, [figure.metric for figure in FIGURES])

    def take(self, snapshot: Snapshot) -> bool:
        """Give the board its rows; it repaints what changed by itself."""
        rows = macro_rows(snapshot)
        if self.has_board and rows != self._taken:
            self._taken = rows
            self.board.show([board_row(row) for row in rows], COLUMNS)
        return False

    _taken: tuple[MacroRow, ...] = ()
