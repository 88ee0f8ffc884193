"""The engine room: polls, folds and computes on the engine's own loop.

Everything that costs an import lives behind this module: it is loaded on the engine's thread,
after the first paint.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial

from msgspec.structs import replace

from market.alert_room import AlertRoom
from market.archive import Archive
from market.asking import Asking
from market.chores import Chores, supervised
from market.clock import Clock
from market.computing import Computing
from market.errands import DAY_CURVE
from market.feeds.feed import Feed
from market.feeds.stream import Stream
from market.first_look import first_look
from market.fold import fold
from market.interest import Wishes
from market.judge import Judge
from market.quotes import OF_THE_INDEX, Key
from market.readers import Publish, Readers
from market.reckoning import Reckoning
from market.reports import Arrived, Asked, Computed, Failed, Report, Restored
from market.shelf import put_aside
from market.snapshot import Snapshot
from market.tape.entries import Changed, Entry, entry_of
from market.tape.recorder import Recorder


class EngineRoom:
    """The only writer of `latest`."""

    def __init__(
        self,
        first: Snapshot,
        feeds: Mapping[str, Feed],
        clock: Clock,
        save: Callable[[], None],
        *,
        streams: Sequence[Stream] = (),
        per_minute: float,
        seed: int | None,
        archive: Archive | None,
        judge: Judge,
        alerts: AlertRoom,
        publish: Publish,
        recorder: Recorder | None,
    ) -> None:
        self.latest = first
        """The newest snapshot: one reference to an immutable value, to be read from any thread."""
        self._clock = clock
        self.asking = Asking(
            feeds, streams, first, clock, self.note, per_minute=per_minute, seed=seed
        )
        self._archive = archive
        self._judge = judge
        self._readers = Readers(publish)
        self._recorder = recorder
        self._alerts = alerts
        self._alert_keys: frozenset[Key] = frozenset()
        """What the alerts are judged by, as it was wished for last."""
        self._wishes = Wishes()
        self.computing = Computing(
            clock, judge, recorder, latest=lambda: self.latest, note=self.note
        )
        self.chores = Chores(self, clock, save, judge=judge, alerts=alerts, readers=self._readers)
        self._has_begun = False
        """Whether it runs on: one pass watches no alerts, and goes on no errands."""

    async def run(self) -> None:
        """Keep everything fresh until cancelled."""
        try:
            self.begin()
            await self._restore()
            self.computing.begin_recording()
            asking = self.asking.works(partial(self.note, is_streamed=True))
            works = (*asking, self.computing.run, *self.chores.all)
            await asyncio.gather(*(supervised(self._clock, work) for work in works))
        finally:
            await self._close()

    def begin(self) -> None:
        """Watch the alerts and go on errands from now on."""
        self._has_begun = True
        self._judge.begin()
        self._alerts.begin(self.latest)
        self.obey(self._wishes)

    async def run_once(self, timeout_s: float, *, decides: Callable[[str], bool]) -> None:
        """Ask for everything once, work out every metric, and decide some lines of stories."""
        await self._restore()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    await self.asking.poller.run_once()
            now = self._clock.now()
            self.computing.reckon_here(Reckoning(at=now, members=True, changed=None))
            self._judge.decide(self.latest, decides)
            self.note(self._judge.judged(self.latest, Computed(at=now, readings={})))
        finally:
            await self._close()

    def obey(self, wishes: Wishes) -> None:
        """Keep fresh what is wished for, as fast as is wished."""
        self._wishes = wishes
        self._alerts.watch(wishes.watched, self.latest)
        self._alert_keys = self._alerts.watcher.keys(self.latest)
        wanted = self.asking.want(wishes, self.latest, self._alert_keys, self._readers.keys)
        self.latest = replace(self.latest, wanted=wanted.all | {DAY_CURVE})
        self._record(Changed(self._clock.now()))
        report = first_look(self.latest, wanted.looked_at, self._clock.now())
        if report is not None:
            self.note(report)

    def use_alerts(self, text: str) -> None:
        """Watch the alerts of a text in place of those before."""
        self._alerts.use(text, self.latest)
        self.obey(self._wishes)
        self.note(Computed(at=self._clock.now(), readings={}))

    def acknowledge(self, alerts: Iterable[str]) -> None:
        """Note that somebody has seen some alerts."""
        self.latest = self._alerts.acknowledge(alerts, self.latest.at(self._clock.now()))
        self._record(Changed(self.latest.now))

    def note(self, report: Report, *, is_reckoned: bool = False, is_streamed: bool = False) -> None:
        """Fold a report in, and see to what follows from it.

        Args:
            report: What is new.
            is_reckoned: Whether the tape knows already how it came to be.
            is_streamed: Whether it came by itself, as the next one will at once.
        """
        now = self._clock.now()
        self.latest = _lightened(self._archive, self.latest, fold(self.latest, report, now))
        if isinstance(report, Computed) and self._has_begun:
            self.latest = self._alerts.after(self.latest)
        self._record(entry_of(report, now, is_reckoned=is_reckoned))
        if isinstance(report, Arrived):
            self.computing.hear(report, is_streamed=is_streamed)
        if self._has_begun and _is_about_members(report):
            self.asking.send_on_errands(self.latest.at(now))

    def follow_alerts(self) -> None:
        """Wish anew if the alerts are judged by other data than were wished for last."""
        if self._alerts.watcher.keys(self.latest) != self._alert_keys:
            self.renew()

    def renew(self) -> None:
        """Wish anew for what is to be kept fresh."""
        self.obey(self._wishes)

    def look_for_errands(self) -> None:
        """Look whether something is missing that was not before, and count what came meanwhile."""
        self.asking.send_on_errands(self.latest.at(self._clock.now()))
        self.computing.look_again()

    def _record(self, entry: Entry) -> None:
        if self._recorder is not None:
            self._recorder.add(entry, self.latest)

    async def _restore(self) -> None:
        """Take over what the archive kept, in a thread, before anything is asked for.

        What the calendar alone tells is worked out then too, with nothing kept at once.
        """
        if self._archive is None:
            now = self._clock.now()
            self.computing.reckon_here(Reckoning(at=now, symbols=frozenset(), changed=None))
            return
        self.note(await asyncio.to_thread(self._archive.load))
        self.asking.poller.roster.remember(self.latest.fetched)
        await self.computing.reckon((), None, members=True)

    async def _close(self) -> None:
        await self.asking.aclose()
        await self._alerts.aclose()


def _lightened(archive: Archive | None, before: Snapshot, after: Snapshot) -> Snapshot:
    """The later snapshot, in which what came new of the past is not in memory."""
    if archive is None or after.past is before.past:
        return after
    return replace(after, past=put_aside(archive.shelf, before.past, after.past))


def _is_about_members(report: Report) -> bool:
    """Whether a report may change what is still missing of the index's members."""
    match report:
        case Asked():
            return False
        case Restored():
            return True
        case Computed():
            return report.census is not None
        case Arrived() | Failed():
            return any(key.kind in OF_THE_INDEX for key in report.keys)
