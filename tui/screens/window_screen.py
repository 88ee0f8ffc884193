"""The window of returns that a market screen shows."""

from __future__ import annotations

from textual.reactive import reactive

from tui.screens.telling import TellingScreen
from widgets.strip_line import StripLine
from widgets.values import WINDOWS


class WindowScreen(TellingScreen):
    """The part of a market screen that goes from window to window."""

    window: reactive[str] = reactive("", repaint=False, init=False)
    """The chosen window of returns."""

    def watch_window(self, window: str) -> None:
        """Hand the window on."""
        self.query_one(StripLine).window = window
        for panel in self.panels:
            panel.window = window

    def choose_span(self, span: str) -> None:
        """Choose the window of a chart's range that was clicked on, if it is one."""
        if span in WINDOWS:
            self.desk.window = self.window = span

    def action_next_window(self) -> None:
        """Show the next window."""
        self.window = self.desk.step_window(1)

    def action_previous_window(self) -> None:
        """Show the previous window."""
        self.window = self.desk.step_window(-1)
