"""The list of groups beside the rotation's plot: by quadrant, with numbers where they have room."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from rich.cells import cell_len

from market.metrics.rotation import Quadrant
from widgets.lines import Line, between, cropped
from widgets.rotation_ways import ROLES, RotationView, Way, head_sign
from widgets.strips import price

LEGEND_WIDTH, LEGEND_FROM = 38, 84
"""Cells of the list of groups, and of the panel from which on it stands beside the plot."""
SLIM_WIDTH, SLIM_FROM = 21, 66
"""The same of a list of names without numbers."""


class Listing(NamedTuple):
    """A part of the list, as it stands beside the plot."""

    lines: Sequence[Line]
    """As many as there are rows."""
    symbols: tuple[str, ...]
    """Of each row that is a group's."""
    first: int
    most: int
    """The last entry that it may begin with."""


def listing_of(
    view: RotationView, way: Way, first: int | None, rows: int, width: int, *, ascii_only: bool
) -> Listing:
    """Return the part of the list that has room in some rows.

    Args:
        view: The groups.
        way: The chosen one's.
        first: The entry it begins with; None for one with which the chosen group is in sight.
        rows: Its rows.
        width: Its cells in a row.
        ascii_only: Draw without other signs.
    """
    entries = _entries(view.ways)
    most = max(0, len(entries) - rows)
    first = max(0, min(entries.index(way) - rows // 2 if first is None else first, most))
    listed = _headed(entries[first : first + rows])
    lines = [
        _listed(each, width, is_chosen=each is way, old=view.old, ascii_only=ascii_only)
        if isinstance(each, Way)
        else _heading(each, view.ways, width if place == 0 else 0)
        for place, each in enumerate(listed)
    ]
    symbols = [each.symbol if isinstance(each, Way) else "" for each in listed]
    if first < most:
        lines[-1], symbols[-1] = _more(most - first + 1, ascii_only=ascii_only), ""
    return Listing(_padded(lines, rows), tuple(symbols), first, most)


def _entries(ways: Sequence[Way]) -> list[Way | Quadrant]:
    """Return the whole list: each quadrant's row, then its groups."""
    entries: list[Way | Quadrant] = []
    for quadrant, group in groupby(ways, key=lambda way: way.quadrant):
        entries += [quadrant, *group]
    return entries


def _headed(shown: Sequence[Way | Quadrant]) -> Sequence[Way | Quadrant]:
    """Return a part of the list; its first row is always a quadrant's."""
    top = shown[0]
    return [top.quadrant, *shown[1:]] if isinstance(top, Way) else shown


def _more(count: int, *, ascii_only: bool) -> Line:
    """Return the last row of a list that goes on: how many rows follow, this one's among them."""
    return ((f"{'v' if ascii_only else '▼'} {count} more rows", "faint"),)


def _heading(quadrant: Quadrant, ways: Sequence[Way], width: int) -> Line:
    """Return a quadrant's row of the list: its word, and how many groups are in it.

    On a row of the width that has numbers beneath, the first of the list, these are named.
    """
    count = sum(way.quadrant is quadrant for way in ways)
    line: Line = ((f"{quadrant.value.capitalize()} ", ROLES[quadrant]), (f"{count}", "muted"))
    if width != LEGEND_WIDTH:
        return line
    return between(line, ((_numbers("ratio", "momentum"), "faint"),), width - 1)


def _listed(way: Way, width: int, *, is_chosen: bool, old: bool, ascii_only: bool) -> Line:
    """Return a group's row of the list, with its numbers if they have room."""
    head = head_sign(way, is_chosen=is_chosen, ascii_only=ascii_only)
    x, y = way.head
    numbers = _numbers(price(x), price(y)) if width == LEGEND_WIDTH else ""
    room = width - 3 - cell_len(numbers)
    name = cropped(way.name, room)
    name += " " * (room - cell_len(name))
    if is_chosen:
        return ((f"{head} ", way.role), (name + numbers, "cursor"))
    return ((f"{head} ", way.role), (name, "late" if old else "text"), (numbers, "muted"))


def _numbers(ratio: str, momentum: str) -> str:
    """Return the two columns of numbers, or their titles."""
    return f"{ratio:>7}{momentum:>9}"


def _padded(lines: Sequence[Line], rows: int) -> list[Line]:
    return [*lines, *[()] * (rows - len(lines))]
