"""What a click does on a market screen: on a crumb, on the feeds' badge, on a chart's range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.screens.watched_rows import WatchScreen
from widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from widgets.price_chart import PricePanel


class PointingScreen(WatchScreen):
    """The part of a market screen that answers the mouse where a key would do the same."""

    def crumbs(self) -> tuple[str, ...]:
        """Return the way from the index to here."""
        raise NotImplementedError

    def choose_span(self, span: str) -> None:
        """Show a range of the chart that was clicked on."""
        raise NotImplementedError

    def on_title_bar_crumb_clicked(self, event: TitleBar.CrumbClicked) -> None:
        """Go back to a screen of the way here."""
        event.stop()
        way = self.crumbs()[: event.place + 1]
        above = 0
        for screen in reversed(self.program.screen_stack):
            if isinstance(screen, PointingScreen) and screen.crumbs() == way:
                break
            above += 1
        if self.program.screen is self and above < len(self.program.screen_stack):
            for _ in range(above):
                self.program.pop_screen()

    async def on_title_bar_feeds_clicked(self, event: TitleBar.FeedsClicked) -> None:
        """Show the feeds' health, or go back from it."""
        event.stop()
        await self.program.run_action("feeds")

    def on_price_panel_span_chosen(self, event: PricePanel.SpanChosen) -> None:
        """Show another range."""
        event.stop()
        self.choose_span(event.span)
