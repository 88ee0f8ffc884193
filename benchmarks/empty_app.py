"""The control: an empty Textual app, with a clock of one second or a beat of 5 Hz if asked for."""

import sys

from textual.app import App, ComposeResult
from textual.widgets import Static


class EmptyApp(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        """Show the word the benchmark waits for."""
        yield Static("READY", id="line")

    def on_mount(self) -> None:
        """Start the clock if there is to be one."""
        self._ticks = 0
        if "--clock" in sys.argv:
            self.set_interval(1.0, self._tick)
        if "--beat" in sys.argv:
            self.set_interval(0.2, self._tick)

    def _tick(self) -> None:
        self._ticks += 1
        self.query_one("#line", Static).update(f"READY {self._ticks}")

    def on_key(self) -> None:
        """Answer a key by painting, for key-to-paint times."""
        self.query_one("#line", Static).update("KEY")


if __name__ == "__main__":
    EmptyApp().run()
