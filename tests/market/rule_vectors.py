"""The reference vectors of rules: hysteresis of an alert, states of a story's lines."""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

from market.alerts.events import NEVER_SEEN, AlertState, EventKind
from market.alerts.step import Moment, stepped
from market.metrics.returns import simple_return
from market.metrics.windows import window_base
from market.rules.judging import NEVER_JUDGED, Standing, judged
from market.rules.persistence import Persistent, after_close
from market.rules.rule import Comparison, Condition
from market.sessions import is_session, session_of, session_on_or_before
from tests.market.alerts.written_alerts import alert_of
from tests.market.rules.told import Told
from tests.market.vectors import Vector, close_to, closes, until

SIDES = {-1: "BELOW", 0: "HOLDS", 1: "ABOVE"}


def hysteresis(vector: Vector) -> None:
    expected, params = vector["expected"], vector["params"]
    test = Condition(
        metric="vix.last",
        comparison=Comparison.ABOVE,
        bound=params["enter"],
        until=params["exit"],
    )
    begins = params["initial_state"] == "on"
    standing, events = Standing(begins, held=begins), list[list[object]]()
    told: Run = NEVER_SEEN, []
    for day, level in closes(vector["inputs"]["csv"], vector["inputs"]["column"]).items():
        if day < date.fromisoformat(vector["inputs"]["from"]):
            continue
        after = judged(test, standing, Told({"vix.last": level}))
        if after.holds is not standing.holds:
            events.append([day.isoformat(), "enter" if after.holds else "exit", level])
        standing = after
        told = told_by(day, level, test, told)
    assert events == expected["events"]
    assert told[1] == expected["events"], "the alert of the rule is told of the same days"
    assert len(events) == expected["n_events"]


Run: TypeAlias = tuple[AlertState, list[list[object]]]


def told_by(day: date, level: float, test: Condition, run: Run) -> Run:
    """How an alert of a rule stands after one more close, and what it was told of."""
    states, news = stepped(
        (alert_of(test),),
        {"vix": run[0]},
        Moment(session_of(session_on_or_before(day)).close, day),
        Told({"vix.last": level}),
    )
    words = {EventKind.ENTERED: "enter", EventKind.LEFT: "exit"}
    told: list[list[object]] = [
        [day.isoformat(), words[e.kind], e.value] for e in news if e.kind in words
    ]
    return states["vix"], [*run[1], *told]


def thesis_states(vector: Vector) -> None:
    rut = closes("inputs/rut_spx_close.csv", "rut")
    vix = closes("inputs/cboe_vol.csv", "VIX")
    base, first = vector["inputs"]["rut_2025-12-31"], date(2026, 1, 2)
    courses = {
        "level": rut,
        "ytd": {day: simple_return(level, base) for day, level in rut.items() if day >= first},
        "m1": {
            day: simple_return(level, rut[window_base("1m", day)])
            for day, level in rut.items()
            if day >= first
        },
        "vix": {day: level for day, level in vix.items() if is_session(day)},
    }
    for name, course in courses.items():
        low, high = vector["params"]["bands"][name]
        band = Condition(metric=name, comparison=Comparison.WITHIN, bound=low, upper=high)
        for day in ("2026-07-02", "2026-08-20", "2026-08-21"):
            expected = vector["expected"][day][name]
            state = _state(band, {d: v for d, v in course.items() if d >= first}, day, vector)
            assert (state.state, state.since.isoformat()) == (expected["state"], expected["since"])
            if expected["value"] is not None:
                assert until(course, day)[-1] == close_to(vector, expected["value"])


def _state(band: Condition, course: dict[date, float], day: str, vector: Vector) -> Persistent[str]:
    state: Persistent[str] | None = None
    for when, value in course.items():
        if when <= date.fromisoformat(day):
            seen = SIDES[judged(band, NEVER_JUDGED, Told({band.metric: value})).side]
            state = after_close(state, seen, when, vector["params"]["debounce_closes"])
    assert state is not None
    return state


RULE_VECTORS = {"alert_hysteresis_vix20": hysteresis}
