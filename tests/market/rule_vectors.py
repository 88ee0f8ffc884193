"""The reference vectors of rules: hysteresis of an alert, states of a story's lines."""

from __future__ import annotations

from datetime import date

from market.metrics.returns import simple_return
from market.metrics.windows import window_base
from market.rules.judging import NEVER_JUDGED, Standing, judged
from market.rules.persistence import Persistent, after_close
from market.rules.rule import Comparison, Condition
from market.sessions import is_session
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
    standing, events = Standing(params["initial_state"] == "on"), list[list[object]]()
    for day, level in closes(vector["inputs"]["csv"], vector["inputs"]["column"]).items():
        if day < date.fromisoformat(vector["inputs"]["from"]):
            continue
        after = judged(test, standing, Told({"vix.last": level}))
        if after.holds is not standing.holds:
            events.append([day.isoformat(), "enter" if after.holds else "exit", level])
        standing = after
    assert events == expected["events"]
    assert len(events) == expected["n_events"]


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
