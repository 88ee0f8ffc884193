"""The file of a tape: frames that can each be told to be whole.

A frame is its length, the CRC-32 of what follows, a letter, the instant of its first entry, and
a compressed body. Frames are only ever added, one write each: of a program killed while it
writes, the last frame is torn and is passed over.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from market.tape.codec import CodecError, built, packed, unpacked
from market.tape.entries import VERSION, Header

MAGIC = b"captop tape\n"
_HEAD = struct.Struct(">II")
_WHAT = struct.Struct(">cq")
_QUICK = 1
"""Level of compression: a day is written while the market moves."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

HEADER, PICTURE, ENTRIES, EVENT = b"H", b"P", b"E", b"!"


class TapeError(Exception):
    """A tape that cannot be played: one sentence for a person, naming it and what to do."""


class Frame(msgspec.Struct, frozen=True):
    """Where a frame stands in its file."""

    letter: bytes
    at: datetime
    """Of its first entry."""
    start: int
    """Of its body."""
    length: int
    """Bytes of its body."""


def frame_of(letter: bytes, at: datetime, value: object) -> bytes:
    """Return a frame as it is written."""
    body = _WHAT.pack(letter, (at - _EPOCH) // _MICROSECOND) + zlib.compress(packed(value), _QUICK)
    return _HEAD.pack(len(body), zlib.crc32(body)) + body


class TapeFile:
    """A tape that was recorded, or still is: what stood there when it was opened is read."""

    def __init__(self, path: Path, header: Header, frames: Sequence[Frame], *, torn: bool) -> None:
        """Hold a file by its frames: `opened` reads them."""
        self.path = path
        self.header = header
        self.frames = tuple(frames)
        self.is_torn = torn
        """Whether its end was passed over, since it was not written whole."""

    @staticmethod
    def opened(path: Path) -> TapeFile:
        """Open a file; TapeError if it is no tape, of another version, or cannot be read."""
        try:
            data = path.read_bytes()
        except OSError as error:
            raise TapeError(f"{path} cannot be read: {error.strerror}") from error
        if data[: len(MAGIC)] != MAGIC[: len(data)]:
            raise TapeError(f"{path} is not a tape of captop")
        frames = tuple(_frames(data))
        end = frames[-1].start + frames[-1].length if frames else len(MAGIC)
        header = _header(path, data, frames)
        return TapeFile(path, header, frames[1:], torn=end != len(data))

    @property
    def pictures(self) -> tuple[int, ...]:
        """Where pictures are among the frames; empty if it ends before the first is whole."""
        return tuple(n for n, frame in enumerate(self.frames) if frame.letter == PICTURE)

    @property
    def events(self) -> tuple[tuple[datetime, str], ...]:
        """What happened on it that one may want to go to, with its instant."""
        marks = (f for f in self.frames if f.letter == EVENT)
        return tuple((frame.at, str(self.body(frame))) for frame in marks)

    def body(self, frame: Frame) -> Any:  # noqa: ANN401
        """Return what a frame holds, plain; TapeError if it is no longer what was written."""
        try:
            with self.path.open("rb") as file:
                file.seek(frame.start)
                return unpacked(zlib.decompress(file.read(frame.length)))
        except OSError as error:
            raise TapeError(f"{self.path} cannot be read: {error.strerror}") from error
        except (zlib.error, CodecError) as error:
            raise TapeError(f"{self.path} was changed while it was read") from error


def _frames(data: bytes) -> Iterator[Frame]:
    """Yield the frames that are whole, up to the first that is not."""
    place, least = len(MAGIC), _WHAT.size
    while place + _HEAD.size <= len(data):
        length, checksum = _HEAD.unpack_from(data, place)
        start, end = place + _HEAD.size, place + _HEAD.size + length
        if length < least or end > len(data) or zlib.crc32(memoryview(data)[start:end]) != checksum:
            return
        letter, at = _WHAT.unpack_from(data, start)
        try:
            instant = _EPOCH + at * _MICROSECOND
        except OverflowError:
            return
        yield Frame(letter, instant, start + least, length - least)
        place = end


def _header(path: Path, data: bytes, frames: Sequence[Frame]) -> Header:
    if not frames:
        return Header(version=VERSION, captop="", mode="", begun=_EPOCH)
    first = frames[0]
    try:
        plain = unpacked(zlib.decompress(data[first.start : first.start + first.length]))
        header = built(Header, plain)
    except (zlib.error, CodecError) as error:
        raise TapeError(f"the header of {path} cannot be read") from error
    if header.version != VERSION:
        raise TapeError(
            f"{path} was recorded by captop {header.captop} in another format; play it with that"
        )
    return header


class TapeWriter:
    """A new file that frames are added to. All its methods may raise OSError."""

    def __init__(self, path: Path) -> None:
        """Begin a file; FileExistsError if there is one, since it may be somebody's."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        self.size = 0
        """Bytes written."""
        self.add(MAGIC)

    def add(self, data: bytes) -> None:
        """Add bytes, all of them."""
        rest = memoryview(data)
        while rest:
            done = os.write(self._file, rest)
            self.size += done
            rest = rest[done:]

    def touch(self) -> None:
        """Show that the file is still in use."""
        os.utime(self.path)

    def close(self) -> None:
        """Close it. Closing twice is no error."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


_BINARY: int = getattr(os, "O_BINARY", 0)
