"""From the steps of an engine to the frames of files, each told against the one before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

import msgspec

from market.snapshot import Snapshot
from market.tape.difference import Difference, difference
from market.tape.entries import BESIDE, VERSION, Entry, Header, written
from market.tape.large_values import LargeValues
from market.tape.occasions import occasions
from market.tape.ring import Reels
from market.tape.tape_file import (
    ENTRIES,
    EVENT,
    HEADER,
    LARGE_VALUES,
    PICTURE,
    TapeWriter,
    frame_of,
)


class Pictured(msgspec.Struct, frozen=True):
    """The whole state was put on the tape."""

    at: datetime
    snapshot: Snapshot


class Taken(msgspec.Struct, frozen=True):
    """A step was taken."""

    entry: Entry
    after: Snapshot
    """What it led to."""

    @property
    def at(self) -> datetime:
        """Its instant."""
        return self.entry.at


Step: TypeAlias = Taken | Pictured


class Transcript:
    """Writes steps. Its methods may raise OSError, after which it is of no use."""

    def __init__(self, reels: Reels, *, watched: tuple[str, ...] = ()) -> None:
        """Write on some reels; `watched` are the watchlists' symbols."""
        self._reels = reels
        self._watched = watched
        self._writer: TapeWriter | None = None
        self.path: Path | None = None
        """The file that is or was written last, by this captop or by another; None before."""
        self._picture: Snapshot | None = None
        """The newest one in the file, which the next is told against."""
        self._latest: Snapshot | None = None
        """What the newest step led to."""

    def write(self, steps: Sequence[Step]) -> None:
        """Write steps; neighbours share a frame, but for pictures, of which each has its own."""
        block: list[Taken] = []
        for step in steps:
            if isinstance(step, Pictured):
                self._write_block(block)
                self._write_picture(step)
                block = []
            else:
                block.append(step)
        self._write_block(block)

    def close(self) -> None:
        """End the file. Closing twice is no error."""
        if self._writer is not None:
            self._writer.close()
        self._writer = self._picture = self._latest = None

    def _write_picture(self, step: Pictured) -> None:
        writer = self._writer
        if writer is not None and self._reels.holds(writer, step.at):
            told = difference(self._picture, step.snapshot)
            writer.add(frame_of(PICTURE, step.at, told or {}))
        else:
            self.close()
            if (theirs := self._reels.taken()) is not None:
                self.path = theirs
                return
            writer = self._begin(step)
        self._picture = self._latest = step.snapshot
        self._reels.make_room(writer)

    def _begin(self, step: Pictured) -> TapeWriter:
        """Begin or go on with a file, with a picture that needs no other."""
        header = Header(
            version=VERSION,
            captop=_captop(),
            mode=str(step.snapshot.mode),
            begun=step.at,
            watched=self._watched,
        )
        self._writer = writer = self._reels.begin(header)
        self.path = writer.path
        writer.add(frame_of(HEADER, step.at, header))
        large = LargeValues(writer.digests)
        told = large.of(step.snapshot)
        for portion in large.portions():
            writer.add(frame_of(LARGE_VALUES, step.at, portion))
        writer.add(frame_of(PICTURE, step.at, {"value": told}))
        return writer

    def _write_block(self, block: Sequence[Taken]) -> None:
        """Write steps, and behind them what of them one may want to go to."""
        if self._writer is None or not block:
            return
        entries: list[object] = []
        happened: list[tuple[datetime, str]] = []
        for step in block:
            before, self._latest = self._latest, step.after
            if before is not None:
                entries.append(written(step.entry, _beside(before, step.after)))
                happened += [(step.at, words) for words in occasions(before, step.after)]
        self._writer.add(frame_of(ENTRIES, block[0].at, entries))
        for at, words in happened:
            self._writer.add(frame_of(EVENT, at, words))


def _beside(before: Snapshot, after: Snapshot) -> dict[str, Difference]:
    found = ((name, difference(getattr(before, name), getattr(after, name))) for name in BESIDE)
    return {name: told for name, told in found if told is not None}


def _captop() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("captop")
    except PackageNotFoundError:
        return "from a source folder"
