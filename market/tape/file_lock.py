"""Who writes to a file: told by a lock of the operating system, which ends with the program."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def lock(file: int, *, wait: bool = False) -> bool:
    """Lock an open file until it is closed, and return whether that went.

    OSError where the file system knows no locks.

    Args:
        file: Its descriptor.
        wait: Until whoever has it locked has only looked at it.
    """
    if sys.platform == "win32":
        import msvcrt

        os.lseek(file, _BEYOND, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        finally:
            os.lseek(file, 0, os.SEEK_SET)
    else:
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
    return True


def is_in_use(path: Path) -> bool:
    """Return whether somebody has locked a file; of a file system without locks nobody has.

    It is locked for a moment to see: who begins just then sees it in use.
    """
    try:
        file = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        return not lock(file)
    except OSError:
        return False
    finally:
        os.close(file)


_BEYOND = 2**40
"""A lock keeps others from reading, where there is one of a part: of none that is ever written."""
