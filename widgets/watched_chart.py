"""The chart below a short watchlist: the chosen window of the symbol under the cursor."""

from __future__ import annotations

from collections.abc import Sequence

from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from market.snapshot import Snapshot
from widgets.chart_paint import chart_lines
from widgets.chart_view import ChartView, chart_view
from widgets.lines import Line, between, cropped, dimmed, item, packed, strip_of, width_of
from widgets.palette import app_of, ascii_of, palette_of
from widgets.strips import direction, percent, price
from widgets.values import labelled
from widgets.watchlist_view import name_of

FEWEST_ROWS = 6
"""Rows below which a chart says less than empty space."""
MOST_ROWS = 16
LEAST_WIDTH = 60


def rows_left(width: int, height: int, count: int) -> int:
    """Return the rows that a list of `count` symbols leaves to a chart in a framed panel.

    The frame, the titles and a blank line are the list's; 0 where a chart would be too small.
    """
    left = height - 2 - (1 + max(1, count)) - 1
    return min(left, MOST_ROWS) if left >= FEWEST_ROWS and width >= LEAST_WIDTH else 0


def paint(
    view: ChartView, name: str, width: int, height: int, *, ascii_only: bool = False
) -> list[Line]:
    """Return symbol, name and the window's figures on a line, the chart below."""
    if height < 1 or width < 1:
        return []
    lines = chart_lines(view, width, height - 1, ascii_only=ascii_only)
    return [_header(view, name, width), *lines]


def _header(view: ChartView, name: str, width: int) -> Line:
    figures = _figures(view, width - len(view.symbol) - 4)
    room = width - len(view.symbol) - width_of(figures) - 3
    title = ((view.symbol, "strong"), (f" {cropped(name, room)}", "muted"))
    return between(title, dimmed(figures) if view.old else figures, width)


def _figures(view: ChartView, room: int) -> Line:
    if view.layout is None:
        return ((view.span, "accent"),)
    change = percent(view.change, 2, " %")
    high, low = price(view.high, view.decimals), price(view.low, view.decimals)
    items = [
        item((f"{view.span} ", "accent"), (change, direction(change)), priority=0),
        item(*labelled(f"{view.hours} high".lstrip(), (high, "muted")), priority=1),
        item(*labelled("low", (low, "muted")), priority=1),
    ]
    return packed(items, room, 2)


class WatchedChart(Widget):
    """One symbol of the watchlist as a chart, as high as the list leaves room."""

    DEFAULT_CSS = "WatchedChart { height: 0; width: 1fr; margin: 0 2 1 2; display: none; }"

    rows: reactive[int] = reactive(0, repaint=False)
    """How high it is; 0 where there is no room."""

    _view: ChartView | None = None
    _name: str = ""
    _painted: Sequence[Line] = ()
    _painted_for: object = None

    def watch_rows(self, rows: int) -> None:
        """Be as high as that, or gone."""
        self.display = rows > 0
        self.styles.height = rows

    def take(self, snapshot: Snapshot | None, symbol: str | None, window: str) -> None:
        """Show a symbol over a window; nothing is worked out while there is no room."""
        if snapshot is None or symbol is None or not self.rows:
            self._view = None
            return
        view, name = chart_view(snapshot, symbol, window), name_of(snapshot, symbol)
        if (view, name) != (self._view, self._name):
            self._view, self._name = view, name
            self.repaint()

    def repaint(self) -> None:
        """Paint everything again."""
        self._painted_for = None
        self.refresh()

    def _lines(self) -> Sequence[Line]:
        if self._view is None:
            return ()
        key = (self.size, ascii_of(self))
        if key != self._painted_for:
            self._painted_for = key
            name, (width, height) = self._name, self.size
            self._painted = paint(self._view, name, width, height, ascii_only=ascii_of(self))
        return self._painted

    def render_line(self, y: int) -> Strip:
        """Return one of its lines."""
        lines = self._lines()
        line = lines[y] if y < len(lines) else ()
        strip = strip_of(line, palette_of(app_of(self)), self.size.width, ascii_only=ascii_of(self))
        return strip.apply_style(self.visual_style.rich_style)
