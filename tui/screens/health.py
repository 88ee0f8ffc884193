"""The health screen: each feed's state, what could not be renewed, stalls, and what was said."""

from __future__ import annotations

from collections.abc import Iterable

from tui.paint_beat import Beat
from tui.screens.market_screen import MarketScreen
from widgets.feeds_table import FeedsPanel
from widgets.panel import Panel


class HealthScreen(MarketScreen):
    """How the feeds do."""

    CSS_PATH = "../styles/health.tcss"
    room = "app.feeds"

    def crumbs(self) -> tuple[str, ...]:
        """Return the way to the feeds."""
        return ("Russell 2000", "feeds")

    def compose_panels(self) -> Iterable[Panel]:
        """Yield the table of feeds."""
        yield FeedsPanel(id="feeds")

    def renew(self) -> None:
        """Show everything as it is now, the feeds nobody has heard of yet among it."""
        self.query_one(FeedsPanel).feeds = self.desk.feeds
        super().renew()

    def beat(self, beat: Beat) -> None:
        """Show what the engine has said until now, which the footer says only once."""
        for panel in self.query(FeedsPanel):  # none is left when the program ends
            panel.notices = self.desk.notices
            panel.stalls = self.desk.loop_watch.stalls
        super().beat(beat)

    def why_idle(self, action: str) -> str:
        """Return why a row cannot be opened."""
        if action == "open":
            return "a feed's row tells all there is; nothing lies behind it"
        return super().why_idle(action)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer no symbols: rows are feeds."""
        if action in {"open", "watch", "next_window", "previous_window"}:
            return False
        return super().check_action(action, parameters)
