"""A tape in place of an engine: the same snapshots at the same instants, at any speed.

The screen talks to it as to the engine. What is asked of feeds comes to nothing: a tape holds
what was asked for when it was recorded.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import TYPE_CHECKING

from market.clock import Clock
from market.quotes import Key, Match, Phase
from market.reports import ErrorKind, FeedError
from market.sessions import session_state
from market.snapshot import Snapshot
from market.tape.player import Player
from market.tape.tape_clock import TapeClock
from market.tape.tape_file import TapeError, TapeFile

if TYPE_CHECKING:
    from market.feeds.roster import RefreshAnswer

LOOKED_S = 0.2
"""Seconds after which it is looked at the latest whether the next step is due."""
STOP_TIMEOUT_S = 3.0
_BEGINS, _ENDS = "the tape begins here", "the tape ends here"
_NONE_EARLIER, _NONE_LATER = f"no earlier event: {_BEGINS}", f"no later event: {_ENDS}"


class Replay:
    """Plays a tape on a thread of its own. All its methods may be called from any thread."""

    def __init__(self, tape: TapeFile, wall: Clock, *, speed: float = 1.0) -> None:
        """Stand at the beginning of a tape; TapeError if nothing is on it.

        Args:
            tape: The tape.
            wall: The computer's clock.
            speed: Seconds of the tape in one second.
        """
        self.notices = list(tape.left_out)
        """Sentences for the user, oldest first."""
        self._player = Player(tape)
        self._base_speed = speed
        self.clock = TapeClock(wall, self._player.begins, speed)
        self.latest: Snapshot = self._player.latest
        """The snapshot at the tape's time."""
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._is_over = False
        self._thread: threading.Thread | None = None
        self._events = _events_of(tape, self._player.begins, self._player.ends)

    @property
    def begins(self) -> datetime:
        """The first instant of the tape."""
        return self._player.begins

    @property
    def ends(self) -> datetime:
        """The last instant of the tape, as far as whole frames tell."""
        return self._player.ends

    @property
    def gap(self) -> tuple[datetime, datetime] | None:
        """Between two runs of captop: when the one ended, and when the next one began."""
        with self._lock:
            return self._player.gap

    @property
    def can_offer_demo(self) -> bool:
        """Whether the simulated market is to be offered: never."""
        return False

    # What a screen asks of an engine

    def start(self) -> None:
        """Begin to play."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._play, name="captop replay", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Stop playing."""
        self._is_over = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join(STOP_TIMEOUT_S)

    def want(self, keys: Iterable[Key]) -> None:
        """Take note of nothing: the tape holds what was wanted then."""

    def watch(self, symbols: Iterable[str]) -> None:
        """Take note of nothing."""

    def set_focused(self, focused: bool) -> None:
        """Take note of nothing."""

    def set_pace(self, factor: float) -> None:
        """Run at another speed: 0.5 is twice as fast."""
        with self._lock:
            self.clock.run_at(self._base_speed / factor)
        self._wake.set()

    def refresh(self) -> RefreshAnswer:
        """Ask nobody."""
        from market.feeds.roster import RefreshAnswer

        return RefreshAnswer(asked=0, refused=0, wait_s=0)

    def search(self, text: str) -> Future[Sequence[Match]]:
        """Find nothing: a tape cannot be searched for symbols."""
        future: Future[Sequence[Match]] = Future()
        future.set_exception(
            FeedError(ErrorKind.ABSENT, f"a tape is played: nobody is asked about {text}")
        )
        return future

    def use_alerts(self, text: str) -> None:
        """Take note of nothing: the alerts are those of the tape."""

    def acknowledge(self, alerts: Iterable[str]) -> None:
        """Take note of nothing."""

    # What only a tape can do

    def stand(self, *, still: bool) -> None:
        """Stand, or go on."""
        with self._lock:
            self.clock.stand(still=still)
        self._wake.set()

    def seek(self, at: datetime) -> None:
        """Go to an instant; before the beginning and behind the end, to those."""
        with self._lock:
            self._tried(lambda: self._go_to(min(max(at, self.begins), self.ends)))

    def step(self, by: int) -> str:
        """Go to the next (1) or previous (-1) step at which something was folded in, and stand."""
        with self._lock:
            self.clock.stand(still=True)
            return self._tried(self._step_on if by > 0 else self._step_back)

    def jump(self, by: int) -> str:
        """Go to the next (1) or previous (-1) event, else to the edge, and say what is there."""
        with self._lock:
            now = self.clock.now()
            ahead = [e for e in self._events if e[0] > now]
            behind = [e for e in self._events if e[0] < now]
            found = ahead[:1] if by > 0 else behind[-1:]
            edge = (self.ends, _NONE_LATER) if by > 0 else (self.begins, _NONE_EARLIER)
            at, words = found[0] if found else edge
            if at == self.ends:
                self.clock.stand(still=True)
            return self._tried(lambda: self._go_to(at)) or words

    def _tried(self, work: Callable[[], str]) -> str:
        """Do something that may meet damage, at which the tape stands; return what to say."""
        try:
            return work()
        except TapeError as error:
            self.clock.stand(still=True)
            return str(error)

    def _step_on(self) -> str:
        before = self._player.latest
        while self._player.latest is before and self._player.step():
            pass
        if self._player.latest is before:
            return _ENDS
        self._shown_at(self._player.latest.now)
        return ""

    def _step_back(self) -> str:
        before = self._player.latest.now
        if before <= self.begins:
            return _BEGINS
        return self._go_to(self._player.last_before(before))

    def _go_to(self, at: datetime) -> str:
        self._player.seek(at)
        self._shown_at(at)
        return ""

    def _shown_at(self, at: datetime) -> None:
        self.clock.jump(at)
        self.latest = self._player.latest
        self.clock.may_run_to(self._player.next_at() or max(at, self.ends))

    def _play(self) -> None:
        while not self._is_over:
            try:
                rest = self._play_due()
            except TapeError as error:
                self.notices.append(str(error))
                return
            self._wake.wait(rest)
            self._wake.clear()

    def _play_due(self) -> float:
        """Take the next step if it is due; return for how many seconds there is nothing to do."""
        with self._lock:
            due = self._player.next_at()
            self.clock.may_run_to(due or self.ends)
            if self.clock.is_still:
                return LOOKED_S
            if due is None:
                return self._rest_at_end()
            if self._player.gap is not None:
                self.clock.jump(due)
            ahead_s = (due - self.clock.now()).total_seconds()
            if ahead_s > 0:
                return min(ahead_s / self.clock.speed, LOOKED_S)
            self._player.step()
            self.latest = self._player.latest
            return 0.0

    def _rest_at_end(self) -> float:
        """Stand once the time has come to the end of the tape, and say so."""
        if self.clock.now() >= self.ends:
            self.clock.stand(still=True)
            self.notices.append(_ENDS)
        return LOOKED_S


def _events_of(tape: TapeFile, begins: datetime, ends: datetime) -> list[tuple[datetime, str]]:
    """What one may want to go to: what the recorder marked, and where sessions begin and end."""
    runs = ((tape.frames[n].at, "captop is started again") for n in tape.beginnings)
    edges = _session_edges(begins, ends)
    return sorted({*tape.events, *edges, *(run for run in runs if run[0] > begins)})


def _session_edges(begins: datetime, ends: datetime) -> Iterator[tuple[datetime, str]]:
    state = session_state(begins)
    while state.until <= ends:
        at = state.until
        state = session_state(at)
        yield at, _EDGES[state.phase]


_EDGES = {
    Phase.PRE: "pre-market begins",
    Phase.REGULAR: "the market opens",
    Phase.POST: "the market closes",
    Phase.CLOSED: "after hours end",
}
