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
from pathlib import Path

from benchmarks.terminal import Terminal
from market.archive import Archive
from market.clock import WallClock
from market.errands import next_errands
from market.fold import fold
from market.quotes import Key
from market.snapshot import empty_snapshot
from tests.exchange import Exchange, feed_variables
from tui.settings import Settings, read_settings
from tui.wiring import ARCHIVE_FILE, live_feeds

LEVEL = "2,9"
"""The first digits of the index level that the local exchange quotes."""


@dataclass(frozen=True, slots=True)
class Household:
    """A home folder with a filled cache."""

    home: Path
    exchange: Exchange

    def environment(self, *, reachable: bool) -> dict[str, str]:
        """Return the variables that keep captop in this home."""
        return {
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_CACHE_HOME": str(self.home / "cache"),
            **feed_variables(self.exchange if reachable else None),
        }

    def captop(self, *arguments: str, reachable: bool = False) -> Terminal:
        """Start captop in a terminal of 120x34."""
        command = [sys.executable, "-m", "tui", *arguments]
        return Terminal(command, environment=self.environment(reachable=reachable))


@contextmanager
def household() -> Generator[Household]:
    """Give a home whose cache one pass over a local exchange has filled."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Exchange(now=WallClock().now) as exchange,
    ):
        home = Household(Path(folder), exchange)
        subprocess.run(
            [sys.executable, "-m", "tui", "snapshot", "--json"],
            env={**os.environ, **home.environment(reachable=True)},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        yield home


def fill(home: Household) -> None:
    """Have the archive hold what errands bring in the first two hours: pages and the past of all.

    The errands are the program's own, and so are the answers and the archive; only the request
    budget is left out.
    """
    settings = read_settings(None, environ=home.environment(reachable=True)).settings
    (path,) = home.home.rglob(ARCHIVE_FILE)
    asyncio.run(_filled(settings, path))


async def _filled(settings: Settings, path: Path) -> None:
    clock = WallClock()
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
