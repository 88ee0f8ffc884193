"""The whole program: started as a user starts it, keys pressed, screen read."""

from __future__ import annotations

import os
import re
import select
import signal
import sys
from collections import Counter
from collections.abc import Generator
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from market.clock import WallClock
from market.history import History
from market.instruments import default_cast
from market.snapshot import Mode
from tests.end_to_end.program import start, surroundings, without_members
from tests.exchange import Exchange, faults
from tests.tui.test_replay import a_tape
from tui.last_frame import ENTER
from tui.wiring import CACHE_FILE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")

LEVEL = re.compile(r"\d,\d{3}\.\d\d")
DEMO_OFFERED_IN_A_WORD = "D: demo"
MOST_OF_ONE_SOURCE = 4
"""Requests that a source which says 429 to everything may get while the program runs."""


@pytest.fixture(scope="module")
def open_exchange() -> Generator[Exchange]:
    with Exchange(now=WallClock().now) as running:
        yield running


@pytest.fixture
def exchange(open_exchange: Exchange) -> Generator[Exchange]:
    yield open_exchange
    open_exchange.heal()


def hang_up(terminal: Terminal) -> None:
    """Close the terminal behind the program's back, as closing a pane does."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, terminal._master)
    os.close(nowhere)


def sees(terminal: Terminal, pattern: str, seconds: float = 30.0) -> None:
    def is_shown() -> bool:
        """Whether it is; a frame comes in pieces, and to look costs more than to read on."""
        more, _, _ = select.select([terminal._master], [], [], 0)
        return not more and re.search(pattern, terminal.text) is not None

    shown = terminal.read(seconds, until=is_shown)
    assert shown, f"{pattern!r} never appeared:\n{terminal.text}"


def shows_a_level_at(terminal: Terminal, *sizes: tuple[int, int]) -> None:
    """Resize the terminal and see the index there each time."""
    for columns, rows in sizes:
        terminal.screen.reset()
        terminal.resize(columns, rows)
        sees(terminal, r"\d,\d{3}\.\d\d")


def kept_level(home: Path) -> float:
    """The index in the picture that a program left behind."""
    history = History.open(home / "cache" / "captop" / CACHE_FILE, Mode.LIVE)
    try:
        kept = history.load(WallClock().now(), default_cast())
    finally:
        history.close()
    assert kept is not None
    return kept.quotes["^RUT"].last


def test_from_start_to_symbol_and_back_through_the_sizes_and_out_although_nothing_can_be_kept(
    tmp_path: Path, exchange: Exchange
) -> None:
    (tmp_path / "cache").write_text("a file where a folder should be")
    environment = surroundings(tmp_path, exchange)
    settings = tmp_path / "config/captop/captop.toml"
    with start(environment=environment, columns=200, rows=55) as terminal:
        sees(terminal, r"nothing is kept between runs \(\w+ .*\): make room")  # for a while only
        sees(terminal, r"\d,\d{3}\.\d\d .*%")
        sees(terminal, r"Sub-sectors .* of 300")
        shows_a_level_at(terminal, (120, 34))
        terminal.type(b"\xff")  # what is no text is passed over
        terminal.type("/")
        terminal.type("biotech\r")
        terminal.type("\r")
        sees(terminal, r"› (Health Care|Small biotech) ")  # whichever does better today
        terminal.type("\r")
        sees(terminal, r"› (Health Care|Small biotech) › \w+")
        terminal.type("\x1b")
        terminal.type("\x1b")
        sees(terminal, r"Watchlist · default")
        terminal.type("W")
        sees(terminal, r"(?i)add")
        terminal.type("PLTR")
        sees(terminal, r"PLTR")
        terminal.type("\r")
        terminal.read(2, until=settings.exists)
        for stopped in (signal.SIGSTOP, signal.SIGCONT):
            terminal.process.send_signal(stopped)
        shows_a_level_at(terminal, (80, 24), (60, 16))
        terminal.type("q")
        assert terminal.wait() == 0
        given_back = terminal.read(2, until=lambda: b"\x1b[?1049l" in terminal.output)
        assert given_back, "the terminal is not given back"
        assert b"Traceback" not in terminal.output
    assert "PLTR" in settings.read_text()


def test_the_last_picture_shows_at_once_and_ctrl_c_twice_ends_it(
    tmp_path: Path, exchange: Exchange
) -> None:
    with start(environment=without_members(tmp_path, exchange)) as terminal:
        sees(terminal, LEVEL.pattern)
        sees(terminal, r"KRE .*\d\.\d\d")
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.wait() == 0
        assert b"Traceback" not in terminal.output
    with start(environment=without_members(tmp_path)) as terminal:
        terminal.read(15, until=lambda: b"\x1b[34;1H" in terminal.output)
        assert re.match(r"captop +as of \w{3} .* ET, just now", terminal.text), "the last frame"
        assert LEVEL.search(terminal.text)
        sees(terminal, r"captop +Russell 2000 .*from disk", 15)
        assert "just now" not in terminal.text
        assert terminal.output.count(ENTER.encode()) == 1, "the pane stays in the same screen"
        assert "DEMO" not in terminal.text
        terminal.type("\x03")
        terminal.type("\x03")
        assert terminal.wait() in {0, 130}


def test_killed_at_any_moment_the_next_start_works_and_closing_a_small_pane_keeps_the_picture(
    tmp_path: Path, exchange: Exchange
) -> None:
    environment = surroundings(tmp_path, exchange)
    for patience in (0.5, 2.0):
        with start(environment=environment) as terminal:
            terminal.read(patience, until=lambda: False)
            os.killpg(terminal.process.pid, signal.SIGKILL)
    with start(environment=environment, columns=40, rows=2) as terminal:
        sees(terminal, r"\d,\d{3}\.\d\d")
        shows_a_level_at(terminal, (40, 12))
        hang_up(terminal)
        assert terminal.wait() == 0
        assert b"Traceback" not in terminal.output
    assert 2000 < kept_level(tmp_path) < 4000


def test_without_any_feed_the_demo_is_offered_never_shown_and_left_again(tmp_path: Path) -> None:
    with start(environment=surroundings(tmp_path), columns=40, rows=1) as terminal:
        sees(terminal, DEMO_OFFERED_IN_A_WORD)
        terminal.resize(120, 34)
        sees(terminal, r"(?i)press D")
        assert not LEVEL.search(terminal.text)
        terminal.type("D")
        sees(terminal, LEVEL.pattern)
        sees(terminal, "DEMO")
        terminal.screen.reset()
        terminal.resize(40, 1)
        sees(terminal, LEVEL.pattern)
        sees(terminal, "DEMO")
        terminal.type("L")
        sees(terminal, DEMO_OFFERED_IN_A_WORD)
        assert not LEVEL.search(terminal.text)
        terminal.type("q")
        assert terminal.wait() == 0


def test_a_limited_feed_says_so_and_is_left_in_peace(tmp_path: Path, exchange: Exchange) -> None:
    exchange.fault("*", faults.limited())
    before = len(exchange.requests)
    with start(environment=surroundings(tmp_path, exchange)) as terminal:
        sees(terminal, r"(?i)too many requests|429|rate|limited")
        terminal.read(4, until=lambda: False)
        asked = Counter(r.headers["host"] for r in exchange.requests[before:])
        terminal.process.send_signal(signal.SIGHUP)
        assert terminal.wait() == 0
    assert asked
    assert max(asked.values()) <= MOST_OF_ONE_SOURCE


def test_a_tape_is_played_at_its_own_speed_wound_back_and_left(tmp_path: Path) -> None:
    a_tape(tmp_path / "a.tape")
    with start(
        "replay", str(tmp_path / "a.tape"), environment=without_members(tmp_path)
    ) as terminal:
        sees(terminal, r"REPLAY (?!still)")
        terminal.type(",")
        sees(terminal, r"REPLAY still")
        assert LEVEL.search(terminal.text)
        terminal.type("q")
        assert terminal.wait() == 0
        assert b"Traceback" not in terminal.output
