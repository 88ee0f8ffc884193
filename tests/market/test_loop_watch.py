"""The watch over event loops: what it counts, and whom it names."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from market.clock import WallClock
from market.loop_watch import CALLERS, KEPT, STALL_S, UNSEEN, LoopWatch, Turn, culprit_of
from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.clocks import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


async def turned(watch: LoopWatch, turn: Turn, clock: ManualClock, seconds: float) -> None:
    """Let a loop act for some seconds."""
    watch.begin(turn)
    await clock.push(seconds)
    watch.end(turn, rests=True)


async def test_a_turn_that_takes_long_is_a_stall_told_with_its_length_and_loop(
    clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    worked = iter((7.0, 8.0, 8.02))
    watch = LoopWatch(clock, passed=clock.monotonic, worked=lambda: next(worked))
    turn = watch.new_turn("engine")
    await turned(watch, turn, clock, STALL_S - 0.001)
    await clock.push(60)
    assert watch.stalls.count == 0, "neither a short turn nor a long rest is one"
    await turned(watch, turn, clock, 0.25)
    assert watch.stalls.count == 1
    (stall,) = watch.stalls.last
    assert (stall.loop, stall.culprit) == ("engine", UNSEEN)
    assert stall.lasted / timedelta(seconds=0.25) == pytest.approx(1)
    assert stall.worked / timedelta(seconds=0.02) == pytest.approx(1)
    assert (stall.at - NOW).total_seconds() == pytest.approx(60.099, abs=1e-3)
    (line,) = caplog.records
    assert (line.levelno, line.getMessage()) == (
        logging.WARNING,
        f"the loop of the engine stood for 0.25 s: {UNSEEN} (at work for 0.02 s)",
    )


async def test_the_newest_stalls_are_kept_and_all_are_counted(clock: ManualClock) -> None:
    watch = LoopWatch(clock, passed=clock.monotonic)
    turns = [watch.new_turn("screen"), watch.new_turn("engine")]
    for n in range(KEPT + 5):
        await turned(watch, turns[n % 2], clock, 1 + n)
    told = watch.stalls
    assert told.count == KEPT + 5
    assert [s.lasted.total_seconds() for s in told.last] == pytest.approx(
        [1.0 + n for n in range(KEPT + 4, 4, -1)]
    )
    assert {s.loop for s in told.last} == {"screen", "engine"}


async def test_who_stood_is_seen_once_he_has_stood_too_long_and_forgotten_with_the_turn(
    clock: ManualClock,
) -> None:
    watch = LoopWatch(clock, passed=clock.monotonic)
    turn = watch.new_turn("screen")
    watch.begin(turn)
    watch.look(sys._getframe())
    assert not turn.culprit, "an alarm that was meant for the turn before"
    await clock.push(0.2)
    watch.look(sys._getframe())
    watch.end(turn, rests=True)
    assert "test_who_stood_is_seen" in watch.stalls.last[0].culprit
    await turned(watch, turn, clock, 0.2)
    assert watch.stalls.last[0].culprit == UNSEEN


def test_a_culprit_is_named_with_those_of_captop_who_called_it() -> None:
    frame = sys._getframe()
    words = culprit_of(frame)
    assert words.startswith(f"{__name__}.{frame.f_code.co_qualname} ")
    assert " < _pytest.python." in words, "as nobody of captop has called it"
    assert words.count(" < ") == CALLERS
    scope = {"__name__": "market.feeds.x", "see": lambda: culprit_of(sys._getframe(1))}
    exec(compile("def parse():\n    return see()", "x.py", "exec"), scope)  # noqa: S102
    assert eval("parse()", scope) == "market.feeds.x.parse 2 < market.feeds.x.<module> 1"  # noqa: S307
    assert culprit_of(None) == ""


@pytest.fixture
def watch() -> Iterator[LoopWatch]:
    before = signal.getsignal(signal.SIGALRM)
    timer = signal.setitimer(signal.ITIMER_REAL, 0)  # of pytest's own time limit
    watch = LoopWatch(WallClock())
    watch.use_alarm()
    yield watch
    signal.signal(signal.SIGALRM, before)
    signal.setitimer(signal.ITIMER_REAL, *timer)


async def _held_up() -> None:
    until = time.monotonic() + 1.5 * STALL_S
    while time.monotonic() < until:
        pass


def test_both_loops_are_seen_where_they_stand_and_a_loop_that_rests_is_not(
    watch: LoopWatch,
) -> None:
    def ran(name: str) -> None:
        async def stand_after_a_rest() -> None:
            if name == "screen":
                other.start()
                await asyncio.to_thread(other.join)
            await asyncio.sleep(STALL_S)
            await _held_up()
            await asyncio.sleep(0)

        with asyncio.Runner(loop_factory=lambda: watch.new_loop(name)) as runner:
            runner.run(stand_after_a_rest())

    other = threading.Thread(target=ran, args=("engine",))
    ran("screen")
    seen = {s.loop for s in watch.stalls.last if f"{__name__}._held_up" in s.culprit}
    assert seen == {"screen", "engine"}
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0, "nothing is set for loops that rest"


def test_an_alarm_cannot_end_a_program_that_ends(watch: LoopWatch) -> None:
    watch.begin(watch.new_turn("engine"))
    assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
    watch.leave_alarm()
    watch.begin(watch.new_turn("engine"))
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_IGN, "what may still be under way"
