"""The command line: what it takes, what it refuses, and with which exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tui.cli import Arguments, main
from tui.command_line import command_line, parsed
from tui.settings import FeedsSettings

AT = "2026-07-02T14:32:07"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [n for n in os.environ if n.startswith("CAPTOP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CAPTOP_CONFIG", str(tmp_path / "captop.toml"))
    monkeypatch.setenv("CAPTOP_CACHE__PATH", str(tmp_path / "cache"))
    return tmp_path


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    """Run captop as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "tui", *arguments],
        capture_output=True,
        check=False,
        env={**os.environ, **environ},
        stdin=subprocess.DEVNULL,
    )


def without_feeds() -> dict[str, str]:
    """Return an environment in which every feed is switched off: nothing is asked, all is told."""
    off = {f"CAPTOP_FEEDS__{feed.upper()}__ENABLED": "0" for feed in FeedsSettings().enabled}
    return {**os.environ, **off}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--at", AT], "--at belongs to the simulated market; add --demo"),
        (["snapshot", "--at", AT], "--at belongs to the simulated market; add --demo"),
        (["--seed", "1"], "--seed belongs to the simulated market"),
        (["--speed", "2"], "--speed belongs to the simulated market"),
        (["--demo", "--at", "noon"], '"noon" is no instant such as 2026-07-02T14:32'),
        (["--demo", "--at", "0001-01-01"], "from 2019-01-02 to 2028-12-29, not on 0001-01-01"),
        (
            ["snapshot", "--demo", "--at", "9999-12-31T23:59"],
            "the simulated market runs from 2019-01-02 to 2028-12-29, not on 9999-12-31",
        ),
        (["--demo", "--seed", "9" * 5000], "invalid int value: '9999"),
        (["x\x1b[2J" * 900], "invalid choice: 'x"),
        (["snapshot", "--json", "--text"], "not allowed with argument"),
        (["config", "edit"], "invalid choice: 'edit'"),
        (["frobnicate"], "invalid choice: 'frobnicate'"),
        (["--frob"], "unrecognized arguments: --frob"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: Sequence[str], said: str
) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("captop: ")
    assert said in told.err
    assert told.err.count("\n") == 1
    assert told.err.rstrip("\n").isprintable()
    assert len(told.err) < 400
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    "arguments", [["snapshot", "--demo"], ["config", "show"], ["config", "check"], ["--demo"], []]
)
def test_a_wrong_setting_stops_every_command(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: Sequence[str]
) -> None:
    file = home / "captop.toml"
    file.write_text("[feeds.yahoo]\nbase_ulr = 'x'\n", encoding="utf-8")
    assert main(arguments) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == (
        f"captop: Unknown setting feeds.yahoo.base_ulr in {file} line 2;"
        " the nearest known one is feeds.yahoo.base_url.\n"
    )
    assert file.read_text(encoding="utf-8") == "[feeds.yahoo]\nbase_ulr = 'x'\n"


def test_an_argument_is_checked_as_a_setting(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert home.is_dir()
    assert main(["--demo", "--speed", "-1", "snapshot"]) == 2
    assert capsys.readouterr().err == (
        "captop: --speed must be a number from 0 to 100,000, not -1.0.\n"
    )


def test_a_command_tells_only_what_was_said() -> None:
    for words, said in (
        (("replay",), {}),
        (("replay", "--speed", "3"), {"tape_speed": 3.0}),
        (("--demo", "snapshot"), {"demo": True}),
        (("record", "--out", "a"), {"out": Path("a")}),
    ):
        told = vars(parsed(words))
        assert told == {"command": told["command"], **said}
    assert parsed(("replay",)).tape_speed == 1.0


def test_config_path_show_check(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = home / "captop.toml"
    assert main(["config", "path"]) == 0
    assert capsys.readouterr().out == f"{file}\n"
    assert main(["config", "check"]) == 0
    assert capsys.readouterr().out == f"{file} is not there; the defaults hold\n"
    file.write_text('window = "YTD"\n', encoding="utf-8")
    assert main(["config", "check"]) == 0
    assert capsys.readouterr().out == f"{file} is well\n"
    assert main(["config", "show"]) == 0
    shown = capsys.readouterr().out
    assert tomllib.loads(shown)["window"] == "YTD"
    assert 'window = "YTD"  # file' in shown
    assert f'path = "{home / "cache"}"  # environment' in shown


def test_config_check_remarks_on_what_is_odd(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = home / "captop.toml"
    text = '[watchlists]\nactive = "core"\ncore = ["IWM", "XBI", "iwm"]\nother = ["IWM"]\n'
    file.write_text(f'{text}[baskets]\nfolder = "/nonexist"\n', encoding="utf-8")
    assert main(["config", "check"]) == 0
    assert capsys.readouterr().out == (
        f"{file} is well, but:\n"
        f"baskets.folder in {file} line 6 names /nonexist, which is not there: only the shipped"
        " baskets are used.\n"
        f"watchlists.core in {file} line 3 names IWM more than once: shown once.\n"
    )
    file.write_text(f'[baskets]\nfolder = "{file.name}"\n', encoding="utf-8")
    assert main(["config", "check"]) == 0
    assert f"names {file}, which is no folder: only" in capsys.readouterr().out


def test_config_check_names_what_is_wrong_with_a_basket(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "baskets").mkdir()
    (home / "baskets" / "typo.toml").write_text(
        'name = "T"\nslug = "t"\nrule = "r"\nas_of = 2026-01-02\n'
        '[members]\nsubsectors = ["Regional Bankz"]\n',
        encoding="utf-8",
    )
    assert main(["config", "check"]) == 2
    told = capsys.readouterr().err
    assert "typo.toml: there is no sub-sector" in told
    assert 'the nearest is "Regional Banks"' in told


def test_another_file_can_be_named_before_or_after_the_command(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = home / "other.toml"
    assert main(["--config", str(other), "config", "path"]) == 0
    assert main(["config", "path", "--config", str(other)]) == 0
    assert capsys.readouterr().out == f"{other}\n{other}\n"
    assert main(["config", "check", "--config", str(other)]) == 2
    assert "There is no settings file" in capsys.readouterr().err


def test_an_unknown_theme_or_key_is_found_by_check_and_ends_a_snapshot(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = home / "captop.toml"
    for text, place in (
        ('theme = "drak"\n', "theme"),
        ('[keys]\n"x.y" = "j"\n', "keys.x.y"),
        ('[keys]\n"list.sort" = "notakey"\n', "keys.list.sort"),
    ):
        file.write_text(text, encoding="utf-8")
        for command in (["config", "check"], ["snapshot", "--demo"]):
            assert main(command) == 2
            line = text.count("\n")
            assert capsys.readouterr().err.startswith(f"captop: {place} in {file} line {line}: ")
    text = 'windw = "1D"\n[feeds]\ntimeout_s = 0\n[feeds.yahoo]\nenabled = 1\n'
    file.write_text(text, encoding="utf-8")
    assert main(["config", "check"]) == 2
    told = capsys.readouterr().err.splitlines()
    assert [line.split(f" in {file} ")[1][:6] for line in told] == ["line 1", "line 3", "line 5"]
    assert all(line.startswith("captop: ") for line in told), "all mistakes in one go"
    file.write_text('[keys]\n"list.sort" = "q"\n', encoding="utf-8")
    assert main(["snapshot", "--demo"]) == 2
    assert "key 'q' is claimed by both" in capsys.readouterr().err


def test_version_and_help(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert home.is_dir()
    for option, said in (("--version", "captop "), ("--help", "exit codes: 0 well")):
        with pytest.raises(SystemExit) as left:
            main([option])
        assert left.value.code == 0
        assert said in capsys.readouterr().out


def test_an_interruption_is_exit_code_130(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert home.is_dir()

    def interrupted(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("tui.doctor.run_doctor", interrupted)
    assert main(["doctor"]) == 130


def test_without_a_terminal_the_pane_says_so(home: Path) -> None:
    assert home.is_dir()
    done = run("--demo")
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.decode() == (
        "captop: the pane needs a terminal and standard input is none; captop snapshot needs none\n"
    )


def test_a_reader_that_goes_away_is_no_error(home: Path) -> None:
    assert home.is_dir()
    command = [sys.executable, "-m", "tui", "snapshot", "--json"]
    pipe = subprocess.PIPE
    environ = {**without_feeds(), "PYTHONUNBUFFERED": ""}  # unbuffered, what is cut off is no error
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, env=environ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_an_output_that_knows_ascii_only_gets_ascii(home: Path) -> None:
    assert home.is_dir()
    done = run("snapshot", "--text", **without_feeds(), PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.isascii()
    assert b"^RUT" in done.stdout


FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize(
    "arguments",
    [
        ("snapshot", "--demo", "--at", AT),
        ("config", "show"),
        ("config", "path"),
        ("config", "check"),
        ("--version",),
        ("--help",),
        ("doctor", "--json"),
    ],
)
def test_a_full_disk_behind_the_output_is_told(home: Path, arguments: Sequence[str]) -> None:
    assert home.is_dir()
    with FULL.open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "tui", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            check=False,
            env=without_feeds(),
        )
    assert done.returncode == 3
    assert done.stderr.decode() == (
        "captop: the output could not be written: no space left on device; print elsewhere.\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell closes the streams")
@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("snapshot --demo >&-", 3, "captop: standard output is closed, so there is nowhere to"),
        ("config path >&-", 3, "captop: standard output is closed"),
        ("--version >&-", 3, "captop: standard output is closed"),
        ("doctor >&- 2>&-", 3, ""),
        ("--frob 2>&-", 2, ""),
        ("--demo <&-", 2, "captop: the pane needs a terminal"),
        ("--demo >&- 2>&-", 2, ""),
    ],
)
def test_closed_streams_are_no_traceback(home: Path, command: str, code: int, said: str) -> None:
    assert home.is_dir()
    line = f'exec "{sys.executable}" -m tui {command}'
    done = subprocess.run(["sh", "-c", line], capture_output=True, check=False)
    assert done.returncode == code
    assert done.stderr.decode().startswith(said)
    assert b"Traceback" not in done.stderr
    assert done.stderr.count(b"\n") == (1 if said else 0)


def test_the_demo_begins_at_the_ends_of_its_market(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """That there are prices on its last night is held by tests/market/feeds/test_demo.py."""
    assert home.is_dir()
    last = command_line().parse_args(["--demo", "--at", "2028-12-29T23:59+14:00"], Arguments())
    assert last.at == datetime(2028, 12, 29, 9, 59, tzinfo=UTC)
    assert main(["snapshot", "--demo", "--json", "--at", "2019-01-03T00:00"]) == 0
    assert json.loads(capsys.readouterr().out)["metrics"]["rut.last"]["value"] > 0
