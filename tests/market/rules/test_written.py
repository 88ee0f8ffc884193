"""Rules as they are written in TOML, and what is said of wrong ones."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.instruments import default_cast
from market.metrics.names import rule_writing, story_writing
from market.named_states import state_names
from market.rules.rule import Combination, Comparison, Condition, Rule
from market.rules.written import RuleError

WRITING = rule_writing(default_cast(), (), state_names((), ("yahoo",)))
STORIES = story_writing(default_cast(), ())


def rule(text: str) -> Rule:
    return WRITING.rule(tomllib.loads(f"rule = {text}")["rule"], "rule")


def test_a_level_with_hysteresis_and_persistence() -> None:
    assert rule('{ metric = "vix.last", above = 20, until = 18, closes = 2 }') == Rule(
        Condition(metric="vix.last", comparison=Comparison.ABOVE, bound=20, until=18), 2
    )


def test_another_metric_as_the_bound() -> None:
    written = rule('{ metric = "rut.last", crosses = "rut.average.50d" }')
    assert isinstance(written.test, Condition)
    assert written.test.bound == "rut.average.50d"


def test_moves() -> None:
    relative = rule('{ metric = "rut.last", falls = "3 %", sessions = 5 }').test
    plain = rule('{ metric = "vix.last", rises = 2.5 }').test
    assert isinstance(relative, Condition)
    assert isinstance(plain, Condition)
    assert (relative.bound, relative.is_relative, relative.sessions) == (0.03, True, 5)
    assert (plain.bound, plain.is_relative, plain.sessions) == (2.5, False, 1)


def test_combinations() -> None:
    calm, up = '{ metric = "vix.last", below = 17 }', '{ metric = "rut.return.1m", above = 0 }'
    needs = [
        (f"{{ all = [{calm}, {up}] }}", 2),
        (f"{{ any = [{calm}, {up}] }}", 1),
        (f"{{ at_least = 2, of = [{calm}, {up}, {calm}] }}", 2),
    ]
    for text, need in needs:
        test = rule(text).test
        assert isinstance(test, Combination)
        assert test.need == need


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            '{ metric = "RUT.retrun.1m", above = 0 }',
            'rule.metric: no metric is called "RUT.retrun.1m"; the nearest is "rut.return.1m"',
        ),
        (
            '{ all = [{ metric = "vix.last", above = 1 }, { metric = "vixx", above = 0 }] }',
            'rule.all[2].metric: no metric is called "vixx"',
        ),
        (
            '{ metric = "rut.return.1d", below = "-20 %" }',
            'rule.below: "-20 %" is in quotes; a bound is a number, such as 0.02 for 2 %',
        ),
        ('{ metric = "vix.last", abov = 20 }', 'rule knows no "abov"; the nearest is "above"'),
        ('{ metric = "vix.last" }', "rule needs one comparison: above, below, within"),
        (
            '{ metric = "vix.last", crosses = 20, until = 18 }',
            "rule.until goes with above or below, not with crosses",
        ),
        (
            '{ metric = "vix.last", crosses = 20, closes = 2 }',
            "rule.closes can only be 1",
        ),
        (
            '{ metric = "vix.term.state", above = 3 }',
            'rule.above: "vix.term.state" is a word, and takes is, turns',
        ),
        ('{ metric = "vix.term.state", z_move = 3 }', "is a word"),
        ('{ metric = "vix.term.state", within = [1, 2] }', "is a word"),
        ('{ metric = "vix.last", is = "contango" }', "is a number, and takes above, below"),
        ('{ metric = "rut.last", turns = true }', "is a number"),
        ('{ metric = "vix.last", above = "vix.regime" }', '"vix.regime" is a word, and no bound'),
        (
            '{ metric = "vix.term.state", is = "contanggo" }',
            '"vix.term.state" is never "contanggo"; the nearest is "contango"',
        ),
        ('{ metric = "feed.yahoo.state", is = "broken" }', 'never "broken"'),
        ('{ metric = "feed.yahoo.state", is = "waiting" }', 'never "waiting"'),
        ('{ metric = "feed.yaho.state", is = "ok" }', 'the nearest is "feed.yahoo.state"'),
        (
            '{ metric = "vix.last", above = 20, untill = 18 }',
            'rule knows no "untill"; the nearest is "until"',
        ),
        ('{ metric = "vix.last", above = 20, until = 20 }', "rule.until must lie below 20"),
        ('{ metric = "vix.last", below = 20, until = 18 }', "rule.until must lie above 20"),
        ('{ metric = "vix.last", above = true }', "rule.above must be a number"),
        ('{ metric = "vix.last", above = nan }', "rule.above must be a number"),
        ('{ metric = "vix.last", above = "vix.lst" }', 'rule.above: no metric is called "vix.lst"'),
        ('{ metric = "vix.last", within = [17, 13] }', "must have the lower number first"),
        ('{ metric = "vix.last", within = 13 }', "rule.within must be two numbers"),
        ('{ metric = "vix.last", falls = "3" }', "rule.falls must be a number or a text such as"),
        ('{ metric = "vix.last", falls = -3 }', "rule.falls must be above zero"),
        (
            '{ metric = "vix.last", falls = 3, sessions = 0 }',
            "rule.sessions must be a whole number",
        ),
        ('{ at_least = 3, of = [{ metric = "vix.last", above = 1 }] }', "rule.at_least must be"),
        ("{ all = [] }", "rule.all must be a list of rules"),
        ("{ above = 3 }", "rule names no metric, nor all, any or of"),
        ('"vix above 20"', "rule must be a table"),
        ('{ metric = "vix.last", above = 1, closes = -1 }', "rule.closes must be a whole number"),
    ],
)
def test_a_wrong_rule_is_told_with_its_place(text: str, complaint: str) -> None:
    with pytest.raises(RuleError) as caught:
        rule(text)
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{ metric = "vix.last", crosses = 16 }', "rule.crosses is for alerts: a line of a story"),
        ('{ metric = "vix.term.state", turns = true }', "rule.turns is for alerts"),
        ('{ metric = "vix.last", above = 20, until = 18 }', "rule.until is for alerts"),
        ('{ metric = "feed.yahoo.state", is = "ok" }', "states of lines and feeds are for alerts"),
        ('{ metric = "rut.last", above = "thesis.x.vix" }', "not for stories"),
    ],
)
def test_a_story_cannot_know_what_was_before(text: str, complaint: str) -> None:
    with pytest.raises(RuleError, match=complaint):
        STORIES.rule(tomllib.loads(f"rule = {text}")["rule"], "rule")


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
keys = st.sampled_from([*Comparison, "metric", "all", "any", "of", "at_least", "until", "closes"])
tables = st.recursive(
    scalars | st.just("vix.last"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=8,
)


def complaint_about(table: object) -> str:
    try:
        WRITING.rule(table, "rule")
    except RuleError as error:
        return str(error)
    return "none"


@given(tables)
def test_any_table_is_a_rule_or_told_in_one_sentence(table: object) -> None:
    assert complaint_about(table).isprintable()
