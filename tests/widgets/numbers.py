"""What a panel's text may not do when it becomes narrow: cut a number, overflow, overfill."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from widgets.lines import Line, text_of, width_of

HEIGHTS = (0, 1, 2, 3, 5, 8, 13, 21, 40)
"""Every second one is tried at a width, the others at its neighbours."""
_NUMBER = re.compile(r"[+−]?\d[\d,]*(?:\.\d+)?[KMBTx]?")


def numbers_in(lines: Sequence[Line]) -> set[str]:
    """Return all numbers that stand in some lines."""
    return {match for line in lines for match in _NUMBER.findall(text_of(line))}


def assert_good_at_all_sizes(paint: Callable[[int, int], Sequence[Line]]) -> None:
    """Paint at every width, low and high, and compare the numbers with those of ample room."""
    whole = set[str]()
    for width in (300, 60, 40):
        whole |= numbers_in(paint(width, 60))
    for width in (*range(1, 60), 80, 120, 200):
        for height in HEIGHTS[width % 2 :: 2]:
            lines = paint(width, height)
            assert len(lines) <= height
            assert all(width_of(line) <= width for line in lines), (width, height, lines)
            assert numbers_in(lines) <= whole, (width, height)
