"""What is said of one alert: its rule in words, its value, how far it is from turning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from market.alerts.board import AlertStanding, AlertStatus
from market.rules.judging import Standing, part_standings
from market.rules.rule import MOVES, Combination, Comparison, Condition, Test, conditions_of
from market.snapshot import Snapshot
from widgets.lines import Run
from widgets.metric_text import metric_text
from widgets.story_lines import bound_text, combined_text, condition_text
from widgets.strips import MISSING, percent, plain, price, share, signed

if TYPE_CHECKING:
    from market.alerts.events import AlertEvent

STATUSES: dict[AlertStatus, Run] = {
    AlertStatus.ARMED: ("○ armed", "muted"),
    AlertStatus.HOLDS: ("● holds", "accent"),
    AlertStatus.STALE: ("~ stale", "late"),
    AlertStatus.NA: (f"{MISSING} not known", "absent"),
}
"""A sign of its own for each state, so that it reads without colour."""
ENTERED, LEFT = "began", "over"


def rule_words(snapshot: Snapshot, test: Test) -> str:
    """Return a rule in words: `vix.last above 20 until 18`, `either of …`."""
    if isinstance(test, Combination):
        parts = "; ".join(rule_words(snapshot, part) for part in test.parts)
        return f"{combined_text(test)}: {parts}"
    words = f"{test.metric} {condition_text(snapshot, test)}"
    if test.until is None:
        return words
    return f"{words} until {bound_text(snapshot, test.metric, test.until)}"


def judged_value(standing: AlertStanding) -> float | str | None:
    """Return what an alert's first condition is held against: a metric's value, or its move."""
    condition, how = part_standings(standing.alert.rule.test, standing.standing)[0]
    is_move = condition.comparison in MOVES or condition.comparison is Comparison.Z_MOVE
    return how.value if is_move else standing.value


def value_words(snapshot: Snapshot, standing: AlertStanding) -> str:
    """Return what an alert's first condition is held against, in words."""
    condition = next(conditions_of(standing.alert.rule.test))
    value = judged_value(standing)
    if isinstance(value, str):
        return plain(value)
    if condition.comparison is Comparison.Z_MOVE:
        return MISSING if value is None else f"{signed(value, 1)} σ"
    if condition.comparison not in MOVES:
        return metric_text(snapshot, condition.metric, value, unit=True)
    if condition.is_relative:
        return percent(value, 2, " %")
    text = metric_text(snapshot, condition.metric, value, unit=True)
    return f"+{text}" if value is not None and value > 0 and text[0] != "+" else text


def distance_words(snapshot: Snapshot, test: Test, standing: Standing) -> str:
    """Return how far a rule is from turning, in the unit of its metric; blank where none tells.

    Of a combination it is how many of its parts hold.
    """
    if isinstance(test, Combination):
        parts = standing.parts
        holding = sum(part.holds is True for part in parts)
        return f"{holding} of {len(test.parts)}" if parts else ""
    return "" if standing.distance is None else _distance(snapshot, test, standing.distance)


def _distance(snapshot: Snapshot, test: Condition, distance: float) -> str:
    if test.comparison is Comparison.Z_MOVE:
        return f"{price(distance, 1)} σ"
    if test.comparison in MOVES and test.is_relative:
        return share(distance, 2)
    return metric_text(snapshot, test.metric, distance, unit=True).lstrip("+")


def nearness(test: Test, standing: Standing) -> float | None:
    """Return what distances are sorted by: part of the bound that is still to go."""
    if isinstance(test, Combination) or standing.distance is None:
        return None
    bound = test.bound if isinstance(test.bound, float | int) else standing.value
    if not isinstance(bound, float | int) or bound == 0:
        return standing.distance
    return standing.distance / abs(bound)


def fault_words(fault: str) -> tuple[str, tuple[str, ...]]:
    """Return which alert is left out, and why in ever fewer words; `file` for all of it."""
    table, is_table, why = fault.partition(" is left out: ")
    if not is_table:
        return "file", (fault, fault.partition(": ")[2])
    name = table.partition("alert ")[2].partition(" in line ")[0]
    bare = why.partition(": ")[2] or why
    hint = bare.rpartition("; the ")[2]
    return name, (why, bare, hint, hint.replace(" is ", " "), bare.partition(";")[0])


def event_words(event: AlertEvent) -> Run:
    """Return what happened, in a word with its colour."""
    return (LEFT, "muted") if event.kind == "left" else (ENTERED, "accent")
