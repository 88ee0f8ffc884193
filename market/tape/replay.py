"""A tape in place of an engine: the same snapshots at the same instants, at any speed.

The screen talks to it as to the engine. What is asked of feeds comes to nothing: a tape holds
what was asked for when it was recorded.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from market.clock import Clock
from market.snapshot import Snapshot
from market.tape.landmarks import BEGINS, ENDS, Landmarks
from market.tape.player import Player
from market.tape.tape_clock import TapeClock
from market.tape.tape_file import TapeError, TapeFile
from market.unasked import Unasked

LOOKED_S = 0.2
"""Seconds after which it is looked at the latest whether the next step is due."""
STOP_TIMEOUT_S = 3.0


class Replay(Unasked):
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
        self._player = player = Player(tape)
        self.begins, self.ends = player.begins, player.ends
        """The first instant of the tape, and the last as far as whole frames tell."""
        self._base_speed = speed
        self.clock = TapeClock(wall, player.begins, speed)
        self.latest: Snapshot = player.latest
        """The snapshot at the tape's time."""
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._is_over = False
        self._thread: threading.Thread | None = None
        self._landmarks = Landmarks(tape, player.begins, player.ends)

    @property
    def gap(self) -> tuple[datetime, datetime] | None:
        """Between two runs of captop: when the one ended, and when the next one began."""
        with self._lock:
            return self._player.gap

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

    def set_pace(self, factor: float) -> None:
        """Run at another speed: 0.5 is twice as fast."""
        with self._lock:
            self.clock.run_at(self._base_speed / factor)
        self._wake.set()

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
            at, words = self._landmarks.next_to(self.clock.now(), by)
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
            return ENDS
        self._shown_at(self._player.latest.now)
        return ""

    def _step_back(self) -> str:
        before = self._player.latest.now
        if before <= self.begins:
            return BEGINS
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
            self._wake.wait(self._play_due())
            self._wake.clear()

    def _play_due(self) -> float:
        """Take the next step if it is due; return for how many seconds there is nothing to do."""
        with self._lock:
            if self.clock.is_still:
                return LOOKED_S
            try:
                return self._take_due()
            except TapeError as error:
                self._stand_and_say(str(error))
                return LOOKED_S

    def _take_due(self) -> float:
        due = self._player.next_at()
        self.clock.may_run_to(due or self.ends)
        if due is None:
            if self.clock.now() >= self.ends:
                self._stand_and_say(ENDS)
            return LOOKED_S
        if self._player.gap is not None:
            self.clock.jump(due)
        ahead_s = (due - self.clock.now()).total_seconds()
        if ahead_s > 0:
            return min(ahead_s / self.clock.speed, LOOKED_S)
        self._player.step()
        self.latest = self._player.latest
        return 0.0

    def _stand_and_say(self, sentence: str) -> None:
        self.clock.stand(still=True)
        self.notices.append(sentence)
