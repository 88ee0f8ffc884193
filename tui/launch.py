"""Starts the pane: settings -> engine -> app."""

from __future__ import annotations

import gc
from datetime import datetime

from market.clock import WallClock
from market.engine import Engine
from tui.app import CaptopApp
from tui.output import is_terminal
from tui.settings import Loaded
from tui.settings_names import check_names
from tui.watchlists import Watchlists
from tui.wiring import demo_clock, demo_engine, live_engine


def run_app(loaded: Loaded, *, demo: bool, at: datetime | None) -> int:
    """Run the pane until it is left, and return the exit code.

    Args:
        loaded: The settings.
        demo: Show the simulated market from the start.
        at: The instant it begins at.

    Raises:
        SettingsError: An unknown theme or key id, or a key claimed twice.
    """
    check_names(loaded)
    try:
        app = _demo_app(loaded, at) if demo else _live_app(loaded)
        if not is_terminal("stderr"):
            from tui.stdout_driver import draw_on_stdout

            draw_on_stdout(app)
        app.run(mouse=loaded.settings.mouse)
        return app.return_code or 0
    finally:
        gc.enable()


def _live_app(loaded: Loaded) -> CaptopApp:
    settings, clock = loaded.settings, WallClock()
    lists = Watchlists.from_settings(settings, loaded.path)

    def demo_maker() -> Engine:
        return demo_engine(settings, clock, lists.symbols, settings.demo.seed)

    return CaptopApp(
        live_engine(settings, clock, lists.symbols),
        settings,
        clock=clock,
        watchlists=lists,
        demo_engine=demo_maker,
    )


def _demo_app(loaded: Loaded, at: datetime | None) -> CaptopApp:
    settings = loaded.settings
    clock = demo_clock(WallClock(), at, settings.demo.speed)
    lists = Watchlists.from_settings(settings, None)
    engine = demo_engine(settings, clock, lists.symbols, settings.demo.seed)
    return CaptopApp(engine, settings, clock=clock, watchlists=lists, demo_engine=None)
