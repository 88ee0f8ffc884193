"""Tapes on the command line and in the pane."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from msgspec.structs import replace
from textual import events

from market.engine import Engine
from market.interest_rooms import one_pass_keys
from market.opening import opened_recorder
from market.snapshot import Mode, Snapshot, empty_snapshot
from market.tape.entries import Changed
from market.tape.player import Player
from market.tape.recorder import Recorder
from market.tape.replay import Replay
from market.tape.ring import OneFile
from market.tape.tape_file import MAGIC, TapeError, TapeFile, TapeWriter
from tests.clocks import THURSDAY_AFTERNOON, ManualClock
from tests.market.tape.boards import fired, turned
from tests.market.tape.tapes import Session
from tests.tui.driving import press
from tests.tui.fakes import FakeEngine, Stage, demo_picture
from tui.alert_signals import AlertSignals
from tui.app import CaptopApp
from tui.cli import main
from tui.command_line import parsed
from tui.headless import snapshot_json
from tui.key_bar import KeyBar, fitted, hints_of
from tui.keys import KEYS, Scope
from tui.markets import Markets
from tui.replay import (
    found_tape,
    moment_of,
    opened_replay,
    rewound,
    run_record,
    run_replay_json,
)
from tui.screens.digest import DigestScreen
from tui.settings import AlertSettings, CacheSettings, Settings, TapeSettings
from tui.watchlists import Watchlists
from tui.wiring import live_engine, tape_folder

ALWAYS = '[[alert]]\nid = "rut"\nrule = { metric = "rut.last", is = "above", bound = 0 }\n'
HALF_PAST = datetime.fromisoformat("2026-07-02T18:30:00+00:00")


@pytest.fixture
def offline(tmp_path: Path) -> Settings:
    """Settings that keep nothing in the user's own folders."""
    return Settings(cache=CacheSettings(path=str(tmp_path / "cache")))


def a_tape(
    path: Path,
    prices: Iterable[float] = (3_300.0, 3_400.0),
    first: Snapshot | None = None,
    later: timedelta = timedelta(0),
) -> list[Snapshot]:
    """Record the simulated market with made-up prices of the index; return what was seen."""
    if first is None:
        first = replace(demo_picture(), past={})
    session = Session(OneFile(path), first)
    session.pass_time(later.total_seconds())
    session.begin()
    for last in prices:
        session.pass_time(30)
        session.tell("^RUT", last)
    session.end()
    return session.seen


class Begun(Event):
    """Ends a recording as soon as it has begun."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the file, and no longer than half a minute."""
        del timeout
        tries = (super(Begun, self).wait(0.05) for _ in range(600))
        return any(self._path.exists() for _ in tries)


# The command line


def test_a_tape_prints_the_snapshot_of_an_instant(
    tmp_path: Path, offline: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = a_tape(tmp_path / "a.tape")
    assert run_replay_json(offline, str(tmp_path / "a.tape"), "") == 0
    told = json.loads(capsys.readouterr().out)
    live = json.loads(snapshot_json(seen[-1], ("IWM",)))
    assert told.pop("mode") == "replay"
    assert live.pop("mode") == "demo"
    assert told == live
    assert run_replay_json(offline, str(tmp_path / "a.tape"), "14:32:45") == 0
    assert json.loads(capsys.readouterr().out)["as_of"] == "2026-07-02T18:32:45Z"
    for at, shown in (("09:30", "18:32:07Z"), ("15:59", "18:33:07Z")):
        assert run_replay_json(offline, str(tmp_path / "a.tape"), at) == 0
        said = capsys.readouterr()
        assert json.loads(said.out)["as_of"] == f"2026-07-02T{shown}"
        assert "the tape goes from 2026-07-02 14:32:07 to 2026-07-02 14:33:07" in said.err


def test_what_cannot_be_played_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CAPTOP_CACHE__PATH", str(tmp_path / "cache"))
    monkeypatch.setenv("CAPTOP_CONFIG", str(tmp_path / "captop.toml"))
    for words, said in (
        (["replay", "--json"], "there is no tape in"),
        (["replay", "2026-07-02", "--json"], "there is no tape of 2026-07-02 in"),
        (["replay", str(tmp_path / "none.tape"), "--json"], "cannot be read: No such file"),
        (["record", "--out", str(tmp_path)], "exists already: name another file"),
    ):
        assert main(words) == 2
        assert said in capsys.readouterr().err
    assert parsed(["replay"]).tape_speed == 1
    assert parsed(["replay", "--speed", "1000"]).tape_speed == 1_000
    for speed in ("0", "-1", "nan", "inf"):
        with pytest.raises(SystemExit):
            main(["replay", f"--speed={speed}"])
        assert f'"{speed}" is no number above 0' in capsys.readouterr().err


def test_times_are_new_yorks_of_the_tapes_day() -> None:
    begins = THURSDAY_AFTERNOON
    assert moment_of("14:30", begins) == HALF_PAST
    assert moment_of("2026-07-02T14:30", begins) == HALF_PAST
    assert moment_of("2026-07-02T18:30Z", begins) == HALF_PAST
    for said in ("half past", "25:00", "9999-12-31T23:59"):
        with pytest.raises(TapeError, match=f'"{said}" is no time such as 14:30'):
            moment_of(said, begins)


def test_a_day_means_all_its_tapes_and_nothing_the_newest_day(
    tmp_path: Path, offline: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tape_folder(offline)
    with pytest.raises(TapeError, match="there is no tape in"):
        found_tape(offline, "")
    for name, hours in (("01T093000-1", -24), ("02T143207-1", 0), ("02T163207-1", 2)):
        path = folder / f"2026-07-{name}.tape"
        a_tape(path, (1.0, 2.0), empty_snapshot(THURSDAY_AFTERNOON), timedelta(hours=hours))
    day = Player(found_tape(offline, "2026-07-02"))
    assert (day.begins, day.ends) == tuple(
        THURSDAY_AFTERNOON + each for each in (timedelta(0), timedelta(hours=2, minutes=1))
    )
    assert Player(found_tape(offline, "")).begins == day.begins
    assert found_tape(offline, "2026-07-01").path.name == "2026-07-01T093000-1.tape"
    with pytest.raises(TapeError, match="but of 2026-07-01, 2026-07-02"):
        found_tape(offline, "2026-07-03")
    for at, said in (
        ("14:33", ""),
        ("15:30", "nothing was recorded from 2026-07-02 14:33:07 to 2026-07-02 16:32:07 New York"),
        ("16:32:37", ""),
    ):
        assert run_replay_json(offline, "2026-07-02", at) == 0
        told = capsys.readouterr()
        assert json.loads(told.out)["as_of"].startswith(f"2026-07-02T{int(at[:2]) + 4}{at[2:]}")
        assert said in told.err
        assert bool(told.err) is bool(said)


def test_a_recording_of_the_demo_is_played_as_it_was(tmp_path: Path, offline: Settings) -> None:
    out = tmp_path / "a.tape"
    begun = Begun(out)
    assert run_record(offline, out, minutes=None, demo=True, at=HALF_PAST, ended=begun) == 0
    latest = Player(TapeFile.opened(out)).latest
    assert latest.now >= HALF_PAST
    assert set(one_pass_keys(latest)) <= latest.wanted, "more than an overview is asked for"
    assert not tape_folder(offline).exists(), "the simulated market is recorded only when asked"


def test_a_recording_that_cannot_be_begun_is_refused_before_anything_is_asked(
    tmp_path: Path, offline: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.write_text("")
    for out, code, said in (
        (file, 2, "exists already: name another file"),
        (file / "a.tape", 3, f"cannot be written: {file} is no folder"),
        (file / "b" / "a.tape", 3, f"cannot be written: {file} is no folder"),
    ):
        assert run_record(offline, out, minutes=None, demo=True, at=None, ended=Event()) == code
        assert capsys.readouterr().err == f"captop: {out} {said}\n"


def test_a_full_disk_ends_a_recording_at_once(
    tmp_path: Path,
    offline: Settings,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(writer: TapeWriter, data: bytes) -> None:
        if len(data) > len(MAGIC):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(writer.path))

    monkeypatch.setattr(TapeWriter, "add", full)
    out = tmp_path / "a.tape"
    assert run_record(offline, out, minutes=None, demo=True, at=HALF_PAST, ended=Event()) == 3
    assert capsys.readouterr().err == (
        "captop: nothing is recorded any more (no space left on device):"
        f" make room, or see to {out}\n"
    )


def recording(engine: Engine) -> Recorder | None:
    engine._recorder = opened_recorder(engine._plan, (), engine._keeper.notices)
    return engine._recorder


def test_the_live_market_is_recorded_unless_that_is_switched_off(
    tmp_path: Path, offline: Settings
) -> None:
    off = Settings(cache=offline.cache, tape=TapeSettings(enabled=False))
    for settings, folders in ((off, []), (offline, ["tape"])):
        engine = live_engine(settings, ManualClock(), ())
        recorder = recording(engine)
        if recorder is not None:
            recorder.begin(engine.latest, THURSDAY_AFTERNOON)
        engine.stop()
        kept = (tmp_path / "cache").glob("tape")
        assert [path.name for path in kept] == folders


def test_what_was_recorded_before_the_disk_was_full_is_wound_back(offline: Settings) -> None:
    wall = ManualClock()
    engine = live_engine(offline, wall, ())
    with pytest.raises(TapeError, match="nothing is on tape yet"):
        rewound(engine, wall)
    recorder = recording(engine)
    assert recorder is not None
    recorder.begin(engine.latest, THURSDAY_AFTERNOON)
    recorder.close()
    assert not rewound(engine, wall).notices
    recorder.fault = "nothing is recorded any more"
    replay = rewound(engine, wall)
    assert (replay.clock.now(), replay.clock.is_still) == (THURSDAY_AFTERNOON, True)
    assert replay.notices == [recorder.fault]
    assert engine.tape is not None
    engine.tape.write_bytes(MAGIC)
    with pytest.raises(TapeError, match=recorder.fault):
        rewound(engine, wall)
    engine.stop()


# In the pane


def test_the_footer_names_the_keys_of_a_tape_first() -> None:
    shown = {line.id for line in KEYS if line.show and line.scope in {Scope.APP, Scope.SCREEN}}
    on_overview = {*shown, "tape.back"} - {"go.up"}
    hints = hints_of({*on_overview, "tape.step"}, {"tape.back": "b"})
    assert [f"{hint.key} {hint.label}" for hint in hints[:5]] == [
        *("b . step", "L live", "< > event", "p pause", "− + speed"),
    ]
    ids = {hint.id for hint in hints}
    assert len(ids) == len(hints)
    assert not ids & {"app.refresh", "watch.add"}, "nobody is asked"
    for width, told in ((38, 1), (78, 4), (118, 5)):
        assert set(hints[:told]) <= set(fitted(hints, width)), width
    assert "tape.step" not in {hint.id for hint in hints_of(on_overview, {})}


def _app(path: Path, live: FakeEngine, settings: Settings) -> tuple[CaptopApp, Replay]:
    wall = ManualClock(THURSDAY_AFTERNOON + timedelta(days=1))
    replay = Replay(TapeFile.opened(path), wall, speed=10)
    lists = Watchlists({"default": ("IWM",)})
    app = CaptopApp(live, settings, clock=wall, watchlists=lists, replay=replay)
    return app, replay


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*")}


def _text(app: CaptopApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def test_a_tape_is_shown_marked_scrubbed_and_left(tmp_path: Path) -> None:
    seen = a_tape(tmp_path / "a.tape")
    live = FakeEngine()
    app, replay = _app(tmp_path / "a.tape", live, Settings())
    async with app.run_test(size=(120, 34)) as pilot:
        await app.workers.wait_for_complete()
        assert "REPLAY 10x" in _text(app)
        assert "14:32:07 ET" in _text(app)
        assert not live.is_running
        await press(pilot, "full_stop")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "REPLAY still" in _text(app)
        assert app.desk.snapshot.quotes == seen[0].quotes
        assert app.desk.snapshot.readings == seen[0].readings
        await press(pilot, "full_stop", "comma")
        await app.workers.wait_for_complete()
        await press(pilot, "plus")
        assert replay.clock.pace == 20
        await press(pilot, "p")
        assert not replay.clock.is_still
        await press(pilot, "greater_than_sign")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "no later event: the tape ends here" in _text(app)
        await press(pilot, "L")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "REPLAY" not in _text(app)
        assert live.is_running
        assert app.desk.pace == 1.0


@pytest.mark.parametrize("height", [1, 3])
async def test_a_tape_is_scrubbed_in_a_strip_too(tmp_path: Path, height: int) -> None:
    a_tape(tmp_path / "a.tape", (1.0, 2.0), empty_snapshot(THURSDAY_AFTERNOON))
    app, replay = _app(tmp_path / "a.tape", FakeEngine(), Settings())
    async with app.run_test(size=(100, height)) as pilot:
        await app.workers.wait_for_complete()
        await press(pilot, "full_stop")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert replay.clock.now() == THURSDAY_AFTERNOON + timedelta(seconds=30)
        assert "REPLAY 2 Jul 14:32:37" in _text(app)


@pytest.mark.parametrize(
    ("is_demo", "can_rewind", "said"),
    [
        (True, False, "the simulated market is recorded by captop record --demo alone"),
        (False, False, "nothing is recorded: the settings switch tape or cache off"),
        (False, True, "no tape is played"),
    ],
)
def test_why_there_is_no_tape_is_said(is_demo: bool, can_rewind: bool, said: str) -> None:
    live = FakeEngine()
    live.latest = replace(live.latest, mode=Mode.DEMO if is_demo else Mode.LIVE)
    markets = Markets(live, rewinder=live_tape if can_rewind else None)
    assert markets.why_no_tape == said


def live_tape() -> Replay:
    raise TapeError("it is not asked for")


async def test_a_replay_tells_nobody_and_keeps_nothing(tmp_path: Path) -> None:
    before, after = turned(replace(demo_picture(), past={}))
    session = Session(OneFile(tmp_path / "a.tape"), before)
    session.recorder.begin(before, THURSDAY_AFTERNOON)
    session.recorder.add(Changed(THURSDAY_AFTERNOON + timedelta(seconds=5)), fired(after))
    session.end()
    (tmp_path / "alerts.toml").write_text(ALWAYS, encoding="utf-8")
    command = (sys.executable, "-c", f"open({str(tmp_path / 'told')!r}, 'w')")
    settings = Settings(
        cache=CacheSettings(path=str(tmp_path / "cache" / "captop.db")),
        alerts=AlertSettings(file=tmp_path / "alerts.toml", command=command),
    )
    wall = ManualClock()
    replay = opened_replay(settings, str(tmp_path / "a.tape"), "15:00", 1.0, wall)
    live = live_engine(settings, wall, ())
    lists = Watchlists({"default": ("IWM",)})
    app = CaptopApp(live, settings, clock=wall, watchlists=lists, replay=replay)
    written: list[str] = []
    app.signals = AlertSignals(settings.alerts, written.append, {})
    async with app.run_test(size=(120, 34)) as pilot:
        await app.workers.wait_for_complete()
        await press(pilot, "comma", "full_stop", "full_stop", "less_than_sign", "greater_than_sign")
        await app.workers.wait_for_complete()
        await pilot.pause()
        app.beat()
        assert app.desk.snapshot.alerts == fired(after).alerts
        board = app.desk.snapshot.scoreboard
        assert board is not None
        assert board.stories[0].lines[0].state == "above"
        await press(pilot, "A")
        for key in ("X", "a", "exclamation_mark"):
            await press(pilot, key)
            assert "those of now change in the live market" in _text(app), key
    assert (tmp_path / "alerts.toml").read_text(encoding="utf-8") == ALWAYS
    assert not written
    assert _names(tmp_path) <= {"a.tape", "alerts.toml", "cache", "captop.db"}


async def test_the_tape_of_this_run_is_wound_back_while_the_engine_goes_on(tmp_path: Path) -> None:
    a_tape(tmp_path / "a.tape")
    live, wall, asked = FakeEngine(), ManualClock(THURSDAY_AFTERNOON + timedelta(minutes=2)), 0
    live.notices.append("The cache cannot be written.")

    said_first: list[str] = []

    def rewinder() -> Replay:
        nonlocal asked
        asked += 1
        said_first.append(app.screen.query_one(KeyBar).message)
        if asked > 2:
            app.call_from_thread(app.run_action, "live")
        if asked == 1:
            raise TapeError("nothing is recorded in this run")
        replay = Replay(TapeFile.opened(tmp_path / "a.tape"), wall)
        replay.stand(still=True)
        replay.seek(replay.ends)
        return replay

    lists = Watchlists({"default": ("IWM",)})
    app = CaptopApp(live, Settings(), clock=wall, watchlists=lists, rewinder=rewinder)
    async with app.run_test(size=(120, 34)) as pilot:
        await app.workers.wait_for_complete()
        app.beat()
        app.desk.set_focused(False)
        app.desk.set_focused(True)
        left = app.desk.left
        assert left is not None
        for said in ("nothing is recorded in this run", "REPLAY still"):
            assert "REPLAY" not in _text(app)
            await press(pilot, "comma")
            await app.workers.wait_for_complete()
            await pilot.pause()
            assert said in _text(app)
        assert said_first == ["winding the tape back …"] * 2
        assert "14:32:37 ET" in _text(app), "the step before the last"
        assert app.desk.left is None, "nobody has left the tape"
        await press(pilot, "L")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "REPLAY" not in _text(app)
        assert live.is_running
        assert app.desk.next_notice() == "", "what was told is not told again"
        assert app.desk.left is left
        await press(pilot, "comma")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert asked == 3
        assert "REPLAY" not in _text(app), "the live market was wished for while it was wound"


async def test_who_comes_back_is_told_what_changed() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(120, 34)) as pilot:
        await press(pilot, "apostrophe")
        assert "this has had the focus since it was opened" in _text(stage.app)
        for seconds, said in ((60, False), (7 * 60, True)):
            stage.app.post_message(events.AppBlur())
            await pilot.pause()
            stage.clock.jump(seconds)
            stage.engine.tick(seconds)
            stage.app.post_message(events.AppFocus())
            await pilot.pause()
            await pilot.pause()
            assert ("away: ' tells what changed" in _text(stage.app)) is said
        await press(pilot, "apostrophe")
        assert isinstance(stage.app.screen, DigestScreen)
        assert "What changed in 7 m, since 14:33" in _text(stage.app)
        await press(pilot, "escape")
        assert not isinstance(stage.app.screen, DigestScreen)
