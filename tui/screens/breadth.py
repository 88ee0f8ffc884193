"""The breadth screen: how many members take part, today, over time and by sector."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from tui.bindings import bindings_of
from tui.keys import Scope
from tui.screens.index_room import IndexRoom
from tui.screens.way_down import ROOT
from widgets.breadth import BreadthPanel
from widgets.breadth_chart import TOPICS, BreadthChartPanel
from widgets.breadth_table import BreadthTablePanel
from widgets.panel import Panel


class BreadthScreen(IndexRoom):
    """Breadth: today's figures, a chart of one topic, and a table of the groups."""

    room = "go.breadth"
    unseen: ClassVar[Mapping[str, str]] = {"chart": "chart"}
    BINDINGS = bindings_of(Scope.BREADTH)

    def crumbs(self) -> tuple[str, ...]:
        """Return the way to here."""
        return (ROOT, "breadth")

    def compose_panels(self) -> Iterable[Panel]:
        """Yield today's figures, the chart and the table."""
        yield BreadthPanel(id="breadth")
        yield BreadthChartPanel(id="chart")
        yield BreadthTablePanel(id="groups")

    @property
    def first_panel(self) -> Panel:
        """The table: a list one can walk at once."""
        return self.query_one(BreadthTablePanel)

    def action_next_topic(self) -> None:
        """Draw the next topic; a chart that has no room beside the table comes to full screen."""
        chart, topics = self.query_one(BreadthChartPanel), tuple(TOPICS)
        if not chart.display:
            self.go_to(chart)
            return
        chart.topic = topics[(topics.index(chart.topic) + 1) % len(topics)]
