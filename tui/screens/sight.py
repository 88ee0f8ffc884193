"""Which rows are in sight, once scrolling rests."""

from __future__ import annotations


class Sight:
    """The rows in sight from one paint beat to the next.

    Rows that are only scrolled past are nobody's wish.
    """

    def __init__(self) -> None:
        self._seen: frozenset[str] = frozenset()
        self.wanted: frozenset[str] = frozenset()
        """The rows that were wished for last."""

    def has_come_to_rest(self, rows: frozenset[str]) -> bool:
        """Return whether other rows than those wished for are in sight, as at the last beat."""
        rests = rows == self._seen
        self._seen = rows
        return rests and rows != self.wanted
