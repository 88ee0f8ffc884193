"""The chart of a group of members: its own level, its day as far as captop has seen it."""

from __future__ import annotations

from market.sessions import NEW_YORK
from market.snapshot import Snapshot
from widgets.chart_view import ChartView, chart_view
from widgets.price_chart import PricePanel
from widgets.trend import seen_from, shown_window


class GroupChart(PricePanel):
    """Where a group's level has been; of a day too little seen, the month stands in."""

    def view_from(self, snapshot: Snapshot) -> ChartView:
        """Return the view of the span that can be drawn."""
        return chart_view(
            snapshot,
            self.symbol,
            shown_window(snapshot, self.symbol, self.span),
            self.drawing,
            compare=self.compare,
            averages=self.averages,
        )

    def heading(self) -> str:
        """Return the group's name, the span drawn, and what is not seen of the day."""
        beside = " · against RUT" if self.compare else ""
        return f"{self._shown_name} · {self._told_span()}{beside}{self._legend}"

    def _told_span(self) -> str:
        snapshot = self.snapshot
        if snapshot is None or self.span != "1D":
            return self.span
        shown = shown_window(snapshot, self.symbol, "1D")
        seen = seen_from(snapshot, self.symbol)
        since = "" if seen is None else f"{seen.astimezone(NEW_YORK):%H:%M}"
        if shown != "1D":
            why = f", as 1D is seen only from {since}" if since else " until enough of 1D is seen"
            return shown + why
        return f"1D as seen from {since}" if since else "1D"
