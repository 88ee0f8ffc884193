"""Where tapes go: a folder of bounded size, from which the oldest leave whole, or one file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Protocol

import msgspec

from market.clock import Clock
from market.sessions import NEW_YORK, exchange_date
from market.tape.tape_file import TapeWriter

SUFFIX = ".tape"
IN_USE_S = 300
"""Seconds since its last change for which a tape may be somebody's who records just now."""
PARTS = 4
"""A tape is continued in another file at this part of the folder's bound."""
_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})T\d{6}-\d+(-\d+)?\.tape")


class Reels(Protocol):
    """What a recorder writes to."""

    def begin(self, at: datetime) -> TapeWriter:
        """Return a new file; OSError if there can be none."""
        ...

    def is_full(self, writer: TapeWriter) -> bool:
        """Whether a tape is to be continued in another file."""
        ...

    def make_room(self, writer: TapeWriter) -> None:
        """Keep within bounds; OSError if that is impossible."""
        ...


class OneFile(msgspec.Struct, frozen=True):
    """A tape that the user named, of any length."""

    path: Path

    def begin(self, at: datetime) -> TapeWriter:
        """Return the file; FileExistsError if there is one already."""
        del at
        return TapeWriter(self.path)

    def is_full(self, writer: TapeWriter) -> bool:
        """Whether it is continued elsewhere: never."""
        del writer
        return False

    def make_room(self, writer: TapeWriter) -> None:
        """Leave everything as it is."""


class Ring(msgspec.Struct, frozen=True):
    """The folder of all tapes. Each program has files of its own: their names hold its number."""

    folder: Path
    most_bytes: int
    clock: Clock
    """Tells which files somebody has written to lately."""

    def begin(self, at: datetime) -> TapeWriter:
        """Return a new file, named by New York's day and time and this program's number."""
        self.folder.mkdir(parents=True, exist_ok=True)
        stem = f"{at.astimezone(NEW_YORK):%Y-%m-%dT%H%M%S}-{os.getpid()}"
        for number in count(1):
            name = f"{stem}-{number}{SUFFIX}" if number > 1 else f"{stem}{SUFFIX}"
            with suppress(FileExistsError):
                return TapeWriter(self.folder / name)
        raise AssertionError("numbers do not end")

    def is_full(self, writer: TapeWriter) -> bool:
        """Whether a tape is so long that it should be continued in another file."""
        return writer.size > self.most_bytes // PARTS

    def make_room(self, writer: TapeWriter) -> None:
        """Drop the oldest tapes beyond the bound, but none that is being written."""
        found = tapes_in(self.folder)
        sizes = {path: path.stat().st_size for path in found}
        total, now = sum(sizes.values()), self.clock.now()
        for path in found:
            if total <= self.most_bytes:
                return
            if path != writer.path and not _is_in_use(path, now):
                path.unlink(missing_ok=True)
                total -= sizes[path]


def _is_in_use(path: Path, now: datetime) -> bool:
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return abs(now - changed) < timedelta(seconds=IN_USE_S)


def tapes_in(folder: Path) -> list[Path]:
    """Return the tapes of a folder, the oldest first; none of a folder that cannot be read."""
    try:
        return sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    except OSError:
        return []


def tapes_of(folder: Path, day: date) -> list[Path]:
    """Return the tapes that were begun on a day of New York, the oldest first."""
    return [path for path in tapes_in(folder) if path.name.startswith(day.isoformat())]


def days_in(folder: Path) -> Iterator[date]:
    """Yield the days of which there are tapes, the oldest first, each once."""
    yield from dict.fromkeys(date.fromisoformat(path.name[:10]) for path in tapes_in(folder))


def is_another_day(at: datetime, other: datetime) -> bool:
    """Whether two instants are of different days in New York."""
    return exchange_date(at) != exchange_date(other)
