"""The engine: feeds in, one snapshot out, on a thread and an asyncio loop of its own.

It does not know that a screen exists. `latest` is one reference to an immutable value:
swapping it is atomic and reading it needs no lock, from any thread. Making an engine reads
the last good picture and nothing else; the feeds are made, and what they need is imported,
on the engine's thread once it is started.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec.structs import replace

from market.clock import Clock
from market.health import FeedState
from market.history import History
from market.instruments import Cast
from market.interest import Wishes
from market.keeping import Keeper
from market.quotes import Key, Match
from market.snapshot import Mode, Snapshot

if TYPE_CHECKING:
    from market.alert_room import AlertRoom
    from market.alert_sources import AlertSources
    from market.baskets import Basket
    from market.engine_room import EngineRoom
    from market.feeds.feed import Feed
    from market.feeds.roster import RefreshAnswer
    from market.feeds.stream import Stream
    from market.judge import Judge
    from market.readers import Publish
    from market.tape.recorder import Recorder
    from market.tape.ring import Reels

T = TypeVar("T")

STOP_TIMEOUT_S = 3.0


class Engine:
    """What a screen, a headless command or a test talks to."""

    def __init__(
        self,
        *,
        feeds: Callable[[], Mapping[str, Feed]],
        streams: Callable[[], Sequence[Stream]] = tuple,
        clock: Clock,
        cast: Cast,
        mode: Mode = Mode.LIVE,
        history: History | None = None,
        archive: Path | None = None,
        basket_folders: Iterable[Path] = (),
        story_folders: Iterable[Path] = (),
        story_record: Path | None = None,
        alerts: AlertSources | None = None,
        symbols: Iterable[str] = (),
        requests_per_minute: float = 30,
        seed: int | None = None,
        publish: Publish | None = None,
        record_on: Callable[[], Reels] | None = None,
    ) -> None:
        self._feeds = feeds
        self._streams = streams
        self._clock = clock
        self._keeper = Keeper(history, archive)
        self._basket_folders = tuple(basket_folders)
        self._story_folders = tuple(story_folders)
        self._story_record = story_record
        self._alerts = alerts
        self._wishes = Wishes(watched=tuple(symbols))
        self._per_minute = requests_per_minute
        self._seed = seed
        self._publish = publish
        self._record_on = record_on
        self._recorder: Recorder | None = None
        self._first = self._keeper.last_picture(clock.now(), mode, cast)
        self._room: EngineRoom | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()

    @property
    def notices(self) -> list[str]:
        """Sentences for the user, oldest first; each is said once."""
        return self._keeper.notices

    @property
    def latest(self) -> Snapshot:
        """The newest snapshot."""
        return self._first if self._room is None else self._room.latest

    @property
    def can_offer_demo(self) -> bool:
        """Whether nothing was ever known and no feed that tells prices can be reached."""
        known = self.latest
        if self._room is None or known.mode is not Mode.LIVE or known.quotes:
            return False
        asked = [known.feeds.get(name) for name in self._room.pricing]
        return bool(asked) and all(f is not None and f.state is FeedState.FAILING for f in asked)

    def start(self) -> None:
        """Start polling in a thread of its own."""
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._live()), name="captop engine", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop polling, keep the last picture, give connections back."""
        if self._thread is not None:
            self._ready.wait(STOP_TIMEOUT_S)
            if self._loop is not None and self._main is not None:
                with suppress(RuntimeError):  # the loop may have ended by itself
                    self._loop.call_soon_threadsafe(self._main.cancel)
            self._thread.join(STOP_TIMEOUT_S)
        if self._recorder is not None:
            self._recorder.close()
        self._save(final=True)
        self._keeper.close()

    @property
    def tape(self) -> Path | None:
        """The file in which this run is or was recorded; None if it is not."""
        return None if self._recorder is None else self._recorder.path

    @property
    def tape_fault(self) -> str:
        """Why nothing is recorded any more: a sentence; empty while all is well."""
        return "" if self._recorder is None else self._recorder.fault

    def record_on(self, reels: Callable[[], Reels]) -> None:
        """Record from the start on, in place of where it would; call it before `start`."""
        self._record_on = reels

    def want(self, keys: Iterable[Key], *, alone: bool = False) -> None:
        """Say what is visible now; it is renewed at its full beat.

        Args:
            keys: The data.
            alone: Whether nothing but them is wanted, not even the overview.
        """
        self._wish(replace(self._wishes, visible=frozenset(keys), alone=alone))

    def watch(self, symbols: Iterable[str]) -> None:
        """Say which symbols the watchlists hold."""
        self._wish(replace(self._wishes, watched=tuple(symbols)))

    def set_focused(self, focused: bool) -> None:
        """Say whether the terminal has the focus; without it everything is slower."""
        self._wish(replace(self._wishes, focused=focused))

    def set_pace(self, factor: float) -> None:
        """Put a factor on all beats: 2 asks half as often."""
        self._wish(replace(self._wishes, pace=factor))

    def refresh(self) -> RefreshAnswer:
        """Ask again now for what is visible, as far as the budgets allow."""
        return self._on_loop(self._refresh).result(STOP_TIMEOUT_S)

    def search(self, text: str) -> Future[Sequence[Match]]:
        """Look for symbols by name; the future may hold a FeedError."""
        return self._on_loop(lambda room: room.search(text))

    def use_alerts(self, text: str) -> None:
        """Watch the alerts of a text in place of those before."""
        self._in_room(lambda room: room.use_alerts(text))

    def acknowledge(self, alerts: Iterable[str]) -> None:
        """Say that somebody has seen some alerts, by their ids."""
        seen = tuple(alerts)
        self._in_room(lambda room: room.acknowledge(seen))

    def run_once(
        self, timeout_s: float, *, decides: Callable[[str], bool] = lambda _: False
    ) -> Snapshot:
        """Ask every feed once for everything, without a thread, and return what is known.

        Args:
            timeout_s: How long to wait for answers.
            decides: Whether a line of a story is decided, by the name of its state: for that all
                closes behind it are looked at.
        """
        asyncio.run(self._opened().run_once(timeout_s, decides=decides))
        self._save(final=True)
        return self.latest

    async def _live(self) -> None:
        room = self._opened()
        self._loop = asyncio.get_running_loop()
        self._main = asyncio.current_task()
        self._ready.set()
        with suppress(asyncio.CancelledError):
            await room.run()

    def _opened(self) -> EngineRoom:
        from market.basket_check import checked_baskets
        from market.engine_room import EngineRoom
        from market.readers import told_to_nobody

        archive = self._keeper.opened_archive()
        baskets, faults = checked_baskets(self._basket_folders)
        self.notices.extend(faults)
        judge = self._judge(baskets)
        room = EngineRoom(
            replace(self.latest, baskets=baskets),
            self._feeds(),
            self._clock,
            self._save,
            streams=self._streams(),
            per_minute=self._per_minute,
            seed=self._seed,
            archive=archive,
            judge=judge,
            alerts=self._alert_room(judge, baskets),
            publish=self._publish or told_to_nobody,
            recorder=self._opened_recorder(),
        )
        room.obey(self._wishes)
        self._room = room
        return room

    def _opened_recorder(self) -> Recorder | None:
        """Who puts on tape what happens; nothing is written before the engine runs."""
        if self._record_on is None:
            return None
        from market.tape.recorder import Recorder
        from market.tape.transcript import Transcript

        transcript = Transcript(self._record_on(), watched=self._wishes.watched)
        self._recorder = Recorder(transcript, self.notices)
        return self._recorder

    def _judge(self, baskets: Iterable[Basket]) -> Judge:
        """The judge of the stories; what is wrong with one of them is told."""
        from market.judge import Judge
        from market.metrics.names import story_writing
        from market.story_record import StoryRecord
        from market.thesis import stories_in

        writing = story_writing(self.latest.cast, baskets)
        stories, faults = stories_in(self._story_folders, writing)
        self.notices.extend(faults)
        path = self._story_record
        try:
            return Judge(stories, StoryRecord(path) if path is not None else None)
        except OSError as error:
            self.notices.append(f"{path} cannot be read: {error.strerror}; no close is kept")
            return Judge(stories)

    def _alert_room(self, judge: Judge, baskets: Iterable[Basket]) -> AlertRoom | None:
        """The engine's part for alerts; None where it was given none."""
        if self._alerts is None:
            return None
        from market.alert_room import opened_alert_room

        cast = self.latest.cast
        return opened_alert_room(self._alerts, cast, baskets, judge.stories, self.notices.append)

    def _wish(self, wishes: Wishes) -> None:
        self._wishes = wishes
        self._in_room(lambda room: room.obey(wishes))

    def _in_room(self, work: Callable[[EngineRoom], None]) -> None:
        """Have something done on the engine's loop, if it runs."""
        if self._room is not None and self._loop is not None:
            with suppress(RuntimeError):  # the loop may have ended by itself
                self._loop.call_soon_threadsafe(work, self._room)

    async def _refresh(self, room: EngineRoom) -> RefreshAnswer:
        return room.refresh()

    def _on_loop(self, work: Callable[[EngineRoom], Coroutine[Any, Any, T]]) -> Future[T]:
        """Start work on the engine's loop; RuntimeError unless the engine runs."""
        if self._thread is not None:
            self._ready.wait(STOP_TIMEOUT_S)
        if self._room is None or self._loop is None:
            raise RuntimeError("the engine must be started before it can be asked")
        return asyncio.run_coroutine_threadsafe(work(self._room), self._loop)

    def _save(self, *, final: bool = False) -> None:
        self._keeper.save(self.latest, final=final)
