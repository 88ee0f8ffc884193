"""A program in a pseudo-terminal: type keys, read its screen, count its CPU time."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

READ_BYTES = 65_536
_WOKEN = re.compile(r"^voluntary_ctxt_switches:\s+(\d+)", re.MULTILINE)
_OWN = {
    "TERM": "xterm-256color",
    "COLORTERM": "truecolor",
    "LANG": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "",  # what is measured is running, not compiling
}


class Terminal:
    """One program and the terminal it believes to sit at."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 34,
        environment: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self.output = b""
        """Everything the program has written."""
        self.parses = True
        """Whether `screen` follows the output."""
        self._stream = pyte.ByteStream(self.screen)
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        surroundings = {**os.environ, **_OWN, **(environment or {})}
        for size in ("COLUMNS", "LINES"):  # the terminal itself knows
            surroundings.pop(size, None)
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=surroundings,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509  no threads are running here
        )
        os.close(slave)

    def __enter__(self) -> Self:
        """Use it in a with statement."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the program if it still runs."""
        self.close()

    @property
    def text(self) -> str:
        """The screen as text, a line a row."""
        return "\n".join(self.screen.display)

    def type(self, keys: str | bytes) -> None:
        """Send keys as they are, or bytes that are none."""
        os.write(self._master, keys if isinstance(keys, bytes) else keys.encode())

    def read(self, seconds: float, *, until: Callable[[], bool] | None = None) -> bool:
        """Read what the program writes until a condition holds or time is up."""
        deadline = time.monotonic() + seconds
        while not (until is not None and until()):
            left = deadline - time.monotonic()
            if left <= 0 or not self.pump(left):
                return until is not None and until()
        return True

    def wait_for(self, text: str, seconds: float = 20.0) -> None:
        """Read until the screen shows a text; TimeoutError with the screen if it never does."""
        if not self.read(seconds, until=lambda: text in self.text):
            raise TimeoutError(f"{text!r} did not appear within {seconds} s:\n{self.text}")

    def pump(self, seconds: float) -> bytes:
        """Read once, waiting at most so long; nothing means silence or the end."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return b""
        try:
            data = os.read(self._master, READ_BYTES)
        except OSError:
            return b""
        self.output += data
        if self.parses:
            self.follow(data)
        return data

    def follow(self, data: bytes) -> None:
        """Have the screen show what the program has written."""
        self._stream.feed(data)

    def resize(self, columns: int, rows: int) -> None:
        """Change the terminal's size."""
        self.screen.resize(rows, columns)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.killpg(self.process.pid, signal.SIGWINCH)

    def cpu_seconds(self) -> float:
        """Return the CPU time of the program's threads so far (Linux)."""
        nanoseconds = 0
        for stat in Path(f"/proc/{self.process.pid}/task").glob("*/schedstat"):
            with contextlib.suppress(OSError):
                nanoseconds += int(stat.read_text().split()[0])
        return nanoseconds / 1e9

    def wake_ups(self) -> int:
        """Return how often the program's threads have gone to sleep and woken so far (Linux)."""
        woken = 0
        for status in Path(f"/proc/{self.process.pid}/task").glob("*/status"):
            with contextlib.suppress(OSError):
                woken += int(_WOKEN.findall(status.read_text())[0])
        return woken

    def resident_bytes(self) -> int:
        """Return the program's resident memory (Linux)."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def wait(self, seconds: float = 10.0) -> int:
        """Read until the program ends and return its exit code."""
        self.read(seconds, until=lambda: self.process.poll() is not None)
        return self.process.wait(timeout=seconds)

    def close(self) -> None:
        """Kill the program and close the terminal."""
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        with contextlib.suppress(OSError):
            os.close(self._master)


def _take_terminal() -> None:
    """Make the slave the controlling terminal, so that ctrl+c and resizing work."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
