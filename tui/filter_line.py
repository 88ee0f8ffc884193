"""The line at the bottom where a filter is typed."""

from __future__ import annotations

from textual.message import Message
from textual.widgets import Input

from tui.bindings import bindings_of
from tui.keys import Scope


class FilterLine(Input):
    """An input that is there only while a filter is typed."""

    BINDINGS = bindings_of(Scope.FILTER)

    class Closed(Message):
        """The filter is done, kept or cleared."""

    def __init__(self) -> None:
        super().__init__(placeholder="filter by symbol, name or sector", compact=True)
        self.display = False

    def open_with(self, text: str) -> None:
        """Come up with the filter as it is."""
        self.value = text
        self.display = True
        self.focus()

    def close(self) -> None:
        """Go away."""
        if self.display:
            self.display = False
            self.post_message(self.Closed())

    def action_clear_filter(self) -> None:
        """Show all rows again."""
        self.value = ""
        self.close()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the filter."""
        event.stop()
        self.close()

    def on_blur(self) -> None:
        """Keep the filter when something else was clicked."""
        self.close()
