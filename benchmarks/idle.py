"""CPU per second of a pane left open in a closed market, against an app with a clock."""

from __future__ import annotations

from benchmarks.programs import LEVEL, empty_app, household
from benchmarks.samples import Comparison, Measurement
from benchmarks.terminal import Terminal

SETTLE_S = 12.0
WATCH_S = 20.0
FOCUS_LOST = "\x1b[O"


def measure(runs: int = 2) -> list[Measurement]:
    """Return CPU seconds per second, focused and unfocused, each against the control."""
    focused: list[float] = []
    unfocused: list[float] = []
    control: list[float] = []
    with household() as home:
        for _ in range(runs):
            with home.captop(reachable=True) as terminal:
                focused.append(_idle(terminal, LEVEL))
                terminal.type(FOCUS_LOST)
                unfocused.append(_rate(terminal))
            with empty_app("--clock") as terminal:
                control.append(_idle(terminal, "READY"))
    return [
        Comparison("idle: focused, CPU", "s/s", tuple(focused), tuple(control), goal="<= 2x"),
        Comparison("idle: unfocused, CPU", "s/s", tuple(unfocused), tuple(focused), "<= 1x"),
    ]


def _idle(terminal: Terminal, text: str) -> float:
    terminal.wait_for(text)
    terminal.read(SETTLE_S)
    return _rate(terminal)


def _rate(terminal: Terminal) -> float:
    before = terminal.cpu_seconds()
    terminal.read(WATCH_S)
    return (terminal.cpu_seconds() - before) / WATCH_S
