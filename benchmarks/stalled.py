"""What a terminal that nobody reads for a minute costs: a detached or stalled pane."""

from __future__ import annotations

import re
import tempfile
from datetime import datetime, timedelta
from math import inf
from pathlib import Path

from benchmarks.programs import OPEN
from benchmarks.samples import Figure, Measurement
from benchmarks.soak.stage import Stage, stage
from benchmarks.soak.watcher import Watcher
from market.sessions import NEW_YORK

STALLED_S = 60.0
SETTLE_S = 20.0
PATIENCE_S = 30.0
AFTERWARDS = timedelta(seconds=10)
SEED = 7
ANSWERED_S = 8.0
"""Answers to other programs are five seconds apart."""
CURRENT_S = 3
"""A level is current that was one's so many seconds ago: a tick a second, and its way."""
LEVEL = re.compile(r"│ (\d,\d{3}\.\d\d) ")


def measure() -> list[Measurement]:
    """Return what was lost while nobody read, and how soon all was there again."""
    with tempfile.TemporaryDirectory() as folder, stage(Path(folder), OPEN, 1.0, SEED) as pane:
        watcher = Watcher(pane)
        _watch(watcher, pane, PATIENCE_S + SETTLE_S)
        opened, asked = pane.exchange.stream.opened, len(pane.exchange.requests)
        pane.is_read = False
        silent = _watch(watcher, pane, STALLED_S)
        pane.is_read = True
        asked = len(pane.exchange.requests) - asked
        again = _seconds_until_current(pane)
        opened = pane.exchange.stream.opened - opened
    what = "stalled: terminal not read for 60 s"
    return [
        Figure(f"{what}, until what is current shows", "s", again, "<= 1 s"),
        Figure(f"{what}, connections of the stream lost", "", opened, "none"),
        Figure(f"{what}, longest time without live prices", "s", silent, f"<= {ANSWERED_S:.0f} s"),
        Figure(f"{what}, numbers told wrongly", "", len(watcher.wrong), "none"),
        Figure(f"{what}, requests meanwhile", "/min", asked),
    ]


def _watch(watcher: Watcher, pane: Stage, seconds: float) -> float:
    """Let time pass; return for how long at most no answer told all prices as live."""
    end, longest = pane.clock.now() + timedelta(seconds=seconds), timedelta(0)
    well_at = begun = pane.clock.now()
    while (now := pane.clock.now()) < end:
        pane.pass_time()
        watcher.look()
        well_at = max(begun, watcher.well_at or begun)
        longest = max(longest, now - well_at)
    return longest.total_seconds()


def _seconds_until_current(pane: Stage) -> float:
    """Return after how long the terminal has been sent the time and the index of now.

    What was sent is looked at afterwards: to follow a screen takes longer than to paint it.
    """
    terminal, begun = pane.terminal, pane.clock.now()
    terminal.parses, sent = False, list[tuple[datetime, bytes]]()
    while (now := pane.clock.now()) < begun + AFTERWARDS:
        sent.append((now, terminal.pump(0.1)))
    for at, piece in sent:
        terminal.follow(piece)
        if _is_current(pane, at):
            return (at - begun).total_seconds()
    return inf


def _is_current(pane: Stage, now: datetime) -> bool:
    shown = pane.terminal.text
    moments = [now - timedelta(seconds=ago) for ago in range(CURRENT_S + 1)]
    level = LEVEL.search(shown)
    told = {f"{pane.truth.last('^RUT', moment):,.2f}" for moment in moments}
    is_clock_right = any(f"{m.astimezone(NEW_YORK):%H:%M:%S}" in shown for m in moments[:2])
    return is_clock_right and level is not None and level[1] in told


def main() -> None:
    """Run it alone."""
    for each in measure():
        print(each.row())


if __name__ == "__main__":
    main()
