"""What changed while nobody looked, in a box over the screen."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from market.tape.digest import Digest
from tui.screens.dialog import Dialog
from widgets.digest import DigestLines, title_of


class DigestScreen(Dialog[None]):
    """Shows a digest; esc closes it."""

    def __init__(self, digest: Digest) -> None:
        """Show `digest`."""
        super().__init__()
        self._digest = digest

    def compose(self) -> ComposeResult:
        """Lay out the lines."""
        with VerticalScroll(id="page") as page:
            page.border_title = title_of(self._digest)
            page.border_subtitle = "esc closes"
            yield DigestLines(self._digest)
