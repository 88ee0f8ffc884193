"""The chart panel of one symbol: seven spans, line or candles, volume, averages, the index."""

from __future__ import annotations

from collections.abc import Sequence

from textual.reactive import reactive

from market.instruments import INDEX
from market.quotes import Key, Kind
from market.snapshot import Snapshot
from widgets.bar_times import SPANS
from widgets.chart_paint import chart_lines
from widgets.chart_view import ChartView, chart_view
from widgets.lines import Item, Line, Run, between, dimmed, item, joined, packed, width_of
from widgets.mark import Mark
from widgets.panel import Panel
from widgets.strips import direction, percent, price
from widgets.values import labelled, mark_for

__all__ = ["SPANS", "PricePanel", "paint"]


def paint(view: ChartView, width: int, height: int, *, ascii_only: bool = False) -> list[Line]:
    """Return the chart below a line of its spans and figures."""
    if height < 1 or width < 1:
        return []
    rows = height - 1
    return [header(view, width), *chart_lines(view, width, rows, ascii_only=ascii_only)]


def header(view: ChartView, width: int) -> Line:
    """Return `1D 5D 1M 6M YTD 1Y 5Y` with the span marked, and its change, high and low."""
    spans: list[Line] = [((span, "accent" if span == view.span else "faint"),) for span in SPANS]
    left = joined(spans, 2)
    figures = _fitting(view, left, width)
    if not figures:  # the numbers say more than the other spans
        left = ((view.span, "accent"),)
        figures = _fitting(view, left, width)
    return between(left, dimmed(figures) if view.old else figures, width)


def _fitting(view: ChartView, left: Line, width: int) -> Line:
    return packed(_figures(view), width - width_of(left) - 2, 2)


def _figures(view: ChartView) -> list[Item]:
    change = percent(view.change, 2, " %")
    figures = [item(*_legend(view), (change, direction(change)), priority=0)]
    if view.outside is not None:
        outside = percent(view.outside, 2, " %")
        figures.append(item(*labelled(view.tag, (outside, direction(outside))), priority=2))
    if view.compare:
        beside = percent(view.change_beside, 2, " %")
        name: Run = ("RUT ", "compare")
        return [*figures, item(name, (beside, direction(beside)), priority=1)]
    if view.averages and view.span not in ("1D", "5D", "1M"):
        figures.append(item(("50d", "average_50"), (" 200d", "average_200"), priority=3))
    if view.layout is not None:
        high, low = price(view.high, view.decimals), price(view.low, view.decimals)
        figures.append(item(*labelled("H", (high, "muted")), priority=2))
        figures.append(item(*labelled("L", (low, "muted")), priority=2))
    return figures


def _legend(view: ChartView) -> Line:
    return ((view.symbol + " ", "line"),) if view.compare else ()


class PricePanel(Panel):
    """Where one symbol's price has been."""

    can_focus = True

    symbol: reactive[str] = reactive("", repaint=False)
    span: reactive[str] = reactive("1D", repaint=False)
    """One of SPANS."""
    drawing: reactive[str] = reactive("line", repaint=False)
    """`line` or `candles`."""
    compare: reactive[bool] = reactive(False, repaint=False)
    """Whether the index stands beside, both in percent."""
    averages: reactive[bool] = reactive(False, repaint=False)
    """Whether the means of 50 and 200 sessions are drawn on spans of daily bars."""

    _view: ChartView | None = None

    def watch_symbol(self) -> None:
        """Show another symbol."""
        self.renew()

    def watch_span(self) -> None:
        """Show another span."""
        self.renew()

    def watch_drawing(self) -> None:
        """Draw in another way."""
        self.renew()

    def watch_compare(self) -> None:
        """Put the index beside or take it away."""
        self.renew()

    def watch_averages(self) -> None:
        """Draw the averages or not."""
        self.renew()

    def heading(self) -> str:
        """Return symbol and span, and the index when it stands beside."""
        beside = " against RUT" if self.compare and self.symbol != INDEX else ""
        return f"{self.symbol} · {self.span}{beside}"

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the price, and whether the span's bars fail."""
        keys = [Key(kind, self.symbol) for kind in (Kind.INTRADAY, Kind.DAILY)]
        keys.append(Key(Kind.CHART, self.symbol, self.span))
        return mark_for(snapshot, (f"{snapshot.cast[self.symbol].slug}.last",), keys)

    def take(self, snapshot: Snapshot) -> bool:
        """Work out the view."""
        view = chart_view(
            snapshot,
            self.symbol,
            self.span,
            self.drawing,
            compare=self.compare,
            averages=self.averages,
        )
        changed = view != self._view
        self._view = view
        return changed

    def body(self, width: int, height: int, *, ascii_only: bool) -> Sequence[Line]:
        """Paint the view."""
        if self._view is None:
            return ()
        return paint(self._view, width, height, ascii_only=ascii_only)

    @property
    def cursor_symbol(self) -> str | None:
        """The symbol shown."""
        return self.symbol or None
