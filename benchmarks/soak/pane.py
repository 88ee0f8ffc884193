"""captop in a soak: by a fast clock, with its log in a file.

One signal has it count its tasks, another one tell where its threads are. All other words are
captop's own.
"""

from __future__ import annotations

import argparse
import asyncio
import faulthandler
import gc
import logging
import signal
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from types import FrameType

from benchmarks.soak.clock import Dial, SoakClock


def main() -> int:
    """Run captop, and return its exit code."""
    gc.disable()  # as captop does before it loads anything
    parser = argparse.ArgumentParser(description=__doc__, add_help=False)
    parser.add_argument("--start", type=datetime.fromisoformat, required=True)
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--origin", type=float, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    own, words = parser.parse_known_args()
    sys.argv[1:] = words
    logging.basicConfig(
        filename=log_file(own.folder), level=logging.WARNING, format="%(levelname)s %(message)s"
    )
    clock = SoakClock(own.start, own.rate, own.origin, Dial(dial_file(own.folder)))
    _use(clock)
    faulthandler.register(signal.SIGUSR2, file=stacks_file(own.folder).open("w"))
    signal.signal(signal.SIGUSR1, _Counter(own.folder))
    from tui.__main__ import main as captop

    return captop()


def log_file(folder: Path) -> Path:
    """Where the pane's log is."""
    return folder / "pane.log"


def stacks_file(folder: Path) -> Path:
    """Where the pane's threads are written once they are asked where they are."""
    return folder / "stacks"


def dial_file(folder: Path) -> Path:
    """Where it is said what is wrong with the pane's clock."""
    return folder / "dial"


def tasks_file(folder: Path) -> Path:
    """Where the pane says how many tasks it has."""
    return folder / "tasks"


def _use(made: SoakClock) -> None:
    """Have it be the computer's own clock, before anybody has asked for that."""
    from market import clock

    clock.__dict__["WallClock"] = lambda: made


class _Counter:
    """Counts the tasks of all loops that are under way, garbage left out."""

    def __init__(self, folder: Path) -> None:
        self._path = tasks_file(folder)

    def __call__(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        gc.collect()
        tasks: Iterable[asyncio.Task[object]] = vars(asyncio.tasks)["_all_tasks"]
        self._path.write_text(str(sum(not task.done() for task in list(tasks))))


if __name__ == "__main__":
    sys.exit(main())
