"""The player: goes along a tape, forward by steps, to any instant by the picture before it.

Everything comes of the same fold and the same reckoning as it did when it was recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import TypeAlias

import msgspec
from msgspec.structs import replace

from market.fold import fold
from market.reckoning import Reckoner, Reckoning
from market.snapshot import Snapshot
from market.tape.codec import CodecError, forms_of
from market.tape.difference import Difference, with_difference
from market.tape.entries import Changed, Entry, Folded, Reckoned, read
from market.tape.pictures import Pictures
from market.tape.places import Place, Places
from market.tape.tape_file import ENTRIES, PICTURE, TapeError, TapeFile


class _Begun(msgspec.Struct, frozen=True):
    """Another run of captop begins, with a picture."""

    at: datetime
    picture: int
    """Its place among the frames."""


_Written: TypeAlias = tuple[Entry | _Begun, Mapping[str, Difference]]


class Player:
    """Holds the state at one place of a tape."""

    def __init__(self, tape: TapeFile) -> None:
        """Stand at the beginning of a tape; TapeError if it has none."""
        if not tape.pictures:
            raise TapeError(f"{tape.path} ends before its first picture was written: it is empty")
        self.tape = tape
        self._pictures = Pictures(tape)
        self._entries: list[_Written] = []
        self._places = Places()
        self._stand_at(self._at_picture(tape.pictures[0]))

    @property
    def latest(self) -> Snapshot:
        """The snapshot at this place."""
        return self._place.latest

    @property
    def watched(self) -> tuple[str, ...]:
        """The watchlists' symbols at this place."""
        return self.tape.header_at(self._place.frame).watched

    @property
    def gap(self) -> tuple[datetime, datetime] | None:
        """When the run of captop that is at its end here ended, and when the next one began."""
        match self._coming():
            case (_Begun(at=at), _):
                return self.latest.now, at
            case _:
                return None

    @property
    def begins(self) -> datetime:
        """The instant of the first picture."""
        return self.tape.frames[self.tape.pictures[0]].at

    @cached_property
    def ends(self) -> datetime:
        """The instant of the last entry."""
        for place in range(len(self.tape.frames) - 1, -1, -1):
            if entries := self._read(place):
                return entries[-1][0].at
        return self.begins

    def next_at(self) -> datetime | None:
        """Return when the next step was taken; None at the end of the tape."""
        coming = self._coming()
        return None if coming is None else coming[0].at

    def step(self) -> bool:
        """Take the next step; return whether there was one."""
        coming = self._coming()
        if coming is None:
            return False
        entry, beside = coming
        if isinstance(entry, _Begun):
            self._place = self._at_picture(entry.picture)
        else:
            try:
                self._place = _played(self._place, entry, beside)
            except CodecError as error:
                raise TapeError(f"{self.tape.path} cannot be played on: {error}") from error
        self._places.keep(self._place)
        return True

    def play_to(self, at: datetime) -> None:
        """Take all steps up to an instant, that one included."""
        while (due := self.next_at()) is not None and due <= at:
            self.step()

    def seek(self, at: datetime) -> None:
        """Go to an instant, whether it lies ahead or behind, from the nearest place before it."""
        nearest = self._pictures.nearest(at)
        best = self._places.best(at, (self._place,))
        if best is None or best.frame < nearest:
            best = self._at_picture(nearest)
        if best is not self._place:
            self._stand_at(best)
        self.play_to(at)

    def last_before(self, at: datetime) -> datetime:
        """Return when something was folded in last before an instant; the beginning if nothing."""
        for place in range(self._place.frame, -1, -1):
            for entry, _ in reversed(self._read(place)):
                if isinstance(entry, Folded | Reckoned | _Begun) and entry.at < at:
                    return entry.at
        return self.begins

    def _at_picture(self, wanted: int) -> Place:
        return Place(wanted, 1, self._pictures.of(wanted), Reckoner())

    def _stand_at(self, place: Place) -> None:
        self._place = place.copied()
        self._entries = self._read(place.frame)

    def _coming(self) -> _Written | None:
        """The next entry, of a further frame if need be."""
        while self._place.next >= len(self._entries):
            frame = self._place.frame + 1
            if frame >= len(self.tape.frames):
                return None
            if self.tape.frames[frame].letter == PICTURE:
                self._place.reckoner.begin_anew()
            self._entries = self._read(frame)
            self._place = replace(self._place, frame=frame, next=0)
        return self._entries[self._place.next]

    def _read(self, place: int) -> list[_Written]:
        """The entries of a frame; none of one that holds something else."""
        frame = self.tape.frames[place]
        if place in self.tape.beginnings:
            return [(_Begun(frame.at, place), {})]
        if frame.letter != ENTRIES:
            return []
        try:
            return [read(each) for each in self.tape.body(frame)]
        except (CodecError, TypeError) as error:
            raise TapeError(f"{self.tape.path} cannot be played on: {error}") from error


def _played(place: Place, entry: Entry, beside: Mapping[str, Difference]) -> Place:
    """Return the place after an entry, with what stands beside it."""
    then = _folded(place, entry)
    forms = forms_of(Snapshot)
    changed = {
        name: with_difference(forms[name], getattr(then.latest, name), told)
        for name, told in beside.items()
    }
    latest = replace(then.latest, **changed) if changed else then.latest
    return replace(then, latest=latest, next=then.next + 1)


def _folded(place: Place, entry: Entry) -> Place:
    latest = place.latest
    match entry:
        case Folded(at, report):
            return replace(place, latest=fold(latest, report, at))
        case Reckoning():
            return replace(place, reckoned=place.reckoner.reckon(latest, entry))
        case Reckoned(at):
            if place.reckoned is None:
                raise CodecError("something is folded in that was never worked out")
            return replace(place, latest=fold(latest, place.reckoned, at), reckoned=None)
        case Changed():
            return place
