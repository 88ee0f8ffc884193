"""The chart of a group of members: its own level, its day as far as captop has seen it."""

from __future__ import annotations

from market.group_days import day_cover
from market.sessions import NEW_YORK
from market.snapshot import Snapshot
from widgets.chart_view import ChartView, chart_view
from widgets.frame import PART
from widgets.price_chart import PricePanel
from widgets.strips import share
from widgets.trend import seen_from, shown_window


def last_day_of(snapshot: Snapshot, symbol: str, window: str) -> str:
    """Return whose own days a group's is put together of, `87 of 190 members, 81.2 % of weight`.

    Empty for other windows, and where captop saw the whole of it, or only a part.
    """
    cover = day_cover(snapshot, symbol) if window == "1D" else None
    if cover is None or seen_from(snapshot, symbol) is not None:
        return ""
    return f"{cover.used:,} of {cover.total:,} members, {share(cover.share, 1)} of weight"


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
        who = f"{PART}{words}" if (words := self._told_by()) else ""
        return f"{self._shown_name} · {self._told_span()}{beside}{self._legend}{who}"

    def _told_by(self) -> str:
        return "" if self.snapshot is None else last_day_of(self.snapshot, self.symbol, self.span)

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
