"""The engine: runs the feeds on its own loop in its own thread and holds the newest snapshot.

It does not know that a screen exists. `latest` is one reference to an immutable value:
swapping it is atomic and reading it needs no lock, from any thread.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from random import Random
from typing import TypeVar

from market.clock import Clock
from market.feeds.feed import Feed, Searcher
from market.feeds.polling import Poller
from market.feeds.roster import RefreshAnswer
from market.fold import fold
from market.health import FeedState
from market.history import History, HistoryError
from market.instruments import Cast
from market.interest import overview_keys, watch_keys
from market.metrics.compute import compute
from market.quotes import Key, Match
from market.reports import Arrived, Computed, ErrorKind, FeedError, Report
from market.snapshot import Mode, Snapshot, empty_snapshot

log = logging.getLogger(__name__)
T = TypeVar("T")

FIRST_SAVE_S = 10.0
SAVE_EVERY_S = 60.0
RESTART_AFTER_S = 5.0
STOP_TIMEOUT_S = 3.0


class Engine:
    """Feeds in, one snapshot out."""

    def __init__(
        self,
        *,
        feeds: Mapping[str, Feed],
        clock: Clock,
        cast: Cast,
        mode: Mode = Mode.LIVE,
        history: History | None = None,
        symbols: Iterable[str] = (),
        requests_per_minute: float = 30,
        seed: int | None = None,
    ) -> None:
        self.notices: list[str] = []
        """Sentences for the user, oldest first; each is said once."""
        self._feeds = feeds
        self._clock = clock
        self._cast = cast
        self._history = history
        self._watched = tuple(symbols)
        self._visible = overview_keys(cast)
        self._latest = self._first_snapshot(mode)
        self._saved = self._latest
        self._poller = Poller(
            feeds, cast, clock, self._note, per_minute=requests_per_minute, random=Random(seed)
        )
        self._poller.roster.remember(self._latest.fetched)
        self._update_interest()
        self._changed_symbols: set[str] = set()
        self._arrival = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
        self._thread: threading.Thread | None = None

    # -- for anybody, from any thread ----------------------------------------------------

    @property
    def latest(self) -> Snapshot:
        """The newest snapshot."""
        return self._latest

    @property
    def can_offer_demo(self) -> bool:
        """Whether nothing was ever known and no feed can be reached."""
        known = self._latest
        feeds = known.feeds.values()
        return (
            known.mode is Mode.LIVE
            and not known.quotes
            and len(feeds) == len(self._feeds)
            and all(feed.state is FeedState.FAILING for feed in feeds)
        )

    def start(self) -> None:
        """Start polling in a thread of its own."""
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._live(ready)), name="captop engine", daemon=True
        )
        self._thread.start()
        ready.wait(STOP_TIMEOUT_S)

    def stop(self) -> None:
        """Stop polling, keep the last picture, give connections back."""
        if self._loop is not None and self._main is not None:
            with suppress(RuntimeError):  # the loop may have ended by itself
                self._loop.call_soon_threadsafe(self._main.cancel)
        if self._thread is not None:
            self._thread.join(STOP_TIMEOUT_S)
        self._save()
        if self._history is not None:
            self._history.close()
            self._history = None

    def want(self, keys: Iterable[Key]) -> None:
        """Say what is visible now; it is renewed at its full beat."""
        visible = frozenset(keys)
        self._tell(lambda: self._set_visible(visible))

    def watch(self, symbols: Iterable[str]) -> None:
        """Say which symbols the watchlists hold."""
        watched = tuple(symbols)
        self._tell(lambda: self._set_watched(watched))

    def set_focused(self, focused: bool) -> None:
        """Say whether the terminal has the focus; without it everything is slower."""
        self._tell(lambda: self._set_focused(focused))

    def set_pace(self, factor: float) -> None:
        """Put a factor on all beats: 2 asks half as often."""
        self._tell(lambda: self._set_pace(factor))

    def refresh(self) -> RefreshAnswer:
        """Ask again now for what is visible, as far as the budgets allow."""
        answer: Future[RefreshAnswer] = Future()
        self._tell(lambda: answer.set_result(self._poller.refresh()))
        try:
            return answer.result(STOP_TIMEOUT_S)
        except TimeoutError:
            return RefreshAnswer(asked=0, refused=0, wait_s=0.0)

    def search(self, text: str) -> Future[Sequence[Match]]:
        """Look for symbols by name at the first feed that can."""
        if self._loop is None:
            raise RuntimeError("the engine must be started before it can search")
        return asyncio.run_coroutine_threadsafe(self._search(text), self._loop)

    def run_once(self, timeout_s: float) -> Snapshot:
        """Ask every feed once for everything, without a thread, and return what is known."""
        asyncio.run(self._once(timeout_s))
        self._save()
        return self._latest

    # -- on the engine's own loop --------------------------------------------------------

    async def _live(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._main = asyncio.current_task()
        ready.set()
        chores = (self._poller.run, self._keep_computing, self._keep_saving)
        with suppress(asyncio.CancelledError):
            try:
                await asyncio.gather(*(self._supervised(chore) for chore in chores))
            finally:
                await self._close()

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

    async def _once(self, timeout_s: float) -> None:
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    await self._poller.run_once()
            self._changed_symbols.clear()
            readings = compute(self._latest)
            self._note(Computed(at=self._clock.now(), readings=readings))
        finally:
            await self._close()

    async def _close(self) -> None:
        for feed in self._feeds.values():
            await feed.aclose()

    def _note(self, report: Report) -> None:
        """Fold one report in: the only writer of `latest`."""
        self._latest = fold(self._latest, report, self._clock.now())
        if isinstance(report, Arrived):
            self._changed_symbols |= {key.symbol for key in report.keys}
            self._arrival.set()

    async def _keep_computing(self) -> None:
        """Work out what an arrival changed, in a thread, and fold it in as a report."""
        while True:
            await self._arrival.wait()
            self._arrival.clear()
            changed = frozenset(self._changed_symbols)
            self._changed_symbols.clear()
            readings = await asyncio.to_thread(compute, self._latest, changed)
            self._note(Computed(at=self._clock.now(), readings=readings))

    async def _keep_saving(self) -> None:
        await self._clock.sleep(FIRST_SAVE_S)
        while True:
            await asyncio.to_thread(self._save)
            await self._clock.sleep(SAVE_EVERY_S)

    async def _search(self, text: str) -> Sequence[Match]:
        for feed in self._feeds.values():
            if isinstance(feed, Searcher):
                return await feed.search(text)
        raise FeedError(ErrorKind.ABSENT, "no feed that is switched on can search for symbols")

    # -- what is wanted ------------------------------------------------------------------

    def _tell(self, order: Callable[[], None]) -> None:
        """Carry out an order on the engine's loop, or at once while there is none."""
        if self._loop is not None and self._loop.is_running():
            self._loop.call_soon_threadsafe(order)
        else:
            order()

    def _set_visible(self, keys: frozenset[Key]) -> None:
        self._visible = keys
        self._update_interest()

    def _set_watched(self, symbols: tuple[str, ...]) -> None:
        self._watched = symbols
        self._update_interest()

    def _set_focused(self, focused: bool) -> None:
        self._poller.roster.focused = focused
        self._poller.wake()

    def _set_pace(self, factor: float) -> None:
        self._poller.roster.pace = factor
        self._poller.wake()

    def _update_interest(self) -> None:
        background = overview_keys(self._cast) | watch_keys(self._watched, self._cast)
        self._poller.want(self._visible, background)

    # -- the disk ------------------------------------------------------------------------

    def _first_snapshot(self, mode: Mode) -> Snapshot:
        now = self._clock.now()
        if self._history is not None:
            try:
                restored = self._history.load(now, self._cast)
            except HistoryError as error:
                self.notices.append(str(error))
            else:
                if restored is not None:
                    return restored
        return empty_snapshot(now, mode, self._cast)

    def _save(self) -> None:
        """Keep the picture; a disk that refuses is told of once and then left alone."""
        snapshot = self._latest
        if self._history is None or snapshot is self._saved or not snapshot.fetched:
            return
        try:
            self._history.save(snapshot)
            self._saved = snapshot
        except HistoryError as error:
            self.notices.append(str(error))
            self._history = None
