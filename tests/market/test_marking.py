"""Which rules hold of rows and numbers, against what the metrics themselves say."""

from __future__ import annotations

import math
from array import array
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from market.census import WINDOWS, Mark
from market.instruments import default_cast
from market.marking import MemberRules, colours_of, holding, seen_beside, values_of
from market.metrics.catalogue import METRICS
from market.metrics.member_figures import MEMBER_FIGURES, member_figure
from market.metrics.metric import Unit
from market.metrics.names import mark_writing
from market.metrics.readings import Function, read
from market.metrics.registry import FUNCTIONS
from market.metrics.subject import Subject
from market.named_states import state_names
from market.quotes import Bars, Key, Kind
from market.reading import Reading
from market.rule_values import NamedValues
from market.rules.rows import OWN, MarkRule
from market.rules.rows_written import mark_rules_of
from tests.widgets.censuses import IDLE_ROW, MISSING_ROW, SUSPECT_ROW, census, counted
from tests.widgets.pictures import picture

WRITING = mark_writing(default_cast(), (), state_names((), ("demo",)))


def rules(*conditions: str) -> tuple[MarkRule, ...]:
    """Rules `r0`, `r1` ... all of which paint."""
    tables = (
        f'[[rule]]\nid = "r{n}"\nwhen = {{ {text} }}\ncolour = "good"\n'
        for n, text in enumerate(conditions)
    )
    found, faults = mark_rules_of("".join(tables), WRITING)
    assert faults == ()
    return found


def held_by(symbol: str, *conditions: str) -> list[str]:
    snapshot = picture()
    values = values_of(snapshot, symbol, NamedValues(snapshot))
    return [rule.id for rule in holding(rules(*conditions), values)]


def test_a_rows_own_numbers_are_held_against_bounds_and_against_the_index() -> None:
    snapshot = picture()
    move = snapshot.readings["crdo.return.1d"].value
    index = snapshot.readings["rut.return.1d"].value
    assert isinstance(move, float)
    assert isinstance(index, float)
    own = 'metric = "{slug}.return.1d"'
    expected = [f"r{int(move < index)}", "r2"]
    assert (
        held_by(
            "CRDO",
            f'{own}, above = "rut.return.1d"',
            f'{own}, below = "rut.return.1d"',
            f"{own}, within = [{move - 0.001}, {move + 0.001}]",
            f"{own}, above = {move + 0.001}",
            'metric = "{slug}.members", above = 0',
        )
        == expected
    )


def test_what_is_not_known_holds_not_and_other_parts_may_suffice() -> None:
    lost = '{ metric = "{slug}.last", above = 0 }'
    calm = '{ metric = "vix.last", above = 0 }'
    assert held_by(
        "ZZZQ", f"any = [{lost}]", f"all = [{lost}, {calm}]", f"any = [{lost}, {calm}]"
    ) == ["r2"]


def test_moves_are_held_against_the_closes_before_the_rows_session() -> None:
    snapshot = picture()
    bars = snapshot.series("CRDO", Kind.DAILY, Kind.CLOSES)
    last = snapshot.readings["crdo.last"].value
    previous = snapshot.readings["crdo.previous_close"].value
    assert bars is not None
    assert isinstance(last, float)
    assert isinstance(previous, float)
    size = abs(last - previous)
    own = 'metric = "{slug}.last"'
    moved = held_by(
        "CRDO", f"{own}, changes = {size * 0.99}", f"{own}, changes = {size * 1.01}",
        f"{own}, z_move = 0.0001", f"{own}, z_move = 99",
    )  # fmt: skip
    assert moved == ["r0", "r2"]


def test_numbers_are_painted_by_the_first_rule_that_holds_and_bounds_are_not() -> None:
    snapshot = picture()
    found, _ = mark_rules_of(
        """
[[rule]]
id = "none"
when = { metric = "rvx.last", above = 0 }
[[rule]]
id = "first"
when = { any = [{ metric = "vix.last", above = "rut.year_start" },
                { metric = "rvx.last", above = 0 }] }
colour = "warn"
[[rule]]
id = "second"
when = { any = [{ metric = "rvx.last", above = 1 }, { metric = "vix.last", below = "rut.last" }] }
colour = "dim"
""",
        WRITING,
    )
    assert colours_of(found, snapshot) == {"rvx.last": "warn", "vix.last": "dim"}
    late = snapshot.at(snapshot.now + timedelta(minutes=30))
    assert colours_of(found, late) == {}, "what is late is not painted"


def test_what_rules_read_beside_the_rows_tells_whether_to_judge_anew() -> None:
    both = rules(
        'all = [{ metric = "{slug}.last", above = 1 }, { metric = "vix.last", above = 9 }]'
    )
    snapshot = picture()
    reading = replace(snapshot.readings["vix.last"], value=8.0)
    other = replace(snapshot, readings={**snapshot.readings, "vix.last": reading})
    assert seen_beside(both, snapshot) == seen_beside(both, snapshot.at(snapshot.now))
    assert seen_beside(both, snapshot) != seen_beside(both, other)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["return.1d", "relative_volume", "index.weight", "range52w.position"]),
            st.sampled_from(["above", "below"]),
            st.floats(-0.05, 2),
        ),
        min_size=1,
        max_size=3,
    ),
    st.integers(1, 3),
)
def test_members_are_judged_as_one_would_by_hand(
    parts: list[tuple[str, str, float]], least: int
) -> None:
    snapshot, found = counted(), census()
    least = min(least, len(parts))
    listed = ", ".join(f'{{ metric = "{OWN}{m}", {how} = {b!r} }}' for m, how, b in parts)
    judged = MemberRules(rules(f"at_least = {least}, of = [{listed}]"), snapshot, found)
    expected: list[bool] = []
    for row in range(len(found.members)):
        values = [member_figure(found, row, name) for name, _, _ in parts]
        holds = [
            isinstance(value, float) and (value >= bound if how == "above" else value <= bound)
            for value, (_, how, bound) in zip(values, parts, strict=True)
        ]
        expected.append(sum(holds) >= least)
    assert judged.among(range(len(found.members)), "r") == expected
    assert [bool(judged.of(row)) for row in range(len(found.members))] == expected
    assert not any(judged.among(range(len(found.members)), "x"))


def test_nothing_holds_of_a_member_whose_price_is_not_believed() -> None:
    found = census()
    for row in (SUSPECT_ROW, MISSING_ROW):
        assert all(member_figure(found, row, name) is None for name in MEMBER_FIGURES)
    assert found.members.marks[IDLE_ROW] is Mark.IDLE
    assert member_figure(found, IDLE_ROW, "relative_volume") is None
    assert member_figure(found, IDLE_ROW, "index.weight") is not None


def test_members_closes_are_those_of_their_past() -> None:
    found = census()
    symbol = found.members.symbols[0]
    closes = [100.0 + n % 2 for n in range(70)]
    day = found.members.day
    midnight = (day.toordinal() - 719_163) * 86_400
    times = array("q", (midnight + (n - 69) * 86_400 for n in range(70)))
    past = Bars(
        key=Key(Kind.PAST, symbol), interval_s=86_400, source="yahoo", as_of=counted().now,
        times=times, close=array("d", closes),
    )  # fmt: skip
    moves = rules('metric = "{slug}.last", rises = 1', 'metric = "{slug}.last", z_move = 1')
    members = replace(found.members, last=array("d", [closes[68] + 2.0] * len(found.members)))
    risen = replace(found, members=members)
    judged = MemberRules(moves, replace(counted(), past={symbol: past}), risen)
    assert [rule.id for rule in judged.of(0)] == ["r0", "r1"]
    assert judged.of(1) == (), "without a past nothing can be said"


OF_THE_CENSUS = sorted(name for name in MEMBER_FIGURES if name.startswith("index."))


@pytest.mark.parametrize("name", OF_THE_CENSUS)
def test_a_members_figure_is_what_its_metric_says(name: str) -> None:
    snapshot, found = counted(), census()
    function: Function = FUNCTIONS[OWN + name]
    for row in (0, 3, len(found.members) - 1):
        told = read(
            function, Subject(snapshot, snapshot.cast[found.members.symbols[row]], {})
        ).value
        own = member_figure(found, row, name)
        assert own == (pytest.approx(told) if isinstance(told, float) else told)


def test_every_figure_of_members_is_a_named_metric_and_each_window_has_its_own() -> None:
    known = {metric.name: metric for metric in METRICS}
    for name in MEMBER_FIGURES:
        assert known[OWN + name].meaning
        assert name == "index.industry" or known[OWN + name].unit is not Unit.WORD
    for window in WINDOWS:
        assert {f"return.{window.lower()}", f"index.contribution.{window.lower()}"} <= set(
            MEMBER_FIGURES
        )


def test_averages_and_relative_returns_of_members() -> None:
    found = census()
    members = found.members
    fifty = member_figure(found, 0, "average.50d")
    assert isinstance(fifty, float)
    assert members.last[0] / fifty - 1 == pytest.approx(members.above[50][0])
    assert member_figure(found, 0, "relative.1d") is None, "the index's return is not known"
    told = replace(found, readings={"attribution.index.1d": Reading(0.01)})
    relative = member_figure(told, 0, "relative.1d")
    assert relative == pytest.approx(members.returns["1D"][0] - 0.01)
    assert member_figure(found, 0, "no.such") is None
    assert math.isfinite(fifty)
