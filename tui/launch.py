"""Starts the pane: settings -> engine -> app."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from market.clock import Clock, WallClock
from market.engine import Engine
from tui.app import CaptopApp
from tui.output import complain
from tui.pane_driver import use_pane_driver
from tui.settings import Loaded
from tui.settings_names import check_names
from tui.watchlists import Watchlists
from tui.wiring import demo_clock, demo_engine, live_engine

if TYPE_CHECKING:
    from market.tape.replay import Replay

WRONG = 2


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
    return _run(loaded, lambda: _demo_app(loaded, at) if demo else _live_app(loaded))


def run_replay(loaded: Loaded, tape: str, *, moment: str, speed: float) -> int:
    """Run the pane over a tape until it is left, and return the exit code.

    Args:
        loaded: The settings.
        tape: A file or a day; empty for the newest.
        moment: The time it begins at; empty for the beginning.
        speed: Seconds of the tape in one second.

    Raises:
        SettingsError: An unknown theme or key id, or a key claimed twice.
    """
    from market.tape.tape_file import TapeError
    from tui.replay import opened_replay

    def opened(clock: Clock) -> Replay:
        return opened_replay(loaded.settings, tape, moment, speed, clock)

    check_names(loaded)
    try:
        app = _live_app(loaded, opened)
    except TapeError as error:
        complain(str(error))
        return WRONG
    return _run(loaded, lambda: app)


def _run(loaded: Loaded, made: Callable[[], CaptopApp]) -> int:
    try:
        app = made()
        use_pane_driver(app)
        app.run(mouse=loaded.settings.mouse)
        return app.return_code or 0
    finally:
        gc.enable()


def _live_app(loaded: Loaded, opened: Callable[[Clock], Replay] | None = None) -> CaptopApp:
    """Return the pane over the live market, which a tape may be played before."""
    settings, clock = loaded.settings, WallClock()
    lists = Watchlists.from_settings(settings, loaded.path)

    def demo_maker() -> Engine:
        return demo_engine(settings, clock, lists.symbols, settings.demo.seed)

    def rewinder() -> Replay:
        from tui.replay import rewound

        return rewound(engine, clock)

    engine = live_engine(settings, clock, lists.symbols)
    return CaptopApp(
        engine,
        settings,
        clock=clock,
        watchlists=lists,
        demo_engine=demo_maker,
        replay=None if opened is None else opened(clock),
        rewinder=rewinder if settings.tape.enabled and settings.cache.enabled else None,
    )


def _demo_app(loaded: Loaded, at: datetime | None) -> CaptopApp:
    settings = loaded.settings
    clock = demo_clock(WallClock(), at, settings.demo.speed)
    lists = Watchlists.from_settings(settings, None)
    engine = demo_engine(settings, clock, lists.symbols, settings.demo.seed)
    return CaptopApp(engine, settings, clock=clock, watchlists=lists, demo_engine=None)
