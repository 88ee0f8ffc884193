"""The sparklines of a board: drawn between paints, so that a paint is short.

A drawing costs plotext a millisecond or two, more than all the rest of a row. When many change at
once, rows show their previous drawing until the new ones have been drawn, one by one between keys.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from widgets import plotting
from widgets.board_model import Cell
from widgets.sparkline import Spark


class Sparks:
    """Remembers what each cell showed, and which cells are owed a newer drawing."""

    def __init__(self) -> None:
        self.owed: dict[tuple[str, int], Spark] = {}
        """What is to be drawn for which (row, column), the longest owed first."""
        self._shown: dict[tuple[str, int], str] = {}
        self._values: dict[tuple[str, int], Sequence[float | None]] = {}
        """What the drawings are of."""
        self._draws = True

    def begin(self) -> None:
        """Begin a paint: the first one draws, later ones leave it for after."""
        self._draws = not self._shown

    def forget(self) -> None:
        """Draw everything anew: the columns or the look have changed."""
        self._shown.clear()
        self._values.clear()
        self.owed.clear()

    def text(self, place: tuple[str, int], cell: Cell, width: int, *, ascii_only: bool) -> str:
        """Return a cell's drawing; its previous one, or blanks, while a newer one is owed."""
        values = cell.spark or ()
        if self._values.get(place) is values and place not in self.owed:
            return self._shown[place]
        self._values[place] = values
        spark = plotting.spark_of(values, width, ascii_only=ascii_only)
        if self._draws or plotting.is_drawn(spark):
            self.owed.pop(place, None)
            return self._draw(place, spark)
        self.owed[place] = spark
        return self._shown.get(place, " " * width)

    def retain(self, rows: Collection[str]) -> set[str]:
        """Let go of what other rows are owed; return those, to be painted anew when in sight."""
        gone = {row for row, _ in self.owed if row not in rows}
        self.owed = {place: spark for place, spark in self.owed.items() if place[0] not in gone}
        return gone

    def draw_next(self) -> str | None:
        """Draw what was owed longest; return its row, None if nothing is owed."""
        if not self.owed:
            return None
        place = next(iter(self.owed))
        self._draw(place, self.owed.pop(place))
        return place[0]

    def _draw(self, place: tuple[str, int], spark: Spark) -> str:
        drawing = self._shown[place] = plotting.drawing_of(spark)
        return drawing
