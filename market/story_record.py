"""What was seen of the stories' lines at each close, in a file that is only ever added to.

One JSON object a line. A program killed while it writes leaves a torn last line, which is passed
over like any other that cannot be read; of two rows about one close the first counts, so that two
programs at once do no harm.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import msgspec

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
        self.unreadable = 0
        """Lines that the last `load` had to pass over."""

    def load(self) -> Mapping[LineKey, tuple[Observation, ...]]:
        """Return what was seen, by story and line, oldest first; OSError if it cannot be read."""
        found: dict[LineKey, dict[date, Observation]] = {}
        self.unreadable = 0
        for row in self._rows():
            closes = found.setdefault((row.story, row.line), {})
            closes.setdefault(row.day, Observation(row.day, row.state, row.value, True))
        return {key: tuple(c[day] for day in sorted(c)) for key, c in found.items()}

    def add(self, rows: Iterable[Row]) -> None:
        """Add rows in one write; OSError if that is impossible."""
        text = b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
        if not text:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            if _ends_torn(self.path):
                file.write(b"\n")
            file.write(text)
            file.flush()
            os.fsync(file.fileno())

    def _rows(self) -> Iterable[Row]:
        with suppress(FileNotFoundError), self.path.open("rb") as file:
            for line in file:
                try:
                    yield msgspec.json.decode(line, type=Row)
                except (msgspec.DecodeError, UnicodeDecodeError):
                    self.unreadable += bool(line.strip())


def _ends_torn(path: Path) -> bool:
    """Whether the last line of a file has no end."""
    with path.open("rb") as file:
        if not file.seek(0, os.SEEK_END):
            return False
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"
