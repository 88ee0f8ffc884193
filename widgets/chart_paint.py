"""Draws a chart view: lines or candles, session times below, volume where there is room."""

from __future__ import annotations

from functools import lru_cache

from widgets import plotting
from widgets.axis import session_ticks
from widgets.chart_layout import Layout
from widgets.chart_view import ChartView
from widgets.lines import dimmed, folded
from widgets.picture import Picture, blank
from widgets.reconstituted import markers_at
from widgets.strips import percent, price, volume

LEAST_HEIGHT = 4
"""Rows below which a chart says less than its place costs."""
VOLUME_FROM = 14
"""Rows from which on a part of them shows volume."""


def chart_lines(view: ChartView, width: int, height: int, *, ascii_only: bool = False) -> Picture:
    """Return a chart of exactly that size; only words when there are no bars."""
    if height < 1 or width < 1:
        return ()
    return _drawn(view, width, height, ascii_only, plotting.is_ready())


@lru_cache(maxsize=24)
def _drawn(
    view: ChartView,
    width: int,
    height: int,
    ascii_only: bool,
    _ready: bool,
) -> Picture:
    """Draw once for each version, size and readiness; all of them are the cache's key."""
    if view.layout is None:
        return _without_bars(view.reason, width, height)
    volume_rows = _volume_rows(view, height)
    pane = _Pane(view, view.layout, width, ascii_only=ascii_only)
    picture = pane.prices(height - volume_rows)
    axis = len(picture) - pane.axis_rows
    whole = (*picture[:axis], *pane.volumes(volume_rows), *picture[axis:])
    return tuple(dimmed(row) for row in whole) if view.old else whole


class _Pane:
    """The drawing of one view at one width."""

    def __init__(self, view: ChartView, layout: Layout, width: int, *, ascii_only: bool) -> None:
        shown = layout.shown
        self._view = view
        self._bars = layout.bars.between(shown.start, shown.stop)
        self._xs = layout.xs[shown.start : shown.stop]
        self._x_range = (0.0, float(max(1, len(layout.times) - 1)))
        self._width = width
        self._ascii = ascii_only
        self._gutter = _gutter(view)
        self._ticks = session_ticks(layout.times, width - self._gutter, view.span)

    @property
    def axis_rows(self) -> int:
        """Rows of tick labels below the prices."""
        return 1 if self._ticks else 0

    def prices(self, height: int) -> Picture:
        """Return candles or lines with the axis below."""
        return self._candles(height) if self._view.has_candles else self._lines(height)

    def _lines(self, height: int) -> Picture:
        view = self._view
        return plotting.line_chart(
            view.curves,
            self._width,
            height,
            rules=view.rules,
            ticks=self._ticks,
            y_decimals=view.decimals,
            ascii_only=self._ascii,
            x_range=self._x_range,
            percent=bool(view.compare),
            gutter=self._gutter,
            markers=markers_at(view.marks),
        )

    def _candles(self, height: int) -> Picture:
        from widgets.candles import candle_chart

        bars = self._bars
        averages = [c for c in self._view.curves if c.role.startswith("average")]
        return candle_chart(
            bars.open,
            bars.high,
            bars.low,
            bars.close,
            width=self._width,
            height=height,
            rules=self._view.rules,
            ticks=self._ticks,
            y_decimals=self._view.decimals,
            ascii_only=self._ascii,
            gutter=self._gutter,
            x_range=self._x_range,
            xs=self._xs,
            beneath=plotting.curves_beneath(averages, ascii_only=self._ascii),
            above=plotting.markers_above(markers_at(self._view.marks)),
        )

    def volumes(self, height: int) -> Picture:
        """Return bars of volume that stand below the prices."""
        bars = self._bars
        if height < 1 or not len(bars):
            return ()
        from widgets.candles import volume_bars

        opens = bars.open if bars.has_range else bars.close[:1] + bars.close[:-1]
        ups = tuple(c >= o for c, o in zip(bars.close, opens, strict=True))
        return volume_bars(
            bars.volume,
            ups,
            self._width,
            height,
            x_range=self._x_range,
            xs=self._xs,
            ascii_only=self._ascii,
            gutter=self._gutter,
            label=volume(max(bars.volume)),
        )


def _gutter(view: ChartView) -> int:
    """Return the width of the value labels, one for the prices and the volume below."""
    if view.compare:
        return max(len(percent(v, 2, " %")) for v in (view.change, view.change_beside)) + 1
    return max(len(price(v, view.decimals)) for v in (view.high, view.low)) + 1


def _volume_rows(view: ChartView, height: int) -> int:
    bars = view.bars
    known = bars is not None and len(bars.volume) == len(bars) and any(bars.volume)
    if not known or view.compare or height < VOLUME_FROM:
        return 0
    return min(8, height // 5)


def _without_bars(reason: str, width: int, height: int) -> Picture:
    rows = list(blank(width, height))
    words = folded(reason, width, height)
    for row, text in enumerate(words, (height - len(words)) // 2):
        rows[row] = ((text.center(width), "absent"),)
    return tuple(rows)
