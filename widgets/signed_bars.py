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
_MOST = 1e300
"""A bar that is longer is drawn as this: its axis would have no end."""


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
    rows = height - 1 if ticks and height > 2 else height
    scale = _Scale.of(known, 2 * max(1, rows), 10.0**-y_decimals)
    frame = frame_of(
        width,
        height,
        xs=bar_range(len(bars)),
        ys=scale.reach if known else [],
        rules=[Rule(0.0, drawn=False)] if known else [],
        ticks=[Tick((tick.x + 0.5) / every - 0.5, tick.label) for tick in ticks],
        decimals=y_decimals,
        side=y_side,
        gutter=gutter,
    )
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
    return max(-_MOST, min(sum(known), _MOST)) if known else None


class _Scale(msgspec.Struct, frozen=True):
    """Half rows below and above zero, and what one of them stands for: so that no bar is cut."""

    below: int
    above: int
    half: float

    @classmethod
    def of(cls, known: Sequence[float], halves: int, least: float) -> _Scale:
        """Return the scale of bars; its axis is `least` long if none of them is longer.

        Zero is at an end, or where there are both signs in the middle of a row: so its label
        and its line stand on the same one.
        """
        low, high = min(0.0, *known, 0.0), max(0.0, *known, 0.0)
        below = halves if low < 0 else 0
        if low < 0 < high:
            below = 2 * min(int(halves / (1 - high / low)) // 2, halves // 2 - 1) + 1
        above = halves - below
        half = max(least / halves, -low / max(1, below), high / max(1, above))
        return cls(below, above, half)

    @property
    def reach(self) -> tuple[float, float]:
        """The ends of the value axis."""
        return -self.half * self.below, self.half * self.above

    def ends(self, value: float) -> tuple[int, int]:
        """The half rows that a bar fills, from the lower to below the higher."""
        height = max(1, round(abs(value) / self.half))
        return (self.below, self.below + height) if value > 0 else (self.below - height, self.below)


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
    row = frame.height - 1 - min(scale.below // 2, frame.height - 1)
    for column in range(frame.left, frame.left + frame.width):
        if frame.grid.is_free(column, row):
            frame.grid.put(column, row, "─", "axis")


_BLOCKS = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
"""(upper half, lower half) as a cell."""
_ASCII = {(True, True): "#", (True, False): "'", (False, True): ".", (False, False): " "}
