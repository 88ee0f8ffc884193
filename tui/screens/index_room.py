"""What the rooms about the whole index share: breadth, rotation and changes."""

from __future__ import annotations

from textual import on

from tui.screens.market_screen import MarketScreen
from tui.screens.way_down import screen_of
from widgets.panel import Panel


class IndexRoom(MarketScreen):
    """A room whose rows open groups and symbols."""

    CSS_PATH = "../styles/rooms.tcss"

    @on(Panel.Opened)
    def open_symbol(self, event: Panel.Opened) -> None:
        """Go into a group, or to a symbol."""
        event.stop()
        self.go_down(screen_of(self.desk, event.symbol))
