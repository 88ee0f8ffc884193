"""The flows screen: what was created and redeemed of each fund, and one of them day by day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual import on

from market.interest import overview_keys
from market.interest_rooms import flow_keys
from market.quotes import Key
from tui.paint_beat import Beat
from tui.screens.index_room import IndexRoom
from tui.screens.way_down import ROOT
from widgets.flows_chart import FlowsChartPanel
from widgets.flows_table import FlowsTablePanel
from widgets.panel import Panel


class FlowsScreen(IndexRoom):
    """A table of funds over the chart of the one under the cursor."""

    room = "go.flows"
    unseen: ClassVar[Mapping[str, str]] = {"chart": "chart"}
    _wanted: frozenset[Key] = frozenset()

    def crumbs(self) -> tuple[str, ...]:
        """Return the way to here."""
        return (ROOT, "flows")

    def compose_panels(self) -> Iterable[Panel]:
        """Yield the table and the chart."""
        yield FlowsTablePanel(id="funds")
        yield FlowsChartPanel(id="chart")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer no windows: the sums stand beside each other."""
        if action in {"next_window", "previous_window"}:
            return False
        return super().check_action(action, parameters)

    def wanted(self) -> Iterable[Key]:
        """Return what the overview shows, and the counts of all funds."""
        self._wanted = flow_keys(self.desk.snapshot)
        return self._wanted | overview_keys(self.desk.settings.cast)

    def beat(self, beat: Beat) -> None:
        """Take the news; counts without a value call for closes."""
        super().beat(beat)
        if beat.is_news and flow_keys(beat.snapshot) != self._wanted:
            self.call_after_refresh(self.want)

    @on(FlowsTablePanel.FundChosen)
    def show_fund(self, event: FlowsTablePanel.FundChosen) -> None:
        """Draw the fund under the cursor."""
        event.stop()
        self.query_one(FlowsChartPanel).symbol = event.panel.cursor_symbol or ""
