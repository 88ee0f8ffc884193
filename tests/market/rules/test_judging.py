"""Rules: hysteresis, bands, crossings, moves, combinations, and how stale input stops them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.rules.judging import NEVER_JUDGED, Seen, Standing, judged
from market.rules.rule import Combination, Comparison, Condition, Test, metrics_of
from tests.market.rules.told import Told

VIX = Condition(metric="vix.last", comparison=Comparison.ABOVE, bound=20, until=18)
BAND = Condition(metric="vix.last", comparison=Comparison.WITHIN, bound=13, upper=17)
STALE = Seen(25.0, is_stale=True, reason="from yesterday")


def run(test: Test, values: Sequence[float | str | Seen]) -> list[bool | None]:
    standing, told = NEVER_JUDGED, list[bool | None]()
    for value in values:
        standing = judged(test, standing, Told({"vix.last": value}))
        told.append(standing.holds)
    return told


def test_hysteresis_holds_until_the_lower_bound_is_reached() -> None:
    values = (19.99, 20, 18.01, 18, 19.99, 20.5)
    assert run(VIX, values) == [False, True, True, False, False, True]


def test_hysteresis_below() -> None:
    calm = Condition(metric="vix.last", comparison=Comparison.BELOW, bound=13, until=15)
    assert run(calm, (13.1, 13, 14.9, 15, 14)) == [False, True, True, False, False]


def test_a_band_tells_the_side() -> None:
    sides = [judged(BAND, NEVER_JUDGED, Told({"vix.last": v})).side for v in (12.9, 13, 17, 17.1)]
    assert sides == [-1, 0, 0, 1]
    assert judged(BAND, NEVER_JUDGED, Told({"vix.last": 18.5})).distance == 1.5


def test_a_crossing_is_an_event_in_either_direction_and_none_at_the_first_value() -> None:
    crossing = Condition(metric="vix.last", comparison=Comparison.CROSSES, bound=20)
    values = (21, 22, 20, 19.9, 19, 20, 20.1)
    assert run(crossing, values) == [False, False, False, True, False, False, True]


def test_a_word_turns_when_it_becomes_another_and_not_at_the_first() -> None:
    turning = Condition(metric="vix.last", comparison=Comparison.TURNS)
    values = ("calm", "calm", "stress", STALE, "stress", "calm")
    assert run(turning, values) == [False, False, True, True, False, True]


def test_two_series_cross() -> None:
    crossing = Condition(metric="rut.last", comparison=Comparison.CROSSES, bound="rut.average.50d")
    before = judged(crossing, NEVER_JUDGED, Told({"rut.last": 10, "rut.average.50d": 11}))
    after = judged(crossing, before, Told({"rut.last": 12, "rut.average.50d": 11}))
    assert (before.holds, after.holds) == (False, True)


def test_stale_input_neither_enters_nor_leaves_and_says_why() -> None:
    assert run(VIX, (STALE, 21, STALE, Seen(5.0, is_stale=True), 17)) == [
        None,
        True,
        True,
        True,
        False,
    ]
    frozen = judged(VIX, Standing(True), Told({"vix.last": STALE}))
    assert (frozen.is_frozen, frozen.reason) == (True, "from yesterday")


def test_one_stale_part_stops_a_whole_combination() -> None:
    both = Combination(1, (VIX, Condition(metric="rut.last", comparison=Comparison.ABOVE)))
    before = Standing(False)
    assert judged(both, before, Told({"vix.last": STALE, "rut.last": 3})).holds is False


def test_what_is_unknown_is_decided_by_the_others_if_they_suffice() -> None:
    parts = tuple(
        Condition(metric=name, comparison=Comparison.ABOVE, bound=0) for name in ("a", "b", "c")
    )
    assert judged(Combination(2, parts), NEVER_JUDGED, Told({"a": 1, "b": 1})).holds is True
    assert judged(Combination(2, parts), NEVER_JUDGED, Told({"a": -1, "b": -1})).holds is False
    open_ = judged(Combination(2, parts), NEVER_JUDGED, Told({"a": 1, "b": -1}))
    assert (open_.holds, open_.reason) == (None, "waiting for data")


@pytest.mark.parametrize(
    ("comparison", "value", "holds"),
    [
        (Comparison.RISES, 104, True),
        (Comparison.RISES, 96, False),
        (Comparison.FALLS, 96, True),
        (Comparison.CHANGES, 96, True),
        (Comparison.CHANGES, 103, False),
    ],
)
def test_moves_since_some_closes_ago(comparison: Comparison, value: float, holds: bool) -> None:
    past = {"vix.last": (90.0, 100.0, 50.0)}
    plain = Condition(metric="vix.last", comparison=comparison, bound=4, sessions=2)
    assert judged(plain, NEVER_JUDGED, Told({"vix.last": value}, past)).holds is holds
    relative = Condition(
        metric="vix.last", comparison=comparison, bound=0.04, sessions=2, is_relative=True
    )
    assert judged(relative, NEVER_JUDGED, Told({"vix.last": value}, past)).holds is holds


def test_a_move_needs_its_past() -> None:
    move = Condition(metric="vix.last", comparison=Comparison.RISES, bound=1, sessions=5)
    standing = judged(move, NEVER_JUDGED, Told({"vix.last": 3}, {"vix.last": (1.0, 2.0)}))
    assert (standing.holds, standing.reason) == (None, "2 of 5 closes are known")


def test_a_z_move_is_held_against_63_returns_without_todays() -> None:
    closes = [100 * math.exp(0.001 * n + 0.01 * (-1) ** n) for n in range(80)]
    returns = [
        math.log(closes[n + 1] / closes[n]) for n in range(len(closes) - 64, len(closes) - 1)
    ]
    today = closes[-1] * math.exp(fmean(returns) + 3 * stdev(returns))
    move = Condition(metric="vix.last", comparison=Comparison.Z_MOVE, bound=2.99)
    standing = judged(move, NEVER_JUDGED, Told({"vix.last": today}, {"vix.last": closes}))
    assert standing.holds is True
    assert standing.value == pytest.approx(3)


def test_a_z_move_of_a_still_series_has_a_floor_of_one_basis_point() -> None:
    move = Condition(metric="vix.last", comparison=Comparison.Z_MOVE, bound=3)
    still = {"vix.last": (100.0,) * 64}
    standing = judged(move, NEVER_JUDGED, Told({"vix.last": 100 * math.exp(0.0004)}, still))
    assert standing.value == pytest.approx(4)
    short = judged(move, NEVER_JUDGED, Told({"vix.last": 100}, {"vix.last": (100.0,) * 40}))
    assert short.reason == "39 of 40 daily returns are known"


def test_words() -> None:
    inverted = Condition(metric="vix.last", comparison=Comparison.IS, bound="backwardation")
    assert run(inverted, ("contango", "backwardation")) == [False, True]


def band(metric: str, one: float, other: float) -> Condition:
    low, high = sorted((one, other))
    return Condition(metric=metric, comparison=Comparison.WITHIN, bound=low, upper=high)


numbers = st.floats(-30, 30).map(round)
names = st.sampled_from("abcd")
conditions = st.one_of(
    st.builds(Condition, metric=names, comparison=st.just(Comparison.ABOVE), bound=numbers | names),
    st.builds(Condition, metric=names, comparison=st.just(Comparison.BELOW), bound=numbers | names),
    st.builds(band, names, numbers, numbers),
)


def combinations(parts: st.SearchStrategy[Test]) -> st.SearchStrategy[Test]:
    lists = st.lists(parts, min_size=1, max_size=4).map(tuple)
    return lists.flatmap(lambda p: st.builds(Combination, st.integers(1, len(p)), st.just(p)))


tests = st.recursive(conditions, combinations, max_leaves=8)
Known = dict[str, float | None]


def oracle(test: Test, known: Known) -> set[bool]:
    """Every truth the test could have, whatever the unknown values are."""
    if isinstance(test, Combination):
        counts = {0}
        for part in test.parts:
            counts = {c + truth for c in counts for truth in oracle(part, known)}
        return {count >= test.need for count in counts}
    value = known[test.metric]
    bound = known[test.bound] if isinstance(test.bound, str) else test.bound
    if value is None or bound is None:
        return {True, False}
    match test.comparison:
        case Comparison.ABOVE:
            return {value >= bound}
        case Comparison.BELOW:
            return {value <= bound}
        case _:
            return {bound <= value <= test.upper}


@given(tests, st.fixed_dictionaries(dict.fromkeys("abcd", st.none() | numbers)))
def test_any_rule_agrees_with_trying_all_that_could_be(test: Test, known: Known) -> None:
    told = Told({name: value for name, value in known.items() if value is not None})
    truths = oracle(test, known)
    assert judged(test, NEVER_JUDGED, told).holds is (truths.pop() if len(truths) == 1 else None)


@given(tests, names, st.booleans())
def test_any_rule_with_one_stale_input_stands_as_it_stood(
    test: Test, name: str, held: bool
) -> None:
    told = Told({**dict.fromkeys("abcd", 1.0), name: Seen(9.0, is_stale=True)})
    after = judged(test, Standing(held), told)
    if name in metrics_of(test):
        assert (after.holds, after.is_frozen) == (held, True)
    else:
        assert not after.is_frozen
