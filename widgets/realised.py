"""IWM's realised volatility by seven estimators, and implied volatility less realised."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from textual.app import ComposeResult

from market.snapshot import Snapshot
from widgets.board import Board, Cell, Column, Row
from widgets.mark import Mark
from widgets.panel import BoardPanel
from widgets.strips import MISSING, share, signed
from widgets.values import Value, list_mark, value_of

ESTIMATORS = (
    ("Close to close", "close_to_close", "closes, about their mean"),
    ("Zero mean", "zero_mean", "closes, about zero"),
    ("Parkinson", "parkinson", "high, low"),
    ("Garman-Klass", "garman_klass", "all four prices, no gap"),
    ("Rogers-Satchell", "rogers_satchell", "all four prices, any drift"),
    ("GK-Yang-Zhang", "garman_klass_yang_zhang", "all four prices, with the gap"),
    ("Yang-Zhang", "yang_zhang", "gap, day and range together"),
)
"""(name, what its metric is called, what it takes)."""
PREMIUMS = (
    ("VIX − S&P 500", "vix.variance_premium", "implied less close to close"),
    ("RVX − RUT", "rvx.variance_premium", "implied less close to close"),
    ("RVX − IWM", "iwm.implied_minus_realised", "implied less Yang-Zhang"),
)
ONE_DAY = ("VIX, one day", "vix.move.1d", "one session's deviation")
COLUMNS = (
    Column("name", "21 sessions", 15, "left", sortable=False),
    Column("value", "Value", 8, sortable=False),
    Column("takes", "From", 29, "left", priority=1, sortable=False),
)


class RealisedLine(msgspec.Struct, frozen=True):
    """One figure of the table."""

    name: str
    metric: str
    value: Value
    text: str
    takes: str


def realised_lines(snapshot: Snapshot) -> tuple[RealisedLine, ...]:
    """Return the estimators, then the premiums, then what VIX means for a day.

    None of them while all are waited for: to say so once is enough.
    """
    lines = tuple(_lines(snapshot))
    is_awaited = not any(line.value.known for line in lines)
    return () if is_awaited and len({line.value.reason for line in lines}) == 1 else lines


def _lines(snapshot: Snapshot) -> Iterable[RealisedLine]:
    for name, estimator, takes in ESTIMATORS:
        metric = f"iwm.realised_vol.{estimator}.21d"
        value = value_of(snapshot, metric)
        yield RealisedLine(name, metric, value, share(value.number, 1), takes)
    for name, metric, takes in PREMIUMS:
        value = value_of(snapshot, metric)
        told = value.reason if value.known and value.reason else takes
        yield RealisedLine(name, metric, value, _points(value.number), told)
    name, metric, takes = ONE_DAY
    value = value_of(snapshot, metric)
    yield RealisedLine(name, metric, value, share(value.number, 2), takes)


def _points(number: float | None) -> str:
    return MISSING if number is None else f"{signed(number, 1)} pt"


def board_row(line: RealisedLine) -> Row:
    """Return a figure as the board shows it; one that cannot be known says why."""
    cells = (
        Cell(line.name),
        Cell(*line.value.run(line.text, "strong")),
        Cell(line.takes, "faint"),
    )
    notes = (line.value.reason,) if not line.value.known and line.value.reason else ()
    return Row(line.metric, cells, line.name, line.value.old, notes=notes)


class RealisedPanel(BoardPanel):
    """How much IWM has moved by each estimator, and how much more the options market expects."""

    TITLE = "Realised and implied"

    def compose(self) -> ComposeResult:
        """Hold one board."""
        yield Board(COLUMNS, empty="waiting for IWM's daily bars")

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the daily bars."""
        return list_mark(snapshot, [f"iwm.realised_vol.{each}.21d" for _, each, _ in ESTIMATORS])

    @property
    def cursor_symbol(self) -> str | None:
        """Nothing: a figure has no screen of its own."""
        return None

    def on_board_opened(self, event: Board.Opened) -> None:
        """Open nothing."""
        event.stop()

    def take(self, snapshot: Snapshot) -> bool:
        """Give the board its rows; it repaints what changed by itself."""
        lines = realised_lines(snapshot)
        if self.has_board and lines != self._taken:
            self._taken = lines
            self.board.show([board_row(line) for line in lines], COLUMNS)
        return False

    _taken: tuple[RealisedLine, ...] | None = None
