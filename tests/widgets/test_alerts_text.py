"""What is said of alerts: every kind of rule in words, and how far it is from turning."""

from __future__ import annotations

import pytest

from market.alerts.board import AlertStanding, AlertStatus
from market.rules.judging import Standing
from market.rules.rule import MOVES, Combination, Comparison, Condition
from market.snapshot import empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON
from tests.market.alerts.written_alerts import alert_of
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
