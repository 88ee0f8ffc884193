"""VIX and RVX over a year of closes, today's levels at the end."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from market.instruments import RVX, VIX
from market.quotes import Bars
from market.snapshot import Snapshot
from widgets import plotting
from widgets.axis import session_ticks
from widgets.bar_times import bars_of
from widgets.lines import Line, dimmed, item, packed
from widgets.mark import Mark
from widgets.panel import ViewPanel
from widgets.picture import Curve
from widgets.strips import ratio
from widgets.strokes import sample_of
from widgets.values import Value, absence, family_mark, labelled, level_of, value_of

SPAN = "1Y"
_GUTTER = 8
"""Cells that the value labels take, about."""
_DAY_S = 86_400


class HistoryView(msgspec.Struct, frozen=True):
    """Both levels by session of a year, oldest first."""

    times: tuple[int, ...]
    vix: tuple[float | None, ...]
    rvx: tuple[float | None, ...]
    now: tuple[Value, Value, Value]
    """VIX, RVX, and RVX over VIX."""


def history_view(snapshot: Snapshot) -> HistoryView:
    """Return what the chart shows: every session that either has, gaps where one has none."""
    vix, rvx = (_by_day(bars_of(snapshot, symbol, SPAN)) for symbol in (VIX, RVX))
    days = sorted(vix.keys() | rvx.keys())
    now = level_of(snapshot, VIX), level_of(snapshot, RVX), value_of(snapshot, "rvx.vix_ratio")
    return HistoryView(
        tuple((vix.get(day) or rvx[day])[0] for day in days),
        tuple(vix[day][1] if day in vix else None for day in days),
        tuple(rvx[day][1] if day in rvx else None for day in days),
        now,
    )


def _by_day(bars: Bars | None) -> dict[int, tuple[int, float]]:
    if bars is None:
        return {}
    pairs = zip(bars.times, bars.close, strict=True)
    return {time // _DAY_S: (time, close) for time, close in pairs}


def paint(view: HistoryView, width: int, height: int, *, ascii_only: bool = False) -> list[Line]:
    """Return today's levels, and below them the lines of a year."""
    if height < 1 or width < 1:
        return []
    vix, rvx, above = view.now
    if not view.times and not vix.known:
        return absence(vix.reason, width, height)
    lines = [
        packed(
            [
                item((f"{sample_of('line')} VIX ", "line"), vix.level(2)),
                item((f"{sample_of('compare')} RVX ", "compare"), rvx.level(2), priority=1),
                item(*labelled("RVX/VIX", above.run(ratio(above.number))), priority=2),
            ],
            width,
            3,
        )
    ]
    if height >= 4 and view.times:
        lines += _drawn(view, width, height - 1, ascii_only=ascii_only)
    return [dimmed(line) for line in lines] if vix.old else lines


def _drawn(view: HistoryView, width: int, height: int, *, ascii_only: bool) -> Sequence[Line]:
    xs = tuple(float(n) for n in range(len(view.times)))
    return plotting.line_chart(
        [Curve(xs, view.vix, "line"), Curve(xs, view.rvx, "compare")],
        width,
        height,
        ticks=session_ticks(view.times, width - _GUTTER, SPAN),
        y_decimals=1,
        ascii_only=ascii_only,
        x_range=(0.0, float(max(1, len(view.times) - 1))),
    )


class VolatilityHistoryPanel(ViewPanel[HistoryView]):
    """A year of VIX, and of RVX above it."""

    can_focus = True
    TITLE = "VIX and RVX · 1Y"

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the levels."""
        return family_mark(snapshot, ["vix.last", "rvx.last"])

    def view_from(self, snapshot: Snapshot) -> HistoryView:
        """Return the view."""
        return history_view(snapshot)

    def lines_of(
        self, view: HistoryView, width: int, height: int, *, ascii_only: bool
    ) -> Sequence[Line]:
        """Paint the view."""
        return paint(view, width, height, ascii_only=ascii_only)
