"""The programs that are measured: captop on a filled cache without a network, and controls."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmarks.terminal import Terminal
from market.archive import Archive
from market.clock import Clock, SimulatedClock, WallClock
from market.errands import next_errands
from market.fold import fold
from market.quotes import Key
from market.snapshot import empty_snapshot
from tests.exchange import Exchange, feed_variables
from tui.settings import Settings, read_settings
from tui.wiring import ARCHIVE_FILE, live_feeds

LEVEL = "2,9"
"""The first digits of the index level that the local exchange quotes."""
OPEN = datetime.fromisoformat("2026-08-04T14:32:00-04:00")
"""A Tuesday afternoon in New York, with the market open."""


@dataclass(frozen=True, slots=True)
class Household:
    """A home folder with a filled cache."""

    home: Path
    exchange: Exchange
    at: datetime | None = None
    """When its clocks began; None where they are the computer's own."""

    def environment(self, *, reachable: bool) -> dict[str, str]:
        """Return the variables that keep captop in this home."""
        return {
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_CACHE_HOME": str(self.home / "cache"),
            **feed_variables(self.exchange if reachable else None),
        }

    def command(self, *arguments: str) -> list[str]:
        """Return what starts captop, by its clock."""
        if self.at is None:
            return [sys.executable, "-m", "tui", *arguments]
        return [sys.executable, "-m", "benchmarks.pane", f"--at={self.at.isoformat()}", *arguments]

    def captop(self, *arguments: str, reachable: bool = False) -> Terminal:
        """Start captop in a terminal of 120x34."""
        return Terminal(self.command(*arguments), environment=self.environment(reachable=reachable))

    def watched(self, report: Path) -> Terminal:
        """Start captop with the exchange in reach; a report tells what loading everything took."""
        command = [sys.executable, "-m", "benchmarks.pane", f"--report={report}"]
        return Terminal(command, environment=self.environment(reachable=True))

    def run_once(self) -> None:
        """Make one pass over the exchange, which fills the cache."""
        subprocess.run(
            self.command("snapshot", "--json"),
            env={**os.environ, **self.environment(reachable=True)},
            stdout=subprocess.DEVNULL,
            check=True,
        )

    @property
    def archive(self) -> Path:
        """The file of what is known about members, of a home whose cache is filled."""
        (path,) = self.home.rglob(ARCHIVE_FILE)
        return path


@contextmanager
def empty_household(at: datetime | None = None) -> Generator[Household]:
    """Give a home in which captop has never run, and a local exchange, at an instant or now."""
    clock = WallClock() if at is None else SimulatedClock(at)
    with tempfile.TemporaryDirectory() as folder, Exchange(now=clock.now) as exchange:
        yield Household(Path(folder), exchange, at)


@contextmanager
def household(at: datetime | None = None) -> Generator[Household]:
    """Give a home whose cache one pass over a local exchange has filled."""
    with empty_household(at) as home:
        home.run_once()
        yield home


def fill(home: Household) -> None:
    """Have the archive hold what errands bring in the first two hours: pages and the past of all.

    The errands are the program's own, and so are the answers and the archive; only the request
    budget is left out.
    """
    settings = read_settings(None, environ=home.environment(reachable=True)).settings
    clock = WallClock() if home.at is None else SimulatedClock(home.at)
    asyncio.run(_filled(settings, home.archive, clock))


async def _filled(settings: Settings, path: Path, clock: Clock) -> None:
    yahoo, archive = live_feeds(settings, clock)["yahoo"], Archive(path)
    known = fold(empty_snapshot(clock.now(), cast=settings.cast), archive.load(), clock.now())
    asked: set[Key] = set()
    try:
        while keys := [key for key in next_errands(known, clock.now()) if key not in asked]:
            asked.update(keys)
            for query in yahoo.plan(keys):
                now = clock.now()
                known = fold(known, yahoo.parse(query, await yahoo.fetch(query), now), now)
        archive.save(known, final=True)
    finally:
        archive.close()
        await yahoo.aclose()


def empty_app(*arguments: str) -> Terminal:
    """Start the control, an empty Textual app, in a terminal of 120x34."""
    return Terminal([sys.executable, "-m", "benchmarks.empty_app", *arguments])
