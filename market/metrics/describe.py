"""METRICS as a table for the documents."""

from __future__ import annotations

from market.instruments import PRICED, Cast, Role
from market.metrics.catalogue import METRICS
from market.metrics.metric import Metric


def metrics_table(cast: Cast) -> str:
    """Return a Markdown table of all metrics: name, whose, unit, cadence, meaning."""
    head = ("| name | for | unit | renewed | meaning |", "|---|---|---|---|---|")
    return "\n".join((*head, *(_row(line, cast) for line in METRICS))) + "\n"


def _row(line: Metric, cast: Cast) -> str:
    unit = "price or points" if line.unit.value == "price" else line.unit.value
    cells = (f"`{line.name}`", _whose(line, cast), unit, _RENEWED[line.cadence.value], line.meaning)
    return f"| {' | '.join(cells)} |"


_RENEWED = {
    "quote": "with each trade",
    "extended": "with each trade outside regular hours",
    "daily": "with each close",
    "census": "with each answer about all members",
    "published": "when its office publishes",
    "fund": "with each day's count",
    "rate future": "with each trade of a rate future",
    "chain": "with each option chain",
    "calendar": "with the calendar",
    "always": "with each trade",
}


def _whose(line: Metric, cast: Cast) -> str:
    if line.only:
        return cast[line.only].group
    if line.among:
        return "funds with counted shares"
    if line.roles == PRICED:
        return "all"
    if line.roles == PRICED - {Role.GROUP}:
        return "all but groups"
    if line.of_members and line.roles == frozenset({Role.WATCHED}):
        return "members of the index"
    return ", ".join(role.value for role in Role if role in line.roles)
