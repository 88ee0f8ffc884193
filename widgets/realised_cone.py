"""The volatility cone: today's realised volatility in its own past, window by window.

Each window is a box on a line of its own: the line from the least to the greatest, the middle half,
the median across it, and today's as a point. What differs never shares a cell, so that the order
of the signs is that of the numbers at every width.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from market.snapshot import Snapshot
from market.volatility_study import Ring
from widgets.axis import nice_ticks, value_labels
from widgets.chart_frame import Frame, frame_of
from widgets.lines import Line, dimmed, item, packed
from widgets.mark import Mark
from widgets.panel import ViewPanel
from widgets.picture import Tick
from widgets.strips import price, share
from widgets.values import WORKING_OUT, absence, list_mark, value_of

MONTH = 21
"""The window whose age is the cone's."""
CONE = "iwm.realised_vol.cone.{}d.percentile"
NAME, NUMBERS = 5, 11
"""Cells of a window's name, and of today's volatility and its percentile."""
FEWEST_CELLS = 16
"""Cells of the boxes below which words tell more."""
MOST_APART = 3
"""Rows from one box to the next, at most."""
TICK_CELLS = 10
"""Cells of the boxes for each label of their axis."""
IN_WORDS = ((15, True), (11, False))
"""Cells of a window in words, and whether its percentile is among them."""


class ConeView(msgspec.Struct, frozen=True):
    """The rings whose windows fill the known history."""

    rings: tuple[Ring, ...]
    reason: str = ""
    old: bool = False


def cone_view(snapshot: Snapshot) -> ConeView:
    """Return the cone of a snapshot, or why there is none."""
    study = snapshot.studies.volatility
    rings = () if study is None else tuple(r for r in study.cone if r.now is not None)
    told = value_of(snapshot, CONE.format(MONTH))
    return ConeView(rings, "" if rings else told.reason or WORKING_OUT, told.old)


def paint(view: ConeView, width: int, height: int, *, ascii_only: bool = False) -> list[Line]:
    """Return each window's box with today's volatility and its percentile; words without room."""
    if height < 1 or width < 1:
        return []
    if not view.rings:
        return absence(view.reason, width, height)
    has_room = height > len(view.rings) and width >= NAME + FEWEST_CELLS + NUMBERS
    if has_room:
        lines = [_legend(width, ascii_only=ascii_only)]
        lines += _boxes(view.rings, width, height - 1, ascii_only=ascii_only)
    else:
        lines = _in_words(view.rings, width, height)
    return [dimmed(line) for line in lines] if view.old else lines


def _legend(width: int, *, ascii_only: bool) -> Line:
    box, median = _signs(ascii_only=ascii_only)
    parts = (
        (("● ", "line"), ("today", "text")),
        ((f"{median} ", "strong"), ("median", "faint")),
        ((f"{box} ", "muted"), ("middle half", "faint")),
        (("─ ", "faint"), ("least to greatest", "faint")),
    )
    return packed([item(*runs, priority=n) for n, runs in enumerate(parts)], width, 2)


def _signs(*, ascii_only: bool) -> tuple[str, str]:
    """The middle half, and the median."""
    return ("#", "|") if ascii_only else ("░", "┃")


def _in_words(rings: Sequence[Ring], width: int, height: int) -> list[Line]:
    """Today's numbers by window, with their percentiles if all of them have room."""
    lines: list[Line] = []
    for cells, has_place in IN_WORDS:
        items = [item(*_words(ring, has_place=has_place)) for ring in rings]
        count = max(1, (width + 2) // cells)
        lines = [packed(items[n : n + count], width, 2) for n in range(0, len(items), count)]
        if len(lines) <= height:
            break
    return lines[:height]


def _words(ring: Ring, *, has_place: bool) -> Line:
    runs = ((f"{ring.window}d ", "faint"), (_percent(ring.now), "text"))
    return (*runs, (f" {_place(ring)}", "muted")) if has_place else runs


def _boxes(rings: Sequence[Ring], width: int, height: int, *, ascii_only: bool) -> list[Line]:
    has_axis = height > len(rings)
    apart = min(MOST_APART, (height - has_axis) // len(rings))
    frame = _frame(rings, width - NAME - NUMBERS, apart * len(rings) + has_axis, has_axis=has_axis)
    for n, ring in enumerate(rings):
        _box(frame, n * apart, ring, ascii_only=ascii_only)
    beside = {n * apart: ring for n, ring in enumerate(rings)}
    return [
        _row(row, beside.get(n), is_axis=n == frame.height)
        for n, row in enumerate(frame.grid.picture(ascii_only=ascii_only))
    ]


def _frame(rings: Sequence[Ring], width: int, height: int, *, has_axis: bool) -> Frame:
    """The plot of all boxes, what they measure from left to right, in per cent a year."""
    values = [100 * value for ring in rings for _, value in _marks(ring)]
    ends = min(values), max(values)
    levels = nice_ticks(*ends, max(2, width // TICK_CELLS)) if has_axis else []
    ticks = [Tick(at, word) for at, word in zip(levels, value_labels(levels, 0), strict=True)]
    return frame_of(width, height, xs=ends, ys=(), ticks=ticks, side="none")


def _marks(ring: Ring) -> Iterator[tuple[str, float]]:
    """What is drawn of a ring, as far as it is known."""
    for name in ("low", "lower_quarter", "median", "upper_quarter", "high", "now"):
        value: float | None = getattr(ring, name)
        if value is not None:
            yield name, value


def _box(frame: Frame, row: int, ring: Ring, *, ascii_only: bool) -> None:
    cells, (box, median) = cells_of(frame, ring), _signs(ascii_only=ascii_only)

    def line(first: str, last: str, sign: str, role: str) -> None:
        if first in cells and last in cells:
            frame.grid.put(cells[first], row, sign * (1 + cells[last] - cells[first]), role)

    line("low", "high", "─", "faint")
    line("lower_quarter", "upper_quarter", box, "muted")
    line("median", "median", median, "strong")
    line("now", "now", "●", "line")


def cells_of(frame: Frame, ring: Ring) -> dict[str, int]:
    """Return the column of each mark: unequal values have unequal ones, in their order."""
    marks = dict(_marks(ring))
    values = sorted(set(marks.values()))
    columns: dict[float, int] = {}
    least = frame.left
    for value in values:
        least = columns[value] = max(least, frame.column(100 * value))
        least += 1
    most = frame.left + frame.width - 1
    for value in reversed(values):
        most = columns[value] = min(most, columns[value])
        most -= 1
    return {name: columns[value] for name, value in marks.items()}


def _row(plot: Line, ring: Ring | None, *, is_axis: bool) -> Line:
    """A row of the plot between its window's name and its numbers; heads beside the axis."""
    if is_axis:
        return (("%".ljust(NAME), "faint"), *plot, ("   now pctl", "faint"))
    if ring is None:
        return ((" " * NAME, "text"), *plot)
    numbers = (_percent(ring.now).rjust(6), "text"), (_place(ring).rjust(5), "muted")
    return ((f"{ring.window}d".ljust(NAME), "faint"), *plot, *numbers)


def _place(ring: Ring) -> str:
    return share(ring.percentile, 0, "%")


def _percent(fraction: float | None) -> str:
    return price(None if fraction is None else 100 * fraction, 1)


class RealisedConePanel(ViewPanel[ConeView]):
    """Where IWM's realised volatility of 5 to 252 sessions stands in its own past."""

    can_focus = True
    TITLE = "Volatility cone · IWM"

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the daily bars."""
        return list_mark(snapshot, [CONE.format(MONTH)])

    def view_from(self, snapshot: Snapshot) -> ConeView:
        """Return the view."""
        return cone_view(snapshot)

    def lines_of(
        self, view: ConeView, width: int, height: int, *, ascii_only: bool
    ) -> Sequence[Line]:
        """Paint the view."""
        return paint(view, width, height, ascii_only=ascii_only)
