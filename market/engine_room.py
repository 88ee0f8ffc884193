"""The engine room: polls, folds and computes on the engine's own loop.

Everything that costs an import lives behind this module: it is loaded on the engine's thread,
after the first paint.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from math import inf
from random import Random

from msgspec.structs import replace

from market.alert_room import AlertRoom, idle_alert_room
from market.archive import Archive
from market.clock import Clock
from market.errands import DAY_CURVE, next_errands
from market.feeds.feed import Feed, Searcher
from market.feeds.polling import Poller
from market.feeds.roster import RefreshAnswer
from market.feeds.stream import Stream
from market.first_look import first_look
from market.fold import fold
from market.interest import (
    Wishes,
    basket_funds,
    overview_keys,
    streamed_symbols,
    watch_keys,
)
from market.judge import Judge
from market.quotes import OF_THE_INDEX, Key, Kind, Match
from market.readers import Publish, Readers, told_to_nobody
from market.reckoning import LEISURELY, PROMPT, Reckoner
from market.reports import Arrived, Computed, ErrorKind, Failed, FeedError, Report, Restored
from market.snapshot import Snapshot
from market.tape.entries import Changed, Entry, Reckoning, entry_of
from market.tape.recorder import Recorder

log = logging.getLogger(__name__)

FIRST_SAVE_S = 3.0
SAVE_EVERY_S = 60.0
ERRANDS_EVERY_S = 60.0
RESTART_AFTER_S = 5.0
LOOK_BACK_EVERY_S = 0.1
"""Seconds between two portions of closes."""
PUBLISHED_EVERY_S = 5.0
JUDGED_EVERY_S = 15.0
"""Seconds until it is looked whether closes or their history have changed."""


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
        archive: Archive | None = None,
        judge: Judge | None = None,
        alerts: AlertRoom | None = None,
        publish: Publish = told_to_nobody,
        recorder: Recorder | None = None,
    ) -> None:
        self.latest = first
        """The newest snapshot: one reference to an immutable value, to be read from any thread."""
        self.feeds = feeds
        self._streams = streams
        self._clock = clock
        self._save = save
        self._poller = Poller(
            feeds, first.cast, clock, self._note, per_minute=per_minute, random=Random(seed)
        )
        self._poller.roster.remember(first.fetched)
        self._archive = archive
        self._reckoner = Reckoner()
        self._judge = judge if judge is not None else Judge(())
        self._readers = Readers(publish)
        self._recorder = recorder
        self._alerts = alerts if alerts is not None else idle_alert_room(first.cast)
        self._alert_keys: frozenset[Key] = frozenset()
        """What the alerts are judged by, as it was wished for last."""
        self._wishes = Wishes()
        self._changed: set[Key] = set()
        self._arrival = asyncio.Event()
        self._counted_at = -inf
        """When the census was taken last, monotonic seconds."""
        self._is_lasting = False
        """Whether there is time for errands: one pass asks for nothing but what it shows."""

    async def run(self) -> None:
        """Keep everything fresh until cancelled."""
        self._is_lasting = True
        try:
            self._judge.begin()
            self._alerts.begin(self.latest)
            self.obey(self._wishes)
            await self._restore()
            self._begin_recording()
            await asyncio.gather(*(self._supervised(chore) for chore in self._chores))
        finally:
            await self._close()

    @property
    def _chores(self) -> tuple[Callable[[], Awaitable[None]], ...]:
        """What goes on as long as the engine runs."""
        return (
            self._poller.run,
            *(partial(stream.run, self._note, self._poller) for stream in self._streams),
            self._keep_computing,
            self._keep_saving,
            self._keep_on_errands,
            self._keep_judging,
            self._keep_watching,
            self._alerts.tell,
            self._keep_publishing,
        )

    async def run_once(self, timeout_s: float, *, decides: Callable[[str], bool]) -> None:
        """Ask for everything once, work out every metric, and decide some lines of stories."""
        await self._restore()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    await self._poller.run_once()
            now = self._clock.now()
            self._note(self._reckoner.reckon(self.latest, None, now, members=True, changed=None))
            self._judge.decide(self.latest, decides)
            self._note(self._judge.judged(self.latest, Computed(at=now, readings={})))
        finally:
            await self._close()

    @property
    def pricing(self) -> frozenset[str]:
        """Feeds that prices and members are asked of; may be read from any thread."""
        return self._poller.roster.pricing

    def obey(self, wishes: Wishes) -> None:
        """Keep fresh what is wished for, as fast as is wished."""
        self._wishes = wishes
        self._alerts.watch(wishes.watched, self.latest)
        self._alert_keys = self._alerts.keys(self.latest)
        cast = self.latest.cast
        roster = self._poller.roster
        roster.focused, roster.pace = wishes.focused, wishes.pace
        visible = overview_keys(cast) if wishes.visible is None else wishes.visible
        funds = basket_funds(self.latest.baskets)
        watched = watch_keys(wishes.watched, cast)
        background = watched | self._alert_keys | self._readers.keys
        if not wishes.alone:
            background |= overview_keys(cast, funds)
        self._poller.want(visible, background)
        ticking = streamed_symbols(visible, wishes.watched, visible | background, cast)
        for stream in self._streams:
            stream.set_focused(wishes.focused)
            stream.want(ticking)
        self.latest = replace(self.latest, wanted=visible | background | {DAY_CURVE})
        self._record(Changed(self._clock.now()))
        report = first_look(self.latest, visible | watched, self._clock.now())
        if report is not None:
            self._note(report)

    def refresh(self) -> RefreshAnswer:
        """Ask again now for what is visible, as far as the budgets allow."""
        return self._poller.refresh()

    def use_alerts(self, text: str) -> None:
        """Watch the alerts of a text in place of those before."""
        self._alerts.use(text, self.latest)
        self.obey(self._wishes)
        self._note(Computed(at=self._clock.now(), readings={}))

    def acknowledge(self, alerts: Iterable[str]) -> None:
        """Note that somebody has seen some alerts."""
        self.latest = self._alerts.acknowledge(alerts, self.latest.at(self._clock.now()))
        self._record(Changed(self.latest.now))

    async def search(self, text: str) -> Sequence[Match]:
        """Look for symbols by name at the first feed that can."""
        for feed in self.feeds.values():
            if isinstance(feed, Searcher):
                return await feed.search(text)
        raise FeedError(ErrorKind.ABSENT, "no feed that is switched on can search for symbols")

    def _note(self, report: Report, *, is_reckoned: bool = False) -> None:
        now = self._clock.now()
        self.latest = fold(self.latest, report, now)
        if isinstance(report, Computed) and self._is_lasting:
            self.latest = self._alerts.after(self.latest)
        self._record(entry_of(report, now, is_reckoned=is_reckoned))
        if isinstance(report, Arrived):
            self._changed |= {*report.keys, *(Key(Kind.QUOTE, q.symbol) for q in report.quotes)}
            self._arrival.set()
        if self._is_lasting and _is_about_members(report):
            self._send_on_errands()

    def _record(self, entry: Entry) -> None:
        if self._recorder is not None:
            self._recorder.add(entry, self.latest)

    def _send_on_errands(self) -> None:
        self._poller.run_errands(next_errands(self.latest, self._clock.now()))

    async def _keep_on_errands(self) -> None:
        """Look from time to time whether something is missing that was not before.

        What has come in small pieces is counted then, if nothing else has come since.
        """
        while True:
            await self._clock.sleep(ERRANDS_EVERY_S)
            self._send_on_errands()
            if self._changed:
                self._arrival.set()

    async def _keep_computing(self) -> None:
        """Work out what an arrival changed, in a thread, and fold it in as a report."""
        while True:
            await self._arrival.wait()
            self._arrival.clear()
            changed, kinds = self._changed, {key.kind for key in self._changed}
            members = self._must_count(kinds, self._clock.monotonic())
            if not members and kinds <= LEISURELY.keys():
                continue
            self._changed = set() if members else {k for k in changed if k.kind in LEISURELY}
            own = {key.symbol for key in changed if key.kind not in OF_THE_INDEX}
            symbols = None if DAY_CURVE in changed else own
            await self._reckon(symbols, changed, members=members)

    async def _reckon(
        self, symbols: Collection[str] | None, changed: Collection[Key] | None, *, members: bool
    ) -> None:
        """Work out in a thread what follows from the picture of now, and fold it in."""
        now, recorder = self._clock.now(), self._recorder
        asked = Reckoning(
            at=now,
            symbols=None if symbols is None else frozenset(symbols),
            members=members or (recorder is not None and recorder.is_picture_overdue(now)),
            changed=None if changed is None else frozenset(changed),
        )
        self._record_picture(asked)
        self._record(asked)
        report = await asyncio.to_thread(self._reckoned, self.latest, asked)
        self._note(report, is_reckoned=True)

    def _begin_recording(self) -> None:
        if self._recorder is not None:
            self._reckoner.begin_anew()
            self._recorder.begin(self.latest, self._clock.now())

    def _record_picture(self, asked: Reckoning) -> None:
        """Record all that is known, where that is due and a census comes that follows from it."""
        is_alone = asked.members or self.latest.census is None
        if is_alone and self._recorder is not None and self._recorder.is_picture_due(asked.at):
            self._reckoner.begin_anew()
            self._recorder.picture(self.latest, asked.at)

    def _reckoned(self, latest: Snapshot, asked: Reckoning) -> Computed:
        """What follows from a picture, and how the stories stand then."""
        report = self._reckoner.reckon(
            latest, asked.symbols, asked.at, members=asked.members, changed=asked.changed
        )
        return self._judge.judged(latest, report)

    async def _keep_judging(self) -> None:
        """Look back upon the closes behind the stories, and keep each new one."""
        rest = LOOK_BACK_EVERY_S
        while self._judge.stories:
            is_news = await asyncio.to_thread(self._judge.look_back, self.latest)
            if is_news:
                now = self._clock.now()
                self._note(self._judge.judged(self.latest, Computed(at=now, readings={})))
            if self._judge.is_done:
                await asyncio.to_thread(self._judge.note_close, self.latest)
            is_resting = self._judge.is_done and not is_news
            rest = min(2 * rest, JUDGED_EVERY_S) if is_resting else LOOK_BACK_EVERY_S
            await self._clock.sleep(rest)

    async def _keep_watching(self) -> None:
        """Judge the alerts where no number comes that would have it done, and read them anew."""
        while True:
            is_news = await asyncio.to_thread(self._alerts.look_back, self.latest)
            is_news |= await self._alerts.look(self.latest)
            now = self._clock.now()
            if self._alerts.keys(self.latest) != self._alert_keys:
                self.obey(self._wishes)
            if is_news or self._alerts.is_due(self.latest.at(now)):
                self._note(Computed(at=now, readings={}))
            self._alerts.look_at_others()
            rest = JUDGED_EVERY_S if self._alerts.has_looked_back else LOOK_BACK_EVERY_S
            await self._clock.sleep(rest)

    def _must_count(self, kinds: set[Kind], now: float) -> bool:
        """Return whether the census is due: at once for prices, now and then for the past."""
        waited = now - self._counted_at
        is_due = bool(kinds & PROMPT) or any(
            waited >= rest for kind, rest in LEISURELY.items() if kind in kinds
        )
        if is_due:
            self._counted_at = now
        return is_due

    async def _restore(self) -> None:
        """Take over what the archive kept, in a thread, before anything is asked for.

        What the calendar alone tells is worked out then too, with nothing kept at once.
        """
        if self._archive is None:
            now = self._clock.now()
            self._note(self._reckoner.reckon(self.latest, (), now, members=False, changed=None))
            return
        self._note(await asyncio.to_thread(self._archive.load))
        self._poller.roster.remember(self.latest.fetched)
        await self._reckon((), None, members=True)

    async def _keep_saving(self) -> None:
        await self._clock.sleep(FIRST_SAVE_S)
        while True:
            await asyncio.to_thread(self._save)
            await self._clock.sleep(SAVE_EVERY_S)

    async def _keep_publishing(self) -> None:
        """Tell other programs what they ask for, which takes less than switching to a thread."""
        while True:
            if self._readers.tell(self.latest.at(self._clock.now())):
                self.obey(self._wishes)
            await self._clock.sleep(PUBLISHED_EVERY_S)

    async def _supervised(self, chore: Callable[[], Awaitable[None]]) -> None:
        """Run a chore for ever: one that ends by a bug is logged and begun again."""
        while True:
            task = asyncio.ensure_future(chore())
            try:
                await asyncio.wait((task,))
            finally:
                task.cancel()
                await asyncio.wait((task,))
            if (bug := task.exception()) is not None:
                log.error("the engine restarts %s", chore, exc_info=bug)
            await self._clock.sleep(RESTART_AFTER_S)

    async def _close(self) -> None:
        for feed in self.feeds.values():
            await feed.aclose()
        await self._alerts.aclose()


def _is_about_members(report: Report) -> bool:
    """Whether a report may change what is still missing of the index's members."""
    match report:
        case Restored():
            return True
        case Computed():
            return report.census is not None
        case Arrived() | Failed():
            return any(key.kind in OF_THE_INDEX for key in report.keys)
