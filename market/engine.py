"""The engine: feeds in, one snapshot out, on a thread and an asyncio loop of its own.

It does not know that a screen exists. `latest` is one reference to an immutable value:
swapping it is atomic and reading it needs no lock, from any thread. Making an engine reads
the last good picture and nothing else; the feeds are made, and what they need is imported,
on the engine's thread once it is started.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from market.engine_plan import EnginePlan
from market.health import FeedState
from market.interest import Wishes
from market.keeping import Keeper
from market.loop_thread import PATIENCE_S, LoopThread
from market.quotes import Key, Match
from market.reports import RefreshAnswer
from market.snapshot import Mode, Snapshot

if TYPE_CHECKING:
    from market.asking import Asking
    from market.engine_room import EngineRoom
    from market.tape.recorder import Recorder


class Engine:
    """What a screen, a headless command or a test talks to."""

    def __init__(self, plan: EnginePlan, keeper: Keeper | None = None) -> None:
        """Make an engine, which asks nobody yet.

        Args:
            plan: What it is made of.
            keeper: Keeps what it learns; by default nothing is kept.
        """
        self._plan = plan
        self._keeper = keeper if keeper is not None else Keeper(None, None)
        self._wishes = Wishes(watched=plan.symbols)
        self._recorder: Recorder | None = None
        self._first = self._keeper.last_picture(plan.clock.now(), plan.mode, plan.cast)
        self._room: EngineRoom | None = None
        watch = plan.loop_watch
        new_loop = None if watch is None else lambda: watch.new_loop("engine")
        self._thread = LoopThread("captop engine", new_loop)

    @property
    def notices(self) -> Sequence[str]:
        """Sentences for the user, oldest first."""
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
        asked = [known.feeds.get(name) for name in self._room.asking.pricing]
        return bool(asked) and all(f is not None and f.state is FeedState.FAILING for f in asked)

    @property
    def tape(self) -> Path | None:
        """The file in which this run is or was recorded; None if it is not."""
        return None if self._recorder is None else self._recorder.path

    @property
    def tape_fault(self) -> str:
        """Why nothing is recorded any more: a sentence; empty while all is well."""
        return "" if self._recorder is None else self._recorder.fault

    def start(self) -> None:
        """Start polling in a thread of its own."""
        self._thread.start(self._live)

    def stop(self) -> None:
        """Stop polling, keep the last picture, give connections back."""
        self._thread.stop()
        if self._recorder is not None:
            self._recorder.close()
        self._save(final=True)
        self._keeper.close()

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

    def want(self, keys: Iterable[Key], *, alone: bool = False) -> None:
        """Say what is visible now; it is renewed at its full beat.

        Args:
            keys: The data.
            alone: Whether the overview is not wanted, but only they and what alerts read.
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
        return self._thread.ask(self._refresh).result(PATIENCE_S)

    def search(self, text: str) -> Future[Sequence[Match]]:
        """Look for symbols by name; the future may hold a FeedError."""
        return self._thread.ask(lambda: self._search(text))

    def use_alerts(self, text: str) -> None:
        """Watch the alerts of a text in place of those before."""
        self._in_room(lambda room: room.use_alerts(text))

    def acknowledge(self, alerts: Iterable[str]) -> None:
        """Say that somebody has seen some alerts, by their ids."""
        seen = tuple(alerts)
        self._in_room(lambda room: room.acknowledge(seen))

    async def _live(self) -> None:
        await self._opened().run()

    def _opened(self) -> EngineRoom:
        from market.opening import opened_recorder, opened_room

        plan, keeper = self._plan, self._keeper
        self._recorder = opened_recorder(plan, self._wishes.watched, keeper.notices)
        self._room = opened_room(plan, self.latest, keeper, self._save, self._recorder)
        self._room.obey(self._wishes)
        return self._room

    def _wish(self, wishes: Wishes) -> None:
        self._wishes = wishes
        self._in_room(lambda room: room.obey(wishes))

    def _in_room(self, work: Callable[[EngineRoom], None]) -> None:
        """Have something done on the engine's loop, if it runs."""
        if (room := self._room) is not None:
            self._thread.call(lambda: work(room))

    async def _refresh(self) -> RefreshAnswer:
        return self._asking.refresh()

    async def _search(self, text: str) -> Sequence[Match]:
        return await self._asking.search(text)

    @property
    def _asking(self) -> Asking:
        """The room's: on its loop it is there, unless it could not be opened."""
        if self._room is None:
            raise RuntimeError("the engine could not be opened")
        return self._room.asking

    def _save(self, *, final: bool = False) -> None:
        self._keeper.save(self.latest, final=final)
