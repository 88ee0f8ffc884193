"""A rule: comparisons of named metrics, combined by how many of them must hold."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TypeAlias

import msgspec


class Comparison(StrEnum):
    """How a metric's value is held against its bound; the word is the key in TOML."""

    ABOVE = "above"
    """At or above the bound."""
    BELOW = "below"
    """At or below the bound."""
    WITHIN = "within"
    """From the lower bound to the upper, both included."""
    CROSSES = "crosses"
    """On the other side of the bound than the value before it; an event, not a state."""
    RISES = "rises"
    """Higher than `sessions` closes ago by at least the bound."""
    FALLS = "falls"
    """Lower than `sessions` closes ago by at least the bound."""
    CHANGES = "changes"
    """Either of the two."""
    Z_MOVE = "z_move"
    """Today's logarithmic return is at least so many standard deviations from the mean of 63."""
    IS = "is"
    """The word it has."""
    TURNS = "turns"
    """Another word than the one before it; an event, not a state."""


THESIS, FEED = "thesis", "feed"
"""How the names of states begin that are no metrics: of stories' lines and of feeds."""
MOVES = frozenset({Comparison.RISES, Comparison.FALLS, Comparison.CHANGES})
"""Comparisons with the metric's own value some sessions ago."""
BY_CLOSES = MOVES | {Comparison.Z_MOVE}
"""Comparisons that closes are needed for."""
EVENTS = frozenset({Comparison.CROSSES, Comparison.TURNS})
"""Comparisons that hold at the one value that brings the change."""


class Condition(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """One metric held against a bound."""

    metric: str
    comparison: Comparison
    bound: float | str = 0.0
    """A number in the metric's own unit, the name of another metric, or the word of `is`; of
    `within` the lower end."""
    upper: float = 0.0
    """The upper end of `within`."""
    until: float | None = None
    """Hysteresis of `above` and `below`: once it holds, it does until the value reaches this."""
    implied: float | None = None
    """A number that follows from what is claimed: judged is that over the value, less one."""
    sessions: int = 1
    """How many sessions ago the value of comparison was struck."""
    is_relative: bool = False
    """Whether a move is a fraction of the earlier value, not a difference."""


class Combination(msgspec.Struct, frozen=True, tag=True):
    """Rules of which at least `need` must hold."""

    need: int
    parts: tuple[Test, ...]


Test: TypeAlias = Condition | Combination
"""What may hold at an instant."""


class Rule(msgspec.Struct, frozen=True):
    """A test, and how many official closes in a row it takes to turn its state."""

    test: Test
    closes: int = 0
    """0: each new value counts at once."""


def conditions_of(test: Test) -> Iterator[Condition]:
    """Yield the conditions a test is made of, in the order they were written."""
    if isinstance(test, Condition):
        yield test
        return
    for part in test.parts:
        yield from conditions_of(part)


def is_consistency(test: Test) -> bool:
    """Return whether a rule holds a claim against itself: its value is how far they are apart."""
    return isinstance(test, Condition) and test.implied is not None


def is_event(test: Test) -> bool:
    """Return whether a test holds for an instant only: there is nothing to be left again."""
    if isinstance(test, Condition):
        return test.comparison in EVENTS
    return sum(not is_event(part) for part in test.parts) < test.need


def metrics_of(test: Test) -> tuple[str, ...]:
    """Return the names of the metrics a test reads, each once."""
    read: dict[str, None] = {}
    for condition in conditions_of(test):
        read[condition.metric] = None
        if isinstance(condition.bound, str) and condition.comparison is not Comparison.IS:
            read[condition.bound] = None
    return tuple(read)
