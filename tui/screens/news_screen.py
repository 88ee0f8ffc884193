"""What a screen with news does: rows of it open in the browser."""

from __future__ import annotations

from textual import on

from tui.screens.address import AddressScreen
from tui.screens.market_screen import MarketScreen
from widgets.stories import StoriesPanel


class NewsScreen(MarketScreen):
    """A market screen with a panel of filings and headlines."""

    @property
    def stories(self) -> StoriesPanel:
        """The news."""
        return self.query_one(StoriesPanel)

    @property
    def opens(self) -> bool:
        """Whether the news has the keys, and its cursor is on something to read."""
        return bool(self.address)

    @property
    def address(self) -> str:
        """Where the row under the cursor can be read; empty unless the news has the keys."""
        has_keys = self.is_mounted and self.focused_panel is self.stories
        return self.stories.address if has_keys else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the browser for what can be read there."""
        if action == "browse":
            return self.opens
        return super().check_action(action, parameters)

    def why_idle(self, action: str) -> str:
        """Return why nothing can be opened in the browser now."""
        if action not in {"open", "browse"}:
            return super().why_idle(action)
        if self.stories not in self.panels:
            return "there is no news of this to read"
        if self.focused_panel is self.stories:
            return "nothing to read here: this row has no address that a browser may be given"
        number = self.panels.index(self.stories) + 1
        return f"press {number} for the news, and open what its cursor is on"

    @on(StoriesPanel.AddressOpened)
    def show_page(self, event: StoriesPanel.AddressOpened) -> None:
        """Show what was opened in the browser."""
        event.stop()
        self._browse(event.address)

    def action_browse(self) -> None:
        """Open the row of the news under the cursor in the browser."""
        if address := self.address:
            self._browse(address)

    def _browse(self, address: str) -> None:
        self.run_worker(self._shown_in_browser(address), group="browser", exclusive=True)

    async def _shown_in_browser(self, address: str) -> None:
        """Open the browser; where there is none, show the address itself."""
        if await self.desk.browser.open(address):
            self.say("opened in the browser")
        elif self.is_current:
            self.program.push_screen(AddressScreen(address))
