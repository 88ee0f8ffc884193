"""A state turns after n closes in a row on another side, and dates from the first of them."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from market.rules.persistence import Persistent, after_close

FIRST = date(2026, 1, 2)


def run(seen: str, closes: int) -> Persistent[str] | None:
    state: Persistent[str] | None = None
    for n, each in enumerate(seen):
        told = None if each == "-" else each
        state = after_close(state, told, FIRST + timedelta(days=n), closes)
    return state


def test_one_close_does_not_turn_two() -> None:
    state = run("AABA", 2)
    assert state == Persistent("A", FIRST)


def test_since_is_the_first_of_the_two() -> None:
    assert run("AABB", 2) == Persistent("B", FIRST + timedelta(days=2))


def test_two_other_states_in_turn_do_not_add_up() -> None:
    state = run("ABC", 2)
    assert state is not None
    assert state.state == "A"


def test_a_close_of_which_nothing_is_known_counts_for_nothing() -> None:
    assert run("AB-B", 2) == Persistent("B", FIRST + timedelta(days=1))


@given(st.text("ABC-", max_size=30), st.integers(1, 4))
def test_any_course_turns_only_after_as_many_in_a_row(seen: str, closes: int) -> None:
    known = [(n, each) for n, each in enumerate(seen) if each != "-"]
    state, since = None, 0
    for place in range(len(known)):
        n, each = known[place]
        if state is None:
            state, since = each, n
        last = known[max(0, place - closes + 1) : place + 1]
        if each != state and len(last) == closes and {e for _, e in last} == {each}:
            state, since = each, last[0][0]
    result = run(seen, closes)
    told = None if state is None else (state, FIRST + timedelta(days=since))
    assert (None if result is None else (result.state, result.since)) == told
