"""What was seen of the stories' lines at each close.

Of two rows about one close the first counts, so that two programs at once do no harm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path

import msgspec

from market.line_file import LineFile
from market.scoreboard import LineKey, LineState, Observation


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a story at one official close."""

    story: str
    line: str
    day: date
    state: LineState
    value: float | None = None
    at: datetime
    """When captop judged it."""


class StoryRecord:
    """The file of what was seen at closes."""

    def __init__(self, path: Path) -> None:
        """Keep a record at a path, which need not exist."""
        self.path = path
        self._file = LineFile(path, Row)

    @property
    def unreadable(self) -> int:
        """Lines that had to be passed over."""
        return self._file.unreadable

    def load(self) -> Mapping[LineKey, tuple[Observation, ...]]:
        """Return what was seen, by story and line, oldest first; OSError if it cannot be read."""
        found: dict[LineKey, dict[date, Observation]] = {}
        for row in self._file.rows():
            closes = found.setdefault((row.story, row.line), {})
            closes.setdefault(row.day, Observation(row.day, row.state, row.value, True))
        return {key: tuple(c[day] for day in sorted(c)) for key, c in found.items()}

    def add(self, rows: Iterable[Row]) -> None:
        """Add rows in one write; OSError if that is impossible."""
        self._file.add(rows)
