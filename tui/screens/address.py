"""An address to be copied, where there is no browser to show it in."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from tui.screens.dialog import Dialog
from widgets.strips import plain

LONGEST = 2000
"""Characters of an address that are shown."""


class AddressScreen(Dialog[None]):
    """Shows a whole address, however many lines it takes."""

    def __init__(self, address: str) -> None:
        """Show `address`."""
        super().__init__()
        self._address = address

    def compose(self) -> ComposeResult:
        """Lay out the address."""
        with Vertical(id="page") as page:
            page.border_title = "No browser here: the address"
            page.border_subtitle = "esc closes"
            yield Static(plain(self._address, LONGEST), id="address", markup=False)
