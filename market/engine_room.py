"""The engine room: polls, folds and computes on the engine's own loop.

Everything that costs an import lives behind this module: it is loaded on the engine's thread,
after the first paint.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from random import Random

from market.clock import Clock
from market.feeds.feed import Feed, Searcher
from market.feeds.polling import Poller
from market.feeds.roster import RefreshAnswer
from market.fold import fold
from market.interest import Wishes, overview_keys, watch_keys
from market.metrics.compute import compute
from market.quotes import Match
from market.reports import Arrived, Computed, ErrorKind, FeedError, Report
from market.snapshot import Snapshot

log = logging.getLogger(__name__)

FIRST_SAVE_S = 3.0
SAVE_EVERY_S = 60.0
RESTART_AFTER_S = 5.0


class EngineRoom:
    """The only writer of `latest`."""

    def __init__(
        self,
        first: Snapshot,
        feeds: Mapping[str, Feed],
        clock: Clock,
        save: Callable[[], None],
        *,
        per_minute: float,
        seed: int | None,
    ) -> None:
        self.latest = first
        """The newest snapshot: one reference to an immutable value, to be read from any thread."""
        self.feeds = feeds
        self._clock = clock
        self._save = save
        self._poller = Poller(
            feeds, first.cast, clock, self._note, per_minute=per_minute, random=Random(seed)
        )
        self._poller.roster.remember(first.fetched)
        self._changed: set[str] = set()
        self._arrival = asyncio.Event()

    async def run(self) -> None:
        """Keep everything fresh until cancelled."""
        chores = (self._poller.run, self._keep_computing, self._keep_saving)
        try:
            await asyncio.gather(*(self._supervised(chore) for chore in chores))
        finally:
            await self._close()

    async def run_once(self, timeout_s: float) -> None:
        """Ask for everything once and work out every metric."""
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    await self._poller.run_once()
            self._note(Computed(at=self._clock.now(), readings=compute(self.latest)))
        finally:
            await self._close()

    def obey(self, wishes: Wishes) -> None:
        """Keep fresh what is wished for, as fast as is wished."""
        cast = self.latest.cast
        roster = self._poller.roster
        roster.focused, roster.pace = wishes.focused, wishes.pace
        visible = overview_keys(cast) if wishes.visible is None else wishes.visible
        self._poller.want(visible, overview_keys(cast) | watch_keys(wishes.watched, cast))

    def refresh(self) -> RefreshAnswer:
        """Ask again now for what is visible, as far as the budgets allow."""
        return self._poller.refresh()

    async def search(self, text: str) -> Sequence[Match]:
        """Look for symbols by name at the first feed that can."""
        for feed in self.feeds.values():
            if isinstance(feed, Searcher):
                return await feed.search(text)
        raise FeedError(ErrorKind.ABSENT, "no feed that is switched on can search for symbols")

    def _note(self, report: Report) -> None:
        self.latest = fold(self.latest, report, self._clock.now())
        if isinstance(report, Arrived):
            self._changed |= {key.symbol for key in report.keys}
            self._arrival.set()

    async def _keep_computing(self) -> None:
        """Work out what an arrival changed, in a thread, and fold it in as a report."""
        while True:
            await self._arrival.wait()
            self._arrival.clear()
            changed = frozenset(self._changed)
            self._changed.clear()
            readings = await asyncio.to_thread(compute, self.latest, changed)
            self._note(Computed(at=self._clock.now(), readings=readings))

    async def _keep_saving(self) -> None:
        await self._clock.sleep(FIRST_SAVE_S)
        while True:
            await asyncio.to_thread(self._save)
            await self._clock.sleep(SAVE_EVERY_S)

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
