"""What an alert was told for, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from market.rule_values import NamedValues
from market.rules.judging import Standing
from market.rules.rule import BY_CLOSES, Comparison, Condition
from market.snapshot import Snapshot

Words: TypeAlias = Callable[[Snapshot, str, float | str], str]
"""Gives a value of a metric, by its name, in the form in which it is shown."""


def told_words(test: Condition, standing: Standing, snapshot: Snapshot, words: Words) -> str:
    """Return what a condition is judged by in words: `vix.last is 20.31`, with the size of a move.

    Args:
        test: The condition.
        standing: How it stands.
        snapshot: Knows the metric, whose value of now is told.
        words: Gives its values in words.
    """
    name = test.metric
    seen = NamedValues(snapshot).now(name).value
    if seen is None:
        return ""
    now, move = words(snapshot, name, seen), standing.value
    if not isinstance(move, float) or test.comparison not in BY_CLOSES:
        return f"{name} is {now}"
    if test.comparison is Comparison.Z_MOVE:
        return f"{name} moved {_sigmas(move)} to {now}"
    size = abs(move)
    told = f"{100 * size:.2f} %" if test.is_relative else words(snapshot, name, size).lstrip("+")
    ago = f" in {test.sessions} sessions" if test.sessions > 1 else ""
    return f"{name} {'fell' if move < 0 else 'rose'} {told}{ago} to {now}"


def _sigmas(move: float) -> str:
    return f"{move:+.1f} σ".replace("-", "−")
