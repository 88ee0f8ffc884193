"""The log of a pane: what went wrong without anybody having to know, for who looks into it."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path

LOG_FILE = "captop.log"
OLD_FILE = "captop.log.old"
LARGEST = 2**20
"""Bytes from which on a log is put aside, in place of the one that was put aside before."""


def keep_log(folder: Path) -> logging.Handler:
    """Write warnings and errors into a folder from now on; without any there is no file."""
    logging.raiseExceptions = False
    path = folder / LOG_FILE
    with suppress(OSError):
        if path.stat().st_size >= LARGEST:
            path.replace(folder / OLD_FILE)
    handler = _LogFile(path, encoding="utf-8", errors="backslashreplace", delay=True)
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    return handler


def keep_no_log() -> None:
    """Lose warnings and errors in silence: what nobody handles is written to the terminal."""
    logging.getLogger().addHandler(logging.NullHandler())


class _LogFile(logging.FileHandler):
    """What the disk refuses is lost in silence: a log ends nothing, nor is it told in a pane."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line, if the file can be opened."""
        with suppress(OSError):
            super().emit(record)
