"""Computing: when it is worked out what follows from what has come, and how much of it at once.

It is done in a thread, one after the other; what comes meanwhile is worked out together.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from math import inf
from typing import Protocol

from market.clock import Clock
from market.errands import DAY_CURVE
from market.feeds.waiting import Waiting
from market.judge import Judge
from market.quotes import OF_THE_INDEX, Key, Kind
from market.reckoning import LEISURELY, PROMPT, Reckoner, Reckoning
from market.reports import Arrived, Computed
from market.snapshot import Snapshot
from market.tape.recorder import OVERDUE, Recorder

WHOLE_EVERY_S = 1.0
"""Seconds between two times that all is worked out that ticks have moved; what they move visibly
follows at once."""
LONGEST_S = 3600.0
"""Nothing is waited for longer, though nothing comes."""


class Note(Protocol):
    """Folds a report in."""

    def __call__(self, report: Computed, *, is_reckoned: bool) -> None:
        """Fold it in; `is_reckoned` says that the tape knows already how it came to be."""
        ...


class Computing:
    """Works out what follows, and has it folded in. Its methods belong to the engine's loop."""

    def __init__(
        self,
        clock: Clock,
        judge: Judge,
        recorder: Recorder | None,
        *,
        latest: Callable[[], Snapshot],
        note: Note,
    ) -> None:
        """Make it.

        Args:
            clock: Where time comes from.
            judge: Says how the stories stand by what was worked out.
            recorder: Is told from what everything is worked out; None if nothing is recorded.
            latest: Gives the newest snapshot.
            note: Takes what was worked out.
        """
        self._clock = clock
        self._judge = judge
        self._recorder = recorder
        self._latest = latest
        self._note = note
        self.reckoner = Reckoner()
        self._waiting = Waiting(clock)
        self._changed: set[Key] = set()
        """Of what there is news."""
        self._ticked: set[Key] = set()
        """Of what ticks have come."""
        self._owed: set[Key] = set()
        """Of what only that was worked out since which a tick moves visibly."""
        self._whole_at = -inf
        """When all was worked out last that ticks had moved, monotonic seconds."""
        self._counted_at = -inf
        """When the census was taken last, monotonic seconds."""

    def hear(self, report: Arrived, *, is_streamed: bool) -> None:
        """Take note of what has come; from ticks that stand beside the census nothing follows."""
        known = self._latest().quotes
        told = {Key(Kind.QUOTE, q.symbol) for q in report.quotes if q.symbol in known}
        if is_streamed:
            self._ticked |= told
        else:
            self._changed |= {*report.keys, *told}
        self._waiting.wake()

    def look_again(self) -> None:
        """Count what has come in small pieces, if nothing else has come since."""
        if self._changed:
            self._waiting.wake()

    async def run(self) -> None:
        """Work out what follows from what comes, until cancelled."""
        while True:
            self._waiting.begin()
            self._take_over_ticks()
            await self._work_out_changes()
            await self._work_out_ticks()
            left = self._whole_at + WHOLE_EVERY_S - self._clock.monotonic()
            await self._waiting.wait(max(0.0, left) if self._owed else LONGEST_S)

    def _take_over_ticks(self) -> None:
        """Let what has ticked be worked out as any other news, if that is due."""
        now, moved = self._clock.monotonic(), self._owed | self._ticked
        if moved and now - self._whole_at >= WHOLE_EVERY_S:
            self._changed |= moved
            self._owed, self._ticked, self._whole_at = set(), set(), now

    async def _work_out_changes(self) -> None:
        changed, kinds = self._changed, {key.kind for key in self._changed}
        members = self._must_count(kinds, self._clock.monotonic())
        if not members and kinds <= LEISURELY.keys():
            return
        self._changed = set() if members else {k for k in changed if k.kind in LEISURELY}
        own = {key.symbol for key in changed if key.kind not in OF_THE_INDEX}
        symbols = None if DAY_CURVE in changed else own
        await self.reckon(symbols, changed, members=members)

    async def _work_out_ticks(self) -> None:
        if ticked := self._ticked:
            self._ticked = set()
            self._owed |= ticked
            symbols = {key.symbol for key in ticked}
            await self.reckon(symbols, ticked, members=False, of_a_tick=True)

    async def reckon(
        self,
        symbols: Collection[str] | None,
        changed: Collection[Key] | None,
        *,
        members: bool,
        of_a_tick: bool = False,
    ) -> None:
        """Work out in a thread what follows from the picture of now, and fold it in."""
        now, recorder = self._clock.now(), self._recorder
        is_overdue = recorder is not None and recorder.is_picture_due(now, OVERDUE)
        asked = Reckoning(
            at=now,
            symbols=None if symbols is None else frozenset(symbols),
            members=members or (is_overdue and not of_a_tick),
            changed=None if changed is None else frozenset(changed),
            of_a_tick=of_a_tick,
        )
        if recorder is not None:
            self._record_picture(recorder, asked)
            recorder.add(asked, self._latest())
        report = await asyncio.to_thread(self._reckoned, self._latest(), asked)
        self._note(report, is_reckoned=True)

    def reckon_here(self, asked: Reckoning) -> None:
        """Work out what follows on this thread, while nobody waits for it, and fold it in."""
        self._note(self.reckoner.reckon(self._latest(), asked), is_reckoned=False)

    def begin_recording(self) -> None:
        """Put on the tape what everything is worked out from, from now on."""
        if self._recorder is not None:
            self.reckoner.begin_anew()
            self._recorder.begin(self._latest(), self._clock.now())

    def _record_picture(self, recorder: Recorder, asked: Reckoning) -> None:
        """Record all that is known, where that is due and a census comes that follows from it."""
        is_alone = asked.members or self._latest().census is None
        if is_alone and recorder.is_picture_due(asked.at):
            self.reckoner.begin_anew()
            recorder.picture(self._latest(), asked.at)

    def _reckoned(self, latest: Snapshot, asked: Reckoning) -> Computed:
        """What follows from a picture, and, but for a tick, how the stories stand then."""
        report = self.reckoner.reckon(latest, asked)
        return report if asked.of_a_tick else self._judge.judged(latest, report)

    def _must_count(self, kinds: set[Kind], now: float) -> bool:
        """Return whether the census is due: at once for prices, now and then for the past."""
        waited = now - self._counted_at
        is_due = bool(kinds & PROMPT) or any(
            waited >= rest for kind, rest in LEISURELY.items() if kind in kinds
        )
        if is_due:
            self._counted_at = now
        return is_due
