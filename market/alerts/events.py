"""What happens to alerts, as it is kept in a file, and what each event makes of what was known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from market.rules.judging import NEVER_JUDGED, Standing
from market.rules.persistence import Persistent, after_close


class EventKind(StrEnum):
    """What happened."""

    BEGAN = "began"
    """It was judged for the first time, or stands otherwise and nobody is told."""
    CLOSE = "close"
    """It was judged at an official close, and takes several of them to turn."""
    ENTERED = "entered"
    """It began to hold."""
    LEFT = "left"
    """It holds no longer."""
    ACKNOWLEDGED = "acknowledged"
    """Somebody has taken note of it."""


TOLD = frozenset({EventKind.ENTERED, EventKind.LEFT})
"""Events that people are told of."""


class AlertEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event of one alert."""

    alert: str
    """Its id."""
    mark: str
    """Its rule's (`Alert.mark`)."""
    kind: EventKind
    at: datetime
    day: date
    """The session it belongs to."""
    title: str = ""
    metric: str = ""
    """Whose value it is."""
    value: float | str | None = None
    text: str = ""
    """The metric and its value in words."""
    holds: bool | None = None
    """Whether the rule held, of `began` and `close`."""
    memory: Standing = NEVER_JUDGED
    """What the next step must know of the rule's standing (`memory_of`)."""
    closes: int = 0
    """How many closes the rule takes to turn."""
    by: str = ""
    """Which run of captop saw it."""


class AlertState(msgspec.Struct, frozen=True, kw_only=True):
    """All that the next step must know of an alert."""

    mark: str = ""
    holds: bool | None = None
    """Whether it held when that could be said last."""
    memory: Standing = NEVER_JUDGED
    """How its rule stood when it was looked at last and nothing was stale."""
    standing: Standing = NEVER_JUDGED
    """How its rule stands now, decided or not."""
    by_closes: Persistent[bool] | None = None
    """Of a rule that takes closes to turn."""
    closed: date | None = None
    """The last close it was judged at."""
    fired_at: datetime | None = None
    """When it was told of last."""
    fired_on: date | None = None
    """In which session that was."""
    is_told: bool = False
    """Whether it was told of that it holds now."""
    acknowledged_at: datetime | None = None

    @property
    def is_new(self) -> bool:
        """Whether it was told of and nobody has taken note since."""
        if self.fired_at is None:
            return False
        return self.acknowledged_at is None or self.acknowledged_at < self.fired_at


NEVER_SEEN = AlertState()


def remembered(state: AlertState, event: AlertEvent) -> AlertState:
    """Return what is known of an alert after an event that was kept, or that another run saw."""
    if state.mark != event.mark:
        state = AlertState(mark=event.mark)
    if event.kind is EventKind.ACKNOWLEDGED:
        return replace(state, acknowledged_at=event.at)
    state = replace(state, memory=event.memory)
    match event.kind:
        case EventKind.CLOSE:
            known = after_close(state.by_closes, event.holds, event.day, event.closes)
            holds = known.state if known is not None else event.holds
            return replace(state, holds=holds, by_closes=known, closed=event.day)
        case EventKind.ENTERED:
            fired = replace(state, fired_at=event.at, fired_on=event.day)
            return replace(fired, holds=True, is_told=True)
        case EventKind.LEFT:
            return replace(state, holds=False, is_told=False)
        case _:
            return replace(state, holds=event.holds)


def states_after(events: Iterable[AlertEvent]) -> dict[str, AlertState]:
    """Return what is known of each alert after all that was kept, oldest first."""
    states: dict[str, AlertState] = {}
    for event in events:
        states[event.alert] = remembered(states.get(event.alert, NEVER_SEEN), event)
    return states
