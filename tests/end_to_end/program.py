"""The installed command in a pseudo-terminal, against a local exchange."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.terminal import Terminal
from tests.exchange import Exchange, feed_variables


def captop_command() -> str:
    """The console script of this environment."""
    beside = Path(sys.executable).with_name("captop")
    found = str(beside) if beside.exists() else shutil.which("captop")
    assert found, "captop is not installed in this environment"
    return found


def surroundings(home: Path, exchange: Exchange | None = None, **more: str) -> dict[str, str]:
    """Environment variables that keep the program in a folder and off the real hosts.

    Args:
        home: The folder.
        exchange: What plays the feeds; without it none can be reached.
        more: Further variables.
    """
    return {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_STATE_HOME": str(home / "state"),
        **feed_variables(exchange),
        **more,
    }


def without_members(home: Path, exchange: Exchange | None = None) -> dict[str, str]:
    """The same, with prices and funds only: to count the index costs a second of CPU."""
    off = {f"CAPTOP_FEEDS__{feed}__ENABLED": "0" for feed in ("ISHARES", "NASDAQ")}
    return surroundings(home, exchange, **off)


def start(
    *arguments: str, environment: Mapping[str, str], columns: int = 120, rows: int = 34
) -> Terminal:
    """Start captop at a terminal of a size."""
    return Terminal(
        [captop_command(), *arguments],
        columns=columns,
        rows=rows,
        environment={**os.environ, **environment},
    )
