"""One line of a board as Textual takes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from rich.segment import Segment
from textual.strip import Strip


class Line(Strip):
    """A strip that is quickly divided before its last cell, where a scrollbar may stand.

    A plain strip remembers itself as what it was divided into: garbage that only a full collection
    finds, a line for each that is painted.
    """

    __slots__ = ("_beside",)

    def __init__(self, segments: Iterable[Segment], cell_length: int | None = None) -> None:
        super().__init__(segments, cell_length)
        self._beside: tuple[Strip, Strip] | None = None
        """The line without its last cell, and that cell."""

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """Divide the line at some cells; those from its end on divide nothing."""
        places, length = tuple(cuts), self.cell_length
        if all(place >= length for place in places):
            return (self,)
        if places == (length - 1, length) and self._segments[-1].cell_length == 1:
            if self._beside is None:
                *segments, last = self._segments
                self._beside = Strip(segments, length - 1), _alone(last)
            return self._beside
        return super().divide(places)


@lru_cache(maxsize=16)
def _alone(cell: Segment) -> Strip:
    """Return a cell as a strip: nearly all lines end in the same one."""
    return Strip([cell], 1)
