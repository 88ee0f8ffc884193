"""Chores: what the engine does again and again beside asking and working out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from market.alert_room import AlertRoom
from market.clock import Clock
from market.judge import Judge
from market.readers import Readers
from market.reports import Computed
from market.snapshot import Snapshot

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


class Room(Protocol):
    """Where the chores are done."""

    @property
    def latest(self) -> Snapshot:
        """The newest snapshot."""
        ...

    def follow_alerts(self) -> None:
        """Wish anew if the alerts are judged by other data than were wished for last."""
        ...

    def note(self, report: Computed) -> None:
        """Fold a report in."""
        ...

    def renew(self) -> None:
        """Wish anew for what is to be kept fresh."""
        ...

    def look_for_errands(self) -> None:
        """Look whether something is missing that was not before."""
        ...


class Chores:
    """The chores of one engine; each goes on until it is cancelled."""

    def __init__(
        self,
        room: Room,
        clock: Clock,
        save: Callable[[], None],
        *,
        judge: Judge,
        alerts: AlertRoom,
        readers: Readers,
    ) -> None:
        self._room = room
        self._clock = clock
        self._save = save
        self._judge = judge
        self._alerts = alerts
        self._readers = readers

    @property
    def all(self) -> tuple[Callable[[], Awaitable[None]], ...]:
        """Every chore."""
        return (
            self.keep_saving,
            self.keep_on_errands,
            self.keep_judging,
            self.keep_watching,
            self.keep_publishing,
            self._alerts.tell,
        )

    async def keep_saving(self) -> None:
        """Have the picture kept from time to time."""
        await self._clock.sleep(FIRST_SAVE_S)
        while True:
            await asyncio.to_thread(self._save)
            await self._clock.sleep(SAVE_EVERY_S)

    async def keep_on_errands(self) -> None:
        """Look from time to time whether something is missing that was not before."""
        while True:
            await self._clock.sleep(ERRANDS_EVERY_S)
            self._room.look_for_errands()

    async def keep_judging(self) -> None:
        """Look back upon the closes behind the stories, and keep each new one."""
        rest = LOOK_BACK_EVERY_S
        while self._judge.stories:
            is_news = await asyncio.to_thread(self._judge.look_back, self._room.latest)
            if is_news:
                looked = Computed(at=self._clock.now(), readings={})
                self._room.note(self._judge.judged(self._room.latest, looked))
            if self._judge.is_done:
                await asyncio.to_thread(self._judge.note_close, self._room.latest)
            is_resting = self._judge.is_done and not is_news
            rest = min(2 * rest, JUDGED_EVERY_S) if is_resting else LOOK_BACK_EVERY_S
            await self._clock.sleep(rest)

    async def keep_watching(self) -> None:
        """Judge the alerts where no number comes that would have it done, and read them anew."""
        while True:
            is_news = await asyncio.to_thread(self._alerts.watcher.look_back, self._room.latest)
            is_news |= await self._alerts.look(self._room.latest)
            now = self._clock.now()
            self._room.follow_alerts()
            if is_news or self._alerts.watcher.is_due(self._room.latest.at(now)):
                self._room.note(Computed(at=now, readings={}))
            self._alerts.look_at_others()
            rest = JUDGED_EVERY_S if self._alerts.watcher.has_looked_back else LOOK_BACK_EVERY_S
            await self._clock.sleep(rest)

    async def keep_publishing(self) -> None:
        """Tell other programs what they ask for, which takes less than switching to a thread."""
        while True:
            if self._readers.tell(self._room.latest.at(self._clock.now())):
                self._room.renew()
            await self._clock.sleep(PUBLISHED_EVERY_S)


async def supervised(clock: Clock, chore: Callable[[], Awaitable[None]]) -> None:
    """Do a chore for ever: one that ends by a bug is logged and begun again."""
    while True:
        task = asyncio.ensure_future(chore())
        try:
            await asyncio.wait((task,))
        finally:
            task.cancel()
            await asyncio.wait((task,))
        if (bug := task.exception()) is not None:
            log.error("the engine restarts %s", chore, exc_info=bug)
        await clock.sleep(RESTART_AFTER_S)
