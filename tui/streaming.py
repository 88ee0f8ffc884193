"""`captop snapshot --watch`: every metric and state as a line of JSON, then each that changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from threading import Event

from market.clock import Clock, WallClock
from market.engine import Engine
from market.interest_rooms import one_pass_keys
from market.named_states import state_seen
from market.readers import names_told
from market.reading import Reading
from market.rules.judging import Seen
from market.snapshot import Snapshot
from tui.leaving import told_to_end
from tui.metric_document import instant, metric_document
from tui.metric_lines import json_line
from tui.output import complain, say
from tui.settings import Settings
from tui.watchlists import Watchlists
from tui.wiring import demo_clock, demo_engine, live_engine

OK = 0
LOOK_S = 1.0
"""How often it is looked whether there is news."""


def run_stream(
    settings: Settings,
    *,
    demo: bool,
    at: datetime | None,
    clock: Clock | None = None,
    ended: Event | None = None,
) -> int:
    """Print news of all metrics until told to end, and return the exit code.

    Args:
        settings: The settings.
        demo: Ask the simulated market instead of the feeds.
        at: The demo's first instant.
        clock: Where time comes from.
        ended: Set when it is to end; by default by the system's signals.
    """
    watched = Watchlists.from_settings(settings, None).symbols
    wall = clock if clock is not None else WallClock()
    engine, own = lasting_engine(settings, wall, at, watched, demo=demo)
    engine.want(one_pass_keys(engine.latest))
    engine.start()
    end = ended if ended is not None else told_to_end()
    told: Snapshot | None = None
    notices = 0
    try:
        while not end.wait(LOOK_S):
            snapshot = engine.latest.at(own.now())
            news = [*changed(snapshot, told, watched)]
            told = snapshot
            if news:
                say("".join(news))
            for notice in engine.notices[notices:]:
                complain(notice)
            notices = len(engine.notices)
    finally:
        engine.stop()
    return OK


def lasting_engine(
    settings: Settings, wall: Clock, at: datetime | None, watched: Iterable[str], *, demo: bool
) -> tuple[Engine, Clock]:
    """Return an engine that is to run on, of the feeds or of a simulated market, and its clock."""
    if not demo:
        return live_engine(settings, wall, watched), wall
    simulated = demo_clock(wall, at, settings.demo.speed)
    return demo_engine(settings, simulated, watched, settings.demo.seed), simulated


def changed(snapshot: Snapshot, told: Snapshot | None, watched: Iterable[str]) -> Iterator[str]:
    """Yield a line of JSON for each metric and each state that is not what was told of it.

    Args:
        snapshot: What is known.
        told: The snapshot told last.
        watched: Symbols outside the cast whose metrics are told too.
    """
    if told is not None and _parts(snapshot) == _parts(told):
        return
    at = instant(snapshot.now)
    for name in names_told(snapshot, watched):
        value = _value(snapshot, name)
        if value is not None and (told is None or value != _value(told, name)):
            yield json_line({"at": at, "name": name, **metric_document(snapshot, name)})


def _parts(snapshot: Snapshot) -> tuple[int, ...]:
    """What names are told of, by identity."""
    return id(snapshot.readings), id(snapshot.scoreboard), id(snapshot.feeds)


def _value(snapshot: Snapshot, name: str) -> Seen | Reading | None:
    """What a snapshot tells of a name, without its age."""
    seen = state_seen(snapshot, name)
    return snapshot.readings.get(name) if seen is None else seen
