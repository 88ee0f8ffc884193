"""The pane in its terminal and the servers around it: all that can be disturbed."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.frames_app import unshared_bytes
from benchmarks.soak.clock import Dial, SoakClock
from benchmarks.soak.keyboard import ESCAPE
from benchmarks.soak.pane import dial_file, log_file, stacks_file, tasks_file
from benchmarks.soak.truth import Truth
from benchmarks.terminal import Terminal
from tests.exchange import Exchange, feed_variables
from tui.status_file import ASKED_FILE, Table, answer_in
from tui.whole_file import replace_file

BEAT_S = 0.05
"""Seconds between two looks at anything."""
REPAINTED_S = 2.0
"""Until a screen that could not follow does so again."""
KEPT_BYTES = 20_000
"""Of what captop wrote: it ends with a traceback after a crash."""
PATIENCE_S = 15.0
"""Of the market, until an unanswered request is given up."""
SHORTEST_PATIENCE_S = 0.5
"""Of a real clock: the servers take their time too."""


class Stage:
    """One run of captop, by a clock that runs `rate` times as fast."""

    def __init__(
        self,
        folder: Path,
        exchange: Exchange,
        terminal: Terminal,
        *,
        clock: SoakClock,
        truth: Truth,
        rate: float,
    ) -> None:
        self.beats = 0
        """How many moments have passed."""
        self.exchange = exchange
        self.clock = clock
        """The right one, by which the servers go."""
        self.terminal = terminal
        self.truth = truth
        self.rate = rate
        self.dial = Dial(dial_file(folder))
        self.is_read = True
        """Whether somebody takes what the terminal is sent."""
        self._watched_from = 0
        """The first moment at which the screen can be of now again."""
        self._is_asleep, self._asleep_since = False, 0.0
        self._folder = folder
        self._cache = folder / "cache" / "captop"

    @property
    def is_running(self) -> bool:
        """Whether captop has not ended."""
        return self.terminal.process.poll() is None

    @property
    def is_watched(self) -> bool:
        """Whether the screen has been able to follow for a while."""
        return self.beats > self._watched_from

    def pass_time(self) -> None:
        """Let a moment pass."""
        self.beats += 1
        if not self.is_read or self._is_asleep:
            self._watched_from = self.beats + round(REPAINTED_S / BEAT_S)
        if not self.is_read:
            time.sleep(BEAT_S)
            return
        self.terminal.read(BEAT_S)
        self.terminal.output = self.terminal.output[-KEPT_BYTES:]

    def is_every(self, seconds: float) -> bool:
        """Return whether so many real seconds have passed again."""
        return self.beats % max(1, round(seconds / BEAT_S)) == 0

    def signal(self, number: signal.Signals) -> None:
        """Send captop a signal."""
        os.kill(self.terminal.process.pid, number)

    def fall_asleep(self) -> None:
        """Have the computer of captop sleep."""
        self._is_asleep = True
        self._asleep_since = self.clock.monotonic()
        self.signal(signal.SIGSTOP)

    def wake_up(self) -> None:
        """Wake it up: only the clock on the wall has gone on."""
        self.dial.slept += self.clock.monotonic() - self._asleep_since
        self._is_asleep = False
        self.signal(signal.SIGCONT)

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the terminal, which is drawn anew then."""
        self.terminal.screen.reset()
        self.terminal.resize(columns, rows)

    def go_home(self) -> None:
        """Go back to the overview, whatever is open."""
        for _ in range(8):
            self.terminal.type(ESCAPE)
            self.terminal.read(0.1)

    def ask(self, names: Iterable[str]) -> None:
        """Ask for metrics as `captop status` does; the cache may be out of order."""
        now = (self.clock.now() + timedelta(seconds=self.dial.ahead)).timestamp()
        with suppress(OSError):
            replace_file(self._cache / ASKED_FILE, json.dumps(dict.fromkeys(names, now)).encode())

    def answer(self) -> Table:
        """Return what captop told last."""
        return answer_in(self._cache)

    def log(self) -> list[str]:
        """Return the lines of its log."""
        path = log_file(self._folder)
        return path.read_text(errors="replace").splitlines() if path.exists() else []

    def unshared_bytes(self) -> int:
        """Return the memory that captop has for itself, 0 once it has ended."""
        return unshared_bytes(self.terminal.process.pid) if self.is_running else 0

    def held(self) -> dict[str, int]:
        """Return what captop holds now: unshared bytes, tasks, threads, open files."""
        process = Path(f"/proc/{self.terminal.process.pid}")
        self._count_tasks()
        return {
            "bytes": self.unshared_bytes(),
            "tasks": int(tasks_file(self._folder).read_text()),
            "threads": len(list((process / "task").iterdir())),
            "files": len(list((process / "fd").iterdir())),
        }

    def last_words(self) -> str:
        """Return what captop wrote last, without the terminal's codes."""
        self.terminal.read(1.0)
        return _CODES.sub(b"", self.terminal.output).decode(errors="replace")

    def stacks(self) -> str:
        """Return where captop's threads are."""
        self.signal(signal.SIGUSR2)
        self.terminal.read(1.0)
        return stacks_file(self._folder).read_text()

    def _count_tasks(self) -> None:
        path = tasks_file(self._folder)
        path.unlink(missing_ok=True)
        self.signal(signal.SIGUSR1)
        self.terminal.read(5.0, until=lambda: path.exists() and bool(path.read_text()))


_CODES = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-Z\\^_]|\r")


@contextmanager
def stage(folder: Path, start: datetime, rate: float, seed: int) -> Generator[Stage]:
    """Start servers and captop.

    Args:
        folder: Where captop is at home.
        start: The instant at which time begins.
        rate: How fast it goes.
        seed: Of the prices.
    """
    origin = time.monotonic()
    clock = SoakClock(start, rate, origin)
    Dial(dial_file(folder))
    with (
        Exchange(now=clock.now, seed=seed) as exchange,
        Terminal(
            _command(folder, start, rate, origin), environment=_environment(folder, exchange, rate)
        ) as terminal,
    ):
        truth = Truth(seed, start)
        yield Stage(folder, exchange, terminal, clock=clock, truth=truth, rate=rate)


def _command(folder: Path, start: datetime, rate: float, origin: float) -> list[str]:
    own = [f"--start={start.isoformat()}", f"--rate={rate}", f"--origin={origin!r}"]
    return [sys.executable, "-m", "benchmarks.soak.pane", *own, f"--folder={folder}"]


def _environment(folder: Path, exchange: Exchange, rate: float) -> dict[str, str]:
    return {
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_STATE_HOME": str(folder / "state"),
        "CAPTOP_FEEDS__TIMEOUT_S": str(max(SHORTEST_PATIENCE_S, PATIENCE_S / rate)),
        **feed_variables(exchange),
    }
