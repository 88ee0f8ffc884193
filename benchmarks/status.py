"""One line of `captop status`, against a Python that does nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from benchmarks.samples import Comparison, Figure, Measurement, alternately
from market.clock import WallClock
from market.metrics.compute import metric_names
from market.reading import Reading
from market.snapshot import empty_snapshot
from tui.status_file import MOST_NAMES, ask
from tui.status_store import StatusStore

CAPTOP = "import sys; from tui.__main__ import main; sys.exit(main())"
"""What the installed `captop` does."""
BAR = {
    "rut.last": Reading(2996.11),
    "rut.return.1d": Reading(0.0055),
    "vix.last": Reading(16.15),
}
"""What a line shows unless told otherwise."""


def measure(runs: int = 21) -> list[Measurement]:
    """Return the wall time of an answer, and what answering costs the captop that runs."""
    with tempfile.TemporaryDirectory() as home:
        bar = _publish(Path(home), [*BAR])
        wall = alternately(
            lambda: _seconds(["-c", CAPTOP, "status"], Path(home), "RUT 2,996.11 +0.55% VIX"),
            lambda: _seconds(["-c", "pass"], Path(home), ""),
            runs,
        )
    with tempfile.TemporaryDirectory() as home:
        many = _publish(Path(home), metric_names(empty_snapshot(WallClock().now()).cast))
    return [
        Comparison("status: a line, wall, against `python -c pass`", "s", *wall, goal="<= 0.06 s"),
        Figure("status: answering a bar's three metrics", "ms", bar, "<= 1 ms"),
        Figure(f"status: answering {MOST_NAMES} metrics", "ms", many),
    ]


def _publish(folder: Path, names: Sequence[str]) -> float:
    """Answer some metrics in a folder; return the milliseconds of the best of ten answers."""
    now = WallClock().now()
    known = {**dict.fromkeys(names, Reading(16.15, now, "demo")), **BAR}
    ask(folder, names, now.timestamp())
    took: list[float] = []
    for step in range(10):
        readings = {n: replace(r, as_of=now + timedelta(seconds=step)) for n, r in known.items()}
        snapshot = replace(empty_snapshot(now + timedelta(seconds=10)), readings=readings)
        store = StatusStore(folder)
        begun = time.perf_counter()
        store.publish(snapshot)
        took.append(time.perf_counter() - begun)
    return min(took) * 1000


def _seconds(arguments: Sequence[str], cache: Path, said: str) -> float:
    """Return the seconds that a Python takes, which must begin its output so."""
    begun = time.perf_counter()
    run = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "CAPTOP_CACHE__PATH": str(cache)},
        capture_output=True,
        text=True,
        check=False,
    )
    took = time.perf_counter() - begun
    if not run.stdout.startswith(said):
        raise ValueError(f"{arguments} printed {run.stdout!r} {run.stderr!r}")
    return took
