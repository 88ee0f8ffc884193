"""The alerts' part of the engine room: their file, their watcher, and who tells of them."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Callable, Iterable, Sequence

from market.alert_book import AlertBook
from market.alert_sources import AlertSources
from market.alerts.events import AlertEvent
from market.baskets import Basket
from market.instruments import Cast
from market.line_file import LineFile
from market.metrics.names import rule_writing
from market.named_states import state_names
from market.snapshot import Snapshot
from market.telling import Teller
from market.thesis import Story
from market.watcher import Watcher


class AlertRoom:
    """What the engine does for alerts. All but `tell` is called from its loop alone."""

    def __init__(self, book: AlertBook, watcher: Watcher, teller: Teller) -> None:
        self._book = book
        self.watcher = watcher
        self._teller = teller
        self._arrival = asyncio.Event()

    def watch(self, symbols: Iterable[str], snapshot: Snapshot) -> None:
        """Take the watchlists' symbols."""
        if self._book.watch(symbols):
            self._renew(snapshot)

    def use(self, text: str, snapshot: Snapshot) -> None:
        """Take alerts from a text."""
        if self._book.use(text):
            self._renew(snapshot)

    def begin(self, snapshot: Snapshot) -> None:
        """Read the file for the first time: what it says is wanted before anything is asked for."""
        if self._book.look():
            self._renew(snapshot)

    async def look(self, snapshot: Snapshot) -> bool:
        """Look whether the file says something else now, in a thread; return whether it does."""
        is_news = await asyncio.to_thread(self._book.look)
        if is_news:
            self._renew(snapshot)
        return is_news

    def after(self, snapshot: Snapshot) -> Snapshot:
        """Return a picture with the alerts as they stand by it."""
        return self._noted(self.watcher.after(snapshot))

    def acknowledge(self, ids: Iterable[str], snapshot: Snapshot) -> Snapshot:
        """Return a picture in which somebody has taken note of some alerts."""
        return self._noted(self.watcher.acknowledge(ids, snapshot))

    def look_at_others(self) -> None:
        """Have `tell` take over what other runs have kept."""
        self._arrival.set()

    async def tell(self) -> None:
        """Keep and tell of what happens, until cancelled."""
        while True:
            await self._arrival.wait()
            self._arrival.clear()
            await self.tell_now()

    async def tell_now(self) -> None:
        """Keep and tell of what has happened.

        What another run has told of in the same session is not told again.
        """
        others = await asyncio.to_thread(self._teller.news)
        told = {(e.alert, e.kind, e.day) for e in self.watcher.absorb(others)}
        events = self.watcher.taken()
        new = [e for e in events if (e.alert, e.kind, e.day) not in told]
        if new:
            await self._teller.take(new, self.watcher.alerts)

    async def aclose(self) -> None:
        """Keep what was not kept yet, and let the couriers go."""
        self._teller.keep(self.watcher.taken())
        await self._teller.aclose()

    def _noted(self, snapshot: Snapshot) -> Snapshot:
        if self.watcher.has_events:
            self._arrival.set()
        return snapshot

    def _renew(self, snapshot: Snapshot) -> None:
        self.watcher.use(self._book.alerts, self._book.faults, snapshot)


def opened_alert_room(
    sources: AlertSources,
    cast: Cast,
    baskets: Iterable[Basket],
    stories: Sequence[Story],
    complain: Callable[[str], None],
) -> AlertRoom:
    """Return the part of an engine that watches the alerts of some sources.

    Args:
        sources: Where alerts come from, and who tells of them.
        cast: The instruments.
        baskets: Groups of members that rules may speak of.
        stories: The stories whose lines they may speak of.
        complain: Takes a sentence for the user.
    """
    writing = rule_writing(cast, baskets, state_names(stories, sources.feeds))
    record = LineFile(sources.record, AlertEvent) if sources.record is not None else None
    try:
        kept = record.rows() if record is not None else []
    except OSError as error:
        complain(f"{sources.record} cannot be read: {error.strerror}; no alert is kept")
        record, kept = None, []
    run = f"{os.getpid()}-{secrets.token_hex(3)}"
    watcher = Watcher(stories, kept, run=run, words=sources.words)
    return AlertRoom(
        AlertBook(sources.path, writing, cast),
        watcher,
        Teller(record, sources.couriers(), complain),
    )
