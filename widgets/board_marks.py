"""The quiet mark on numbers that have just changed: which ones, which way, and for how long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from widgets.board_layout import Seat
from widgets.board_model import Cell, Column, Row

TICK_S = 0.4
"""How often marks that are over are looked for, while any stand: each time is a frame to paint."""

Changes = Mapping[int, str]
"""The role of the mark by column."""
NO_CHANGES: Changes = MappingProxyType({})


def changes(before: Row, after: Row, columns: Sequence[Column], seats: Sequence[Seat]) -> Changes:
    """Return the numbers in sight that differ, as `risen` or `fallen`.

    What was or is missing, reads the same as before, or is late, has not changed.
    """
    if before.dim or after.dim:
        return NO_CHANGES
    some = min(len(before.cells), len(after.cells))
    marked = [s.column for s in seats if columns[s.column].is_marked and s.column < some]
    told = ((n, _change(before.cells[n], after.cells[n])) for n in marked)
    return {n: role for n, role in told if role} or NO_CHANGES


def _change(before: Cell, after: Cell) -> str:
    old, new = before.sort, after.sort
    if before.text == after.text or not isinstance(old, float) or not isinstance(new, float):
        return ""
    return "risen" if new > old else "fallen"


class Marks:
    """The marks that stand on a board's rows. Knows no time: its owner ticks while any stand."""

    def __init__(self) -> None:
        self._standing: dict[str, tuple[Changes, int]] = {}

    def __bool__(self) -> bool:
        """Return whether any stand."""
        return bool(self._standing)

    def of(self, key: str) -> Changes:
        """Return the marks of a row."""
        found = self._standing.get(key)
        return NO_CHANGES if found is None else found[0]

    def note(self, key: str, found: Changes, ticks: int) -> None:
        """Mark for some ticks what has changed in a row now, in place of what changed before."""
        if found:
            self._standing[key] = (found, ticks)

    def forget(self) -> None:
        """Let all of them go."""
        self._standing.clear()

    def tick(self) -> set[str]:
        """Let time pass; return the rows whose marks are over."""
        over = {key for key, (_, left) in self._standing.items() if left <= 1}
        self._standing = {
            key: (found, left - 1) for key, (found, left) in self._standing.items() if left > 1
        }
        return over
