"""`captop watch`: lines for events, its words when there is nothing to watch, and its end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest
from msgspec.structs import replace

from market.alerts.board import AlertBoard
from market.snapshot import Mode, Snapshot, empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON
from tests.tui.test_alerting import board_of
from tui.alerts_watch import Watch, event_json, event_line
from tui.cli import main
from tui.leaving import setting
from tui.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
ALERT = '[[alert]]\nid = "rut"\nrule = { metric = "rut.last", changes = 0.001, sessions = 1 }\n'
LINE = "2026-07-02 14:32:07 ET  one  vix.last is 21.00\n"


class Quiet:
    """An engine whose picture tests put there."""

    def __init__(self, board: AlertBoard | None) -> None:
        self.notices = ["a notice"]
        self.latest = replace(empty_snapshot(THURSDAY_AFTERNOON), alerts=board)


def watch(engine: Quiet, *, as_json: bool = False) -> Watch:
    return Watch(engine, Settings(), as_json=as_json)


def test_each_event_is_one_line_and_each_complaint_is_made_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    engine = Quiet(replace(board_of("one"), faults=("alert x is left out",)))
    told = watch(engine)
    told.tell(engine.latest)
    told.tell(engine.latest)
    out, err = capsys.readouterr()
    assert out == LINE
    assert err == "captop: a notice\ncaptop: alert x is left out\n"


def test_events_as_json_and_marked_in_the_demo(capsys: pytest.CaptureFixture[str]) -> None:
    engine = Quiet(board_of("one"))
    watch(engine, as_json=True).tell(engine.latest)
    told = json.loads(capsys.readouterr().out)
    assert told == {
        "at": "2026-07-02T18:32:07Z",
        "session": "2026-07-02",
        "mode": "live",
        "alert": "vix",
        "event": "entered",
        "title": "one",
        "metric": "vix.last",
        "value": 21.0,
        "text": "vix.last is 21.00",
    }
    event = board_of("one").history[0]
    demo = empty_snapshot(THURSDAY_AFTERNOON, Mode.DEMO)
    assert "  DEMO  one  " in event_line(event, demo)
    assert json.loads(event_json(event, demo))["mode"] == "demo"


def test_nothing_to_watch_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.alerts_watch.OPENING_S", 0.0)
    monkeypatch.setattr("tui.alerts_watch.LOOK_S", 0.001)
    assert watch(Quiet(None)).run(Event()) == 2
    assert "there is no alert to watch; write one in alerts.toml" in capsys.readouterr().err
    ended = Event()
    ended.set()
    assert watch(Quiet(board_of())).run(ended) == 0


def test_a_file_without_alerts_for_a_while_ends_no_watch(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.alerts_watch.OPENING_S", 0.0)
    monkeypatch.setattr("tui.alerts_watch.LOOK_S", 0.001)
    ended, boards = Event(), [AlertBoard(), AlertBoard(), board_of("one")]

    class Looking(Watch):
        def tell(self, snapshot: Snapshot) -> None:
            super().tell(snapshot)
            if boards:
                engine.latest = replace(engine.latest, alerts=boards.pop(0))
            else:
                ended.set()

    engine = Quiet(board_of())
    assert Looking(engine, Settings(), as_json=False).run(ended) == 0
    assert capsys.readouterr().out == LINE


def test_config_check_names_what_is_wrong_with_the_alerts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "captop.toml"
    config.write_text("", encoding="utf-8")
    alerts = tmp_path / "alerts.toml"
    alerts.write_text(ALERT, encoding="utf-8")
    assert main(["--config", str(config), "config", "check"]) == 0
    alerts.write_text(ALERT.replace("rut.last", "rut.lost"), encoding="utf-8")
    assert main(["--config", str(config), "config", "check"]) == 2
    assert 'the nearest is "rut.last"' in capsys.readouterr().err
    several = 'for = ["QYQYQY", "CRDX", "CRDO", "basket.ai"]'
    alerts.write_text(
        f'[[alert]]\nid = "a"\n{several}\nrule = {{ metric = "{{slug}}.return.1d", above = 1 }}\n',
        encoding="utf-8",
    )
    assert main(["--config", str(config), "config", "check"]) == 0
    first, second = capsys.readouterr().out.splitlines()[1:]
    why = "which is in no watchlist: whether there is one is known once captop has asked"
    assert first == f"alerts.toml: alert a/qyqyqy is of QYQYQY, {why}."
    assert second == f"alerts.toml: alert a/crdx is of CRDX, {why}; the nearest is CRDO."


def test_a_signal_ends_it_whatever_it_interrupts() -> None:
    ended = Event()
    end = setting(ended)
    with ended._cond:  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]
        end()
        end()
    assert ended.wait(20)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGTERM there")
def test_a_demo_is_watched_until_it_is_told_to_end(tmp_path: Path) -> None:
    config = tmp_path / "captop.toml"
    config.write_text("", encoding="utf-8")
    levels = (f'{{ metric = "rut.last", crosses = {level} }}' for level in (3214, 3215, 3216))
    alert = f'[[alert]]\nid = "r"\nrule = {{ any = [{", ".join(levels)}] }}\nrepeats = true\n'
    (tmp_path / "alerts.toml").write_text(f"{alert}cooldown = 0\n", encoding="utf-8")
    command = [sys.executable, "-m", "tui", "--config", str(config), "--speed", "60"]
    command += ["watch", "--demo", "--at", "2026-08-04T14:32", "--json"]
    environ = {**os.environ, "CAPTOP_CACHE__PATH": str(tmp_path / "cache")}
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        code = process.wait(30)
    told = json.loads(line)
    assert (told["alert"], told["event"], told["mode"]) == ("r", "entered", "demo")
    assert code == 0
    assert not (tmp_path / "cache" / "alerts.ndjson").exists(), "a demo keeps nothing"
