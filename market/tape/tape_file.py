"""The file of a tape: frames that can each be told to be whole.

A frame is its length, the CRC-32 of what follows, a letter, the instant of its first entry, and
a compressed body. Frames are only ever added, one write each: of a program killed while it
writes, the last frame is torn and is passed over. A file holds one run of captop after another,
each from a header on; who writes to it has it locked.
"""

from __future__ import annotations

import os
import struct
import zlib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from market.tape.codec import CodecError, built, packed, unpacked
from market.tape.entries import VERSION, Header
from market.tape.file_lock import lock

MAGIC = b"captop tape\n"
_HEAD = struct.Struct(">II")
_WHAT = struct.Struct(">cq")
_QUICK = 1
"""Level of compression: a day is written while the market moves."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

HEADER, LARGE_VALUES, PICTURE, ENTRIES, EVENT = b"H", b"K", b"P", b"E", b"!"


class TapeError(Exception):
    """A tape that cannot be played: one sentence for a person, naming it and what to do."""


class Frame(msgspec.Struct, frozen=True):
    """Where a frame stands in its file."""

    path: Path
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
    """A tape that was recorded, or still is: what stood there when it was opened is read.

    It is a file, or several of them one after the other.
    """

    def __init__(self, path: Path, header: Header, frames: Sequence[Frame]) -> None:
        """Hold a file by its frames: `opened` reads them."""
        self.path = path
        self.header = header
        self.frames = tuple(frames)
        self.left_out: tuple[str, ...] = ()
        """Sentences about files that should be part of it and cannot be."""
        self._unpacked: dict[bytes, object] = {}
        """Large values, by their hashes, as far as they have been asked for."""

    @staticmethod
    def opened(path: Path) -> TapeFile:
        """Open a file; TapeError if it is no tape, of another version, or cannot be read."""
        part = _read(path)
        return TapeFile(path, part.header, part.frames[1:])

    @staticmethod
    def joined(paths: Sequence[Path]) -> TapeFile:
        """Return files as one tape, one after the other; TapeError if none can be opened.

        What cannot be opened is left out, and so is what was written while another one was.
        """
        parts: list[_Part] = []
        faults: list[str] = []
        for path in paths:
            try:
                part = _read(path)
            except TapeError as error:
                faults.append(str(error))
            else:
                if part.frames and not (parts and part.frames[0].at < parts[-1].frames[-1].at):
                    parts.append(part)
        if not parts:
            return TapeFile.opened(paths[0])
        frames = tuple(frame for part in parts for frame in part.frames)
        tape = TapeFile(paths[0], parts[0].header, frames[1:])
        tape.left_out = tuple(faults)
        return tape

    @cached_property
    def pictures(self) -> tuple[int, ...]:
        """Where pictures are among the frames; empty if it ends before the first is whole."""
        return tuple(n for n, frame in enumerate(self.frames) if frame.letter == PICTURE)

    @cached_property
    def beginnings(self) -> frozenset[int]:
        """The pictures that runs of captop begin with, by their places among the frames."""
        runs = (n for n, frame in enumerate(self.frames) if frame.letter == HEADER)
        firsts = (bisect_left(self.pictures, n) for n in (0, *runs))
        return frozenset(self.pictures[n] for n in firsts if n < len(self.pictures))

    def header_at(self, place: int) -> Header:
        """Return the header of the run that a frame is of, by its place."""
        for frame in reversed(self.frames[: place + 1]):
            if frame.letter == HEADER:
                return built(Header, self.body(frame))
        return self.header

    @property
    def events(self) -> tuple[tuple[datetime, str], ...]:
        """What happened on it that one may want to go to, with its instant."""
        told = (f for f in self.frames if f.letter == EVENT)
        return tuple((frame.at, str(self.body(frame))) for frame in told)

    @property
    def end(self) -> int:
        """Bytes that are whole."""
        return max((f.start + f.length for f in self.frames), default=len(MAGIC))

    @cached_property
    def large_values(self) -> dict[bytes, bytes]:
        """Values that pictures refer to, packed, by their hashes; TapeError as for a body."""
        found: dict[bytes, bytes] = {}
        for frame in self.frames:
            if frame.letter == LARGE_VALUES:
                found.update(self.body(frame))
        return found

    def _value_of(self, digest: bytes) -> object:
        """A large value; the same one for all pictures that refer to it."""
        if digest not in self._unpacked:
            self._unpacked[digest] = unpacked(self.large_values[digest])
        return self._unpacked[digest]

    def body(self, frame: Frame) -> Any:  # noqa: ANN401
        """Return what a frame holds, plain; TapeError if it is no longer what was written."""
        try:
            with frame.path.open("rb") as file:
                file.seek(frame.start)
                return unpacked(zlib.decompress(file.read(frame.length)), self._value_of)
        except OSError as error:
            raise TapeError(f"{frame.path} cannot be read: {error.strerror}") from error
        except (zlib.error, CodecError) as error:
            raise TapeError(f"{frame.path} was changed while it was read") from error


class _Part(msgspec.Struct, frozen=True):
    """A file as it was read."""

    header: Header
    frames: tuple[Frame, ...]
    """All of them, the header's first."""


def _read(path: Path) -> _Part:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TapeError(f"{path} cannot be read: {error.strerror}") from error
    if data[: len(MAGIC)] != MAGIC[: len(data)]:
        raise TapeError(f"{path} is not a tape of captop")
    frames = tuple(_frames(path, data))
    return _Part(_header(path, data, frames), frames)


def _frames(path: Path, data: bytes) -> Iterator[Frame]:
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
        yield Frame(path, letter, instant, start + least, length - least)
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
            f"{path} was recorded by captop {header.captop} in format {header.version};"
            f" this captop plays format {VERSION}"
        )
    return header


class TapeWriter:
    """A file that frames are added to. All its methods may raise OSError."""

    def __init__(self, path: Path, *, is_new: bool = True) -> None:
        """Begin a file; FileExistsError if there is one, since it may be somebody's."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        how = os.O_CREAT | os.O_EXCL if is_new else 0
        self._file = os.open(path, os.O_RDWR | how | _BINARY, 0o600)
        self.size = 0
        """Bytes of the file."""
        self.digests = frozenset[bytes]()
        """Hashes of the large values that stood in it before."""
        if is_new:
            with suppress(OSError):  # a file system without locks: nobody goes on with the file
                lock(self._file, wait=True)
            self._begin()

    def _begin(self) -> None:
        """Write what a file begins with; where there is no room even for that, leave none."""
        try:
            self.add(MAGIC)
        except OSError:
            self.close()
            self.path.unlink(missing_ok=True)
            raise

    @staticmethod
    def continued(path: Path, header: Header) -> TapeWriter | None:
        """Go on with a file; None if somebody writes to it, or it is of another kind of run."""
        try:
            writer = TapeWriter(path, is_new=False)
        except OSError:
            return None
        if writer._can_go_on(header):
            return writer
        writer.close()
        return None

    def _can_go_on(self, header: Header) -> bool:
        """Lock the file, and go to the end of what is whole in it."""
        try:
            if not lock(self._file) or not os.fstat(self._file).st_nlink:
                return False
            tape = TapeFile.opened(self.path)
            if not tape.pictures or not tape.header.is_alike(header):
                return False
            self.digests, self.size = frozenset(tape.large_values), tape.end
            os.ftruncate(self._file, self.size)
            os.lseek(self._file, self.size, os.SEEK_SET)
        except (OSError, TapeError):
            return False
        return True

    def add(self, data: bytes) -> None:
        """Add bytes, all of them; an OSError names the file."""
        rest = memoryview(data)
        try:
            while rest:
                done = os.write(self._file, rest)
                self.size += done
                rest = rest[done:]
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self.path)) from error

    def close(self) -> None:
        """Close it. Closing twice is no error."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


_BINARY: int = getattr(os, "O_BINARY", 0)
