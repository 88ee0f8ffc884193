"""`captop snapshot --watch`: every metric and state as a line of JSON, then each that changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from threading import Event

from market.clock import Clock, WallClock
from market.interest_rooms import one_pass_keys
from market.named_states import state_seen
from market.readers import names_told
from market.reading import Reading
from market.rules.judging import Seen
from market.snapshot import Snapshot
from tui.leaving import told_to_end
from tui.metric_document import instant, metric_document
from tui.metric_lines import json_line
from tui.output import OK, Complaints, say
from tui.settings import Settings
from tui.watchlists import Watchlists
from tui.wiring import engine_of

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
    engine, own = engine_of(settings, wall, at, watched, demo=demo)
    engine.want(one_pass_keys(engine.latest))
    told, complaints = None, Complaints()
    with told_to_end(ended) as end:
        engine.start()
        try:
            while not end.wait(LOOK_S):
                snapshot = engine.latest.at(own.now())
                if news := [*changed(snapshot, told, watched)]:
                    say("".join(news))
                told = snapshot
                complaints.make(engine.notices)
        finally:
            engine.stop()
            complaints.make(engine.notices)
    return OK


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
