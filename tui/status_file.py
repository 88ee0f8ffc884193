"""The two small files between a running captop and `captop status`: what is asked, and the answer.

Readers name metrics in one file, the instance that runs answers them in the other, and only while
somebody reads. Both are JSON and are replaced whole, so that nobody ever reads half of one.
`captop status` must answer at once: this module imports nothing heavy.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias, cast

from tui.whole_file import replace_file

ASKED_FILE, ANSWER_FILE = "status.asked", "status.json"
Table: TypeAlias = Mapping[str, object]
READ_WITHIN_S = 600
"""How long after it was last asked for a metric is told on."""
ASKED_AGAIN_S = 60
"""How often a reader says that it still reads."""
MOST_NAMES, LONGEST_NAME = 200, 120
"""Bounds of what is told."""


def asked_in(folder: Path, now: float) -> dict[str, float]:
    """Return the metrics that somebody reads, and when each was last asked for.

    Nothing where the file is missing or damaged.

    Args:
        folder: Where the files are.
        now: Seconds since 1970.
    """
    told = _object_in(folder / ASKED_FILE)
    found = {name: at for name, at in told.items() if isinstance(at, int | float)}
    return {name: float(at) for name, at in found.items() if _is_read(name, at, now)}


def _is_read(name: str, at: float, now: float) -> bool:
    return len(name) <= LONGEST_NAME and 0 <= now - at < READ_WITHIN_S


def ask(folder: Path, names: Iterable[str], now: float) -> None:
    """Ask for metrics on behalf of a reader, unless they were asked for just now.

    OSError if the folder cannot be written.
    """
    asked, wanted = asked_in(folder, now), tuple(dict.fromkeys(names))
    if all(now - asked.get(name, -math.inf) < ASKED_AGAIN_S for name in wanted):
        return
    newest_first = {**dict.fromkeys(wanted, now), **{n: asked[n] for n in asked.keys() - wanted}}
    told = json.dumps(dict([*newest_first.items()][:MOST_NAMES]))
    replace_file(folder / ASKED_FILE, told.encode())


def answer_in(folder: Path) -> Table:
    """Return the newest answer: `at`, `mode` and `metrics` by name; empty where there is none."""
    return _object_in(folder / ANSWER_FILE)


def table_of(value: object) -> Table:
    """Return what was read as an object; nothing if it is something else."""
    return cast("Table", value) if isinstance(value, dict) else {}


def _object_in(path: Path) -> Table:
    try:
        return table_of(json.loads(path.read_bytes()))
    except (OSError, ValueError, RecursionError):
        return {}
