"""The rotation screen: which sub-sectors gain strength against the index, and which lose it."""

from __future__ import annotations

from collections.abc import Iterable

from tui.screens.index_room import IndexRoom
from tui.screens.way_down import ROOT
from widgets.panel import Panel
from widgets.rotation import RotationPanel

MOVES = frozenset({"row_down", "row_up", "row_first", "row_last"})
"""What keys of lists do here: the panel's list is drawn and no board."""


class RotationScreen(IndexRoom):
    """Relative strength and its momentum, as ways over a plane."""

    room = "go.rotation"

    def crumbs(self) -> tuple[str, ...]:
        """Return the way to here."""
        return (ROOT, "rotation")

    def compose_panels(self) -> Iterable[Panel]:
        """Yield the plane with its list."""
        yield RotationPanel(id="rotation")

    @property
    def _plane(self) -> RotationPanel:
        return self.query_one(RotationPanel)

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
