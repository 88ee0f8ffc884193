"""The changes screen: who came to the index, who left it, and when it is reconstituted."""

from __future__ import annotations

from collections.abc import Iterable

from tui.screens.index_room import IndexRoom
from tui.screens.way_down import ROOT
from widgets.changes import ChangesPanel
from widgets.panel import Panel


class ChangesScreen(IndexRoom):
    """Changes of members between the holdings files that were kept."""

    room = "go.changes"

    def crumbs(self) -> tuple[str, ...]:
        """Return the way to here."""
        return (ROOT, "changes")

    def compose_panels(self) -> Iterable[Panel]:
        """Yield the list."""
        yield ChangesPanel(id="changes")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer no windows: a change has a day."""
        if action in {"next_window", "previous_window"}:
            return False
        return super().check_action(action, parameters)
