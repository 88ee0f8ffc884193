"""The thesis screen: every line of the stories, its evidence, and its closes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual import on

from market.interest import overview_keys
from market.interest_metrics import metric_keys
from market.metrics.compute import metric_named
from market.quotes import Key
from tui.paint_beat import Beat
from tui.screens.market_screen import MarketScreen
from tui.screens.way_down import ROOT, screen_of
from widgets.panel import Panel
from widgets.thesis_chart import CoursePanel
from widgets.thesis_evidence import EvidencePanel
from widgets.thesis_table import ThesisTablePanel, line_at


class ThesisScreen(MarketScreen):
    """A table of claims over the evidence and the closes of the one under the cursor."""

    CSS_PATH = "../styles/rooms.tcss"
    room = "go.thesis"
    unseen: ClassVar[Mapping[str, str]] = {"evidence": "evidence", "course": "by closes"}
    _wanted: frozenset[Key] = frozenset()

    def crumbs(self) -> tuple[str, ...]:
        """Return the way to here."""
        return (ROOT, "thesis")

    def compose_panels(self) -> Iterable[Panel]:
        """Yield the table, and what belongs to its chosen line."""
        yield ThesisTablePanel(id="lines")
        yield EvidencePanel(id="evidence")
        yield CoursePanel(id="course")

    def wanted(self) -> Iterable[Key]:
        """Return what the overview shows, and what the stories are judged by."""
        snapshot = self.desk.snapshot
        board = snapshot.scoreboard
        names = board.metrics if board is not None else ()
        self._wanted = metric_keys(names, snapshot)
        return overview_keys(self.desk.settings.cast) | self._wanted

    def beat(self, beat: Beat) -> None:
        """Take the news; what is missing may be other days by now."""
        super().beat(beat)
        board = beat.snapshot.scoreboard
        names = board.metrics if board is not None else ()
        if beat.is_news and metric_keys(names, beat.snapshot) != self._wanted:
            self.call_after_refresh(self.want)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer no windows, since each claim has its own, and nothing that a symbol needs."""
        if action in {"next_window", "previous_window", "watch"}:
            return False
        return super().check_action(action, parameters)

    @on(ThesisTablePanel.LineChosen)
    def show_line(self, event: ThesisTablePanel.LineChosen) -> None:
        """Show the line under the cursor."""
        event.stop()
        row = event.panel.cursor_symbol or ""
        self.query_one(EvidencePanel).row = row
        self.query_one(CoursePanel).row = row

    @on(Panel.Opened)
    def open_evidence(self, event: Panel.Opened) -> None:
        """Go from a line into its evidence, and from a metric to what it is about."""
        event.stop()
        snapshot = self.desk.snapshot
        if isinstance(event.panel, ThesisTablePanel):
            if line_at(snapshot, event.symbol) is not None:
                self.go_to(self.query_one(EvidencePanel))
            return
        found = metric_named(event.symbol, snapshot.cast)
        if found is not None:
            self.go_down(screen_of(self.desk, found[1].symbol))
