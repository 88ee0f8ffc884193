"""The volatility cone: today's realised volatility in its own past, window by window.

Each window is a box: a line from the least to the greatest, a box of the middle half, the median
across it, and today's as a point.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import msgspec

from market.snapshot import Snapshot
from market.volatility_study import Ring
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
HALF_BOX = 1
"""Cells of a box on either side of its middle."""
COLUMN = 6
"""Least cells of a window: `100.0` and a gap."""
FEWEST_ROWS = 5
NUMBERS_FROM = 8
"""Rows from which on today's numbers stand beneath the boxes."""


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
    """Return what the signs mean, the boxes, and today's volatility with its percentile."""
    if height < 1 or width < 1:
        return []
    if not view.rings:
        return absence(view.reason, width, height)
    lines = [_legend(width, ascii_only=ascii_only)]
    rings = view.rings[: max(1, (width - COLUMN) // COLUMN)]
    if height < FEWEST_ROWS or width < 3 * COLUMN:
        lines += [_in_words(rings, width)]
    else:
        lines += _boxes(rings, width, height - 1, ascii_only=ascii_only)
    lines = lines[:height]
    return [dimmed(line) for line in lines] if view.old else lines


def _legend(width: int, *, ascii_only: bool) -> Line:
    parts = (
        (("● ", "line"), ("today", "text")),
        (("━ ", "strong"), ("median", "faint")),
        ((f"{_box_sign(ascii_only=ascii_only)} ", "muted"), ("middle half", "faint")),
        (("│ ", "faint"), ("least to greatest", "faint")),
    )
    return packed([item(*runs, priority=n) for n, runs in enumerate(parts)], width, 2)


def _in_words(rings: Sequence[Ring], width: int) -> Line:
    items = [
        item((f"{ring.window}d ", "faint"), (_percent(ring.now), "text"), priority=n)
        for n, ring in enumerate(rings)
    ]
    return packed(items, width, 2)


def _boxes(rings: Sequence[Ring], width: int, height: int, *, ascii_only: bool) -> list[Line]:
    numbers = 2 if height >= NUMBERS_FROM else 0
    values = [100 * value for ring in rings for value in (ring.low, ring.high, ring.now) if value]
    frame = frame_of(
        width,
        height - numbers,
        xs=(-0.5, len(rings) - 0.5),
        ys=values,
        ticks=[Tick(float(n), f"{ring.window}d") for n, ring in enumerate(rings)],
        decimals=0,
        gutter=COLUMN,
    )
    for n, ring in enumerate(rings):
        _box(frame, frame.column(float(n)), ring, ascii_only=ascii_only)
    lines: list[Line] = list(frame.grid.picture(ascii_only=ascii_only))
    if numbers:
        places = [share(ring.percentile, 0, "%") for ring in rings]
        lines.append(_row(frame, "now", [_percent(ring.now) for ring in rings], "text"))
        lines.append(_row(frame, "pctl", places, "muted"))
    return lines


def _box(frame: Frame, column: int, ring: Ring, *, ascii_only: bool) -> None:
    row = partial(_row_of, frame)
    for at in _between(row(ring.low), row(ring.high)):
        frame.grid.put(column, at, "│", "faint")
    left, wide = column - HALF_BOX, 2 * HALF_BOX + 1
    for at in _between(row(ring.lower_quarter), row(ring.upper_quarter)):
        frame.grid.put(left, at, _box_sign(ascii_only=ascii_only) * wide, "muted")
    if (middle := row(ring.median)) is not None:
        frame.grid.put(left, middle, "━" * wide, "strong")
    if (today := row(ring.now)) is not None:
        frame.grid.put(column, today, "●", "line")


def _box_sign(*, ascii_only: bool) -> str:
    return "#" if ascii_only else "░"


def _row_of(frame: Frame, fraction: float | None) -> int | None:
    return None if fraction is None else frame.row(100 * fraction)


def _between(lower: int | None, upper: int | None) -> range:
    """The rows of the grid from one down to the other."""
    return range(0) if lower is None or upper is None else range(upper, lower + 1)


def _row(frame: Frame, name: str, words: Sequence[str], role: str) -> Line:
    """Return a number beneath each box, what they are in the column of labels."""
    cells = [" "] * frame.width
    for n, word in enumerate(words):
        start = max(0, min(frame.column(float(n)) - len(word) // 2, frame.width - len(word)))
        cells[start : start + len(word)] = word
    label = name.rjust(frame.grid.width - frame.width)
    return (("".join(cells), role), (label, "faint"))


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
