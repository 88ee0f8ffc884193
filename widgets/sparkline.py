"""A sparkline before it is drawn: values as heights that the eye can tell apart in one row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import msgspec

from widgets.picture import LARGEST, finite


class Spark(msgspec.Struct, frozen=True):
    """A sparkline before it is drawn: what the eye can tell apart in one row of braille.

    A new price seldom moves a dot, so drawings remembered by their dots are seldom redrawn.
    """

    levels: tuple[int | None, ...]
    """Heights of 0 to 3 dots, oldest first; None is a gap."""
    width: int
    ascii_only: bool


def spark_of(values: Sequence[float | None], width: int, *, ascii_only: bool = False) -> Spark:
    """Return what would be drawn of some values in `width` cells."""
    kept = _thinned(values, 2 * width)
    known = [value for value in kept if value is not None and -LARGEST <= value <= LARGEST]
    if len(known) < 2:
        return Spark((), width, ascii_only)
    low, high = min(known), max(known)
    span = high - low
    heights = [round((value - low) / span * 3) for value in known] if span else [1] * len(known)
    return Spark(tuple(_with_gaps(kept, heights)), width, ascii_only)


def runs_within(
    values: Sequence[float | None], width: int, band: tuple[float | None, float | None]
) -> list[tuple[int, bool]]:
    """Return how many cells of a sparkline on end lie within a band or outside, from the left.

    A cell is where the last value that begins in it is; one without any goes on as before.
    """
    kept = _thinned(values, 2 * width)
    low = -LARGEST if band[0] is None else band[0]
    high = LARGEST if band[1] is None else band[1]
    along = (2 * width - 1) / max(1, len(kept) - 1)
    told = {
        int(place * along + 0.5) // 2: low <= value <= high
        for place, value in enumerate(kept)
        if value is not None
    }
    flags = [False]
    for cell in range(width):
        flags.append(told.get(cell, flags[-1]))
    return [(len(list(run)), is_within) for is_within, run in groupby(flags[1:])]


def _with_gaps(values: Sequence[float | None], heights: Sequence[int]) -> Sequence[int | None]:
    """Return the heights of the known values, and None where there is none to draw."""
    if len(heights) == len(values):
        return heights
    left = iter(heights)
    return [None if finite(value) is None else next(left) for value in values]


def _thinned(values: Sequence[float | None], most: int) -> Sequence[float | None]:
    """Return at most that many values: of each group the last, so that the newest stays."""
    count = len(values)
    if count <= most:
        return values
    return [values[(index + 1) * count // most - 1] for index in range(most)]
