"""Setting alerts: the file they are written in, what is typed, and what the terminal does."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from market.alerts.alert import Channel
from market.alerts.board import AlertBoard, AlertStanding, AlertStatus
from market.metrics.compute import metric_named
from market.metrics.names import rule_writing
from market.named_states import state_names
from market.rules.rule import Comparison
from market.rules.written import RuleError
from market.sessions import session_of
from market.snapshot import Mode, Snapshot, empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON
from tests.market.alerts.written_alerts import alert_of, event_of
from tests.tui.fakes import FakeEngine
from tui.alert_draft import OF_NUMBERS, OF_WORDS, bound_shown, comparisons_of, drafted
from tui.alert_file import Draft, with_alert, without_alert
from tui.alert_focus import OF_PANELS
from tui.alert_signals import AlertSignals, notification, through_tmux
from tui.alerting import Alerting
from tui.settings import AlertSettings

BARE = empty_snapshot(THURSDAY_AFTERNOON)
WRITING = rule_writing(BARE.cast, (), state_names((), ("yahoo",)))
REMARKED = """# my alerts
[[alert]]
id = "a"  # the first
rule = { metric = "vix.last", above = 20 }

# about b
[[alert]]
id = "b"
title = '''
is written so'''
rule = { metric = "rut.last", below = 1 }
"""
VIX = Draft("vix.last", "above", 20.5)


# The file


def test_an_alert_is_added_at_the_end_and_taken_out_to_the_line() -> None:
    edited, name = with_alert(REMARKED, VIX)
    assert name == "vix-last-above-20-5"
    assert edited.startswith(REMARKED)
    assert tomllib.loads(edited)["alert"][-1] == {
        "id": name,
        "rule": {"metric": "vix.last", "above": 20.5},
    }
    assert without_alert(edited, name) == REMARKED


def test_remarks_stay_with_what_comes_after_them() -> None:
    left = without_alert(REMARKED, "a")
    assert left.startswith('# my alerts\n# about b\n[[alert]]\nid = "b"')
    assert without_alert(REMARKED, "unknown") == REMARKED


def test_one_id_is_not_given_twice() -> None:
    text, first = with_alert("", VIX)
    text, second = with_alert(text, VIX)
    assert (first, second) == ("vix-last-above-20-5", "vix-last-above-20-5-2")


@pytest.mark.parametrize(
    "text", ["alert = 3", "x = [", 'alert = [{ id = "q" }]', "[alert]\nid = 'x'"]
)
def test_a_file_of_another_form_is_left_alone(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        with_alert(text, VIX)


def test_a_header_within_a_text_is_noticed() -> None:
    with pytest.raises(ValueError, match="begin with a line"):
        without_alert(REMARKED.replace("is written", "[[alert]] is written"), "a")


BLOCKS = st.sampled_from(
    [
        "# a remark\n",
        "\n",
        'id = "{n}"\nrule = {{ metric = "vix.last", above = 1 }}\n',
        'title = "t"  # [[alert]]\nid = "{n}"\n[alert.rule]\nmetric = "vix.last"\nabove = 1\n',
    ]
)


@given(st.lists(BLOCKS, max_size=6), st.integers(0, 5))
def test_any_file_comes_back_after_an_addition_and_loses_only_what_is_taken(
    blocks: list[str], place: int
) -> None:
    parts = [
        f"[[alert]]\n{block.format(n=n)}" if "id" in block else block
        for n, block in enumerate(blocks)
    ]
    text = "".join(parts)
    edited, name = with_alert(text, VIX)
    assert without_alert(edited, name).strip() == text.strip()
    before = tomllib.loads(text).get("alert", [])
    after = tomllib.loads(without_alert(text, str(place))).get("alert", [])
    assert after == [each for each in before if each["id"] != str(place)]
    remarks = [line for line in text.splitlines() if line.startswith("#")]
    left = without_alert(text, str(place)).splitlines()
    assert [line for line in left if line.startswith("#")] == remarks


def test_the_demo_leaves_the_file_alone(tmp_path: Path) -> None:
    path, market = tmp_path / "new" / "alerts.toml", FakeEngine()
    demo = Alerting(path, lambda: market, lambda: True)
    assert "not saved" in demo.add(VIX)
    assert "not saved" in demo.add(VIX)
    assert market.alerts_text.count("[[alert]]") == 2
    assert not path.exists()
    live = Alerting(path, lambda: market, lambda: False)
    assert live.add(VIX) == "alert set; A shows all"
    assert path.read_text(encoding="utf-8") == market.alerts_text
    assert "taken out" in live.remove("vix-last-above-20-5")
    assert market.alerts_text == path.read_text(encoding="utf-8")


def test_what_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    market = FakeEngine()
    (tmp_path / "file").write_text("", encoding="utf-8")
    blocked = Alerting(tmp_path / "file" / "alerts.toml", lambda: market, lambda: False)
    assert "nothing was changed" in blocked.add(VIX)
    garbled = tmp_path / "alerts.toml"
    garbled.write_text("x = [", encoding="utf-8")
    assert "cannot be edited" in Alerting(garbled, lambda: market, lambda: False).add(VIX)
    assert (market.alerts_text, garbled.read_text(encoding="utf-8")) == ("", "x = [")


# What is typed


@pytest.mark.parametrize(
    ("metric", "comparison", "typed", "bound"),
    [
        ("rut.last", Comparison.ABOVE, "2,431.50", 2431.5),
        ("rut.return.1d", Comparison.BELOW, "−1.5 %", -0.015),
        ("iwm.tracking.1d", Comparison.ABOVE, "20 bp", 0.002),
        ("attribution.residual.1d", Comparison.ABOVE, "3 bp", 3.0),
        ("rut.return.1d", Comparison.ABOVE, "0", 0.0),
        ("rut.return.1d", Comparison.RISES, "1 %", 0.01),
        ("vix.last", Comparison.WITHIN, "13 to 17", (13.0, 17.0)),
        ("rut.return.1d", Comparison.WITHIN, "−1 % to 50 bp", (-0.01, 0.005)),
        ("rut.last", Comparison.CROSSES, "rut.average.50d", "rut.average.50d"),
        ("iwm.last", Comparison.CHANGES, "3 %", "3 %"),
        ("iwm.last", Comparison.RISES, "4", 4.0),
        ("iwm.last", Comparison.Z_MOVE, "2", 2.0),
        ("vix.term.state", Comparison.IS, "backwardation", "backwardation"),
        ("feed.yahoo.state", Comparison.TURNS, "", True),
    ],
)
def test_numbers_are_typed_as_they_are_shown(
    metric: str, comparison: Comparison, typed: str, bound: object
) -> None:
    draft = drafted(metric, comparison, typed, WRITING, BARE.cast)
    assert draft == Draft(metric, str(comparison), bound)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("metric", "typed", "words"),
    [
        ("rut.last", "", "no number"),
        ("rut.last", "nan", "no number"),
        ("rut.last", "1e999", "no number"),
        ("rut.last", "ten", "no number"),
        ("rut.lost", "1", 'the nearest is "rut.last"'),
        ("rut.last", "vix.lost", "no metric is called"),
        ("rut.return.1d", "2", '"2" needs its unit: 2 % or 2 bp'),
        ("rut.last", "5 %", '"5 %" has a unit, and the metric is in points'),
        ("vix.last", "20 until 21", "until must lie below 20"),
        ("vix.last", "20 until", "no number"),
    ],
)
def test_what_cannot_be_an_alert_is_told(metric: str, typed: str, words: str) -> None:
    with pytest.raises(RuleError, match=words):
        drafted(metric, Comparison.ABOVE, typed, WRITING, BARE.cast)


def test_hysteresis_and_cooldown_are_typed_and_written() -> None:
    draft = drafted(
        "rut.return.1d", Comparison.ABOVE, "2 % until 1.5 %", WRITING, BARE.cast, cooldown="5 min"
    )
    assert draft == Draft("rut.return.1d", "above", 0.02, until=0.015, cooldown=5)
    text = with_alert("", draft)[0]
    assert text.endswith(
        'rule = { metric = "rut.return.1d", above = 0.02, until = 0.015 }\ncooldown = 5.0\n'
    )
    band = drafted("vix.last", Comparison.WITHIN, "13 to 17", WRITING, BARE.cast)
    text, name = with_alert(text, band)
    assert name == "vix-last-within-13-17"
    assert text.endswith('rule = { metric = "vix.last", within = [13.0, 17.0] }\n')
    with pytest.raises(RuleError, match="no cooldown"):
        drafted("vix.last", Comparison.ABOVE, "13", WRITING, BARE.cast, cooldown="-1")


def test_words_and_numbers_are_held_against_other_things() -> None:
    assert comparisons_of("rut.last", BARE.cast) == OF_NUMBERS
    assert comparisons_of("vix.term.state", BARE.cast) == OF_WORDS
    assert comparisons_of("feed.yahoo.state", BARE.cast) == OF_WORDS
    assert bound_shown(BARE, "rut.last", Comparison.ABOVE, None) == ""
    assert bound_shown(BARE, "rut.last", Comparison.WITHIN, None) == ""
    assert bound_shown(BARE, "rut.last", Comparison.WITHIN, 2431.5) == "2,431.50 to 2,431.50"
    assert bound_shown(BARE, "vix.term.state", Comparison.IS, "contango") == "contango"
    assert bound_shown(BARE, "vix.term.state", Comparison.TURNS, "contango") == ""


def test_every_number_that_panels_are_about_exists() -> None:
    assert [name for name in OF_PANELS.values() if metric_named(name, BARE.cast) is None] == []


# What the terminal does


def board_of(*titles: str, tell: tuple[Channel, ...] = tuple(Channel)) -> AlertBoard:
    events = tuple(event_of(title=title) for title in titles)
    alert = replace(alert_of(), tell=tell)
    standing = AlertStanding(alert=alert, status=AlertStatus.HOLDS)
    return AlertBoard(standings=(standing,), history=events, told=len(events))


def at_bell(board: AlertBoard, *, hours: float = 0, mode: Mode = Mode.LIVE) -> Snapshot:
    close = session_of(THURSDAY_AFTERNOON.date()).close
    return replace(empty_snapshot(close if hours else THURSDAY_AFTERNOON, mode), alerts=board)


def test_each_event_is_signalled_once_and_the_bell_only_in_regular_hours() -> None:
    written: list[str] = []
    signals = AlertSignals(AlertSettings(osc="9"), written.append, {})
    engine = object()
    signals.look(engine, at_bell(board_of()))
    signals.look(engine, at_bell(board_of("one")))
    signals.look(engine, at_bell(board_of("one")))
    assert written == ["\a", "\x1b]9;one: vix.last is 21.00\a"]
    written.clear()
    signals.look(engine, at_bell(board_of("one", "two"), hours=4))
    assert written == ["\x1b]9;two: vix.last is 21.00\a"]
    written.clear()
    signals.look(object(), at_bell(board_of("one", "two", "three")))
    assert written == [], "what happened before another engine was shown is old"


def test_the_demo_rings_only_a_tape_not_and_an_alert_may_want_no_signal() -> None:
    written: list[str] = []
    signals = AlertSignals(AlertSettings(osc="777"), written.append, {"TMUX": "x"})
    engine = object()
    signals.look(engine, at_bell(board_of(), mode=Mode.DEMO))
    signals.look(engine, at_bell(board_of("one"), mode=Mode.DEMO))
    assert written == ["\a"]
    signals.look(engine, at_bell(board_of("one", "two", tell=())))
    assert written == ["\a"]
    signals.look(engine, at_bell(board_of("one", "two", "th;ree")))
    assert written[1:] == ["\a", through_tmux(notification("777", "th;ree", "vix.last is 21.00"))]
    signals.look(engine, at_bell(board_of("one", "two", "th;ree", "four"), mode=Mode.REPLAY))
    assert len(written) == 3, "of what is long past nobody is told"


def test_sequences_hold_no_signs_from_outside() -> None:
    assert notification("777", "a;b\x1b]", "c\ad") == "\x1b]777;notify;a,b];cd\a"
    assert notification("9", "a\x9c", "") == "\x1b]9;a\a"
    assert notification("off", "a", "b") == ""
    assert through_tmux("\x1b]9;a\a") == "\x1bPtmux;\x1b\x1b]9;a\a\x1b\\"
