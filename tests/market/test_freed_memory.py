"""Memory that is free again goes back to the system."""

from __future__ import annotations

import ctypes
import sys

import pytest

from market.freed_memory import LARGE, give_back_what_is_free


class MallInfo(ctypes.Structure):
    """What glibc's `mallinfo2` tells, as far as it is read here."""

    _fields_ = [(name, ctypes.c_size_t) for name in ("arena", "ordblks", "smblks", "hblks")] + [
        ("others", ctypes.c_size_t * 6)
    ]


def blocks_of_their_own() -> int:
    """Return how many blocks are the system's own."""
    library = ctypes.CDLL(None)
    if sys.platform != "linux" or not hasattr(library, "mallinfo2"):
        pytest.skip("only glibc 2.33 and later tells it")
    library.mallinfo2.restype = MallInfo
    count: int = library.mallinfo2().hblks
    return count


def test_a_large_block_stays_the_systems_own_however_often_one_was_freed() -> None:
    give_back_what_is_free()
    before = blocks_of_their_own()
    for _ in range(3):
        block = bytearray(2 * LARGE)
        assert blocks_of_their_own() == before + 1
        del block
    assert blocks_of_their_own() == before
