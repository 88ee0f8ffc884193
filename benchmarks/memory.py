"""What captop holds: at start, with two years of 2,000 members, after an hour, and what grows."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.programs import LEVEL, OPEN, empty_app, household
from benchmarks.samples import Comparison, Figure, Measurement
from benchmarks.simulated import known_market
from benchmarks.terminal import Terminal
from market.archive import Archive

SETTLE_S = 12.0
"""Until everything is loaded and the census is taken."""
HOUR_S, SPEED = 60.0, 60
"""An hour of the simulated market, and how fast it runs."""
WARM_UP, FRAMES = 2_000, 20_000
MB = 2**20


def measure() -> list[Measurement]:
    """Return resident memory against an empty app, and what is left after 20,000 frames."""
    control = _resident(empty_app, "READY")
    with household(OPEN) as home:
        started = _resident(home.captop, LEVEL)
        _keep_members(home.archive)
        members = _resident(home.captop, LEVEL)
    return [
        Comparison("memory: started from cache, RSS", "MB", (started,), (control,)),
        Comparison(
            "memory: with two years of 2,000 members, RSS",
            "MB", (members,), (control,), "<= 2.3x, <= 4x once pandas is needed",
        ),
        *_hour(control),
        *_growth(),
    ]  # fmt: skip


def _resident(start: Callable[[], Terminal], text: str) -> float:
    """Return the resident memory of a program that has settled, in MB."""
    with start() as terminal:
        terminal.wait_for(text)
        terminal.parses = False
        terminal.read(SETTLE_S)
        return terminal.resident_bytes() / MB


def _keep_members(path: Path) -> None:
    """Have an archive hold what is known of the simulated market's members."""
    archive = Archive(path)
    try:
        archive.save(known_market(), final=True)
    finally:
        archive.close()


def _hour(control: float) -> list[Measurement]:
    """Return the simulated market's memory before and after an hour, in MB."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tui", "--demo", "--at=2026-08-04T10:32"]
        command.append(f"--speed={SPEED}")
        with Terminal(command, environment={"HOME": folder}) as terminal:
            terminal.wait_for("Russell 2000")
            terminal.parses = False
            terminal.read(SETTLE_S)
            before = terminal.resident_bytes() / MB
            for _ in range(int(HOUR_S)):
                terminal.read(1.0)
                terminal.output = b""  # or reading would come to hold the program up
            after = terminal.resident_bytes() / MB
    return [
        Comparison("memory: simulated market, RSS", "MB", (before,), (control,)),
        Comparison("memory: simulated market an hour later, RSS", "MB", (after,), (control,)),
    ]


def _growth() -> list[Measurement]:
    """Return what is held after many frames and was not held after the first ones."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "benchmarks.frames_app", f"--report={report}"]
        command += [f"--warm-up={WARM_UP}", f"--frames={FRAMES}"]
        with Terminal(command, environment={"HOME": folder}) as terminal:
            terminal.parses = False
            while terminal.process.poll() is None:
                terminal.read(1.0)
                terminal.output = b""
        before, after = json.loads(report.read_bytes())
    grown = {name: after[name] - before[name] for name in before}
    what = f"memory: growth over {FRAMES:,} frames"
    return [
        Figure(f"{what}, USS", "MB", grown.pop("bytes") / MB, "<= 1 MB"),
        *(Figure(f"{what}, {name}", "", count, "none") for name, count in grown.items()),
    ]
