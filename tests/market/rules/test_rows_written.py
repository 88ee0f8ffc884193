"""Rules that mark rows and numbers, as they are written, and what is said of wrong ones."""

from __future__ import annotations

import pytest

from market.instruments import default_cast
from market.metrics.names import mark_writing
from market.named_states import state_names
from market.rules.rows import Colour, beside_rows
from market.rules.rows_written import mark_rules_of
from market.rules.rule import Combination

WRITING = mark_writing(default_cast(), (), state_names((), ("yahoo",)))
BUSY = """
[[rule]]
id = "busy"
title = "Twice its usual volume"
when = { metric = "{slug}.relative_volume", above = 2 }
colour = "accent"
"""


def only(text: str) -> str:
    """What is said of a text with one wrong table."""
    rules, (fault,) = mark_rules_of(text, WRITING)
    assert all(rule.id == "busy" for rule in rules)
    return fault


def table(when: str, beside: str = "") -> str:
    return f'[[rule]]\nid = "odd"\nwhen = {when}\n{beside}'


def test_rules_of_rows_and_of_single_numbers() -> None:
    text = (
        BUSY
        + """
[[rule]]
id = "calm"
when = { all = [{ metric = "vix.last", below = "vix3m.last" },
                { metric = "feed.yahoo.state", is = "ok" }] }
[[rule]]
id = "ahead"
when = { any = [{ metric = "{slug}.return.1m", above = "rut.return.1m" },
                { metric = "{slug}.last", z_move = 2.5 }] }
"""
    )
    rules, faults = mark_rules_of(text, WRITING)
    assert faults == ()
    busy, calm, ahead = rules
    assert (busy.title, busy.colour, busy.is_of_rows) == (
        "Twice its usual volume", Colour.ACCENT, True,
    )  # fmt: skip
    assert (calm.title, calm.colour, calm.is_of_rows) == ("calm", None, False)
    assert isinstance(calm.test, Combination)
    assert ahead.is_of_rows
    assert beside_rows(rules) == ("vix.last", "vix3m.last", "feed.yahoo.state", "rut.return.1m")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (table('{ metric = "{slug}.retrun.1d", above = 0 }'), '"{slug}.return.1d"'),
        (table('{ metric = "vix.last", over = 0 }'), 'knows no "over"'),
        (table('{ metric = "vix.last", above = 0 }', 'colour = "god"'), 'nearest is "good"'),
        (
            table('{ metric = "vix.last", above = 0 }', "color = 1"),
            '"color"; the nearest is "colour"',
        ),
        (table('{ metric = "vix.last", crosses = 20 }'), "when.crosses is for alerts"),
        (table('{ metric = "vix.regime", turns = true }'), "when.turns is for alerts"),
        (table('{ metric = "vix.last", above = 20, until = 18 }'), "when.until is for alerts"),
        (table('{ metric = "vix.last", above = 20, closes = 2 }'), "judged by the present alone"),
        (table('{ metric = "vix.last", above = 20 }', "closes = 2"), "judged by the present"),
        (table('{ metric = "{slug}.volume", rises = 2 }'), 'needs the metric "{slug}.last"'),
        ('[[rule]]\nid = "No!"\nwhen = { metric = "vix.last", above = 0 }', "small letters"),
        (BUSY + BUSY, 'another one with the id "busy"'),
        ("[[rule]]\nwhen = {}", "rule number 1 in line 1 is left out"),
    ],
)
def test_what_is_said_of_wrong_rules(text: str, complaint: str) -> None:
    assert complaint in only(text)


def test_a_wrong_rule_is_told_with_its_line_and_the_others_stay() -> None:
    fault = only(BUSY + table('{ metric = "vix.last" }'))
    assert fault.startswith("rule odd in line 7 is left out: when needs one comparison")


@pytest.mark.parametrize("text", ["[[rules]]", "rule = 1", "not TOML", "[rule]"])
def test_another_form_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(ValueError, match=r"rule|line 1"):
        mark_rules_of(text, WRITING)
