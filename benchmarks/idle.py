"""A pane left open in a closed and in an open market, against an app with a clock."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from benchmarks.programs import LEVEL, OPEN, empty_app, fill, household
from benchmarks.samples import Comparison, Measurement
from benchmarks.terminal import Terminal

EVENING_S = 90.0
"""How long captop has run on an evening before: what it asks for once is kept then."""
SETTLE_S = 12.0
WATCH_S = 60.0
"""What captop does once a minute, saving and looking for what is missing, is among it."""
CONTROL_S = 20.0
SWITCH_S = 2.0
"""A pane that loses the focus is painted once in other colours."""
FOCUS_LOST = "\x1b[O"
CLOSED = datetime.fromisoformat("2026-08-04T21:30:00-04:00")
"""A Tuesday night, after the last trade outside regular hours."""


class Spent(NamedTuple):
    """What a program spent in a second, on average."""

    cpu_s: float
    wake_ups: float
    written: float
    """Bytes to the terminal."""


class Runs(NamedTuple):
    """The same of several runs."""

    cpu_s: tuple[float, ...]
    wake_ups: tuple[float, ...]
    written: tuple[float, ...]


def measure(runs: int = 2) -> list[Measurement]:
    """Return what an evening's household spends, focused and unfocused, against the control."""
    focused: list[Spent] = []
    unfocused: list[Spent] = []
    control: list[Spent] = []
    trading: list[Spent] = []
    with household(CLOSED) as home:
        fill(home)
        with home.captop(reachable=True) as terminal:
            terminal.wait_for(LEVEL)
            terminal.read(EVENING_S)
        for _ in range(runs):
            with home.captop(reachable=True) as terminal:
                focused.append(_idle(terminal, LEVEL, WATCH_S))
                terminal.type(FOCUS_LOST)
                terminal.read(SWITCH_S)
                unfocused.append(_spent(terminal, WATCH_S))
            with empty_app("--clock") as terminal:
                control.append(_idle(terminal, "READY", CONTROL_S))
    with household(OPEN) as home:
        fill(home)
        for _ in range(runs):
            with home.captop(reachable=True) as terminal:
                trading.append(_idle(terminal, LEVEL, WATCH_S))
    looked_at, left, clock, open_ = (
        Runs(*zip(*spent, strict=True)) for spent in (focused, unfocused, control, trading)
    )
    return [
        Comparison("idle: focused, CPU", "s/s", looked_at.cpu_s, clock.cpu_s, "<= 2x"),
        Comparison("idle: unfocused, CPU", "s/s", left.cpu_s, looked_at.cpu_s, "<= 1x"),
        Comparison("idle: focused, wake-ups", "/s", looked_at.wake_ups, clock.wake_ups, "<= 16"),
        Comparison("idle: focused, written", "B/s", looked_at.written, clock.written, "<= 300"),
        Comparison("idle: open market, CPU", "s/s", open_.cpu_s, clock.cpu_s),
        Comparison("idle: open market, wake-ups", "/s", open_.wake_ups, clock.wake_ups),
        Comparison("idle: open market, written", "B/s", open_.written, clock.written),
    ]


def _idle(terminal: Terminal, text: str, seconds: float) -> Spent:
    terminal.wait_for(text)
    terminal.read(SETTLE_S)
    return _spent(terminal, seconds)


def _spent(terminal: Terminal, seconds: float) -> Spent:
    cpu_s, wake_ups, written = terminal.cpu_seconds(), terminal.wake_ups(), len(terminal.output)
    terminal.read(seconds)
    return Spent(
        (terminal.cpu_seconds() - cpu_s) / seconds,
        (terminal.wake_ups() - wake_ups) / seconds,
        (len(terminal.output) - written) / seconds,
    )
