"""Bars up and down from a line of zero, drawn in half cells."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import msgspec

from widgets.chart_frame import Frame, Side, frame_of
from widgets.picture import Picture, Rule, Tick, finite

_LABEL_ROOM = 10
"""Cells that value labels may take: bars are joined where there are more than the rest."""
_GAP_FROM = 3
"""Cells a bar must have to itself before one of them is left free beside it."""


def signed_bars(
    values: Sequence[float | None],
    width: int,
    height: int,
    *,
    ticks: Sequence[Tick] = (),
    y_decimals: int = 0,
    y_side: Side = "right",
    gutter: int = 0,
    ascii_only: bool = False,
) -> Picture:
    """Return one bar a value in even steps, neighbours added up where they are more than cells.

    Args:
        values: one a bar; None leaves its place empty.
        width: cells of a row, value labels included.
        height: rows, the row of tick labels included.
        ticks: labels of the horizontal axis; their x counts values from 0.
        y_decimals: decimals of value labels that are not whole.
        y_side: where the value labels stand; "none" for no labels.
        gutter: least width of the label column, to align charts above one another.
        ascii_only: draw without block characters.
    """
    room = 0 if y_side == "none" else min(_LABEL_ROOM, width // 2)
    every = max(1, ceil(len(values) / max(1, width - room)))
    bars = [_total(values[n : n + every]) for n in range(0, len(values), every)]
    known = [bar for bar in bars if bar is not None]
    frame = frame_of(
        width,
        height,
        xs=bar_range(len(bars)),
        ys=[*known, 0.0] if known else [],
        rules=[Rule(0.0, drawn=False)] if known else [],
        ticks=[Tick((tick.x + 0.5) / every - 0.5, tick.label) for tick in ticks],
        decimals=y_decimals,
        side=y_side,
        gutter=gutter,
    )
    scale = _Scale.of(frame, known)
    for n, bar in enumerate(bars):
        if bar:
            _draw(frame, scale, n, len(bars), bar, ascii_only=ascii_only)
    if known:
        _zero_line(frame, scale)
    return frame.grid.picture(ascii_only=ascii_only)


def bar_range(count: int) -> tuple[float, float]:
    """Return the x of the plot's edges: a line over the bars is drawn between the same."""
    return -0.5, max(1, count) - 0.5


def _total(part: Sequence[float | None]) -> float | None:
    known = [value for each in part if (value := finite(each)) is not None]
    return sum(known) if known else None


class _Scale(msgspec.Struct, frozen=True):
    """How many half rows a value is high, and how many lie below zero."""

    extent: float
    """Of the value axis."""
    halves: int
    zero: int

    @classmethod
    def of(cls, frame: Frame, known: Sequence[float]) -> _Scale:
        """Zero stands on the row of its label, and leaves half a row to bars on either side."""
        halves = 2 * frame.height
        zero = 2 * (frame.height - 1 - frame.row(0.0)) if known else 0
        least = 1 if min(known, default=0.0) < 0 else 0
        most = halves - 1 if max(known, default=0.0) > 0 else halves
        return cls(frame.ys[1] - frame.ys[0], halves, max(least, min(zero, most)))

    def ends(self, value: float) -> tuple[int, int]:
        """The half rows that a bar fills, from the lower to below the higher."""
        height = max(1, round(abs(value) / self.extent * self.halves))
        if value > 0:
            return self.zero, min(self.zero + height, self.halves)
        return max(self.zero - height, 0), self.zero


def _draw(
    frame: Frame, scale: _Scale, place: int, count: int, value: float, *, ascii_only: bool
) -> None:
    start, stop = (frame.left + n * frame.width // count for n in (place, place + 1))
    cells = max(1, stop - start - (1 if stop - start >= _GAP_FROM else 0))
    bottom, top = scale.ends(value)
    role = "up" if value > 0 else "down"
    glyphs = _ASCII if ascii_only else _BLOCKS
    for row in range(bottom // 2, (top + 1) // 2):
        is_lower, is_upper = (bottom <= half < top for half in (2 * row, 2 * row + 1))
        glyph = glyphs[is_upper, is_lower]
        frame.grid.put(start, frame.height - 1 - row, glyph * cells, role)


def _zero_line(frame: Frame, scale: _Scale) -> None:
    row = frame.height - 1 - min(scale.zero // 2, frame.height - 1)
    for column in range(frame.left, frame.left + frame.width):
        if frame.grid.is_free(column, row):
            frame.grid.put(column, row, "─", "axis")


_BLOCKS = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
"""(upper half, lower half) as a cell."""
_ASCII = {(True, True): "#", (True, False): "'", (False, True): ".", (False, False): " "}
