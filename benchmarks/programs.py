"""The programs that are measured: captop on a filled cache without a network, and controls."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.terminal import Terminal
from market.clock import WallClock
from tests.exchange import Exchange, feed_variables

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


def empty_app(*arguments: str) -> Terminal:
    """Start the control, an empty Textual app, in a terminal of 120x34."""
    return Terminal([sys.executable, "-m", "benchmarks.empty_app", *arguments])
