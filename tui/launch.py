"""Starts the pane: settings -> engine -> app."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from market.clock import Clock, WallClock
from market.engine import Engine
from market.loop_watch import LoopWatch
from tui.app import CaptopApp
from tui.demo_time import demo_clock
from tui.log_file import keep_log, keep_no_log
from tui.output import WRONG, complain
from tui.pane_driver import use_pane_driver
from tui.settings import Loaded
from tui.settings_names import check_names
from tui.watchlists import Watchlists
from tui.wiring import demo_engine, live_engine

if TYPE_CHECKING:
    from market.tape.replay import Replay


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
        watch = app.desk.loop_watch
        watch.use_alarm()
        try:
            with asyncio.Runner(loop_factory=lambda: watch.new_loop("screen")) as runner:
                runner.run(app.run_async(mouse=loaded.settings.mouse))
        finally:
            watch.leave_alarm()
        return app.return_code or 0
    finally:
        gc.enable()


def _live_app(loaded: Loaded, opened: Callable[[Clock], Replay] | None = None) -> CaptopApp:
    """Return the pane over the live market, which a tape may be played before."""
    settings, clock = loaded.settings, WallClock()
    lists = Watchlists.from_settings(settings, loaded.path)
    watch = LoopWatch(clock)
    if settings.cache.enabled:
        keep_log(settings.cache.folder)
    else:
        keep_no_log()

    def demo_maker() -> Engine:
        return demo_engine(settings, clock, lists.symbols, settings.demo.seed, watch)

    def rewinder() -> Replay:
        from tui.replay import rewound

        return rewound(engine, clock)

    engine = live_engine(settings, clock, lists.symbols, watch)
    return CaptopApp(
        engine,
        settings,
        clock=clock,
        watchlists=lists,
        demo_engine=demo_maker,
        replay=None if opened is None else opened(clock),
        rewinder=rewinder if settings.tape.enabled and settings.cache.enabled else None,
        loop_watch=watch,
    )


def _demo_app(loaded: Loaded, at: datetime | None) -> CaptopApp:
    settings = loaded.settings
    keep_no_log()
    clock = demo_clock(WallClock(), at, settings.demo.speed)
    lists = Watchlists.from_settings(settings, None)
    watch = LoopWatch(clock)
    engine = demo_engine(settings, clock, lists.symbols, settings.demo.seed, watch)
    return CaptopApp(engine, settings, clock=clock, watchlists=lists, loop_watch=watch)
