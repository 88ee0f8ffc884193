"""The soak itself: its troubles follow from the seed, and no wrong number escapes it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from pathlib import Path
from random import Random
from types import MappingProxyType

import pytest

from benchmarks.soak.clock import Dial, SoakClock
from benchmarks.soak.keyboard import random_key
from benchmarks.soak.report import document, table
from benchmarks.soak.run import Findings, Outcome
from benchmarks.soak.schedule import PLACES, Act, Episode, episodes
from benchmarks.soak.troubles import TROUBLES
from benchmarks.soak.truth import Truth, count_live, is_well, wrong_in

NOW = datetime(2026, 8, 4, 18, 32, 7, tzinfo=UTC)
"""A Tuesday, 14:32:07 in New York."""
NAMES = tuple(TROUBLES)
NOTHING: Mapping[str, float] = MappingProxyType({})


@pytest.fixture(scope="module")
def truth() -> Truth:
    return Truth(7, NOW)


def told(
    truth: Truth, at: datetime, other: Mapping[str, float] = NOTHING, *, state: str = "live"
) -> dict[str, object]:
    """An answer of a pane that knows the index as it was at an instant, but for other numbers."""
    last, before = truth.last("^RUT", at), truth.previous_close("^RUT", at)
    right = {
        "rut.last": last,
        "rut.previous_close": before,
        "rut.return.1d": last / before - 1,
    }
    as_of = at.isoformat().replace("+00:00", "Z")
    documents = {
        name: {"value": value, "as_of": as_of, "state": state}
        for name, value in (right | dict(other)).items()
    }
    return {"metrics": documents}


def wrong(answer: dict[str, object], truth: Truth, ahead_s: float = 0.0) -> list[str]:
    return [each.name for each in wrong_in(answer, truth, NOW, timedelta(seconds=ahead_s))]


def test_the_troubles_follow_from_the_seed_and_each_comes_before_any_comes_again() -> None:
    row = [*islice(episodes(3, NAMES), 60)]
    assert row == [*islice(episodes(3, NAMES), 60)]
    assert row != [*islice(episodes(4, NAMES), 60)]
    acts = [*chain.from_iterable(episode.acts for episode in row)]
    assert {act.name for act in acts[: len(NAMES)]} == set(NAMES)
    assert {act.place for act in acts} == set(PLACES)
    assert all(0 <= act.size < 1 for act in acts)


def test_what_the_servers_know_is_right(truth: Truth) -> None:
    answer = told(truth, NOW - timedelta(seconds=30))
    assert not wrong(answer, truth)
    assert count_live(answer) == 3
    assert not is_well(answer, NOW), "only the index was told"


@pytest.mark.parametrize(
    ("name", "value"),
    [("rut.last", 2990.42), ("rut.previous_close", 1.23), ("rut.return.1d", 0.5)],
)
def test_a_wrong_number_is_noticed(truth: Truth, name: str, value: float) -> None:
    at, other = NOW - timedelta(seconds=30), {name: value}
    assert wrong(told(truth, at, other), truth) == [name]
    assert not wrong(told(truth, at, other, state="late"), truth), "it does not say that it is"


def test_a_cent_is_noticed(truth: Truth) -> None:
    at = NOW - timedelta(seconds=30)
    highest = max(truth.last("^RUT", at + timedelta(seconds=s)) for s in (0, 1))
    assert not wrong(told(truth, at, {"rut.last": highest}), truth)
    assert wrong(told(truth, at, {"rut.last": highest + 0.01}), truth) == ["rut.last"]


def test_an_old_price_and_one_of_the_future_are_not_live(truth: Truth) -> None:
    old, coming = NOW - timedelta(hours=1), NOW + timedelta(minutes=10)
    assert wrong(told(truth, old), truth) == ["rut.last"]
    assert not wrong(told(truth, old, state="late"), truth)
    assert not wrong(told(truth, old), truth, ahead_s=-3600), "by its own clock it is young"
    assert wrong(told(truth, coming), truth) == ["rut.last"]


def test_a_clock_in_a_soak_runs_fast_sleeps_and_is_set_wrong(tmp_path: Path) -> None:
    dial, origin = Dial(tmp_path / "dial"), time.monotonic() - 2
    clock = SoakClock(NOW, 100.0, origin, Dial(tmp_path / "dial"))
    assert 200 <= (clock.now() - NOW).total_seconds() < 300
    dial.ahead, dial.slept = -3600.0, 150.0
    assert -3400 <= (clock.now() - NOW).total_seconds() < -3300
    assert 50 <= clock.monotonic() - origin < 150


def test_no_key_at_random_ends_the_program() -> None:
    pressed = {random_key(Random(n)) for n in range(500)}
    assert len(pressed) > 40
    assert pressed.isdisjoint({"q", "D", "\x03", "\x1a"})


def test_the_report_counts_what_was_survived_and_says_what_was_not() -> None:
    act = Act("429", "*", 0.5)
    episode = Episode(15.0, 60.0, (act, Act("sleep", "*", 0.1)))
    well = Outcome(episode, 30.0, 0)
    found = Findings(outcomes=[well, Outcome(episode, 90.0, 0)], exit_code=0, began=True)
    assert not found.failures
    assert "| 429 | 2 | 2 | 60 s | 90 s |" in table(found)
    found.outcomes.append(Outcome(Episode(15.0, 60.0, (act,)), None, 0))
    assert "| 429 | 3 | 2 | 60 s | 90 s |" in table(found)
    assert document(found)["failures"] == ["not every episode was survived"]
    assert not Outcome(episode, 30.0, 1).is_survived, "a wrong number was told"
