"""`captop watch`: the alerts without a screen, one line an event, until it is told to end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from threading import Event
from typing import Protocol

from market.alerts.alert import Channel
from market.alerts.board import AlertBoard
from market.alerts.couriers import headline
from market.alerts.events import AlertEvent
from market.alerts.news import is_wanted, news_of
from market.clock import Clock, WallClock
from market.quotes import Phase
from market.sessions import NEW_YORK
from market.snapshot import Mode, Snapshot
from tui.leaving import told_to_end
from tui.metric_document import instant, rounded
from tui.output import OK, WRONG, Complaints, complain, is_terminal, say
from tui.settings import Settings
from tui.watchlists import Watchlists
from tui.wiring import engine_of
from widgets.strips import plain

LOOK_S = 0.5
"""How often it is looked whether something has happened."""
OPENING_S = 30.0
"""How long the alerts may take to be read."""
BELL = "\a"


def run_watch(
    settings: Settings,
    *,
    demo: bool,
    at: datetime | None,
    as_json: bool,
    clock: Clock | None = None,
    ended: Event | None = None,
) -> int:
    """Print the alerts' events until the program is told to end, and return the exit code.

    Args:
        settings: The settings.
        demo: Watch the simulated market instead of the feeds.
        at: The instant at which the demo begins.
        as_json: One JSON object a line instead of words.
        clock: Where time comes from.
        ended: Set from elsewhere, it ends the watch.
    """
    wall = clock if clock is not None else WallClock()
    watched = Watchlists.from_settings(settings, None).symbols
    engine, _ = engine_of(settings, wall, at, watched, demo=demo)
    engine.want((), alone=True)
    watch = Watch(engine, settings, as_json=as_json)
    with told_to_end(ended) as end:
        engine.start()
        try:
            return watch.run(end)
        finally:
            engine.stop()
            watch.complain()


class Watched(Protocol):
    """What is needed of an engine."""

    @property
    def latest(self) -> Snapshot:
        """The newest picture."""
        ...

    @property
    def notices(self) -> Sequence[str]:
        """Sentences for the user, oldest first."""
        ...


class Watch:
    """Tells what happens to the alerts of one engine."""

    def __init__(self, engine: Watched, settings: Settings, *, as_json: bool) -> None:
        self._engine = engine
        self._as_json = as_json
        self._rings = settings.alerts.bell and not as_json and is_terminal("stdout")
        self._file = settings.alerts.file
        self._told = 0
        self._complaints = Complaints()
        self._faults: tuple[str, ...] = ()

    def run(self, ended: Event) -> int:
        """Tell of events until told to end; 2 where there was nothing to watch from the first."""
        waited, has_begun = 0.0, False
        while not ended.wait(LOOK_S):
            waited += LOOK_S
            board = self._engine.latest.alerts
            self.tell(self._engine.latest)
            has_begun = has_begun or (board is not None and bool(board.standings))
            if waited >= OPENING_S and not has_begun:
                complain(f"there is no alert to watch; write one in {self._file}")
                return WRONG
        self.tell(self._engine.latest)
        return OK

    def tell(self, snapshot: Snapshot) -> None:
        """Print what has happened since the last look."""
        self.complain()
        board = snapshot.alerts
        if board is None:
            return
        if board.faults != self._faults:
            self._faults = board.faults
            for fault in board.faults:
                complain(fault)
        for event in news_of(board, self._told):
            say(event_json(event, snapshot) if self._as_json else event_line(event, snapshot))
            if self._rings_for(event, board, snapshot):
                say(BELL)
        self._told = board.told

    def complain(self) -> None:
        """Complain of what the engine has had to say since the last look."""
        self._complaints.make(self._engine.notices)

    def _rings_for(self, event: AlertEvent, board: AlertBoard, snapshot: Snapshot) -> bool:
        is_open = snapshot.session.phase is Phase.REGULAR
        return self._rings and is_open and is_wanted(event, board, Channel.BELL)


def event_line(event: AlertEvent, snapshot: Snapshot) -> str:
    """Return an event as a line: `2026-08-04 14:32:07 ET  VIX above 20  vix.last is 20.31`."""
    at = event.at.astimezone(NEW_YORK)
    mark = "DEMO  " if snapshot.mode is Mode.DEMO else ""
    return f"{at:%Y-%m-%d %H:%M:%S} ET  {mark}{plain(headline(event))}  {plain(event.text)}\n"


def event_json(event: AlertEvent, snapshot: Snapshot) -> str:
    """Return an event as a line of JSON."""
    told = {
        "at": instant(event.at),
        "session": event.day.isoformat(),
        "mode": str(snapshot.mode),
        "alert": event.alert,
        "event": str(event.kind),
        "title": event.title,
        "metric": event.metric,
        "value": rounded(event.value),
        "text": event.text,
    }
    return json.dumps(told, ensure_ascii=False) + "\n"
