"""A tape in place of an engine: its clock, its steps, its events, and what it has for answers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from market.clock import SimulatedClock
from market.reports import FeedError
from market.snapshot import empty_snapshot
from market.tape.replay import Replay
from market.tape.ring import OneFile, Ring, tapes_in
from market.tape.tape_clock import TapeClock
from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.clocks import ManualClock
from tests.market.tape.tapes import Session, opened, recorded

HOURS = 2.0


async def _until_after_the_close(session: Session) -> None:
    for _ in range(4):
        session.pass_time(HOURS * 900)
        session.tell("IWM", 220.0)
        await session.reckon("IWM", members=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    recorded(tmp_path / "a.tape", _until_after_the_close)
    return tmp_path / "a.tape"


def test_the_clock_of_a_tape_runs_stands_jumps_and_waits_for_the_tape() -> None:
    wall = ManualClock()
    clock = TapeClock(wall, NOW, 10)
    assert (clock.now(), clock.speed) == (NOW, 10)
    clock.may_run_to(NOW + timedelta(seconds=25))
    wall._monotonic += 2
    assert clock.now() == NOW + timedelta(seconds=20)
    wall._monotonic += 2
    assert clock.now() == NOW + timedelta(seconds=25), "what comes is not played yet"
    clock.stand(still=True)
    clock.may_run_to(NOW + timedelta(hours=1))
    wall._monotonic += 9
    assert (clock.now(), clock.speed, clock.pace) == (NOW + timedelta(seconds=25), 0, 10)
    clock.stand(still=False)
    clock.run_at(2)
    wall._monotonic += 5
    assert clock.now() == NOW + timedelta(seconds=35)
    clock.jump(NOW)
    assert clock.now() == NOW


def test_steps_stand_and_go_both_ways(path: Path) -> None:
    replay = Replay(opened(path), ManualClock())
    assert replay.step(-1) == "the tape begins here"
    first = replay.latest
    assert replay.step(1) == ""
    assert replay.clock.is_still
    assert replay.latest.quotes["IWM"].last == 220.0
    assert replay.clock.now() == replay.latest.now == NOW + timedelta(minutes=30)
    replay.step(1)
    replay.step(1)
    assert replay.latest.now == NOW + timedelta(minutes=60)
    assert replay.step(-1) == ""
    assert replay.latest.now == NOW + timedelta(minutes=30)
    assert replay.step(-1) == ""
    assert (replay.latest.now, replay.latest.quotes) == (NOW, first.quotes)
    replay.seek(replay.ends)
    assert replay.step(1) == "the tape ends here"


def test_jumps_go_to_the_edges_of_sessions(path: Path) -> None:
    replay = Replay(opened(path), ManualClock())
    assert replay.jump(-1) == "no earlier event: the tape begins here"
    assert replay.jump(1) == "the market closes"
    assert replay.clock.now() == NOW.replace(hour=20, minute=0, second=0)
    assert replay.jump(1) == "no later event: the tape ends here"
    assert replay.clock.now() == replay.ends
    assert replay.jump(-1) == "the market closes"
    assert replay.jump(-1) == "no earlier event: the tape begins here"
    assert replay.clock.now() == replay.begins


def test_what_would_be_asked_of_feeds_comes_to_nothing(path: Path) -> None:
    replay = Replay(opened(path), ManualClock(), speed=10)
    before = replay.latest
    replay.want(())
    replay.watch(("IWM",))
    replay.set_focused(False)
    replay.use_alerts("")
    replay.acknowledge(())
    assert replay.latest is before
    assert not replay.can_offer_demo
    assert replay.refresh().asked == 0
    with pytest.raises(FeedError, match="nobody is asked about crdo here"):
        replay.search("crdo").result()
    replay.set_pace(0.5)
    assert replay.clock.pace == 20


def test_a_replay_plays_to_its_end_by_itself(path: Path) -> None:
    done = Event()

    class Watched(Replay):
        """Tells when all is played."""

        def _play_due(self) -> float:
            rest = super()._play_due()
            if self.clock.is_still:
                done.set()
            return rest

    replay = Watched(opened(path), SimulatedClock(NOW), speed=1e9)
    replay.start()
    assert done.wait(20)
    replay.stop()
    assert replay.clock.now() == replay.ends
    assert replay.notices == ["the tape ends here"]


def test_steps_come_as_fast_as_the_speed_says(path: Path) -> None:
    wall = ManualClock()
    replay = Replay(opened(path), wall, speed=900)
    assert replay._play_due() == 0.2
    wall._monotonic += 6.5
    steps = 0
    while replay._play_due() == 0:
        steps += 1
    assert replay.clock.now() == NOW + timedelta(seconds=6.5 * 900)
    assert replay.latest.now == NOW + timedelta(seconds=3 * 1800)
    assert steps == 9, "a price, and what is reckoned of it, each half hour"
    wall._monotonic += 1.4
    assert 0 < replay._play_due() < 0.2, "the next one is due before the usual look"


def test_a_tape_that_is_damaged_while_it_is_played_stands_and_says_so(path: Path) -> None:
    tape, wall = opened(path), ManualClock()
    replay = Replay(tape, wall, speed=900)
    data = bytearray(path.read_bytes())
    for frame in tape.frames[-1:]:
        data[frame.start : frame.start + frame.length] = bytes(frame.length)
    path.write_bytes(data)
    for _ in range(2):
        wall._monotonic += HOURS * 4
        while replay._play_due() == 0:
            pass
        assert replay.clock.is_still
        assert "was changed while it was read" in replay.step(1)
        assert replay._play_due() > 0
        replay.seek(replay.begins)
        replay.stand(still=False)
    assert ["was changed while it was read" in notice for notice in replay.notices] == [True] * 2


def test_an_alert_or_a_flip_is_marked_for_jumps(tmp_path: Path) -> None:
    from market.tape.entries import Changed
    from tests.market.tape.boards import fired, turned

    session = Session(OneFile(tmp_path / "b.tape"), empty_snapshot(NOW))
    before, after = turned(empty_snapshot(NOW))
    session.recorder.begin(before, NOW)
    session.recorder.add(Changed(NOW + timedelta(seconds=5)), after)
    session.recorder.add(Changed(NOW + timedelta(seconds=9)), fired(after))
    session.end()
    tape = opened(tmp_path / "b.tape")
    assert [words for _, words in tape.events] == [
        "A story: Level was holds, now above",
        "alert: IWM falls",
    ]
    replay = Replay(tape, ManualClock())
    assert replay.jump(1) == "A story: Level was holds, now above"
    assert replay.latest.scoreboard is not None
    assert replay.latest.scoreboard.stories[0].lines[0].state == "above"
    assert replay.jump(1) == "alert: IWM falls"
    assert replay.latest.alerts == fired(after).alerts


def test_between_two_runs_no_time_passes(tmp_path: Path) -> None:
    ring = Ring(tmp_path, 2**26)
    for hours in (0, 1):
        session = Session(ring, empty_snapshot(NOW + timedelta(hours=hours)))
        session.clock.jump(3_600 * hours)
        session.begin()
        session.pass_time(1)
        session.tell("IWM", 220.0 + hours)
        session.end()
    (path,) = tapes_in(tmp_path)
    wall = ManualClock()
    replay = Replay(opened(path), wall)
    assert replay.jump(1) == "captop is started again"
    assert replay.clock.now() == NOW + timedelta(hours=1)
    assert replay.step(-1) == ""
    assert replay.latest.quotes["IWM"].last == 220.0
    replay.stand(still=False)
    assert replay._play_due() == 0
    assert replay.clock.now() == replay.latest.now == NOW + timedelta(hours=1)
    assert not replay.latest.quotes
    assert replay._play_due() > 0, "the next step is not due yet"
    wall._monotonic += 1
    assert replay._play_due() == 0
    assert replay.latest.quotes["IWM"].last == 221.0
