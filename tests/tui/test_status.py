"""`captop status`: what is asked and answered through two small files, and what is then printed."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from market.snapshot import Snapshot
from tests.clocks import THURSDAY_AFTERNOON, ManualClock
from tests.tui.fakes import live_picture
from tui.cli import main
from tui.status import GONE_AFTER_S, Reader, cache_folder, follow, run_status
from tui.status_file import (
    ANSWER_FILE,
    ASKED_AGAIN_S,
    ASKED_FILE,
    MOST_NAMES,
    READ_WITHIN_S,
    answer_in,
    ask,
    asked_in,
)
from tui.status_store import StatusStore
from tui.status_words import parts_of

ROOT = Path(__file__).resolve().parents[2]
NOW = THURSDAY_AFTERNOON.timestamp()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache folder of the settings."""
    monkeypatch.setenv("CAPTOP_CONFIG", str(tmp_path / "captop.toml"))
    monkeypatch.setenv("CAPTOP_CACHE__PATH", str(tmp_path / "cache"))
    monkeypatch.delenv("CAPTOP_CACHE__ENABLED", raising=False)
    return tmp_path / "cache"


def printed(
    capsys: pytest.CaptureFixture[str], written: str, *, as_json: bool = False, later_s: float = 0
) -> tuple[int, str, str]:
    clock = ManualClock()
    clock.jump(later_s)
    code = run_status(None, written, as_json=as_json, clock=clock)
    told = capsys.readouterr()
    return code, told.out, told.err


def published(folder: Path, snapshot: Snapshot | None = None) -> StatusStore:
    store = StatusStore(folder)
    store.publish(snapshot if snapshot is not None else live_picture())
    return store


# The two files


def test_what_is_asked_is_known_until_nobody_asks_again(tmp_path: Path) -> None:
    ask(tmp_path, ["rut.last"], NOW)
    ask(tmp_path, ["vix.last", "vix.last"], NOW + READ_WITHIN_S - 1)
    assert list(asked_in(tmp_path, NOW + READ_WITHIN_S - 1)) == ["vix.last", "rut.last"]
    assert list(asked_in(tmp_path, NOW + READ_WITHIN_S)) == ["vix.last"]


def test_a_reader_writes_once_a_minute_at_most(tmp_path: Path) -> None:
    ask(tmp_path, ["rut.last"], NOW)
    before = (tmp_path / ASKED_FILE).stat().st_ino
    ask(tmp_path, ["rut.last"], NOW + ASKED_AGAIN_S - 1)
    assert (tmp_path / ASKED_FILE).stat().st_ino == before
    ask(tmp_path, ["rut.last"], NOW + ASKED_AGAIN_S)
    assert asked_in(tmp_path, NOW + ASKED_AGAIN_S) == {"rut.last": NOW + ASKED_AGAIN_S}


def test_no_reader_can_ask_for_too_much(tmp_path: Path) -> None:
    ask(tmp_path, ["x" * 500, *(f"a{n}.last" for n in range(2 * MOST_NAMES))], NOW)
    assert len(asked_in(tmp_path, NOW)) < MOST_NAMES


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_damaged_files_say_nothing(tmp_path_factory: pytest.TempPathFactory, said: bytes) -> None:
    folder = tmp_path_factory.mktemp("status")
    for name in (ASKED_FILE, ANSWER_FILE):
        (folder / name).write_bytes(said)
    for name, at in asked_in(folder, NOW).items():
        assert isinstance(name, str)
        assert 0 <= NOW - at < READ_WITHIN_S
    assert isinstance(answer_in(folder), dict)


# The captop that runs


def test_nothing_is_written_while_nobody_reads(tmp_path: Path) -> None:
    assert StatusStore(tmp_path).publish(live_picture()) == []
    ask(tmp_path, ["rut.last"], NOW - READ_WITHIN_S)
    assert StatusStore(tmp_path).publish(live_picture()) == []
    assert not (tmp_path / ANSWER_FILE).exists()


def test_an_answer_is_written_when_it_changes_and_as_a_sign_of_life(tmp_path: Path) -> None:
    ask(tmp_path, ["feed.demo.state", "vix.last"], NOW)
    picture = live_picture()
    store = StatusStore(tmp_path)
    assert store.publish(picture) == ["feed.demo.state", "vix.last"]
    assert answer_in(tmp_path)["at"] == NOW
    store.publish(picture.at(picture.now + timedelta(seconds=20)))
    assert answer_in(tmp_path)["at"] == NOW
    store.publish(picture.at(picture.now + timedelta(seconds=30)))
    assert answer_in(tmp_path)["at"] == NOW + 30
    other = replace(picture.readings["vix.last"], value=20.0)
    told = replace(picture, readings={**picture.readings, "vix.last": other})
    store.publish(told.at(picture.now + timedelta(seconds=35)))
    assert answer_in(tmp_path)["at"] == NOW + 35


# What is printed


def test_one_line_of_what_the_captop_that_runs_has_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = live_picture()
    written = "RUT {rut.last} {rut.return.1d:+.2%} {vix.term.state}"
    code, out, err = printed(capsys, written)
    assert (code, out) == (1, "RUT -- -- --\n")
    assert "no captop runs" in err
    published(folder)
    last, change = picture.reading("rut.last").value, picture.reading("rut.return.1d").value
    state = picture.reading("vix.term.state").value
    assert printed(capsys, written) == (0, f"RUT {last:,.2f} {change:+.2%} {state}\n", "")
    code, out, _ = printed(capsys, written, as_json=True)
    assert json.loads(out)["metrics"]["rut.last"]["value"] == pytest.approx(last)
    assert json.loads(out)["metrics"]["rut.last"]["unit"] == "points"


def test_an_old_answer_says_how_old_it_is(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed(capsys, "{rut.last:.0f}")
    published(folder)
    code, out, err = printed(capsys, "{rut.last:.0f}", later_s=GONE_AFTER_S)
    assert (code, err) == (0, "")
    code, out, err = printed(capsys, "{rut.last:.0f}", later_s=720)
    assert code == 1
    assert out.endswith(" (12m)\n")
    assert "no captop runs" in err


def test_a_late_value_says_its_age(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed(capsys, "{iwm.last}")
    picture = live_picture()
    published(folder, picture.at(picture.now + timedelta(minutes=5)))
    code, out, _ = printed(capsys, "{iwm.last}", later_s=300)
    assert code == 0
    assert out.endswith(" (5m)\n")


def test_a_name_that_there_is_none_of_is_named_with_the_nearest(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = "{rut.lost} {vix.last}"
    printed(capsys, written)
    published(folder)
    code, out, err = printed(capsys, written)
    assert code == 2
    assert out.startswith("-- ")
    assert '"rut.lost"' in err
    assert '"rut.last"' in err


def test_what_is_absent_is_told_with_its_reason(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed(capsys, "{options.rut.skew.25d}")
    picture = live_picture()
    left = {n: r for n, r in picture.readings.items() if n != "options.rut.skew.25d"}
    published(folder, replace(picture, readings=left))
    code, out, err = printed(capsys, "{options.rut.skew.25d}")
    assert (code, out) == (1, "--\n")
    assert "options.rut.skew.25d is absent: waiting for data" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["status", "--format", "{rut.last"], "the format cannot be read"),
        (["--config", "other.toml", "status", "--format", "{}"], "braces without a name"),
    ],
)
def test_a_wrong_format_is_one_line_and_exit_code_2(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(words) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert told.err.count("\n") == 1


def test_without_a_cache_nobody_can_be_asked(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CAPTOP_CACHE__ENABLED", "false")
    assert main(["status"]) == 1
    assert "cache.enabled is off" in capsys.readouterr().err
    assert not folder.exists()


def test_a_folder_that_cannot_be_written_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.touch()
    assert main(["status"]) == 1
    told = capsys.readouterr()
    assert told.out == "RUT -- -- VIX --\n"
    assert f"{folder} cannot be written" in told.err


def test_wrong_usage_is_one_line_and_exit_code_2(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["status", "--frob"])
    assert left.value.code == 2
    assert capsys.readouterr().err == (
        "captop: unrecognized arguments: --frob (captop status --help)\n"
    )


def test_a_watcher_is_told_each_news_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clock, picture = ManualClock(), live_picture()
    reader = Reader(folder, parts_of("{vix.last}"), clock)
    store = StatusStore(folder)
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        other = replace(picture.readings["vix.last"], value=20.0 + len(waits) // 3)
        store.publish(replace(picture, readings={**picture.readings, "vix.last": other}))
        if len(waits) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        follow(reader, wait)
    told = [
        json.loads(line)["metrics"]["vix.last"] for line in capsys.readouterr().out.splitlines()
    ]
    assert [each.get("value") for each in told] == [None, 20.0, 21.0]


def test_a_watcher_is_told_that_captop_has_ended_and_that_it_runs_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = ManualClock()
    ask(folder, ["vix.last"], NOW)
    published(folder)
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        clock.jump(GONE_AFTER_S / 2)
        if len(waits) == 5:
            picture = live_picture()
            published(folder, picture.at(clock.now()))
        if len(waits) == 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        follow(Reader(folder, parts_of("{vix.last}"), clock), wait)
    told = capsys.readouterr()
    lines = map(json.loads, told.out.splitlines())
    assert [line["running"] for line in lines] == [True, False, True]
    assert told.err.count("no captop runs") == 1


# Where the files are


@pytest.mark.parametrize(
    ("text", "environ", "found"),
    [
        ('[cache]\npath = "/from/file"', {}, "/from/file"),
        ('cache.path = "/from/file"', {"CAPTOP_CACHE__PATH": "/from/it"}, "/from/it"),
        ("[cache]\nenabled = false", {}, None),
        ("", {"CAPTOP_CACHE__ENABLED": "off", "CAPTOP_CACHE__PATH": "/from/it"}, None),
    ],
)
def test_the_folder_is_the_one_of_the_settings(
    tmp_path: Path, text: str, environ: dict[str, str], found: str | None
) -> None:
    (tmp_path / "captop.toml").write_text(text)
    expected = None if found is None else Path(found)
    assert cache_folder(tmp_path / "captop.toml", environ) == expected


@pytest.mark.parametrize("text", ["[cache", "cache = 3", "cache.path = 3", "x = '\udc80 cache'"])
def test_settings_that_cannot_be_read_mean_the_usual_folder(tmp_path: Path, text: str) -> None:
    from platformdirs import user_cache_path

    (tmp_path / "captop.toml").write_bytes(text.encode(errors="surrogateescape"))
    usual = user_cache_path("captop", appauthor=False)
    assert cache_folder(tmp_path / "captop.toml", {}) == usual


def test_status_loads_nothing_heavy() -> None:
    code = "import sys, tui.cli, tui.__main__; tui.cli.main(['status']); print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    loaded = set(run.stdout.split())
    assert "tui.status" in loaded
    heavy: Any = {
        "asyncio",
        "httpx",
        "msgspec",
        "numpy",
        "pandas",
        "rich",
        "textual",
        "tui.settings",
    }
    assert not loaded & heavy
