"""Who runs: a captop that keeps asking the feeds says so by a lock, which ends with the program."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from weakref import finalize

from market.tape.file_lock import is_in_use, lock

LOCK_FILE = "running.lock"


class Claim:
    """Says in a folder that somebody runs; where another one does already, once that has ended."""

    def __init__(self, folder: Path) -> None:
        """Say so in the cache's folder."""
        self._path = folder / LOCK_FILE
        self._is_held = False

    def renew(self) -> None:
        """Take the lock unless it is held; where a file system knows none, nothing is said."""
        if self._is_held:
            return
        with suppress(OSError):
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            closing = finalize(self, os.close, file)
            try:
                self._is_held = lock(file)
            finally:
                if not self._is_held:
                    closing()


def somebody_runs(folder: Path) -> bool:
    """Return whether a captop runs that keeps its data in a folder."""
    return is_in_use(folder / LOCK_FILE)
