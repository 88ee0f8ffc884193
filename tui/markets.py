"""The engines behind the screen: the live one, and a simulated one or a tape before it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from market.health import FeedHealth, FeedState
from market.quotes import Key, Match
from market.reports import ErrorKind, RefreshAnswer
from market.snapshot import Mode, Snapshot
from widgets.mark import CAUSES
from widgets.moments import moment

if TYPE_CHECKING:
    from market.tape.tape_clock import TapeClock

SHORT_WAIT_S = 60
"""Shorter waits are told in seconds, longer ones by the clock."""


class Market(Protocol):
    """What is needed of an engine."""

    @property
    def notices(self) -> Sequence[str]:
        """Sentences for the user, oldest first."""
        ...

    @property
    def latest(self) -> Snapshot:
        """The newest snapshot."""
        ...

    @property
    def can_offer_demo(self) -> bool:
        """Whether nothing was ever known and no feed answers."""
        ...

    def start(self) -> None:
        """Start polling."""
        ...

    def stop(self) -> None:
        """Stop polling."""
        ...

    def want(self, keys: Iterable[Key]) -> None:
        """Say what is visible now."""
        ...

    def watch(self, symbols: Iterable[str]) -> None:
        """Say which symbols the watchlists hold."""
        ...

    def refresh(self) -> RefreshAnswer:
        """Ask again now."""
        ...

    def set_focused(self, focused: bool) -> None:
        """Say whether the terminal has the focus."""
        ...

    def set_pace(self, factor: float) -> None:
        """Put a factor on all beats: 2 asks half as often."""
        ...

    def use_alerts(self, text: str) -> None:
        """Watch the alerts of a text in place of those before."""
        ...

    def acknowledge(self, alerts: Iterable[str]) -> None:
        """Say that somebody has seen some alerts, by their ids."""
        ...

    def search(self, text: str) -> Future[Sequence[Match]]:
        """Look for symbols by name."""
        ...


class Tape(Market, Protocol):
    """What is needed of a tape that is played in place of an engine."""

    @property
    def clock(self) -> TapeClock:
        """Tells the time on the tape."""
        ...

    def stand(self, *, still: bool) -> None:
        """Stand, or go on."""
        ...

    def step(self, by: int) -> str:
        """Go to the next or previous step, and return what there is to say."""
        ...

    def jump(self, by: int) -> str:
        """Go to the next or previous event, and return what it is."""
        ...


class Markets:
    """The live engine, and what may stand before it: the demo, or a tape that is played."""

    def __init__(
        self,
        live: Market,
        demo_maker: Callable[[], Market] | None = None,
        replay: Tape | None = None,
        rewinder: Callable[[], Tape] | None = None,
    ) -> None:
        """Show a tape or the live market.

        Args:
            live: The live engine.
            demo_maker: Makes the simulated market that may be asked for.
            replay: The tape that is shown first.
            rewinder: Opens the tape of this very run, standing at its end.
        """
        self.live = live
        self._is_live_running = False
        self._rewinder = rewinder
        self.replay = replay
        """The tape that is shown, if one is."""
        self._demo: Market | None = None
        self._demo_maker = demo_maker
        self._wanted: frozenset[Key] = frozenset()

    @property
    def shown(self) -> Market:
        """The engine that is shown: a tape, the demo after it was asked for, or the live one."""
        return self.replay or self._demo or self.live

    @property
    def all(self) -> tuple[Market, ...]:
        """The engines that run."""
        return tuple(m for m in (self.live, self._demo, self.replay) if m is not None)

    @property
    def is_demo(self) -> bool:
        """Whether what is shown is simulated."""
        return self.shown.latest.mode is Mode.DEMO

    @property
    def can_show_demo(self) -> bool:
        """Whether the simulated market is on offer."""
        has_one = self.shown is self.live and self._demo_maker is not None
        return has_one and self.live.can_offer_demo

    @property
    def can_show_live(self) -> bool:
        """Whether there is a live screen to go back to."""
        return self.shown is not self.live

    @property
    def offers(self) -> tuple[str, ...]:
        """What is on offer, said ever shorter; empty if nothing is."""
        if self._demo is not None and self.live.latest.quotes:
            return (
                "Live data have come. Press L to leave the simulated market.",
                "Live data have come: press L",
                "L: live",
            )
        if not self.can_show_demo:
            return ()
        failing = [f for f in self.live.latest.feeds.values() if f.state is FeedState.FAILING]
        # A stream, which has no budget, tells no more than that its prices are polled.
        failing.sort(key=lambda feed: feed.budget is None)
        why = next((f" ({f.reason.rstrip('.')})" for f in failing if f.reason), "")
        refusing = any(f.trouble and f.trouble.kind is not ErrorKind.UNREACHABLE for f in failing)
        what = "No feed gives data" if refusing else "No feed answers"
        return (
            f"{what}{why}. Press D for the simulated market; captop goes on trying.",
            f"{what}: press D for a demo",
            "D: demo",
        )

    def show_demo(self) -> bool:
        """Show the simulated market, not yet started; return whether there is one to show.

        The live engine goes on trying.
        """
        if self._demo_maker is None or self._demo is not None:
            return False
        self._demo = self._demo_maker()
        self._demo.want(self._wanted)
        return True

    def show_live(self) -> Market | None:
        """Show the live market again; return what stood before it, which the caller stops."""
        before = self.replay or self._demo
        self.replay = self._demo = None
        self.start()
        return before

    @property
    def can_rewind(self) -> bool:
        """Whether the live market is shown, and recorded."""
        return self.shown is self.live and self._rewinder is not None

    @property
    def why_no_tape(self) -> str:
        """Why no tape can be moved, as far as it is known."""
        if self.is_demo:
            return "the simulated market is recorded by captop record --demo alone"
        if self._rewinder is None:
            return "nothing is recorded: the settings switch tape or cache off"
        return "no tape is played"

    def rewind(self) -> None:
        """Show the tape of this run while the live engine goes on; TapeError if there is none."""
        if self.can_rewind and self._rewinder is not None:
            self.replay = self._rewinder()
            self.replay.start()

    def start(self) -> None:
        """Start the tape, else the live engine; whoever shows the demo starts it."""
        if self.replay is not None:
            self.replay.start()
        elif not self._is_live_running:
            self._is_live_running = True
            self.live.start()

    def want(self, keys: Iterable[Key]) -> None:
        """Say what is visible now."""
        self._wanted = frozenset(keys)
        for market in self.all:
            market.want(self._wanted)

    def set_focused(self, focused: bool) -> None:
        """Say whether somebody looks."""
        for market in self.all:
            market.set_focused(focused)

    def set_pace(self, factor: float) -> None:
        """Put a factor on all beats: 2 asks half as often."""
        for market in self.all:
            market.set_pace(factor)

    def stop(self) -> None:
        """Stop whatever runs."""
        for market in self.all:
            market.stop()


def refresh_in_words(answer: RefreshAnswer, feeds: Iterable[FeedHealth], now: datetime) -> str:
    """Return what came of a wish to ask again now, as a sentence for the user.

    Args:
        answer: What the engine said.
        feeds: How its feeds do.
        now: UTC.
    """
    if not answer.refused:
        told = ("asking again",) if answer.asked else ()
        unknown = (_unknown_in_words(answer, now),) if answer.unknown else ()
        return "; ".join((*told, *unknown)) or "nothing to ask again just now"
    rested = [f for f in feeds if f.trouble is not None and _is_ahead(f.trouble.retry_at, now)]
    until = _until(now, answer.wait_s)
    if not rested:
        rest = "; asking the rest again" if answer.asked else ""
        return f"the request budget is used up {until}{rest}"
    if answer.asked:
        names = _first_of([f.name for f in rested])
        return f"{names} left alone {until}; asking the rest again"
    causes = [f"{f.name}: {CAUSES[f.trouble.kind].phrase}" for f in rested if f.trouble is not None]
    return f"left alone {until} ({_first_of(causes)})"


def _first_of(words: Sequence[str]) -> str:
    """Return `yahoo and 3 more`: a footer has no room for all of them."""
    first, *others = words
    return f"{first} and {len(others)} more" if others else first


def _unknown_in_words(answer: RefreshAnswer, now: datetime) -> str:
    """Return `ZZZZ is unknown, asked again at 15:30`."""
    who = f"{_first_of(answer.unknown)} {'are' if len(answer.unknown) > 1 else 'is'}"
    at = moment(now + timedelta(seconds=answer.unknown_s), now)
    return f"{who} unknown, asked again at {at}"


def _is_ahead(at: datetime | None, now: datetime) -> bool:
    return at is not None and at > now


def _until(now: datetime, wait_s: float) -> str:
    """Return `for 8 s`, or `until 14:43` in New York."""
    if wait_s < SHORT_WAIT_S:
        return f"for {max(1, round(wait_s))} s"
    return f"until {moment(now + timedelta(seconds=wait_s), now)}"
