"""A board of fifty rows with sparklines, renewed five times a second: the program of `keys`."""

from __future__ import annotations

import gc
import sys
from random import Random
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType

from widgets import plotting
from widgets.board import Board
from widgets.board_model import Cell, Column, Row

ROWS = 50
POINTS = 78
"""A session in five-minute closes, the newest of which moves."""
BEATS_A_POINT = 50
COLUMNS = (
    Column("symbol", "Symbol", 8, justify="left"),
    Column("last", "Last", 10),
    Column("change", "Change", 9),
    Column("percent", "1D %", 8),
    Column("trend", "Trend", 24, justify="left"),
)


class BoardApp(App[None]):
    """The board, and new prices in every row at 5 Hz."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "move(1)"),
        Binding("k", "move(-1)"),
    ]

    def compose(self) -> ComposeResult:
        """Show the board alone."""
        yield Board(COLUMNS)

    def on_mount(self) -> None:
        """Start the prices."""
        plotting.prepare()
        self._random = Random(1)
        self._beats = 0
        self._paths = [_walk(self._random, 100.0 + n) for n in range(ROWS)]
        self._renew()
        self.query_one(Board).focus()
        gc.freeze()  # as captop does after its first paint
        if "--still" not in sys.argv:
            self.set_interval(0.2, self._renew)

    def action_move(self, rows: int) -> None:
        """Move the board's cursor."""
        self.query_one(Board).move(rows)

    def _renew(self) -> None:
        self._beats += 1
        for path in self._paths:
            price = path[-1] * (1 + self._random.gauss(0, 0.001))
            if self._beats % BEATS_A_POINT == 0:
                path[:] = [*path[1:], price]
            else:
                path[-1] = price
        self.query_one(Board).show([_row(n, path) for n, path in enumerate(self._paths)])


def _walk(random: Random, price: float) -> list[float]:
    path = [price]
    while len(path) < POINTS:
        path.append(path[-1] * (1 + random.gauss(0, 0.002)))
    return path


def _row(number: int, path: list[float]) -> Row:
    change = path[-1] - path[0]
    role = "up" if change >= 0 else "down"
    cells = (
        Cell(f"SYM{number}"),
        Cell(f"{path[-1]:,.2f}", sort=path[-1]),
        Cell(f"{change:+.2f}", role, change),
        Cell(f"{change / path[0]:+.2%}", role, change / path[0]),
        Cell("", role, spark=tuple(path)),
    )
    return Row(f"SYM{number}", cells)


if __name__ == "__main__":
    BoardApp().run()
