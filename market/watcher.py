"""The watcher of the alerts: judges them on each new picture, and remembers what happened.

It is called from the engine's loop alone. What is to be kept and told of waits in `taken`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Sequence

from msgspec.structs import replace

from market.alert_words import Words, told_words
from market.alerts.alert import Alert, with_id
from market.alerts.board import AlertBoard, AlertStanding, AlertStatus
from market.alerts.events import (
    NEVER_SEEN,
    TOLD,
    AlertEvent,
    AlertState,
    EventKind,
    remembered,
    states_after,
)
from market.alerts.step import Moment, acknowledged, stepped
from market.looking_back import LookBack
from market.metrics.hindsight import settled_session
from market.quotes import Key
from market.readers import keys_behind
from market.rule_values import NamedValues
from market.rules.judging import Z_WINDOW, deciding
from market.rules.rule import BY_CLOSES, Comparison, conditions_of, is_event
from market.sessions import sessions_back
from market.snapshot import Snapshot
from market.thesis import Story

KEPT_EVENTS = 300
"""Events that the board tells of."""
TOLD_PARTS = 3
"""Conditions of one rule whose values are told."""


class Watcher:
    """Knows the alerts, how they stand, and what happened to them."""

    def __init__(
        self,
        stories: Sequence[Story] = (),
        kept: Iterable[AlertEvent] = (),
        *,
        run: str = "",
        words: Words,
    ) -> None:
        """Make a watcher.

        Args:
            stories: The stories whose lines alerts may speak of.
            kept: What happened in earlier runs, oldest first.
            run: What this run calls itself in what is kept.
            words: Gives values of metrics in words.
        """
        self._stories = stories
        self._run = run
        self._words = words
        self._alerts: tuple[Alert, ...] = ()
        self._faults: tuple[str, ...] = ()
        earlier = tuple(kept)
        self._states: dict[str, AlertState] = states_after(earlier)
        told = (event for event in earlier if event.kind in TOLD)
        self._history: deque[AlertEvent] = deque(told, maxlen=KEPT_EVENTS)
        self._told = 0
        self._pending: list[AlertEvent] = []
        self._past: LookBack | None = None

    def use(self, alerts: Sequence[Alert], faults: Sequence[str], snapshot: Snapshot) -> None:
        """Watch these alerts from now on; what is remembered of unchanged rules stays."""
        self._alerts, self._faults = tuple(alerts), tuple(faults)
        moved, sessions = _moved(self._alerts)
        day = sessions_back(snapshot.session.session.day, sessions)
        self._past = LookBack(moved, day) if moved else None

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """The alerts."""
        return self._alerts

    def keys(self, snapshot: Snapshot) -> frozenset[Key]:
        """Return the data that the alerts are judged by."""
        names = {name for alert in self._alerts for name in alert.metrics}
        return keys_behind(names, self._stories, snapshot)

    def look_back(self, snapshot: Snapshot) -> bool:
        """Look at the next few closes that moves are held against; return whether it is news."""
        return self._past is not None and self._past.step(snapshot)

    @property
    def has_looked_back(self) -> bool:
        """Whether no closes are left to be looked at."""
        return self._past is None or self._past.is_done

    def after(self, snapshot: Snapshot) -> Snapshot:
        """Return a picture with the alerts as they stand by it; events wait in `taken`."""
        if not self._alerts and not self._faults and snapshot.alerts is None:
            return snapshot
        values = self._values(snapshot)
        moment = moment_of(snapshot)
        states, events = stepped(self._alerts, self._states, moment, values)
        self._states.update(states)
        self._note(tuple(self._worded(event, snapshot) for event in events))
        return replace(snapshot, alerts=self._board(values))

    def is_due(self, snapshot: Snapshot) -> bool:
        """Return whether time alone, or a feed's failure, has changed how an alert stands."""
        values = self._values(snapshot)
        states, events = stepped(self._alerts, self._states, moment_of(snapshot), values)
        return bool(events) or any(
            _looks(state) != _looks(self._states.get(alert, NEVER_SEEN))
            for alert, state in states.items()
        )

    @property
    def has_events(self) -> bool:
        """Whether something waits in `taken`."""
        return bool(self._pending)

    def acknowledge(self, ids: Iterable[str], snapshot: Snapshot) -> Snapshot:
        """Return a picture in which somebody has taken note of some alerts."""
        self._states, events = acknowledged(self._states, ids, moment_of(snapshot))
        self._note(events)
        return replace(snapshot, alerts=self._board(self._values(snapshot)))

    def absorb(self, events: Iterable[AlertEvent]) -> list[AlertEvent]:
        """Take over what other runs of captop have seen; return which of the events those are."""
        others = [event for event in events if event.by != self._run]
        for event in others:
            before = self._states.get(event.alert, NEVER_SEEN)
            is_judged_here = before.mark == event.mark and before.holds is not None
            if not (event.kind is EventKind.BEGAN and is_judged_here):
                self._states[event.alert] = remembered(before, event)
        self._history.extend(event for event in others if event.kind in TOLD)
        return others

    def taken(self) -> list[AlertEvent]:
        """Return what happened since the last call, to be kept and told of."""
        events, self._pending = self._pending, []
        return events

    def _values(self, snapshot: Snapshot) -> NamedValues:
        return NamedValues(snapshot, {} if self._past is None else self._past.courses)

    def _note(self, events: Collection[AlertEvent]) -> None:
        named = [replace(event, by=self._run) for event in events]
        told = [event for event in named if event.kind in TOLD]
        self._history.extend(told)
        self._told += len(told)
        self._pending += named

    def _worded(self, event: AlertEvent, snapshot: Snapshot) -> AlertEvent:
        alert = with_id(self._alerts, event.alert)
        if alert is None or event.kind not in TOLD:
            return event
        told = deciding(alert.rule.test, self._states[event.alert].standing)
        parts = (told_words(*part, snapshot, self._words) for part in told[:TOLD_PARTS])
        return replace(event, text=", ".join(filter(None, parts)))

    def _board(self, values: NamedValues) -> AlertBoard:
        return AlertBoard(
            standings=tuple(
                _standing(alert, self._states.get(alert.id, NEVER_SEEN), values)
                for alert in self._alerts
            ),
            history=tuple(self._history),
            faults=self._faults,
            told=self._told,
        )


def moment_of(snapshot: Snapshot) -> Moment:
    """Return when the step of a picture is taken."""
    return Moment(snapshot.now, snapshot.session.session.day, settled_session(snapshot))


def _looks(state: AlertState) -> tuple[bool | None, bool]:
    return state.standing.holds, state.standing.is_frozen


def _standing(alert: Alert, state: AlertState, values: NamedValues) -> AlertStanding:
    standing = state.standing
    holds = state.holds and not is_event(alert.rule.test)
    status = AlertStatus.HOLDS if holds else AlertStatus.ARMED
    if standing.is_frozen:
        status = AlertStatus.STALE
    elif standing.holds is None:
        status = AlertStatus.NA
    return AlertStanding(
        alert=alert,
        status=status,
        value=values.now(alert.metrics[0]).value,
        standing=standing,
        fired_at=state.fired_at,
        is_new=state.is_new,
    )


def _moved(alerts: Iterable[Alert]) -> tuple[tuple[str, ...], int]:
    """The metrics that are held against their own past, and how many sessions that takes."""
    metrics: dict[str, None] = {}
    sessions = 0
    for condition in (c for alert in alerts for c in conditions_of(alert.rule.test)):
        if condition.comparison in BY_CLOSES:
            is_z = condition.comparison is Comparison.Z_MOVE
            metrics[condition.metric] = None
            sessions = max(sessions, (Z_WINDOW if is_z else condition.sessions) + 2)
    return tuple(metrics), sessions
