"""captop as it is measured: at an instant of our choosing, and with its loop watched.

`--at INSTANT` is when its clock begins, `--report FILE` is where it is written, once everything is
loaded, what that took: seconds of CPU, and for how long the loop stood still, in milliseconds, less
what its thread waited for a processor: that says how busy the computer was.
All other words are captop's own.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.samples import percentile

BEAT_S = 0.005
AFTER_S = 1.0
"""How long the loop is watched after everything is loaded: the first answers come in."""


def main() -> int:
    """Run captop, and return its exit code."""
    gc.disable()  # as captop does before it loads anything
    parser = argparse.ArgumentParser(description=__doc__, add_help=False)
    parser.add_argument("--at", type=datetime.fromisoformat)
    parser.add_argument("--report", type=Path)
    own, words = parser.parse_known_args()
    sys.argv[1:] = words
    if own.at is not None:
        _begin_at(own.at)
    if own.report is not None:
        _watch(own.report)
    from tui.__main__ import main as captop

    return captop()


def _begin_at(instant: datetime) -> None:
    """Have the computer's own clock begin at an instant, before anybody has asked for it."""
    from market import clock

    clock.__dict__["WallClock"] = partial(clock.SimulatedClock, instant)


def _watch(report: Path) -> None:
    """Have captop's app watched from its first paint on."""
    from tui.app import CaptopApp

    mounted = CaptopApp.on_mount

    def on_mount(self: CaptopApp) -> None:
        mounted(self)
        self.call_after_refresh(Watch(report, _is_loaded).begin)

    CaptopApp.on_mount = on_mount


def _is_loaded() -> bool:
    """Return whether charts, screens, feeds and columns are loaded: all that `captop` loads."""
    from tui.start_app import LATER
    from widgets import plotting

    names = (*LATER, "httpx", "numpy", "market.metrics.census")
    return plotting.is_ready() and all(name in sys.modules for name in names)


def _waited_s() -> float:
    """Return for how long this thread could have run, but others had the processors (Linux)."""
    return int(Path("/proc/thread-self/schedstat").read_bytes().split()[1]) / 1e9


class Watch:
    """Beats on a loop until everything is loaded and a while longer; writes how late they came."""

    def __init__(self, report: Path, is_loaded: Callable[[], bool]) -> None:
        self._report, self._is_loaded = report, is_loaded
        self._late: list[float] = []
        self._cpu = self._due = self._end = self._waited = 0.0

    def begin(self) -> None:
        """Begin to beat."""
        self._loop = asyncio.get_running_loop()
        self._next()

    def _next(self) -> None:
        self._due, self._waited = perf_counter() + BEAT_S, _waited_s()
        self._loop.call_later(BEAT_S, self._beat)

    def _beat(self) -> None:
        now = perf_counter()
        late = now - self._due - (_waited_s() - self._waited)
        self._late.append(max(0.0, late) * 1000)
        if not self._cpu and self._is_loaded():
            self._cpu, self._end = process_time(), now + AFTER_S
        if self._cpu and now > self._end:
            found = {"cpu": self._cpu, "p90": percentile(self._late, 0.9), "max": max(self._late)}
            self._report.write_text(json.dumps(found))
        else:
            self._next()


if __name__ == "__main__":
    sys.exit(main())
