"""One step of the alerts: from what is remembered and what is known now to events. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

import msgspec
from msgspec.structs import replace

from market.alerts.alert import Alert
from market.alerts.events import NEVER_SEEN, AlertEvent, AlertState, EventKind
from market.rules.judging import Values, deciding, judged, memory_of
from market.rules.persistence import after_close
from market.rules.rule import Test, is_event


class Moment(msgspec.Struct, frozen=True):
    """When a step is taken."""

    now: datetime
    day: date
    """The session that it belongs to."""
    settled: date | None = None
    """The session whose official closes are what is known now; None while one is under way."""


def stepped(
    alerts: Iterable[Alert], states: Mapping[str, AlertState], moment: Moment, values: Values
) -> tuple[dict[str, AlertState], tuple[AlertEvent, ...]]:
    """Return what is to be remembered of the alerts, and what happened to them.

    What happened while an alert keeps still changes its state and is no event.
    """
    after: dict[str, AlertState] = {}
    events: list[AlertEvent] = []
    for alert in alerts:
        before = states.get(alert.id, NEVER_SEEN)
        after[alert.id], kinds = step(alert, before, moment, values)
        events += [_event(alert, after[alert.id], kind, moment, values) for kind in kinds]
    return after, tuple(events)


def step(
    alert: Alert, before: AlertState, moment: Moment, values: Values
) -> tuple[AlertState, tuple[EventKind, ...]]:
    """Return what is to be remembered of one alert, and what happened to it.

    The first value of a rule is no event; a stale one changes nothing; one that is not known
    neither, so that what was missed in between is told afterwards.
    """
    state = before if before.mark == alert.mark else AlertState(mark=alert.mark)
    standing = judged(alert.rule.test, state.memory, values)
    if standing.is_frozen:
        return replace(state, standing=standing), ()
    if alert.rule.closes:
        return _at_close(alert, replace(state, standing=standing), standing.holds, moment)
    seen = replace(state, standing=standing, memory=standing)
    after, kinds = _turned(alert, seen, standing.holds, moment)
    return after, kinds or ((EventKind.BEGAN,) if _is_other(alert.rule.test, state, after) else ())


def _is_other(test: Test, before: AlertState, after: AlertState) -> bool:
    """Whether a restart would go on otherwise from the one state than from the other."""
    if after.holds is not before.holds and not is_event(test):
        return True
    return memory_of(test, after.memory) != memory_of(test, before.memory)


def _at_close(
    alert: Alert, state: AlertState, holds: bool | None, moment: Moment
) -> tuple[AlertState, tuple[EventKind, ...]]:
    """A rule that takes closes to turn is judged once a session, after its close."""
    day = moment.settled
    if holds is None or day is None or (state.closed is not None and day <= state.closed):
        return state, ()
    known = after_close(state.by_closes, holds, day, alert.rule.closes)
    state = replace(state, memory=state.standing, by_closes=known, closed=day)
    turned, kinds = _turned(alert, state, known.state if known is not None else holds, moment)
    return turned, (*kinds, EventKind.CLOSE)


def _turned(
    alert: Alert, state: AlertState, holds: bool | None, moment: Moment
) -> tuple[AlertState, tuple[EventKind, ...]]:
    """What holds for an instant begins anew each time; the end of what was told is news."""
    if holds is None:
        return state, ()
    was, state = state.holds, replace(state, holds=holds)
    if was is None:
        return state, (EventKind.BEGAN,)
    lasts = not is_event(alert.rule.test)
    if holds:
        if (was and lasts) or _keeps_still(alert, state, moment):
            return state, ()
        told = replace(state, fired_at=moment.now, fired_on=moment.day, is_told=True)
        return told, (EventKind.ENTERED,)
    left = (EventKind.LEFT,) if state.is_told and lasts else ()
    return replace(state, is_told=False), left


def _keeps_still(alert: Alert, state: AlertState, moment: Moment) -> bool:
    if state.fired_at is None:
        return False
    rested = timedelta(0) <= moment.now - state.fired_at < alert.cooldown
    return rested or (state.fired_on == moment.day and not alert.repeats)


def _event(
    alert: Alert, state: AlertState, kind: EventKind, moment: Moment, values: Values
) -> AlertEvent:
    metric = deciding(alert.rule.test, state.standing)[0][0].metric
    return AlertEvent(
        alert=alert.id,
        mark=alert.mark,
        kind=kind,
        at=moment.now,
        day=moment.settled if kind is EventKind.CLOSE and moment.settled else moment.day,
        title=alert.title,
        metric=metric,
        value=values.now(metric).value,
        holds=state.standing.holds if kind is EventKind.CLOSE else state.holds,
        memory=memory_of(alert.rule.test, state.memory),
        closes=alert.rule.closes,
    )


def acknowledged(
    states: Mapping[str, AlertState], ids: Iterable[str], moment: Moment
) -> tuple[dict[str, AlertState], tuple[AlertEvent, ...]]:
    """Return what is remembered once somebody has taken note of some alerts."""
    new = [each for each in ids if states.get(each, NEVER_SEEN).is_new]
    noted = {each: replace(states[each], acknowledged_at=moment.now) for each in new}
    events = tuple(
        AlertEvent(
            alert=each,
            mark=state.mark,
            kind=EventKind.ACKNOWLEDGED,
            at=moment.now,
            day=moment.day,
        )
        for each, state in noted.items()
    )
    return {**states, **noted}, events
