"""The one table: keyed rows that update in place, with sort, filter, cursor and sparklines.

The board binds no keys: screens do with it what the program's one table of keys says.
"""

from __future__ import annotations

from textual import events
from textual.scroll_view import ScrollView

from widgets.board_model import Cell, Column, Row, Sort
from widgets.board_order import BoardMessage, BoardOrder

__all__ = ["Board", "BoardMessage", "Cell", "Column", "Row", "Sort"]


class Board(BoardOrder, ScrollView, can_focus=True):
    """What the user does with a table: move, open, sort, search, by keys and by mouse."""

    DEFAULT_CSS = """
    Board {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
    }
    """

    _clicked: str | None = None
    """The row that a second click opens."""

    def move(self, delta: int) -> None:
        """Move the cursor by rows, no further than the ends."""
        self._clicked = None
        self.go(self.listing.cursor.index + delta)

    def page(self, delta: float) -> None:
        """Move the cursor by that many pages; half a page is 0.5."""
        rows = max(1, int(abs(delta) * self.body))
        self.move(rows if delta > 0 else -rows)

    def home(self) -> None:
        """Move the cursor to the first row."""
        self.move(-len(self.listing.order))

    def end(self) -> None:
        """Move the cursor to the last row."""
        self.move(len(self.listing.order))

    def match(self, delta: int) -> None:
        """Move to the next or previous row that matches the filter, around the ends."""
        if count := len(self.listing.order):
            self.go((self.listing.cursor.index + delta) % count)

    def open(self) -> None:
        """Enter the row under the cursor: that chooses it, if a filter has put it there too."""
        if self.cursor_key is not None:
            self.go(self.listing.cursor.index)
            self.post_message(self.Opened(self, self.cursor_key))

    def cycle_sort(self) -> None:
        """Sort by the next column in sight, from the one that orders rows now; around the end.

        The given order has its turn at the column that it ranks by, else after the last.
        """
        columns = [self.listing.columns[seat.column] for seat in self.look().seats]
        ids = [column.id for column in columns if column.sortable]
        given = self.ranking.column if self.ranking.column in ids else None
        stops: list[str | None] = list(ids) if given is not None else [*ids, None]
        now = self.shown_order.column
        place = stops.index(now if now in stops else given)
        following = stops[(place + 1) % len(stops)]
        if following is None or following == given:
            self.sort = Sort()
        else:
            self.sort_by(following)

    def reverse_sort(self) -> None:
        """Turn the order round, also that of a ranking; any other given order stays."""
        order = self.shown_order
        if order.column is not None:
            self.sort = Sort(order.column, not order.reverse)

    def sort_by(self, column_id: str) -> None:
        """Sort by a column, its usual way first; by the one already sorted by, the other way."""
        if column_id == self.shown_order.column:
            self.reverse_sort()
            return
        for column in self.listing.columns:
            if column.id == column_id and column.sortable:
                self.sort = Sort(column_id, column.descending_first)

    def on_click(self, event: events.Click) -> None:
        """Sort by a title, choose a row, or open the row that was just clicked."""
        place = event.get_content_offset(self)
        if place is None:
            return
        event.stop()
        if place.y < self.titles:
            self._click_title(place.x)
        else:
            self._click_row(place.y - self.titles + self.scroll_offset.y)

    def _click_title(self, x: int) -> None:
        for seat in self.look().seats:
            if seat.start <= x <= seat.start + seat.width:
                self.sort_by(self.listing.columns[seat.column].id)

    def _click_row(self, index: int) -> None:
        if index >= len(self.listing.order):
            return
        key = self.listing.order[index].key
        if key == self._clicked:
            self.open()
            return
        self.go(index)
        self._clicked = key

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self.measure()
        self.follow_cursor()

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh_cursor()

    def on_blur(self) -> None:
        """Hide the cursor: only one list on the screen has the keys."""
        self._clicked = None
        self.refresh_cursor()
