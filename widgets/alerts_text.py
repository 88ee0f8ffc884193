"""What is said of one alert: its rule in words, its value, how far it is from turning."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from market.alerts.board import AlertStanding, AlertStatus
from market.rules.judging import Standing, part_standings
from market.rules.rule import (
    BY_CLOSES,
    MOVES,
    Combination,
    Comparison,
    Condition,
    Test,
    conditions_of,
)
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
    return how.value if condition.comparison in BY_CLOSES else standing.value


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


def why_words(standing: AlertStanding) -> str:
    """Return why an alert cannot be judged by what is known now; nothing where it can."""
    is_open = standing.status in {AlertStatus.STALE, AlertStatus.NA}
    return plain(standing.standing.reason) if is_open else ""


def distance_words(snapshot: Snapshot, test: Test, standing: Standing) -> str:
    """Return how far a rule is from turning, in the unit of its metric; blank where none tells.

    Where one of several is enough it is that of the nearest one; of any other combination it is
    how many of its parts hold.
    """
    if (nearest := _nearest(test, standing)) is not None:
        return _distance(snapshot, nearest.condition, nearest.distance)
    if isinstance(test, Combination) and standing.parts:
        return f"{sum(part.holds is True for part in standing.parts)} of {len(test.parts)}"
    return ""


class _Nearest(NamedTuple):
    """The condition at which a rule would turn first, and how far that is."""

    part: float
    """Of the bound."""
    distance: float
    condition: Condition


def _nearest(test: Test, standing: Standing) -> _Nearest | None:
    if isinstance(test, Combination):
        return _nearest_of(test, standing) if test.need == 1 else None
    if standing.distance is None:
        return None
    bound = test.bound if isinstance(test.bound, float | int) else standing.value
    size = abs(bound) if isinstance(bound, float | int) else 0
    return _Nearest(standing.distance / (size or 1), standing.distance, test)


def _nearest_of(test: Combination, standing: Standing) -> _Nearest | None:
    """Of parts of which one is enough: it holds until the last of those that do has turned."""
    pairs = zip(test.parts, standing.parts, strict=False)
    tried = (_nearest(part, how) for part, how in pairs if how.holds is standing.holds)
    found = [each for each in tried if each is not None]
    choose = max if standing.holds else min
    return choose(found, key=lambda each: each.part, default=None)


def _distance(snapshot: Snapshot, test: Condition, distance: float) -> str:
    if test.comparison is Comparison.Z_MOVE:
        return f"{price(distance, 1)} σ"
    if test.comparison in MOVES and test.is_relative:
        return share(distance, 2)
    return metric_text(snapshot, test.metric, distance, unit=True).lstrip("+")


def nearness(test: Test, standing: Standing) -> float | None:
    """Return what distances are sorted by: part of the bound that is still to go."""
    found = _nearest(test, standing)
    return None if found is None else found.part


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
