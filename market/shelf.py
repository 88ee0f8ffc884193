"""The shelf: columns that are seldom asked for, in a file instead of in memory.

Two years of two thousand members are 32 MB. All of it is read once a day, for the tables of the
census, else only that of the member somebody looks at. Asked for often are the newest bars alone.
"""

from __future__ import annotations

import math
import threading
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, overload

from msgspec.structs import replace

from market.quotes import Bars

NAMES = ("close", "high", "low", "volume")
"""The columns of bars that are put aside."""
PLACE_BYTES = 24 * 1024
"""Room for these columns of three years."""
AT_HAND = 64
"""So many of the newest closes and volumes stay in memory: what a sparkline shows, and errands and
new prices are held to."""
_SIZE = array("d").itemsize


class Shelf:
    """A file of the program's own, which nobody else sees and which ends with it."""

    def __init__(self, folder: Path) -> None:
        """Begin a file in a folder. Where that is impossible everything stays in memory."""
        self._file = _opened(folder)
        self._lock = threading.Lock()
        self._free: list[int] = []
        self.places = 0
        """How many there are in the file, free ones too."""

    def __del__(self) -> None:
        """Give the file back."""
        if self._file is not None:
            self._file.close()

    def put_aside(self, bars: Bars) -> Bars:
        """Return the same bars with what is seldom asked for in the file.

        They stay as they are where a column is not as long as the closes or in the file already,
        where there is no place for so many, and where the disk is full.
        """
        if self._file is None:
            return bars
        columns = (bars.close, bars.high, bars.low, bars.volume)
        if not all(_is_loose(column) and len(column) == len(bars) for column in columns):
            return bars
        packed = b"".join(column.tobytes() for column in columns)
        if not 0 < len(packed) <= PLACE_BYTES:
            return bars
        place = self._taken()
        if not self._is_written(self._file, place.offset, packed):
            return bars
        rows, nothing = len(bars), array("d")
        at_hand = (bars.close[-AT_HAND:], nothing, nothing, bars.volume[-AT_HAND:])
        told = enumerate(zip(NAMES, at_hand, strict=True))
        return replace(
            bars, **{n: ShelvedColumn(place, k * rows, rows, newest) for k, (n, newest) in told}
        )

    def read(self, offset: int, size: int) -> bytes:
        """Return bytes that were written; fewer where the disk fails."""
        if self._file is None:
            return b""
        with self._lock, suppress(OSError):
            self._file.seek(offset)
            return self._file.read(size)
        return b""

    def leave(self, offset: int) -> None:
        """Have the place at an offset be free for others."""
        self._free.append(offset)

    def _is_written(self, file: IO[bytes], offset: int, packed: bytes) -> bool:
        """Write bytes and return whether the disk took them."""
        try:
            with self._lock:
                file.seek(offset)
                return file.write(packed) == len(packed)
        except OSError:
            return False

    def _taken(self) -> Place:
        try:
            return Place(self, self._free.pop())
        except IndexError:
            self.places += 1
            return Place(self, (self.places - 1) * PLACE_BYTES)


def _opened(folder: Path) -> IO[bytes] | None:
    try:
        return TemporaryFile(dir=folder, buffering=0)
    except OSError:
        return None


class Place:
    """Where the columns of one series are: free again once nothing refers to it."""

    __slots__ = ("_shelf", "offset")

    def __init__(self, shelf: Shelf, offset: int) -> None:
        self._shelf = shelf
        self.offset = offset

    def __del__(self) -> None:
        """Leave the place to others."""
        self._shelf.leave(self.offset)

    def numbers(self, start: int, count: int) -> array[float]:
        """Return some of its numbers; NaN where the disk fails."""
        packed = self._shelf.read(self.offset + start * _SIZE, count * _SIZE)
        whole = len(packed) == count * _SIZE
        return array("d", packed) if whole else array("d", [math.nan]) * count


class ShelvedColumn(Sequence[float]):
    """A column of numbers on a shelf, read anew whenever it is asked for.

    It is read like the array it stands for. Whoever wants many of the numbers takes a slice.
    """

    __slots__ = ("_newest", "_place", "_rows", "_start")

    def __init__(self, place: Place, start: int, rows: int, newest: array[float]) -> None:
        """Stand for the numbers from a place's `start` on, of which the newest are at hand."""
        self._place = place
        self._start = start
        self._rows = rows
        self._newest = newest

    def __len__(self) -> int:
        """Return how many numbers there are."""
        return self._rows

    def __iter__(self) -> Iterator[float]:
        """Yield all numbers."""
        return iter(self[:])

    @overload
    def __getitem__(self, index: int) -> float: ...
    @overload
    def __getitem__(self, index: slice) -> array[float]: ...
    def __getitem__(self, index: int | slice) -> float | array[float]:
        """Return one number, or an array of some."""
        if not isinstance(index, slice):
            row = range(self._rows)[index]
            return self._numbers(row, row + 1)[0]
        first, stop, step = index.indices(self._rows)
        return self._numbers(first, max(first, stop)) if step == 1 else self[:][index]

    def tobytes(self) -> bytes:
        """Return the machine's own doubles."""
        return self[:].tobytes()

    def _numbers(self, first: int, stop: int) -> array[float]:
        older = self._rows - len(self._newest)
        if first >= older:
            return self._newest[first - older : stop - older]
        return self._place.numbers(self._start + first, stop - first)


def _is_loose(column: Sequence[float]) -> bool:
    return not isinstance(column, ShelvedColumn)


def put_aside(shelf: Shelf, known: Mapping[str, Bars], news: Mapping[str, Bars]) -> dict[str, Bars]:
    """Return the bars of names after some changed, with what came new put aside."""
    return {
        name: bars if known.get(name) is bars else shelf.put_aside(bars)
        for name, bars in news.items()
    }
