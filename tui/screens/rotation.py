"""The rotation screen: which sub-sectors gain strength against the index, and which lose it."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on

from market.interest import overview_keys
from market.quotes import Key
from tui.screens.market_screen import MarketScreen
from tui.screens.way_down import ROOT, screen_of
from widgets.panel import Panel
from widgets.rotation import RotationPanel

MOVES = frozenset({"row_down", "row_up", "row_first", "row_last"})
"""What keys of lists do here: the panel's list is drawn and no board."""


class RotationScreen(MarketScreen):
    """Relative strength and its momentum, as ways over a plane."""

    CSS_PATH = "../styles/rooms.tcss"
    is_room = True

    def crumbs(self) -> tuple[str, ...]:
        """Return the way to here."""
        return (ROOT, "rotation")

    def compose_panels(self) -> Iterable[Panel]:
        """Yield the plane with its list."""
        yield RotationPanel(id="rotation")

    @property
    def _plane(self) -> RotationPanel:
        return self.query_one(RotationPanel)

    def wanted(self) -> Iterable[Key]:
        """Return the index's data; the members' come without being asked for."""
        return overview_keys(self.desk.settings.cast)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the ways to be gone through; the ways have one span, whatever the window."""
        if action in MOVES:
            return True
        if action in {"next_window", "previous_window"}:
            return False
        return super().check_action(action, parameters)

    def action_row_down(self) -> None:
        """Next way."""
        self._plane.action_cursor_down()

    def action_row_up(self) -> None:
        """Previous way."""
        self._plane.action_cursor_up()

    def action_row_first(self) -> None:
        """First way."""
        self._plane.action_home()

    def action_row_last(self) -> None:
        """Last way."""
        self._plane.action_end()

    @on(Panel.Opened)
    def open_group(self, event: Panel.Opened) -> None:
        """Go into a group."""
        event.stop()
        self.go_down(screen_of(self.desk, event.symbol))
