"""A pane at 120x34 that is told ticks by a local server: what they cost, and what is lost."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import IO, NamedTuple, Self, cast

from benchmarks.programs import LEVEL, OPEN, Household, fill, household
from benchmarks.samples import Figure, Measurement
from benchmarks.terminal import Terminal
from benchmarks.ticks import FLAT_OUT
from market.clock import SimulatedClock
from market.feeds.yahoo_stream.places import SIZE
from market.feeds.yahoo_stream.prices import said_name
from market.history import History
from market.instruments import default_cast
from market.quotes import Quote
from tests.exchange import Exchange
from tests.exchange.members import members
from tui.wiring import CACHE_FILE

RATES = (200, 2_000, 10_000, 20_000)
"""Ticks a second, of as many symbols as one connection carries."""
SETTLE_S = 40.0
"""Until all is loaded, and the closes behind the stories have been looked at."""
WATCH_S = 15.0
FLAT_OUT_S = 5.0
LATER = OPEN + timedelta(minutes=3)
"""When the pane begins: after all that its home keeps."""
BEHIND = timedelta(minutes=1)
"""How far the exchange is behind the ticks."""
REST_S = 5.0
"""Until what was told last is on screen."""
GAP_S = 0.015
"""What the terminal is silent for at least between two frames."""
ADDRESS = "CAPTOP_FEEDS__YAHOO_STREAM__BASE_URL"
QUIT = "q"


class Told(NamedTuple):
    """What the server has told so far."""

    ticks: int
    last: Mapping[str, float]
    """The last price of each symbol."""


class Ticks:
    """The server, a process of its own whose time does not count."""

    def __init__(self, at: datetime) -> None:
        command = [sys.executable, "-m", "benchmarks.ticks", f"--at={at.isoformat()}"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self._orders = cast("IO[str]", self._process.stdin)
        self._answers = cast("IO[str]", self._process.stdout)
        self.url = self._answers.readline().strip()

    def __enter__(self) -> Self:
        """Use it in a with statement."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()

    def tell(self, rate: float | str) -> Told:
        """Have so many ticks a second told from now on; return what was told until now."""
        print(rate, file=self._orders)
        answer = json.loads(self._answers.readline())
        return Told(answer["told"], answer["last"])


class Spent(NamedTuple):
    """What ticks at one rate took."""

    cpu_s: float
    """Of all threads, a second."""
    frames: float
    """On the terminal, a second."""
    lost: int
    """Symbols whose last price is not the one that was told last."""


def measure() -> list[Measurement]:
    """Return the share of a core at each rate, what is lost, and the most that is taken."""
    with household(OPEN) as home:
        fill(home)
        watch_many(home)
        spent = {rate: _spent(home, rate) for rate in RATES}
        with later(home) as own:
            most = _most(own)
    return [
        *(row for rate in RATES for row in _rows(rate, spent[rate])),
        Figure("stream: the most that is taken", "ticks/s", most, ">= 50,000"),
    ]


def _rows(rate: int, spent: Spent) -> list[Measurement]:
    goal = "<= 0.15" if rate == 10_000 else ""
    return [
        Figure(f"stream: {rate:,} ticks/s, CPU", "s/s", spent.cpu_s, goal),
        Figure(f"stream: {rate:,} ticks/s, frames", "/s", spent.frames),
        Figure(f"stream: {rate:,} ticks/s, last prices lost", "", spent.lost, "0"),
    ]


def watch_many(home: Household) -> None:
    """Have a watchlist of members, so that all places of one connection are taken."""
    listed = (member.symbol for member in members())
    chosen = [symbol for symbol in listed if symbol not in default_cast().by_symbol][:SIZE]
    folder = home.home / "config" / "captop"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "captop.toml").write_text(f"[watchlists]\nmany = {json.dumps(chosen)}\n")


@contextmanager
def ticking(home: Household, rate: float | str) -> Generator[tuple[Terminal, Ticks]]:
    """Give a pane that is told ticks, and the server; the home is one that `later` gives."""
    with Ticks(LATER) as server:
        surroundings = {**home.environment(reachable=True), ADDRESS: server.url}
        with Terminal(home.command(), environment=surroundings) as terminal:
            terminal.wait_for(LEVEL)
            terminal.parses = False
            server.tell(rate)
            terminal.read(SETTLE_S)
            yield terminal, server


@contextmanager
def later(home: Household) -> Generator[Household]:
    """Give a copy of a home, to begin in once all that it keeps is past.

    Its exchange is behind: an answer is older than any tick, so that none hides a tick's loss.
    """
    behind = SimulatedClock(LATER - BEHIND)
    with TemporaryDirectory() as folder, Exchange(now=behind.now) as exchange:
        copytree(home.home, folder, dirs_exist_ok=True)
        yield replace(home, home=Path(folder), exchange=exchange, at=LATER)


def _spent(home: Household, rate: int) -> Spent:
    with later(home) as own, ticking(own, rate) as (terminal, server):
        cpu_s, begun = terminal.cpu_seconds(), time.monotonic()
        frames = _frames(terminal, WATCH_S)
        cpu_s, took = terminal.cpu_seconds() - cpu_s, time.monotonic() - begun
        server.tell(0)
        terminal.read(REST_S)
        told = server.tell(0)
        terminal.type(QUIT)
        terminal.wait()
        return Spent(cpu_s / took, frames / took, _lost(own, told))


def _frames(terminal: Terminal, seconds: float) -> int:
    """Read for so long; return how many frames have come."""
    frames, now = 0, time.monotonic()
    end, before = now + seconds, 0.0
    while (left := end - now) > 0:
        came = terminal.pump(left)
        now = time.monotonic()
        if came:
            frames += now - before > GAP_S
            before = now
    return frames


def _lost(home: Household, told: Told) -> int:
    """Return of how many symbols another price is kept than the one told last."""
    (path,) = home.home.rglob(CACHE_FILE)
    kept = History.open(path).load(LATER, default_cast())
    quotes: Mapping[str, Quote] = {} if kept is None else kept.quotes
    known = {said_name(symbol): quote for symbol, quote in quotes.items()}
    return sum(_is_lost(known.get(name), price) for name, price in told.last.items())


def _is_lost(known: Quote | None, price: float) -> bool:
    return known is None or known.last != price


def _most(home: Household) -> float:
    """Return how many ticks a second are taken from a server that tells as many as it can."""
    with ticking(home, FLAT_OUT) as (terminal, server):
        begun, before = time.monotonic(), server.tell(FLAT_OUT).ticks
        terminal.read(FLAT_OUT_S)
        return (server.tell(0).ticks - before) / (time.monotonic() - begun)
