"""The whole program: started as a user starts it, keys pressed, screen read."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from market.clock import WallClock
from tests.end_to_end.program import captop_command, start, surroundings
from tests.exchange import Exchange, faults

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")

Size = tuple[int, int]

LEVEL = re.compile(r"\d,\d{3}\.\d\d")


@pytest.fixture(scope="module")
def exchange() -> Generator[Exchange]:
    with Exchange(now=WallClock().now) as running:
        yield running


def hang_up(terminal: Terminal) -> None:
    """Close the terminal behind the program's back, as closing a pane does."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, terminal._master)
    os.close(nowhere)


def sees(terminal: Terminal, pattern: str, seconds: float = 30.0) -> None:
    shown = terminal.read(seconds, until=lambda: re.search(pattern, terminal.text) is not None)
    assert shown, f"{pattern!r} never appeared:\n{terminal.text}"


def test_from_start_to_symbol_and_back_and_out(tmp_path: Path, exchange: Exchange) -> None:
    with start(environment=surroundings(tmp_path, exchange)) as terminal:
        sees(terminal, r"2,\d{3}\.\d\d .*%")
        sees(terminal, r"Biotechnology")
        terminal.type("/")
        terminal.type("biotech\r")
        terminal.type("\r")
        sees(terminal, r"› Health Care")
        terminal.type("\r")
        sees(terminal, r"› XBI")
        terminal.type("\x1b")
        terminal.type("\x1b")
        sees(terminal, r"Watchlist · default")
        terminal.type("q")
        assert terminal.wait() == 0


def test_nothing_but_the_screen_is_written_and_the_terminal_is_given_back(
    tmp_path: Path, exchange: Exchange
) -> None:
    with start(environment=surroundings(tmp_path, exchange)) as terminal:
        sees(terminal, LEVEL.pattern)
        terminal.type("q")
        assert terminal.wait() == 0
        assert b"Traceback" not in terminal.output
        assert b"\x1b[?1049l" in terminal.output


def test_a_watched_symbol_survives_the_program(tmp_path: Path, exchange: Exchange) -> None:
    environment = surroundings(tmp_path, exchange)
    with start(environment=environment) as terminal:
        sees(terminal, LEVEL.pattern)
        terminal.type("W")
        sees(terminal, r"(?i)add")
        terminal.type("PLTR")
        sees(terminal, r"PLTR")
        terminal.type("\r")
        terminal.read(2, until=(tmp_path / "config/captop/captop.toml").exists)
        terminal.type("q")
        assert terminal.wait() == 0
    assert "PLTR" in (tmp_path / "config/captop/captop.toml").read_text()


def test_the_last_picture_shows_at_once_and_says_its_age(
    tmp_path: Path, exchange: Exchange
) -> None:
    environment = surroundings(tmp_path, exchange)
    with start(environment=environment) as terminal:
        sees(terminal, LEVEL.pattern)
        sees(terminal, r"KRE .*\d\.\d\d")
        terminal.type("q")
        assert terminal.wait() == 0
    with start(environment=surroundings(tmp_path)) as terminal:
        sees(terminal, LEVEL.pattern, 15)
        assert "DEMO" not in terminal.text


def test_killed_at_any_moment_the_next_start_works(tmp_path: Path, exchange: Exchange) -> None:
    environment = surroundings(tmp_path, exchange)
    for patience in (0.5, 1.0, 2.0):
        with start(environment=environment) as terminal:
            terminal.read(patience, until=lambda: False)
            os.killpg(terminal.process.pid, signal.SIGKILL)
    with start(environment=environment) as terminal:
        sees(terminal, LEVEL.pattern)
        terminal.type("q")
        assert terminal.wait() == 0


@pytest.mark.parametrize("end", ["pane", "SIGHUP", "SIGTERM"])
def test_the_picture_is_kept_when_the_system_ends_the_program(
    tmp_path: Path, exchange: Exchange, end: str
) -> None:
    environment = surroundings(tmp_path, exchange)
    with start(environment=environment) as terminal:
        sees(terminal, LEVEL.pattern)
        sees(terminal, r"KRE .*\d\.\d\d")
        if end == "pane":
            hang_up(terminal)
        else:
            terminal.process.send_signal(signal.Signals[end])
        assert terminal.wait() == 0
        assert b"Traceback" not in terminal.output
    with start(environment=surroundings(tmp_path)) as terminal:
        sees(terminal, LEVEL.pattern, 15)
        assert "DEMO" not in terminal.text


def test_a_strip_offers_the_demo_in_a_word_and_it_is_left_again(tmp_path: Path) -> None:
    environment = surroundings(tmp_path)
    with start(environment=environment, columns=40, rows=1) as terminal:
        sees(terminal, "D: demo")
        terminal.type("D")
        sees(terminal, LEVEL.pattern)
        sees(terminal, "DEMO")
        terminal.type("L")
        sees(terminal, "D: demo")
        assert not LEVEL.search(terminal.text)
        terminal.type("q")
        assert terminal.wait() == 0


def test_without_any_feed_the_demo_is_offered_never_shown(tmp_path: Path) -> None:
    environment = surroundings(tmp_path)
    with start(environment=environment) as terminal:
        sees(terminal, r"(?i)press D")
        assert not LEVEL.search(terminal.text)
        terminal.type("D")
        sees(terminal, LEVEL.pattern)
        sees(terminal, "DEMO")
        terminal.type("q")
        assert terminal.wait() == 0


def test_a_limited_feed_says_so_and_is_left_in_peace(tmp_path: Path) -> None:
    with Exchange(now=WallClock().now) as refusing:
        refusing.fault("*", faults.limited())
        with start(environment=surroundings(tmp_path, refusing)) as terminal:
            sees(terminal, r"(?i)too many requests|429|rate|limited")
            terminal.read(4, until=lambda: False)
            asked = len(refusing.requests)
            terminal.type("q")
            assert terminal.wait() == 0
        assert asked <= 12


@pytest.mark.parametrize(
    ("first", "then"), [((200, 55), ((80, 24), (60, 16))), ((40, 2), ((40, 12),))]
)
def test_every_size_shows_the_level(
    tmp_path: Path, exchange: Exchange, first: Size, then: tuple[Size, ...]
) -> None:
    environment = surroundings(tmp_path, exchange)
    with start(environment=environment, columns=first[0], rows=first[1]) as terminal:
        sees(terminal, r"2,\d{3}\.\d\d")
        for columns, rows in then:
            terminal.screen.reset()
            terminal.resize(columns, rows)
            sees(terminal, r"2,\d{3}\.\d\d")
        terminal.type("q")
        assert terminal.wait() == 0


def test_ctrl_c_twice_ends_it(tmp_path: Path, exchange: Exchange) -> None:
    with start(environment=surroundings(tmp_path, exchange)) as terminal:
        sees(terminal, LEVEL.pattern)
        terminal.type("\x03")
        terminal.type("\x03")
        assert terminal.wait() in {0, 130}


def test_a_broken_config_is_named_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "config" / "captop" / "captop.toml"
    file.parent.mkdir(parents=True)
    file.write_text('them = "captop-dark"\n')
    environment = {**os.environ, **surroundings(tmp_path)}
    result = subprocess.run(
        [captop_command()], check=False, capture_output=True, text=True, env=environment
    )
    assert result.returncode == 2
    assert "captop.toml" in result.stderr
    assert "theme" in result.stderr
    assert file.read_text() == 'them = "captop-dark"\n'


def test_an_unwritable_cache_is_told_and_the_program_runs(
    tmp_path: Path, exchange: Exchange
) -> None:
    blocked = tmp_path / "cache"
    blocked.write_text("a file where a folder should be")
    with start(environment=surroundings(tmp_path, exchange)) as terminal:
        sees(terminal, LEVEL.pattern)
        sees(terminal, r"nothing is kept between runs \(\w+ .*\): make room")
        terminal.type("q")
        assert terminal.wait() == 0
