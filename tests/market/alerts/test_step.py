"""The step of the alerts: begins, ends, keeps still, is deaf to stale values, comes out alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from market.alerts.alert import Alert
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
from market.rules.judging import Seen
from market.rules.rule import Combination, Comparison, Condition
from tests.market.alerts.written_alerts import VIX, alert_of
from tests.market.rules.told import Told

OPEN = datetime(2026, 8, 4, 13, 30, tzinfo=UTC)
STALE = Seen(25.0, is_stale=True, reason="from yesterday")
MISSING = Seen(None, reason="waiting for data")
Value = float | str | Seen


def moment(minutes: float, *, settled: date | None = None) -> Moment:
    """An instant of a run; a session a day."""
    now = OPEN + timedelta(minutes=minutes)
    return Moment(now, now.date(), settled)


def run(
    alert: Alert, values: Iterable[tuple[float, Value]], state: AlertState = NEVER_SEEN
) -> list[AlertEvent]:
    """What happens to an alert at minutes after the open."""
    states, events = {alert.id: state}, list[AlertEvent]()
    for minutes, value in values:
        told = Told({"vix.last": value})
        states, news = stepped((alert,), states, moment(minutes), told)
        events += news
    return events


def told(events: Iterable[AlertEvent]) -> list[tuple[str, float]]:
    return [(str(e.kind), (e.at - OPEN).total_seconds() / 60) for e in events if e.kind in TOLD]


def each_minute(*values: Value) -> list[tuple[float, Value]]:
    return list(enumerate(values))


def test_it_is_told_when_it_begins_and_ends_and_not_at_the_first_value() -> None:
    events = run(alert_of(), each_minute(25, 17, 21, 19, 18))
    assert told(events) == [("entered", 2), ("left", 4)]
    assert events[0].kind is EventKind.BEGAN
    entered = next(e for e in events if e.kind is EventKind.ENTERED)
    assert (entered.title, entered.metric, entered.value) == ("title of vix", "vix.last", 21)


def test_the_end_of_what_held_from_the_first_is_no_news() -> None:
    assert told(run(alert_of(), each_minute(25, 17))) == []


def test_a_stale_or_missing_value_changes_nothing_and_hysteresis_outlasts_it() -> None:
    assert told(run(alert_of(), each_minute(15, STALE, 15, 21, STALE, MISSING, 19, 17))) == [
        ("entered", 3),
        ("left", 7),
    ]
    assert told(run(alert_of(), each_minute(15, MISSING, 21))) == [("entered", 2)]


def test_it_keeps_still_for_its_cooldown() -> None:
    alert = alert_of(cooldown_min=30)
    values = [(0, 15), (1, 21), (2, 15), (3, 21), (4, 15), (31, 21)]
    assert told(run(alert, values)) == [("entered", 1), ("left", 2), ("entered", 31)]


def test_it_is_told_once_a_session_unless_it_repeats() -> None:
    day = 24 * 60
    values = [(0, 15), (1, 21), (2, 15), (90, 21), (91, 15), (day, 21)]
    once = alert_of(repeats=False)
    assert told(run(once, values)) == [("entered", 1), ("left", 2), ("entered", day)]
    assert told(run(alert_of(), values))[2] == ("entered", 90)


def test_what_holds_for_an_instant_has_no_end() -> None:
    crossing = Condition(metric="vix.last", comparison=Comparison.CROSSES, bound=20)
    assert told(run(alert_of(crossing), each_minute(15, 21, 22, 19))) == [
        ("entered", 1),
        ("entered", 3),
    ]
    turning = Condition(metric="vix.last", comparison=Comparison.TURNS)
    values = each_minute("holds", "holds", Seen("stale?", is_stale=True), "fails", "fails")
    assert told(run(alert_of(turning), values)) == [("entered", 3)]


def test_another_rule_begins_anew() -> None:
    before = AlertState(mark=alert_of().mark, holds=False)
    assert told(run(alert_of(), each_minute(21), before)) == [("entered", 0)]
    other = Condition(metric="vix.last", comparison=Comparison.ABOVE, bound=19)
    assert told(run(alert_of(other), each_minute(21), before)) == []


def test_closes_turn_it_and_what_trades_between_them_does_not() -> None:
    alert, states, events = alert_of(closes=2), dict[str, AlertState](), list[AlertEvent]()
    for day, (intraday, close) in enumerate(((25, 15), (25, 21), (15, 22), (30, 15), (9, 14))):
        evening = date(2026, 8, 4 + day)
        for value, settled in ((intraday, None), (close, evening), (close, evening)):
            at = moment(day * 1440 + (400 if settled else 0), settled=settled)
            states, news = stepped((alert,), states, at, Told({"vix.last": value}))
            events += news
    assert [(e.kind, e.day.day) for e in events if e.kind in TOLD] == [
        (EventKind.ENTERED, 6),
        (EventKind.LEFT, 8),
    ]
    again = states_after(events)[alert.id]
    assert (again.holds, again.closed) == (False, date(2026, 8, 8))
    assert again.by_closes == states[alert.id].by_closes


def test_taking_note_ends_the_highlight_until_it_is_told_again() -> None:
    alert = alert_of()
    states: dict[str, AlertState] = {}
    for minutes, value in enumerate((15, 21)):
        states, _ = stepped((alert,), states, moment(minutes), Told({"vix.last": value}))
    assert states["vix"].is_new
    states, events = acknowledged(states, ["vix", "unknown"], moment(5))
    assert [e.kind for e in events] == [EventKind.ACKNOWLEDGED]
    assert not states["vix"].is_new
    assert acknowledged(states, ["vix"], moment(6))[1] == ()


# Against an oracle that looks at the whole past at each value


SEEN = st.one_of(st.sampled_from([17.0, 18.0, 19.0, 20.0, 21.0]), st.sampled_from([STALE, MISSING]))
RUNS = st.lists(st.tuples(st.integers(1, 500), SEEN), max_size=25)


def oracle(
    values: Sequence[tuple[float, Value]], cooldown: float, *, repeats: bool
) -> list[object]:
    """Tell by brute force: each value's side of the band follows from all values up to it."""
    known = [(at, v) for at, v in values if isinstance(v, float)]
    sides: list[tuple[float, bool]] = []
    for at, value in known:
        was = sides[-1][1] if sides else False
        sides.append((at, value >= 20 or (was and value > 18)))
    fired: list[float] = []
    told_now, events = False, list[object]()
    for (_, was), (at, holds) in pairwise(sides):
        if holds and not was:
            days = {(OPEN + timedelta(minutes=m)).date() for m in fired}
            today = (OPEN + timedelta(minutes=at)).date()
            rests = bool(fired) and at - fired[-1] < cooldown
            told_now = not rests and (repeats or today not in days)
            if told_now:
                fired.append(at)
                events.append(("entered", at))
        elif was and not holds:
            events += [("left", at)] if told_now else []
            told_now = False
    return events


@given(RUNS, st.sampled_from([0, 30, 2000]), st.booleans())
def test_any_run_agrees_with_the_oracle(
    gaps: list[tuple[int, Value]], cooldown: float, repeats: bool
) -> None:
    at, values = 0.0, list[tuple[float, Value]]()
    for gap, value in gaps:
        at += gap
        values.append((at, value))
    alert = alert_of(cooldown_min=cooldown, repeats=repeats)
    assert told(run(alert, values)) == oracle(values, cooldown, repeats=repeats)


@given(RUNS, st.integers(0, 25))
def test_a_restart_anywhere_changes_nothing_but_what_nobody_was_told_of(
    gaps: list[tuple[int, Value]], cut: int
) -> None:
    """What is kept is enough to go on, where every beginning and end is told."""
    at, values = 0.0, list[tuple[float, Value]]()
    for gap, value in gaps:
        at += gap
        values.append((at, value))
    alert = alert_of()
    whole = run(alert, values)
    first = run(alert, values[:cut])
    state = states_after(first).get(alert.id, NEVER_SEEN)
    second = run(alert, values[cut:], state)
    assert [e.at for e in (*first, *second)] == [e.at for e in whole]


def test_two_alerts_are_stepped_in_their_order() -> None:
    low = Condition(metric="vix.last", comparison=Comparison.BELOW, bound=16)
    both = Combination(1, (VIX, low))
    alerts = (alert_of(name="a"), alert_of(both, name="b"))
    states, _ = stepped(alerts, {}, moment(0), Told({"vix.last": 17}))
    _, events = stepped(alerts, states, moment(1), Told({"vix.last": 21}))
    assert [(e.alert, str(e.kind)) for e in events] == [("a", "entered"), ("b", "entered")]


def test_an_event_of_another_rule_forgets_the_old_one() -> None:
    event = run(alert_of(), each_minute(15))[0]
    state = remembered(AlertState(mark="other", holds=True, fired_at=OPEN), event)
    assert (state.mark, state.holds, state.fired_at) == (event.mark, False, None)
