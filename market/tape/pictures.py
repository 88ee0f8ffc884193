"""The pictures of a tape: whole snapshots, each told against the one before it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import datetime

from msgspec.structs import replace

from market.snapshot import Mode, Snapshot
from market.tape.codec import CodecError
from market.tape.difference import Difference, with_difference
from market.tape.tape_file import TapeError, TapeFile


class Pictures:
    """Those of one tape, by their places among its frames; one run's are remembered."""

    def __init__(self, tape: TapeFile) -> None:
        self._tape = tape
        self._read: dict[int, Snapshot] = {}

    def nearest(self, at: datetime) -> int:
        """Return the place of the last picture up to an instant, of the first if none is."""
        places = self._tape.pictures
        times = [self._tape.frames[place].at for place in places]
        return places[max(0, bisect_right(times, at) - 1)]

    def of(self, wanted: int) -> Snapshot:
        """Return the picture at a place, for which those of its run before it are read."""
        places = self._tape.pictures
        begins = max(place for place in self._tape.beginnings if place <= wanted)
        if begins not in self._read:
            self._read.clear()
        before = None
        try:
            for place in places[bisect_left(places, begins) : bisect_right(places, wanted)]:
                if place not in self._read:
                    found = _pictured(before, self._tape.body(self._tape.frames[place]))
                    self._read[place] = replace(found, mode=Mode.REPLAY)
                before = self._read[place]
        except CodecError as error:
            raise TapeError(f"{self._tape.path} cannot be played: {error}") from error
        return self._read[wanted]


def _pictured(before: Snapshot | None, told: Difference) -> Snapshot:
    """The snapshot of a picture, told against the one before; the same if nothing has changed."""
    found = with_difference(Snapshot, before, told) if told else before
    if not isinstance(found, Snapshot):
        raise CodecError("a picture of the tape is none")
    return found
