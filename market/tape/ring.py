"""Where tapes go: a folder of bounded size, from which the oldest leave whole, or one file."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Protocol, TypeAlias

import msgspec

from market.sessions import NEW_YORK, exchange_date
from market.tape.entries import Header
from market.tape.file_lock import is_in_use
from market.tape.tape_file import TapeWriter

SUFFIX = ".tape"
PARTS = 4
"""A tape is continued in another file at this part of the folder's bound."""
_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})T\d{6}-\d+(-\d+)?\.tape")


class Reels(Protocol):
    """What a recorder writes to."""

    def taken(self) -> Path | None:
        """Return the file that another captop writes, while which nothing is to be begun."""
        ...

    def begin(self, header: Header) -> TapeWriter:
        """Return the file for a run; OSError if there can be none."""
        ...

    def holds(self, writer: TapeWriter, at: datetime) -> bool:
        """Whether a file is the one to write to at an instant, and not the next one."""
        ...

    def make_room(self, writer: TapeWriter) -> None:
        """Keep within bounds; OSError if that is impossible."""
        ...


MakeReels: TypeAlias = Callable[[], Reels]


class OneFile(msgspec.Struct, frozen=True):
    """A tape that the user named, of any length."""

    path: Path

    def taken(self) -> Path | None:
        """Return None: it is this run's own."""
        return None

    def begin(self, header: Header) -> TapeWriter:
        """Return the file; FileExistsError if there is one already."""
        del header
        return TapeWriter(self.path)

    def holds(self, writer: TapeWriter, at: datetime) -> bool:
        """Whether it holds what comes: always."""
        del writer, at
        return True

    def make_room(self, writer: TapeWriter) -> None:
        """Leave everything as it is."""


class Ring(msgspec.Struct, frozen=True):
    """The folder of all tapes: a file a day, and of several captops one that records."""

    folder: Path
    most_bytes: int

    def taken(self) -> Path | None:
        """Return the newest file that somebody writes to."""
        return next(filter(is_in_use, reversed(tapes_in(self.folder))), None)

    def begin(self, header: Header) -> TapeWriter:
        """Return a file of New York's day that nobody writes to, or a new one."""
        at = header.begun
        for path in reversed(tapes_of(self.folder, exchange_date(at))):
            writer = TapeWriter.continued(path, header)
            if writer is not None and self.holds(writer, at):
                return writer
            if writer is not None:
                writer.close()
        return self._new(at)

    def _new(self, at: datetime) -> TapeWriter:
        """A new file, named by New York's day and time and this program's number."""
        self.folder.mkdir(parents=True, exist_ok=True)
        stem = f"{at.astimezone(NEW_YORK):%Y-%m-%dT%H%M%S}-{os.getpid()}"
        for number in count(1):
            name = f"{stem}-{number}{SUFFIX}" if number > 1 else f"{stem}{SUFFIX}"
            with suppress(FileExistsError):
                return TapeWriter(self.folder / name)
        raise AssertionError("numbers do not end")

    def holds(self, writer: TapeWriter, at: datetime) -> bool:
        """Whether a file is of the day, and not so long that another one should follow."""
        is_of_day = writer.path.name.startswith(exchange_date(at).isoformat())
        return is_of_day and writer.size <= self.most_bytes // PARTS

    def make_room(self, writer: TapeWriter) -> None:
        """Drop the oldest tapes beyond the bound, but none that somebody writes to."""
        sizes = {path: _size(path) for path in tapes_in(self.folder)}
        total = sum(sizes.values())
        for path, size in sizes.items():
            if total <= self.most_bytes:
                return
            if path != writer.path and not is_in_use(path):
                path.unlink(missing_ok=True)
                total -= size


def bytes_in(folder: Path) -> int:
    """Return what the tapes of a folder take."""
    return sum(map(_size, tapes_in(folder)))


def _size(path: Path) -> int:
    """A file's bytes; none of one that another captop has dropped meanwhile."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def tapes_in(folder: Path) -> list[Path]:
    """Return the tapes of a folder, the oldest first; none of a folder that cannot be read."""
    try:
        return sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    except OSError:
        return []


def tapes_of(folder: Path, day: date) -> list[Path]:
    """Return the tapes that were begun on a day of New York, the oldest first."""
    return [path for path in tapes_in(folder) if path.name.startswith(day.isoformat())]


def day_of(path: Path) -> list[Path]:
    """Return the tapes of the folder and the day of one of them, the oldest first."""
    return tapes_of(path.parent, date.fromisoformat(path.name[:10]))


def days_in(folder: Path) -> Iterator[date]:
    """Yield the days of which there are tapes, the oldest first, each once."""
    yield from dict.fromkeys(date.fromisoformat(path.name[:10]) for path in tapes_in(folder))


def is_another_day(at: datetime, other: datetime) -> bool:
    """Whether two instants are of different days in New York."""
    return exchange_date(at) != exchange_date(other)
