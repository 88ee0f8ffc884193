"""Tapes of an engine room that is told what happens, and how to hold snapshots together."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import cast

from market.quotes import Key, Kind, Quote
from market.reports import Arrived, ErrorKind, Failed
from market.snapshot import Snapshot
from market.tape.codec import packed, quickly_packed, unpacked
from market.tape.recorder import Recorder
from market.tape.ring import OneFile, Reels
from market.tape.tape_file import TapeFile
from market.tape.transcript import Transcript
from tests.clocks import ManualClock
from tests.market.feeds.scripted import ScriptedFeed
from tests.market.memberships import known_in_full, symbols
from tests.market.rooms import room_of

FEW = symbols(3)


def plain(value: object) -> object:
    """A value in which what is alike is equal: no order of keys, no NaN."""
    if isinstance(value, Mapping):
        items = cast("Mapping[object, object]", value).items()
        return sorted((repr(name), repr(plain(each))) for name, each in items)
    if isinstance(value, list | tuple):
        return [plain(each) for each in cast("list[object]", value)]
    if isinstance(value, frozenset):
        return sorted(map(repr, cast("frozenset[object]", value)))
    return value.tobytes() if isinstance(value, array) else repr(value)


def differences(one: Snapshot, other: Snapshot) -> list[str]:
    """The fields in which two snapshots differ, number for number; their mode is not told."""
    names = [name for name in one.__struct_fields__ if name not in {"mode", "wanted"}]
    found = [n for n in names if not _are_alike(getattr(one, n), getattr(other, n))]
    return found + ([] if one.wanted == other.wanted else ["wanted"])


def _are_alike(one: object, other: object) -> bool:
    return quickly_packed(one) == quickly_packed(other) or _told(one) == _told(other)


def _told(value: object) -> object:
    return plain(unpacked(packed(value)))


class Session:
    """An engine room that is recorded, and the clock it goes by."""

    def __init__(self, reels: Reels, first: Snapshot | None = None) -> None:
        self.clock = ManualClock()
        self.notices: list[str] = []
        self.recorder = Recorder(Transcript(reels, watched=("IWM",)), self.notices)
        self.room = room_of(
            known_in_full(FEW) if first is None else first,
            {"yahoo": ScriptedFeed()},
            self.clock,
            recorder=self.recorder,
        )
        self.seen: list[Snapshot] = []
        """What each step led to."""

    def begin(self) -> None:
        self.room.computing.begin_recording()

    def pass_time(self, seconds: float) -> None:
        self.clock.jump(seconds)

    def tell(self, symbol: str, last: float) -> None:
        """Let a price come."""
        now = self.clock.now()
        quote = Quote(symbol=symbol, last=last, as_of=now, source="yahoo")
        keys = (Key(Kind.INTRADAY, symbol),)
        self.room.note(Arrived(feed="yahoo", at=now, keys=keys, quotes=(quote,)))
        self.seen.append(self.room.latest)

    def fail(self, symbol: str) -> None:
        """Let a request fail."""
        failed = Failed(
            feed="yahoo",
            at=self.clock.now(),
            keys=(Key(Kind.INTRADAY, symbol),),
            kind=ErrorKind.LIMITED,
            text="too many requests",
            retry_at=self.clock.now() + timedelta(seconds=30),
            exhausted=(Key(Kind.INTRADAY, symbol),),
        )
        self.room.note(failed)
        self.seen.append(self.room.latest)

    async def reckon(
        self, *names: str, members: bool = False, meanwhile: Callable[[], None] = lambda: None
    ) -> None:
        """Work out what follows, and let something happen meanwhile."""
        keys = [Key(Kind.INTRADAY, name) for name in names]
        work: Awaitable[None] = self.room.computing.reckon(names, keys, members=members)
        task = asyncio.ensure_future(work)
        await asyncio.sleep(0)
        meanwhile()
        await task
        self.seen.append(self.room.latest)

    def end(self) -> None:
        self.recorder.close()


def recorded(path: Path, happen: Callable[[Session], Awaitable[None]]) -> Session:
    """Record what happens to one file."""
    session = Session(OneFile(path))

    async def run() -> None:
        session.begin()
        await happen(session)

    asyncio.run(run())
    session.end()
    return session


def opened(path: Path) -> TapeFile:
    return TapeFile.opened(path)
