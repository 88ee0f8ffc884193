"""The watch over event loops: who kept one from looking up for long, and for how long.

Between two looks for news a loop runs what is ready, and nothing else is heard meanwhile: no key,
no answer. Each such turn is timed; nothing wakes up for it. For the time of a turn the process
has an alarm set, which only goes off in a stall, and then notes where the loop's thread is.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from selectors import DefaultSelector, SelectorKey
from types import FrameType

import msgspec

from market.clock import Clock, time_at_work, time_passed

log = logging.getLogger(__name__)

STALL_S = 0.1
"""A turn that takes as long is a stall."""
SOONEST_S = 0.001
"""What an alarm is set to at least: next to nothing would be taken for nothing, which is never."""
KEPT = 20
"""So many stalls are remembered, the newest."""
CALLERS = 3
"""So many callers of a culprit are named."""
OWN = ("market.", "tui.", "widgets.")
UNSEEN = "it went on before anybody could see where it was"


class Stall(msgspec.Struct, frozen=True):
    """One time that a loop stood."""

    loop: str
    """Which: screen or engine."""
    at: datetime
    """When it began."""
    lasted: timedelta
    worked: timedelta
    """How long of it the loop's thread had a processor. The rest it waited: for the disk, for the
    terminal, for another thread, for the machine."""
    culprit: str
    """Where the loop's thread was: the function, then who of captop had called it."""

    @property
    def words(self) -> str:
        """The culprit, and how busy he was."""
        return f"{self.culprit} (at work for {self.worked.total_seconds():.2f} s)"


class Stalls(msgspec.Struct, frozen=True):
    """What is known of stalls."""

    count: int = 0
    """Since the program started."""
    last: tuple[Stall, ...] = ()
    """The last ones, newest first."""


class Turn:
    """What a loop does between two looks for news. It belongs to the loop's thread."""

    def __init__(self, loop: str) -> None:
        self.loop = loop
        self.thread = threading.get_ident()
        self.began: float | None = None
        """Monotonic seconds; None while the loop waits."""
        self.worked_before = 0.0
        """Seconds of a processor that the thread had had then."""
        self.culprit = ""
        """Where the thread was when the turn had lasted too long."""


class LoopWatch:
    """Times the turns of the loops that it has made, and remembers stalls."""

    def __init__(
        self,
        clock: Clock,
        *,
        passed: Callable[[], float] = time_passed,
        worked: Callable[[], float] = time_at_work,
    ) -> None:
        """Watch no loop yet.

        Args:
            clock: Tells when a stall was.
            passed: Tells the seconds since some moment; a clock's own may run at another pace.
            worked: Tells the seconds of a processor that the calling thread has had.
        """
        self._clock = clock
        self._passed = passed
        self._worked = worked
        self._turns: tuple[Turn, ...] = ()
        self._has_alarm = False
        self._is_alarm_set = False
        self._count = 0
        self._last: deque[Stall] = deque(maxlen=KEPT)

    @property
    def stalls(self) -> Stalls:
        """What is known of stalls; may be read from any thread."""
        return Stalls(self._count, tuple(reversed(self._last)))

    def use_alarm(self) -> None:
        """Have culprits seen, where the system has alarms; for the main thread alone."""
        self._has_alarm = hasattr(signal, "setitimer")
        if self._has_alarm:
            signal.signal(signal.SIGALRM, lambda _number, frame: self.look(frame))
            signal.siginterrupt(signal.SIGALRM, False)

    def leave_alarm(self) -> None:
        """See no more culprits: an alarm that goes off while Python ends would kill the program."""
        if self._has_alarm:
            self._has_alarm = False
            signal.signal(signal.SIGALRM, signal.SIG_IGN)
            signal.setitimer(signal.ITIMER_REAL, 0)

    def new_loop(self, name: str) -> asyncio.AbstractEventLoop:
        """Return a loop for the calling thread that is watched."""
        return asyncio.SelectorEventLoop(_WatchedSelector(self, self.new_turn(name)))

    def new_turn(self, name: str) -> Turn:
        """Return the turn of a loop that runs in the calling thread."""
        turn = Turn(name)
        self._turns = (*self._turns, turn)
        return turn

    def forget(self, turn: Turn) -> None:
        """Learn that a loop has ended."""
        self.end(turn, rests=True)
        self._turns = tuple(each for each in self._turns if each is not turn)

    def begin(self, turn: Turn) -> None:
        """Learn that a loop has heard what there is, and acts on it now."""
        turn.began, turn.worked_before = self._passed(), self._worked()
        if not self._is_alarm_set:
            self._set_alarm(STALL_S)

    def end(self, turn: Turn, *, rests: bool) -> None:
        """Learn that a loop looks up again.

        Args:
            turn: Its turn.
            rests: Whether it is going to wait. Otherwise the next turn begins at once, and the
                alarm may stay: going off too early it is set again.
        """
        if turn.began is None:
            return
        lasted = self._passed() - turn.began
        turn.began = None
        if rests and all(other.began is None for other in self._turns):
            self._set_alarm(0)
        if lasted >= STALL_S:
            self._note(turn, lasted)
        turn.culprit = ""

    def look(self, frame: FrameType | None) -> None:
        """Note where the threads of stalled loops are.

        It is called wherever the main thread happens to be, so it takes no lock and logs nothing.

        Args:
            frame: Where the main thread is.
        """
        self._is_alarm_set = False
        now = self._passed()
        rests = [self._rest(turn, frame, now) for turn in self._turns]
        if to_come := [rest for rest in rests if rest is not None]:
            self._set_alarm(max(SOONEST_S, min(to_come)))

    def _rest(self, turn: Turn, frame: FrameType | None, now: float) -> float | None:
        """Return in how many seconds a turn is to be looked at; note what there is to see."""
        began = turn.began
        if began is None or turn.culprit:
            return None
        if (rest := began + STALL_S - now) > 0:
            return rest
        is_own = turn.thread == threading.get_ident()
        where = frame if is_own else sys._current_frames().get(turn.thread)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        turn.culprit = culprit_of(where)
        return None

    def _set_alarm(self, seconds: float) -> None:
        """Set the alarm, or with 0 take it off.

        Of two threads that do so at once one may have no alarm for a turn: what is lost is who the
        culprit was, not the stall, which is not worth a lock that a signal may meet.
        """
        if self._has_alarm:
            signal.setitimer(signal.ITIMER_REAL, seconds)
            self._is_alarm_set = seconds > 0

    def _note(self, turn: Turn, lasted: float) -> None:
        length = timedelta(seconds=lasted)
        worked = timedelta(seconds=self._worked() - turn.worked_before)
        began = self._clock.now() - length
        stall = Stall(turn.loop, began, length, worked, turn.culprit or UNSEEN)
        self._last.append(stall)
        self._count += 1
        log.warning("the loop of the %s stood for %.2f s: %s", turn.loop, lasted, stall.words)


class _WatchedSelector(DefaultSelector):
    """Waits for news for a loop, and says when it does."""

    def __init__(self, watch: LoopWatch, turn: Turn) -> None:
        super().__init__()
        self._watch = watch
        self._turn = turn

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        """Return what is ready, after waiting for it."""
        self._watch.end(self._turn, rests=timeout is None or timeout > 0)
        ready = super().select(timeout)
        self._watch.begin(self._turn)
        return ready

    def close(self) -> None:
        """Wait no more."""
        super().close()
        self._watch.forget(self._turn)


def culprit_of(frame: FrameType | None) -> str:
    """Return a frame in words, and who of captop had called it, else anybody.

    Functions stand with their lines: `json.decoder.JSONDecoder.decode 337 < market.x.parse 80`.
    """
    if frame is None:
        return ""
    callers = [*_callers(frame)]
    own = [each for each in callers if _module(each).startswith(OWN)]
    named = [frame, *(own or callers)[:CALLERS]]
    return " < ".join(f"{_module(f)}.{f.f_code.co_qualname} {f.f_lineno}" for f in named)


def _callers(frame: FrameType) -> Iterator[FrameType]:
    """Yield who had called, up to the loop: that it runs is no news."""
    caller = frame.f_back
    while caller is not None and caller.f_code.co_qualname != "Handle._run":
        yield caller
        caller = caller.f_back


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "?"))
