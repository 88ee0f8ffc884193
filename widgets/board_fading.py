"""A table whose numbers are marked for about half a second when they change in sight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from textual.timer import Timer

from widgets.board_marks import TICK_S, Changes, Marks, changes
from widgets.board_model import Column, Row
from widgets.board_rows import Rows
from widgets.board_table import BoardTable
from widgets.palette import app_of


class FadingTable(BoardTable):
    """A table with marks. While none stands there is no timer; without animations no mark.

    `TEXTUAL_ANIMATIONS=none` is how users tell that they want nothing to move.
    """

    _fading: Timer | None = None

    def __init__(self, columns: Sequence[Column], *, empty: str = "nothing to show") -> None:
        super().__init__(columns, empty=empty)
        self.marks = Marks()

    def rows_in_sight(self) -> Mapping[str, Row]:
        """Return the rows that lines of the body show, by key."""
        top, order = self.scroll_offset.y, self.listing.order
        return {row.key: row for row in order[top : top + self.body]}

    def changed_since(self, before: Mapping[str, Row]) -> set[str]:
        """Return the keys of the rows that are not what they were in sight."""
        find = self.listing.find
        return {key for key, row in before.items() if (new := find(key)) is not row and new != row}

    def mark_changes(self, before: Mapping[str, Row], changed: AbstractSet[str]) -> None:
        """Mark the numbers that changed in rows that were in sight and still are."""
        if app_of(self).animation_level == "none":
            return
        look, now = self.strips.look, self.rows_in_sight()
        ticks = 1 if self._fading is None else 2  # the one under way is no whole one
        for key in changed & now.keys() & before.keys():
            self.marks.note(key, changes(before[key], now[key], look.columns, look.seats), ticks)
        if self.marks and self._fading is None:
            self._fading = self.set_interval(TICK_S, self.fade)

    def show_anew(self, rows: Rows) -> None:
        """Show the same rows in the order they have, though some say something else by now."""
        seen = self.rows_in_sight()
        self.listing.say_anew(rows)
        if changed := self.changed_since(seen):
            self.refresh_rows(self.in_sight(), changed)
            self.mark_changes(seen, changed)
            self.paint_ahead()

    @property
    def is_still(self) -> bool:
        """Whether no mark stands, and nothing waits for one to be over."""
        return not self.marks and self._fading is None

    def paint_ahead(self) -> None:
        """Paint the rows in sight now, so that the frame that shows them is shorter.

        Taking in rows and showing them are two callbacks of the loop; keys come between.
        """
        self.look()
        for row in self.rows_in_sight().values():
            self.strips.row(row, self.marks_of(row.key))

    def fade(self) -> None:
        """Let time pass for the marks, and paint without them where they are over."""
        over = self.marks.tick()
        if not self.marks and self._fading is not None:
            self._fading.stop()
            self._fading = None
        self.refresh_rows(self.in_sight(), over)

    def marks_of(self, key: str) -> Changes:
        """Return which of a row's numbers are marked, and how."""
        return self.marks.of(key)
