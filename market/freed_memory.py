"""Memory that is free again goes back to the system."""

from __future__ import annotations

import sys
from collections.abc import Callable

LARGE = 2 * 2**20
"""A block of more bytes is taken from the system by itself, and given back by itself."""
SPARE = 2**20
"""Bytes that are kept free for what comes next; without any, each answer would be slower."""
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""What glibc's `malloc.h` calls the two."""


def give_back_what_is_free() -> None:
    """Have the C library give back large blocks as soon as they are free.

    The census makes tables of 8 MB for moments. glibc takes the first that is freed for a sign that
    such blocks are common, and from then on keeps them. Of other C libraries nothing is asked.
    """
    mallopt = _glibc("mallopt")
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, LARGE)
        mallopt(_TRIM_THRESHOLD, SPARE)


def give_back_what_loading_left() -> None:
    """Give back what lies free between blocks in use, 2 to 6 MB; it takes some milliseconds."""
    malloc_trim = _glibc("malloc_trim")
    if malloc_trim is not None:
        malloc_trim(0)


def _glibc(name: str) -> Callable[..., int] | None:
    """A function of the C library, if that is glibc."""
    if sys.platform != "linux":
        return None
    import ctypes

    return getattr(ctypes.CDLL(None), name, None)
