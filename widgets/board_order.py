"""A board's rows in order: sorted and filtered, under a cursor that follows its key."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive

from widgets.board_fading import FadingTable
from widgets.board_model import Column, Row, Sort
from widgets.board_rows import Rows


class BoardMessage(Message):
    """What a board tells those around it."""

    def __init__(self, board: BoardOrder) -> None:
        super().__init__()
        self.board = board
        """The board it happened on."""

    @property
    def control(self) -> BoardOrder:
        """The board it happened on, for `on` selectors."""
        return self.board


class BoardOrder(FadingTable):
    """A table of keyed rows in an order of the user's choice."""

    sort: reactive[Sort] = reactive(Sort(), init=False)
    """By which column, and whether the greatest is on top."""
    filter_text: reactive[str] = reactive("", init=False)
    """Words that a row's key or search text must all contain to be shown."""

    class Opened(BoardMessage, namespace="board"):
        """A row was entered: by action, or by a second click."""

        def __init__(self, board: BoardOrder, key: str) -> None:
            super().__init__(board)
            self.key = key

    class Highlighted(BoardMessage, namespace="board"):
        """The cursor came to another row."""

        def __init__(self, board: BoardOrder, key: str) -> None:
            super().__init__(board)
            self.key = key

    class SortChanged(BoardMessage, namespace="board"):
        """The order was changed, by action or by a click on a title."""

        def __init__(self, board: BoardOrder, sort: Sort) -> None:
            super().__init__(board)
            self.sort = sort

    _told: str | None = None
    """The key last told to be highlighted."""

    def show(self, rows: Rows | Sequence[Row], columns: Sequence[Column] | None = None) -> None:
        """Show these rows and only these; what did not change is not painted again.

        Rows come in the order to show unless a sort is set. The cursor stays on its key.
        """
        version, titles = self.listing.version, self.listing.columns
        before, seen = self.in_sight(), self.rows_in_sight()
        was_in_sight = not self.listing.order or any(is_cursor for _, is_cursor in before)
        self.listing.replace(rows, columns)
        changed = self.changed_since(seen)
        self._arrange(before, changed, follow=was_in_sight)
        if self.listing.columns == titles:
            self.mark_changes(seen, changed)
        else:
            self.marks.forget()
        self.paint_ahead()
        if version != self.listing.version:
            self.refresh()

    def rank_by(self, ranking: Sort) -> None:
        """Tell what order rows are given in: its column is marked while no sort is set."""
        if ranking != self.ranking:
            self.ranking = ranking
            self.refresh(Region(0, 0, self.size.width, 1))

    def refresh_charts(self) -> None:
        """Paint again now that lines can be drawn."""
        self.refresh()

    @property
    def cursor_key(self) -> str | None:
        """The key under the cursor; None while no row is shown."""
        return self.listing.key

    def choose(self, key: str) -> bool:
        """Put the cursor on a row; return whether it is shown."""
        place = self.listing.place(key)
        if place is not None:
            self.go(place)
        return place is not None

    def watch_sort(self) -> None:
        """Order anew, and say so. A cursor that nobody moved goes to the new first row."""
        before = self.in_sight()
        self.listing.cursor.forget_standin()
        self._arrange(before, follow=True)
        self.refresh(Region(0, 0, self.size.width, 1))
        self.post_message(self.SortChanged(self, self.sort))

    def watch_filter_text(self) -> None:
        """Filter anew; the cursor goes to the first match where the chosen row is none."""
        before = self.in_sight()
        self.listing.cursor.seek()
        self._arrange(before, follow=True)
        if not self.listing.order:
            self.refresh()

    def refresh_cursor(self) -> None:
        """Repaint the cursor's line."""
        line = self.listing.cursor.index - self.scroll_offset.y
        if 0 <= line < self.body:
            self.refresh(Region(0, line + self.titles, self.size.width, 1))

    def follow_cursor(self) -> None:
        """Scroll as little as brings the cursor's row into sight."""
        index, top = self.listing.cursor.index, self.scroll_offset.y
        if self.body and not top <= index < top + self.body:
            target = index if index < top else index - self.body + 1
            self.scroll_to(y=target, animate=False, force=True, immediate=True)

    def measure(self) -> None:
        """Tell how far rows scroll."""
        lines = len(self.listing.order) + self.titles
        if lines != self.virtual_size.height:
            self.virtual_size = Size(self.size.width, lines)

    def go(self, index: int) -> None:
        """Move the cursor by the user's wish."""
        before = self.in_sight()
        self.listing.cursor.choose(index, self.listing.order)
        self._settled(before, follow=True)

    def rest(self) -> None:
        """Put the cursor on the first row, without taking it for what the user chose."""
        before = self.in_sight()
        self.listing.cursor.rest(self.listing.order)
        self._settled(before, follow=True)

    def _arrange(
        self,
        before: Sequence[tuple[str | None, bool]],
        changed: Collection[str] = (),
        *,
        follow: bool,
    ) -> None:
        """Order the rows and keep the cursor on its key, in sight if it is followed."""
        self.shown_sort, self.shown_filter = self.sort, self.filter_text
        self.listing.arrange(self.sort, self.filter_text)
        self.measure()
        self._settled(before, changed, follow=follow)

    def _settled(
        self,
        before: Sequence[tuple[str | None, bool]],
        changed: Collection[str] = (),
        *,
        follow: bool,
    ) -> None:
        if follow:
            self.follow_cursor()
        self.refresh_rows(before, changed)
        if self.cursor_key is not None and self.cursor_key != self._told:
            self._told = self.cursor_key
            self.post_message(self.Highlighted(self, self._told))
