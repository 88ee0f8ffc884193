"""Memory that is free again goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

A_BLOCK_MADE_AND_FREED = """
import ctypes
from market.freed_memory import LARGE, give_back_what_is_free

fields = [(n, ctypes.c_size_t) for n in ("arena", "ordblks", "smblks", "hblks")]
fields.append(("_", ctypes.c_size_t * 6))
MallInfo = type("MallInfo", (ctypes.Structure,), {"_fields_": fields})
library = ctypes.CDLL(None)
if hasattr(library, "mallinfo2"):
    library.mallinfo2.restype = MallInfo
    give_back_what_is_free()
    before = library.mallinfo2().hblks
    for _ in range(3):
        block = bytearray(2 * LARGE)
        print(library.mallinfo2().hblks - before)
        del block
    print(library.mallinfo2().hblks - before)
"""
"""Prints how many blocks more are the system's own, while one is in use and after it."""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc is asked for it")
def test_a_large_block_stays_the_systems_own_however_often_one_was_freed() -> None:
    done = subprocess.run(
        [sys.executable, "-c", A_BLOCK_MADE_AND_FREED], capture_output=True, text=True, check=True
    )
    if not done.stdout:
        pytest.skip("only glibc 2.33 and later tells it")
    assert done.stdout.split() == ["1", "1", "1", "0"]
