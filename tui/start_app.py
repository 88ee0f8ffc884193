"""The work of the start that must not hold up the first paint, done right after it."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from pathlib import Path

from textual import work

from tui.frame_app import FrameApp
from tui.screens.fitting import SMALL

PAINTED_S = 0.02
"""How long the terminal has the machine for itself to write the first paint."""
TURN_S = 0.0005
"""How long a thread that calculates keeps the loop that paints waiting, each time it looks up."""
LATER = (
    "market.interest_metrics",
    "tui.screens.group",
    "tui.screens.sector",
    "tui.screens.symbol",
    "tui.screens.heat",
    "tui.screens.breadth",
    "tui.screens.rotation",
    "tui.screens.volatility",
    "tui.screens.policy",
    "tui.screens.calendar",
    "tui.screens.flows",
    "tui.screens.thesis",
    "tui.screens.alerts",
    "tui.screens.changes",
    "tui.screens.health",
    "tui.watchlist_file",
)
"""Modules that the first paint does without and a key may need at once."""
STYLES = Path(__file__).parent / "styles"


class StartApp(FrameApp):
    """The part of the app that starts the engine and loads what keys may need."""

    @work(thread=True, group="start", exit_on_error=False)
    def after_first_paint(self) -> None:
        """Load what the first paint did without; collect garbage again, even if that fails."""
        try:
            self._load()
        finally:
            self.call_from_thread(_collect_garbage_again)

    def _load(self) -> None:
        """Load feeds, charts, the screens one may go to, and their styles."""
        from threading import Event

        Event().wait(PAINTED_S)
        self.call_from_thread(self._start_engine)
        from widgets import plotting

        plotting.prepare()
        self.call_from_thread(self._refresh_charts)
        for name in LATER:
            import_module(name)
        for path in STYLES.glob("*.tcss"):
            self.call_from_thread(self._read_styles, path)

    def _read_styles(self, path: Path) -> None:
        """Read a screen's styles before it is opened: with it they would style all else anew."""
        if path != SMALL and not self.stylesheet.has_source(str(path), ""):
            self.stylesheet.read(path)
            self.stylesheet.parse()

    def _start_engine(self) -> None:
        sys.setswitchinterval(TURN_S)
        self.desk.start()

    def _refresh_charts(self) -> None:
        for screen in self.market_screens:
            screen.refresh_charts()


def _collect_garbage_again() -> None:
    """Collect garbage as usual, but leave alone for good what the start has loaded."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
