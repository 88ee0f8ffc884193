"""The sparklines of a board: only a few are drawn anew between two paints.

A drawing costs plotext most of a millisecond. When many change at once, rows show their previous
drawing for a frame or two rather than let a key wait.
"""

from __future__ import annotations

from collections.abc import Sequence

from widgets import plotting

FRESH_A_PAINT = 4


class Sparks:
    """Remembers what each cell showed, and which rows are owed a newer drawing."""

    def __init__(self) -> None:
        self.owed: dict[str, None] = {}
        """Rows that show a previous drawing, the longest owed first."""
        self._shown: dict[tuple[str, int], str] = {}
        self._left = FRESH_A_PAINT

    def grant(self) -> None:
        """Allow a few more drawings: a frame has passed, or news have come."""
        self._left = FRESH_A_PAINT

    def settle(self) -> frozenset[str]:
        """Return the next few rows to be painted anew; the others are owed still."""
        paid = frozenset(list(self.owed)[:FRESH_A_PAINT])
        for row in paid:
            del self.owed[row]
        return paid

    def forget(self) -> None:
        """Draw everything anew: the columns or the look have changed."""
        self._shown.clear()
        self.owed.clear()

    def text(
        self, row: str, column: int, values: Sequence[float | None], width: int, *, ascii_only: bool
    ) -> str:
        """Return a cell's drawing, or its previous one if enough were drawn for now."""
        spark = plotting.spark_of(values, width, ascii_only=ascii_only)
        before = self._shown.get((row, column))
        if not plotting.is_drawn(spark):
            if before is not None and self._left <= 0:
                self.owed[row] = None
                return before
            self._left -= 1
        self.owed.pop(row, None)
        drawing = plotting.drawing_of(spark)
        self._shown[row, column] = drawing
        return drawing
