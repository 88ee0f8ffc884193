"""What is said of alerts: every kind of rule in words, and how far it is from turning."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from market.alert_words import told_words
from market.alerts.board import AlertStanding, AlertStatus
from market.reading import Reading
from market.rules.judging import Standing
from market.rules.rule import MOVES, Combination, Comparison, Condition
from market.snapshot import empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON
from tests.market.alerts.written_alerts import alert_of
from tui.settings import Settings
from tui.wiring import alert_sources
from widgets.alerts_text import distance_words, fault_words, nearness, rule_words, value_words

BARE = empty_snapshot(THURSDAY_AFTERNOON)


@pytest.mark.parametrize("comparison", Comparison)
@pytest.mark.parametrize("metric", ["rut.last", "rut.return.1d", "feed.yahoo.state"])
def test_every_comparison_has_its_words(comparison: Comparison, metric: str) -> None:
    word = comparison is Comparison.IS
    test = Condition(metric=metric, comparison=comparison, bound="calm" if word else 2.0, upper=3.0)
    words = rule_words(BARE, test)
    assert words.startswith(f"{metric} ")
    assert len(words) > len(metric) + 3
    assert distance_words(BARE, test, Standing(False, value=1.0, distance=1.0)) != ""
    assert distance_words(BARE, test, Standing(False)) == ""


@pytest.mark.parametrize(
    ("comparison", "how", "now"),
    [
        (Comparison.Z_MOVE, Standing(True, value=-2.34), "−2.3 σ"),
        (Comparison.FALLS, Standing(True, value=-0.0052), "−0.52 %"),
        (Comparison.FALLS, Standing(reason="0 of 1 closes are known"), "—"),
        (Comparison.ABOVE, Standing(True, value=2988.2), "2,988.20"),
    ],
)
def test_a_move_is_shown_by_its_size(comparison: Comparison, how: Standing, now: str) -> None:
    test = Condition(metric="rut.last", comparison=comparison, bound=0.001, is_relative=True)
    alert = AlertStanding(
        alert=alert_of(test), status=AlertStatus.HOLDS, value=2988.2, standing=how
    )
    assert value_words(BARE, alert) == now


def test_what_is_left_out_is_told_with_its_name_in_as_many_words_as_there_is_room() -> None:
    why = 'rule.metric: no metric is called "vix.lost"; the nearest is "vix.last"'
    name, words = fault_words(f"alerts.toml: alert high in line 3 is left out: {why}")
    assert name == "high"
    assert words == (
        why,
        'no metric is called "vix.lost"; the nearest is "vix.last"',
        'nearest is "vix.last"',
        'nearest "vix.last"',
        'no metric is called "vix.lost"',
    )
    assert fault_words('a: alert b in line 1 is left out: it has no "id"')[1][0] == 'it has no "id"'
    assert fault_words("the alerts stay as they were: a.toml: no")[0] == "file"


@pytest.mark.parametrize(
    ("metric", "value", "told"),
    [
        ("liquidity.median_dollar_volume", 1234567890.12, "is $1.23bn"),
        ("rut.volume", 1234567890.0, "is 1,234,567,890"),
        ("breadth.advances", 12.0, "is 12"),
        ("macro.payrolls.change", 7.0, "is +7"),
        ("rut.return.1d", -0.0123, "is −1.23 %"),
    ],
)
def test_an_event_tells_a_value_as_screens_show_it(metric: str, value: float, told: str) -> None:
    shown = alert_sources(Settings(), None, is_live=False).words
    snapshot = replace(BARE, readings={metric: Reading(value)})
    test = Condition(metric=metric, comparison=Comparison.ABOVE, bound=0.0)
    assert told_words(test, Standing(True, value=value), snapshot, shown) == f"{metric} {told}"
    rises = Condition(metric=metric, comparison=Comparison.RISES, bound=1.0, sessions=5)
    size = told_words(rises, Standing(True, value=2 * abs(value)), snapshot, shown)
    assert size.startswith(f"{metric} rose ")
    assert size.endswith(f" in 5 sessions to {told.removeprefix('is ')}")
    assert "+" not in size.partition(" in ")[0]


def test_words_of_rules() -> None:
    above = Condition(metric="rut.last", comparison=Comparison.ABOVE, bound=2500.0, until=2400.0)
    moves = Condition(
        metric="rut.last", comparison=Comparison.CHANGES, bound=0.03, is_relative=True
    )
    assert moves.comparison in MOVES
    assert rule_words(BARE, above) == "rut.last above 2,500 until 2,400"
    assert rule_words(BARE, Combination(1, (above, moves))) == (
        "either: rut.last above 2,500 until 2,400; rut.last changes 3 % in 1d"
    )
    assert distance_words(BARE, above, Standing(False, distance=12.5)) == "12.50"
    assert distance_words(BARE, moves, Standing(False, distance=0.0125)) == "1.25 %"
    both = Combination(2, (above, moves))
    parts = (Standing(True), Standing(False))
    assert distance_words(BARE, both, Standing(False, parts=parts)) == "1 of 2"
    assert nearness(above, Standing(False, distance=25.0)) == 0.01
    assert nearness(both, Standing(False, distance=25.0)) is None


def test_of_rules_of_which_one_is_enough_the_nearest_tells_how_far_it_is() -> None:
    up = Condition(metric="iwm.tracking.1d", comparison=Comparison.ABOVE, bound=0.002)
    down = Condition(metric="iwm.tracking.1d", comparison=Comparison.BELOW, bound=-0.002)
    word = Condition(metric="vix.term.state", comparison=Comparison.IS, bound="contango")
    either = Combination(1, (up, down, word))
    parts = (Standing(False, distance=0.0015), Standing(False, distance=0.0025), Standing(False))
    assert distance_words(BARE, either, Standing(False, parts=parts)) == "0.15 %"
    assert nearness(either, Standing(False, parts=parts)) == 0.75
    held = (Standing(True, distance=0.0005), *parts[1:])
    assert distance_words(BARE, either, Standing(True, parts=held)) == "0.05 %"
    words = Combination(1, (word, word))
    assert distance_words(BARE, words, Standing(False, parts=parts[2:] * 2)) == "0 of 2"
    assert distance_words(BARE, either, Standing()) == ""
