"""The changes screen: who came to the index, who left it, and when it is reconstituted."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on

from market.interest import overview_keys
from market.quotes import Key
from tui.screens.market_screen import MarketScreen
from tui.screens.way_down import ROOT, screen_of
from widgets.changes import ChangesPanel
from widgets.panel import Panel


class ChangesScreen(MarketScreen):
    """Changes of members between the holdings files that were kept."""

    CSS_PATH = "../styles/rooms.tcss"
    is_room = True

    def crumbs(self) -> tuple[str, ...]:
        """Return the way to here."""
        return (ROOT, "changes")

    def compose_panels(self) -> Iterable[Panel]:
        """Yield the list."""
        yield ChangesPanel(id="changes")

    def wanted(self) -> Iterable[Key]:
        """Return the index's data; the members' come without being asked for."""
        return overview_keys(self.desk.settings.cast)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer no windows: a change has a day."""
        if action in {"next_window", "previous_window"}:
            return False
        return super().check_action(action, parameters)

    @on(Panel.Opened)
    def open_symbol(self, event: Panel.Opened) -> None:
        """Go to a symbol."""
        event.stop()
        self.go_down(screen_of(self.desk, event.symbol))
