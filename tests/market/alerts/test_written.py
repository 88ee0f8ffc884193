"""The alerts' file: what it may say, and what is said of what it may not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.alert_book import AlertBook
from market.alerts.alert import Alert, Channel
from market.alerts.written import alerts_of
from market.instruments import default_cast
from market.metrics.names import rule_writing
from market.named_states import state_names
from market.rules.rule import Combination, Comparison, Condition, conditions_of
from market.rules.written import Kind, Writing

CAST = default_cast()
STATES = {"thesis.july.vix": ("holds", "fails"), "feed.yahoo.state": ("ok", "failing")}
WRITING = rule_writing(CAST, (), STATES)
HEAD = '[[alert]]\nid = "a"\n'


def read(text: str, watched: tuple[str, ...] = ()) -> tuple[tuple[Alert, ...], tuple[str, ...]]:
    return alerts_of(text, WRITING, CAST, watched)


def only(text: str) -> Alert:
    (alert,), faults = read(text)
    assert faults == ()
    return alert


def fault(text: str) -> str:
    alerts, (sentence,) = read(text)
    assert alerts == ()
    return sentence


def test_a_table_says_everything() -> None:
    alert = only(
        HEAD
        + """
title = "VIX above 20"
rule = { metric = "vix.last", above = 20, until = 18, closes = 2 }
cooldown = 90
repeats = true
leaving = true
tell = ["bell", "webhook"]
"""
    )
    assert (alert.id, alert.title, alert.table) == ("a", "VIX above 20", "a")
    assert alert.rule.test == Condition(
        metric="vix.last", comparison=Comparison.ABOVE, bound=20.0, until=18.0
    )
    assert (alert.rule.closes, alert.cooldown) == (2, timedelta(minutes=90))
    assert (alert.repeats, alert.tells_leaving) == (True, True)
    assert alert.tell == (Channel.BELL, Channel.WEBHOOK)


def test_little_need_be_said() -> None:
    alert = only(HEAD + 'rule = { metric = "vix.last", above = 20 }')
    assert (alert.title, alert.cooldown) == ("a", timedelta(minutes=30))
    assert not alert.repeats
    assert alert.tell == tuple(Channel)


@pytest.mark.parametrize(
    ("rule", "comparisons"),
    [
        ('{ metric = "iwm.last", changes = "3 %" }', "changes"),
        ('{ metric = "iwm.last", z_move = 2 }', "z_move"),
        ('{ metric = "iwm.last", falls = 3, sessions = 5 }', "falls"),
        ('{ metric = "vix.last", above = 20, until = 18 }', "above"),
        ('{ metric = "rut.last", crosses = "rut.average.50d" }', "crosses"),
        ('{ metric = "vix.term.state", is = "backwardation" }', "is"),
        ('{ metric = "xbi.range52w.new", is = "high" }', "is"),
        ('{ metric = "iwm.halt", is = "halted" }', "is"),
        ('{ metric = "thesis.july.vix", turns = true }', "turns"),
        ('{ metric = "feed.yahoo.state", is = "failing" }', "is"),
        ('{ metric = "crdo.earnings.sessions", below = 1 }', "below"),
        (
            '{ any = [{metric = "rut.last", above = 2}, {metric = "rut.last", below = 1}] }',
            "above below",
        ),
        (
            (
                '{ at_least = 2, of = [{metric = "rut.last", above = 2}, '
                '{ all = [{metric = "vix.last", below = 9}, {metric = "iwm.last", above = 3}] }, '
                '{metric = "rut.last", below = 1}] }'
            ),
            "above below above below",
        ),
        ('{ metric = "vix.last", within = [13, 17] }', "within"),
        ('{ metric = "attribution.residual.1d", below = -5, until = 2 }', "below"),
    ],
)
def test_every_kind_of_alert_can_be_written(rule: str, comparisons: str) -> None:
    test = only(HEAD + f"rule = {rule}").rule.test
    assert " ".join(each.comparison for each in conditions_of(test)) == comparisons


def test_one_table_stands_for_several_instruments() -> None:
    text = HEAD + 'for = ["IWM", "^RUT"]\nrule = { metric = "{slug}.last", changes = "1 %" }\n'
    alerts, faults = read(text)
    assert faults == ()
    assert [(a.id, a.metrics, a.table) for a in alerts] == [
        ("a/iwm", ("iwm.last",), "a"),
        ("a/rut", ("rut.last",), "a"),
    ]
    titled = text.replace("for =", 'title = "{symbol} moves"\nfor =')
    assert [a.title for a in read(titled)[0]] == ["IWM moves", "^RUT moves"]
    plain = text.replace("for =", 'title = "moves"\nfor =')
    assert [a.title for a in read(plain)[0]] == ["IWM: moves", "^RUT: moves"]


def test_groups_are_told_of_one_by_one_and_an_unknown_one_with_the_nearest() -> None:
    rule = 'rule = { metric = "{slug}.return.1d", falls = 0.02 }\n'
    alerts, faults = read(f'{HEAD}for = ["sector.health-care", "IWM"]\n{rule}')
    assert ([a.metrics for a in alerts], faults) == (
        [("sector.health-care.return.1d",), ("iwm.return.1d",)],
        (),
    )
    wrong = fault(f'{HEAD}for = ["sector.helth-care"]\n{rule}')
    assert 'the nearest is "sector.health-care.return.1d"' in wrong


def test_watchlists_give_their_symbols_as_far_as_they_have_the_metric() -> None:
    text = HEAD + 'for = "watchlists"\nrule = { metric = "{slug}.earnings.sessions", below = 1 }\n'
    alerts, faults = read(text, ("IWM", "CRDO"))
    assert ([a.id for a in alerts], faults) == (["a/crdo"], ())
    assert read(text)[0] == ()
    wrong = text.replace("earnings.sessions", "earning")
    assert "iwm.earning" in read(wrong, ("IWM",))[1][0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD, "rule"),
        (HEAD + 'rule = { metric = "vix.lost", above = 1 }', 'the nearest is "vix.last"'),
        (HEAD + 'rule = { metric = "vix.last", above = 20, until = 21 }', "rule.until"),
        (HEAD + 'rule = { metric = "vix.regime", turns = 1 }', "rule.turns must be true"),
        (
            HEAD + 'rule = { metric = "vix.last", above = 1 }\ncooldown = -1',
            "cooldown: expected a number",
        ),
        (
            HEAD + 'rule = { metric = "vix.last", above = 1 }\ncooldwn = 1',
            'it knows no "cooldwn"; the nearest is "cooldown"',
        ),
        (
            HEAD + 'rule = { metric = "vix.last", above = 1 }\ntell = ["bel"]',
            'tell knows no "bel"; the nearest is "bell"',
        ),
        ('[[alert]]\nrule = { metric = "vix.last", above = 1 }', 'it has no "id"'),
        (HEAD + 'rule = { metric = "vix.last", above = 1 }\nfor = "all"', '"watchlists"'),
        (HEAD + 'rule = { metric = "vix.last", above = 1 }\nrul = 2', "rul"),
        (HEAD + 'rule = { metric = "vix.last", above = 1 }\ncloses = 2', "within the rule"),
        (
            HEAD + 'rule = { any = [{ metric = "vix.last", above = 1, closes = 2 }] }',
            "rule.any[1].closes is of a whole rule",
        ),
        ('[[alert]]\nid = "A b"\nrule = { metric = "vix.last", above = 1 }', "small letters"),
        ("[[alert]]\nid = 7", "number 1"),
    ],
)
def test_what_is_wrong_is_told_with_its_alert(text: str, words: str) -> None:
    sentence = fault(text)
    assert sentence.startswith("alert ")
    assert "is left out" in sentence
    assert words in sentence


def test_a_wrong_alert_costs_the_others_nothing() -> None:
    good = 'rule = { metric = "vix.last", above = 1 }\n'
    text = (
        f'{HEAD}{good}[[alert]]\nid = "b"\n[[alert]]\nid = "a"\n{good}[[alert]]\nid = "c"\n{good}'
    )
    alerts, faults = read(text)
    assert [a.id for a in alerts] == ["a", "c"]
    assert [fault.partition(" is left")[0] for fault in faults] == [
        "alert b in line 4",
        "alert a in line 6",
    ]
    assert 'another one with the id "a"' in faults[1]


@pytest.mark.parametrize("text", ["alert = 3", "[alert]", "x = 1", "x = [", "[[alerts]]"])
def test_a_file_of_another_form_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(text)


@given(st.text() | st.text().map(lambda t: HEAD + t))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    quick = Writing(
        lambda name: Kind(True, STATES[name]) if name in STATES else None, lambda: STATES
    )
    book = AlertBook(None, quick, CAST)
    book.use(text)
    assert all(sentence for sentence in book.faults)


def test_a_book_reads_its_file_again_when_it_changes(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("book") / "alerts.toml"
    book = AlertBook(path, WRITING, CAST)
    assert not book.look()
    path.write_text(HEAD + 'rule = { metric = "vix.last", above = 1 }\n', encoding="utf-8")
    assert book.look()
    assert not book.look()
    path.write_text("[[alert]\n", encoding="utf-8")
    assert book.look()
    assert [a.id for a in book.alerts] == ["a"], "what somebody is writing takes nothing away"
    assert str(path) in book.faults[0]
    path.write_bytes(b"\xff\xfe\x00")
    assert book.look()
    assert "UTF-8" in book.faults[0]
    path.write_text('\n[[alert]]\nid = "c"\n', encoding="utf-8")
    assert book.look()
    assert book.faults == (f'{path.name}: alert c in line 2 is left out: it has no "rule"',)
    path.unlink()
    assert book.look()
    assert (book.alerts, book.faults) == ((), ())


def test_a_book_follows_the_watchlists() -> None:
    book = AlertBook(None, WRITING, CAST)
    book.use(HEAD + 'for = "watchlists"\nrule = { metric = "{slug}.last", above = 1 }\n')
    assert book.watch(["IWM"])
    assert not book.watch(["IWM", "IWM"])
    assert [a.id for a in book.alerts] == ["a/iwm"]


def test_combinations_read_each_metric_once() -> None:
    alert = only(
        HEAD
        + 'rule = { of = [{ metric = "vix.last", above = 20 }, { metric = "vix.last", z_move = 2 },'
        ' { metric = "rut.last", below = 1 }], at_least = 2 }'
    )
    assert isinstance(alert.rule.test, Combination)
    assert alert.metrics == ("vix.last", "rut.last")
    assert state_names((), ("yahoo",)) == {"feed.yahoo.state": ("ok", "failing")}
