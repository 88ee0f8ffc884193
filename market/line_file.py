"""A file of rows that is only ever added to: one JSON object a line.

A program killed while it writes leaves a torn last line, which is passed over like any other that
cannot be read. Two programs may add to one file.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

R = TypeVar("R", bound=msgspec.Struct)


class LineFile(Generic[R]):
    """Rows of one kind at a path, which need not exist."""

    def __init__(self, path: Path, kind: type[R]) -> None:
        self.path = path
        self.unreadable = 0
        """Lines that had to be passed over so far."""
        self._decoder: msgspec.json.Decoder[R] = msgspec.json.Decoder(kind)
        self._read = 0
        """Bytes read so far."""

    def rows(self) -> list[R]:
        """Return all whole rows, oldest first; OSError if they cannot be read."""
        self._read = self.unreadable = 0
        return self.news()

    def news(self) -> list[R]:
        """Return the whole rows that were added since the last look, by whomever."""
        with suppress(FileNotFoundError), self.path.open("rb") as file:
            file.seek(self._read)
            lines = file.read()
            whole = lines[: lines.rfind(b"\n") + 1]
            self._read += len(whole)
            return list(self._decoded(whole))
        return []

    def add(self, rows: Iterable[R]) -> None:
        """Add rows in one write; OSError if that is impossible."""
        text = b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
        if not text:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            file.write(b"\n" + text if _ends_torn(self.path) else text)
            file.flush()
            os.fsync(file.fileno())

    def _decoded(self, lines: bytes) -> Iterator[R]:
        for line in lines.splitlines():
            try:
                yield self._decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError):
                self.unreadable += bool(line.strip())


def _ends_torn(path: Path) -> bool:
    """Whether the last line of a file has no end."""
    with path.open("rb") as file:
        if not file.seek(0, os.SEEK_END):
            return False
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"
