"""The frame of a chart: which cells are the plot, where a value lies in it, and its labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from widgets.axis import nice_ticks, value_labels
from widgets.picture import Grid, Rule, Tick, finite

Side = Literal["left", "right", "none"]
"""Where the value labels stand."""

_LEAST_PLOT = 8
"""Cells below which the plot gives up its value labels rather than its shape."""

_ROWS_PER_TICK = 3
"""One value label in so many rows: enough to read, few enough to stay calm."""


class Frame(msgspec.Struct, frozen=True):
    """A grid with labels drawn, and the plot area left free in it."""

    grid: Grid
    left: int
    """First column of the plot."""
    width: int
    height: int
    """Rows of the plot, counted from the top of the grid."""
    xs: tuple[float, float]
    """The x of the plot's first and last dot."""
    ys: tuple[float, float]
    """The y of the plot's lowest and highest dot."""

    @classmethod
    def bare(cls, width: int, height: int, room: int, side: Side, xs: tuple[float, float]) -> Frame:
        """Return a frame without labels, `room` cells at one side left out of the plot."""
        grid = Grid(width, height)
        left = room if side == "left" else 0
        return cls(grid, left, grid.width - room, grid.height, xs, (0.0, 1.0))

    def dot_x(self, x: float) -> float:
        """Return how many dots right of the plot's left edge an x lies; two dots a cell."""
        return (x - self.xs[0]) / (self.xs[1] - self.xs[0]) * (2 * self.width - 1)

    def dot_y(self, y: float) -> float:
        """Return how many dots above the plot's lower edge a y lies; four dots a cell."""
        return (y - self.ys[0]) / (self.ys[1] - self.ys[0]) * (4 * self.height - 1)

    def cell_of(self, dot_x: float, dot_y: float) -> tuple[int, int]:
        """Return the grid's column and row of a dot."""
        return self.left + int(dot_x + 0.5) // 2, self.height - 1 - int(dot_y + 0.5) // 4

    def column(self, x: float) -> int:
        """Return the grid's column of an x."""
        return self.left + int(self.dot_x(x) + 0.5) // 2

    def cell(self, x: float) -> int:
        """Return the grid's column of a bar that fills its cell: bars in even steps stay even."""
        share = (x - self.xs[0]) / (self.xs[1] - self.xs[0])
        return self.left + max(0, min(int(share * self.width), self.width - 1))

    def row(self, y: float) -> int:
        """Return the grid's row of a y."""
        return self.height - 1 - int(self.dot_y(y) + 0.5) // 4


def frame_of(
    width: int,
    height: int,
    *,
    xs: Sequence[float],
    ys: Sequence[float],
    rules: Sequence[Rule] = (),
    ticks: Sequence[Tick] = (),
    decimals: int = 2,
    side: Side = "right",
    percent: bool = False,
    gutter: int = 0,
) -> Frame:
    """Return the frame for values of the given extent, labels written into its grid.

    Without values there are no value labels; the horizontal axis is labelled all the same.
    """
    grid = Grid(width, height)
    plot_height = max(0, grid.height - 1) if ticks and grid.height > 2 else grid.height
    levels = [rule.y for rule in rules if finite(rule.y) is not None and (rule.drawn or not ys)]
    span = _widened([*ys, *levels], decimals)
    labels = _labels(span, plot_height, rules, decimals, percent) if ys or levels else []
    room = 0 if side == "none" else _gutter(labels, grid.width, gutter)
    frame = Frame(
        grid,
        room if side == "left" else 0,
        grid.width - room,
        plot_height,
        _extent(xs),
        span,
    )
    if room:
        _write_values(frame, labels, room, side)
    if plot_height < grid.height:
        _write_ticks(frame, ticks)
    return frame


def _extent(values: Sequence[float]) -> tuple[float, float]:
    known = [value for value in values if finite(value) is not None]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def _widened(values: Sequence[float], decimals: int) -> tuple[float, float]:
    """Return the range of values; that of a constant has it in the middle."""
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    least = max(10.0**-decimals, abs(high) * 1e-9)
    if high - low >= least * 0.01:
        return low, high
    return low - least, high + least


def _labels(
    span: tuple[float, float],
    rows: int,
    rules: Sequence[Rule],
    decimals: int,
    percent: bool,
) -> list[tuple[float, str, str]]:
    """Return (value, words, role) of all value labels, those of rules first."""
    ticks = nice_ticks(*span, max(min(3, rows), rows // _ROWS_PER_TICK))
    words = value_labels(ticks, decimals, percent=percent)
    named = [
        (rule.y, rule.label, rule.role)
        for rule in rules
        if rule.label and finite(rule.y) is not None and span[0] <= rule.y <= span[1]
    ]
    return named + [(tick, word, "axis") for tick, word in zip(ticks, words, strict=True)]


def _gutter(labels: Sequence[tuple[float, str, str]], width: int, least: int) -> int:
    """Return the cells of the label column, one of them empty; 0 if the plot had too few left."""
    wanted = max([least, *(len(words) + 1 for _, words, _ in labels)])
    return wanted if width - wanted >= _LEAST_PLOT and (labels or least) else 0


def _write_values(
    frame: Frame, labels: Sequence[tuple[float, str, str]], room: int, side: Side
) -> None:
    column = 0 if side == "left" else frame.width + 1
    taken: set[int] = set()
    for value, words, role in labels:
        row = frame.row(value)
        if row in taken or (role == "axis" and {row - 1, row + 1} & taken):
            continue
        taken.add(row)
        frame.grid.put(column, row, words.rjust(room - 1), role)


def _write_ticks(frame: Frame, ticks: Sequence[Tick]) -> None:
    """Write tick labels on the last row, each below its place, none cut, none touching."""
    end = 0
    for tick in sorted(ticks, key=lambda tick: tick.x):
        if not frame.xs[0] <= tick.x <= frame.xs[1]:
            continue
        start = frame.column(tick.x) - len(tick.label) // 2
        start = max(frame.left, min(start, frame.grid.width - len(tick.label)))
        if start >= end:
            frame.grid.put(start, frame.grid.height - 1, tick.label, "axis")
            end = start + len(tick.label) + 1
