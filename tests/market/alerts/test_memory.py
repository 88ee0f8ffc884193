"""What alerts remember: over values that are not known, over a restart, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.alerts.alert import Alert
from market.alerts.events import TOLD, AlertEvent, AlertState, EventKind, states_after
from market.alerts.step import Moment, stepped
from market.rules.judging import Seen
from market.rules.rule import Combination, Comparison, Condition, Test
from tests.market.alerts.written_alerts import alert_of
from tests.market.rules.told import Told

OPEN = datetime(2026, 8, 4, 13, 30, tzinfo=UTC)
STALE = Seen(25.0, is_stale=True)
LEVEL = Condition(metric="v", comparison=Comparison.ABOVE, bound=20, until=18)
OTHER = Condition(metric="r", comparison=Comparison.ABOVE, bound=100)
CROSSING = Condition(metric="v", comparison=Comparison.CROSSES, bound=20)
TURNING = Condition(metric="w", comparison=Comparison.TURNS)
EITHER, BOTH = Combination(1, (LEVEL, OTHER)), Combination(2, (LEVEL, OTHER))
Picture = dict[str, float | str | Seen]


def kept(events: Sequence[AlertEvent]) -> dict[str, AlertState]:
    """What a file of these events brings back."""
    rows = [msgspec.json.decode(msgspec.json.encode(e), type=AlertEvent) for e in events]
    return states_after(rows)


def run(
    alert: Alert, pictures: Sequence[Picture], cut: int | None = None
) -> tuple[list[AlertEvent], list[tuple[int, str]]]:
    """All events, and at which pictures people are told of which; at `cut` captop starts anew."""
    states, events, told = dict[str, AlertState](), list[AlertEvent](), list[tuple[int, str]]()
    for n, picture in enumerate(pictures):
        states = kept(events) if n == cut else states
        at = OPEN + timedelta(minutes=n)
        states, news = stepped((alert,), states, Moment(at, at.date()), Told(picture))
        events += news
        told += [(n, str(e.kind)) for e in news if e.kind in TOLD]
    return events, told


@pytest.mark.parametrize(
    ("test", "pictures", "told"),
    [
        (
            EITHER,
            ({"v": 17, "r": 50}, {"v": 21, "r": 50}, {"v": 19, "r": 50}, {"r": 150}, {"v": 19}),
            [(1, "entered")],
        ),
        (
            EITHER,
            ({"v": 17, "r": 50}, {"v": 21, "r": 50}, {"v": 17}, {"v": 19, "r": 50}),
            [(1, "entered"), (3, "left")],
        ),
        (
            BOTH,
            ({"v": 17, "r": 150}, {"v": 21, "r": 150}, {"r": 50}, {"v": 19, "r": 150}),
            [(1, "entered"), (2, "left"), (3, "entered")],
        ),
        (
            Combination(2, (CROSSING, OTHER)),
            ({"v": 19, "r": 150}, {"r": 150}, {"v": 21, "r": 150}),
            [(2, "entered")],
        ),
    ],
)
def test_an_unknown_part_forgets_nothing(
    test: Test, pictures: Sequence[Picture], told: list[tuple[int, str]]
) -> None:
    assert run(alert_of(test), pictures)[1] == told


def test_two_turns_in_a_row_are_two_events_and_one_after_the_unknown_too() -> None:
    pictures: list[Picture] = [{"w": w} for w in ("calm", "stress", "panic")]
    assert run(alert_of(TURNING), [*pictures, {}, {"w": "calm"}])[1] == [
        (1, "entered"),
        (2, "entered"),
        (4, "entered"),
    ]


@pytest.mark.parametrize(
    ("test", "before", "after"),
    [
        (CROSSING, {"v": 19}, {"v": 21}),
        (TURNING, {"w": "holds"}, {"w": "fails"}),
        (Combination(2, (CROSSING, OTHER)), {"v": 19, "r": 150}, {"v": 21, "r": 150}),
    ],
)
def test_what_came_while_captop_was_off_is_told(
    test: Test, before: Picture, after: Picture
) -> None:
    assert run(alert_of(test), (before, {}, after), 1)[1] == [(2, "entered")]


def test_a_crossing_that_was_passed_over_is_not_told_after_a_restart() -> None:
    pictures: list[Picture] = [{"v": v} for v in (19, 21, 19, 19, 18)]
    events, told = run(alert_of(CROSSING, repeats=False), pictures, 3)
    assert told == [(1, "entered")]
    assert [e.kind for e in events] == [EventKind.BEGAN, EventKind.ENTERED, EventKind.BEGAN]


LEVELS = st.sampled_from([17.0, 18.0, 19.0, 20.0, 21.0]) | st.just(STALE)
PICTURES = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "v": LEVELS,
            "r": st.sampled_from([50.0, 150.0]),
            "w": st.sampled_from(["calm", "stress"]),
        },
    ),
    max_size=20,
)
TESTS = st.sampled_from(
    [
        LEVEL,
        CROSSING,
        TURNING,
        EITHER,
        BOTH,
        Combination(2, (CROSSING, OTHER)),
        Combination(1, (CROSSING, TURNING)),
        Combination(2, (LEVEL, OTHER, TURNING)),
    ]
)


@given(TESTS, PICTURES, st.integers(0, 20), st.booleans(), st.sampled_from([0, 7]))
def test_a_restart_anywhere_tells_the_same(
    test: Test, pictures: list[Picture], cut: int, repeats: bool, cooldown: int
) -> None:
    alert = alert_of(test, repeats=repeats, cooldown_min=cooldown)
    assert run(alert, pictures, cut)[1] == run(alert, pictures)[1]
