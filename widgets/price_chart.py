"""The chart panel of one symbol: seven spans, line or candles, volume, averages, the index."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.message import Message
from textual.reactive import reactive

from market.instruments import INDEX
from market.quotes import Key, Kind
from market.snapshot import Snapshot
from widgets.bar_times import SPANS, is_daily
from widgets.chart_paint import chart_lines
from widgets.chart_view import AVERAGES, ChartView, chart_view
from widgets.lines import Item, Line, Run, between, dimmed, item, joined, packed, width_of
from widgets.mark import Mark
from widgets.panel import SymbolPanel
from widgets.reconstituted import LEGEND
from widgets.strips import direction, percent, price
from widgets.strokes import sample_of
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
    if view.outside.known:
        figures.append(item(*labelled(view.tag, view.outside.moved(2, " %")), priority=2))
    if view.compare:
        beside = percent(view.change_beside, 2, " %")
        name: Run = ("RUT ", "compare")
        return [*figures, item(name, (beside, direction(beside)), priority=1)]
    if view.averages and view.span not in ("1D", "5D", "1M"):
        figures += [item((f"{sample_of(role)} {n}d", role), priority=3) for n, role in AVERAGES]
    if view.layout is not None:
        high, low = price(view.high, view.decimals), price(view.low, view.decimals)
        figures.append(item(*labelled(f"{view.hours} H".lstrip(), (high, "muted")), priority=2))
        figures.append(item(*labelled("L", (low, "muted")), priority=2))
    return figures


def _legend(view: ChartView) -> Line:
    name = "level" if view.symbol.startswith("@") else view.symbol
    return ((name + " ", "line"),) if view.compare else ()


def span_at(line: Line, x: int) -> str:
    """Return the span that stands at a cell of a painted header; empty where there is none."""
    end = 0
    for text, _ in line:
        end += len(text)
        if x < end:
            return text if text in SPANS else ""
    return ""


class PricePanel(SymbolPanel[ChartView]):
    """Where one symbol's price has been."""

    class SpanChosen(Message):
        """A span of the header was clicked on."""

        def __init__(self, span: str) -> None:
            super().__init__()
            self.span = span

    span: reactive[str] = reactive("1D", repaint=False)
    """One of SPANS."""
    drawing: reactive[str] = reactive("line", repaint=False)
    """`line` or `candles`."""
    compare: reactive[bool] = reactive(False, repaint=False)
    """Whether the index stands beside, both in percent."""
    averages: reactive[bool] = reactive(False, repaint=False)
    """Whether the means of 50 and 200 sessions are drawn on spans of daily bars."""

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
        """Return symbol and span, the index when it stands beside, and what a sign means."""
        beside = " against RUT" if self.compare and self.symbol != INDEX else ""
        return f"{self._shown_name} · {self.span}{beside}{self._legend}"

    @property
    def _legend(self) -> str:
        """What the sign of a reconstitution means, where there is one."""
        return f" · {LEGEND}" if self._view is not None and self._view.marks else ""

    @property
    def _shown_name(self) -> str:
        """The symbol; of a group of members its name."""
        if self.snapshot is None or not self.symbol.startswith("@"):
            return self.symbol
        return self.snapshot.cast[self.symbol].group

    @property
    def can_draw(self) -> frozenset[str]:
        """Which of `drawing` and `averages` would change what is shown."""
        bars = None if self._view is None else self._view.bars
        if bars is None or self.compare:
            return frozenset()
        can = {"drawing": bars.has_range, "averages": is_daily(bars)}
        return frozenset(name for name, would in can.items() if would)

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the price, and whether the span's bars fail."""
        keys = [Key(kind, self.symbol) for kind in (Kind.INTRADAY, Kind.DAILY)]
        keys.append(Key(Kind.CHART, self.symbol, self.span))
        return mark_for(snapshot, (f"{snapshot.cast[self.symbol].slug}.last",), keys)

    def view_from(self, snapshot: Snapshot) -> ChartView:
        """Return the view."""
        return chart_view(
            snapshot,
            self.symbol,
            self.span,
            self.drawing,
            compare=self.compare,
            averages=self.averages,
        )

    def on_click(self, event: events.Click) -> None:
        """Tell of a click on a span."""
        column, row = self.body_place(event)
        if row != 0 or self._view is None:
            return
        line = header(self._view, self.body_width)
        if span := span_at(line, column):
            event.stop()
            event.prevent_default()
            self.post_message(self.SpanChosen(span))

    def lines_of(
        self, view: ChartView, width: int, height: int, *, ascii_only: bool
    ) -> Sequence[Line]:
        """Paint the view."""
        return paint(view, width, height, ascii_only=ascii_only)
