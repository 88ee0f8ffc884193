"""Engine rooms as tests open them: nothing is kept, and nobody is told."""

from __future__ import annotations

from collections.abc import Mapping

from market.alert_room import AlertRoom, opened_alert_room
from market.alert_sources import AlertSources
from market.clock import Clock
from market.engine_plan import told_to_nobody
from market.engine_room import EngineRoom
from market.feeds.feed import Feed
from market.judge import Judge
from market.snapshot import Snapshot
from market.tape.recorder import Recorder


def room_of(
    first: Snapshot,
    feeds: Mapping[str, Feed],
    clock: Clock,
    *,
    per_minute: float = 30,
    judge: Judge | None = None,
    alerts: AlertRoom | None = None,
    recorder: Recorder | None = None,
) -> EngineRoom:
    return EngineRoom(
        first,
        feeds,
        clock,
        lambda: None,
        per_minute=per_minute,
        seed=7,
        archive=None,
        judge=judge or Judge(()),
        alerts=alerts or opened_alert_room(AlertSources(), first.cast, (), (), print),
        publish=told_to_nobody,
        recorder=recorder,
    )
