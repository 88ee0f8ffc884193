"""One line of a board as Textual takes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.strip import Strip


class Line(Strip):
    """A strip that stays whole where nothing of it is cut off.

    A plain strip remembers itself as what it was divided into: garbage that only a full collection
    finds, a line for each that is painted.
    """

    __slots__ = ()

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """Divide the line at some cells; those from its end on divide nothing."""
        places = tuple(cuts)
        within = any(place < self.cell_length for place in places)
        return super().divide(places) if within else (self,)
