"""The painted part of a board: rows by the Line API, under a line of titles that stays.

A line is painted only when its row, its place or the layout changed, and painted rows are kept,
so that thousands of rows cost no more than the ones in sight.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from widgets.board_layout import seats
from widgets.board_listing import Listing
from widgets.board_marks import NO_CHANGES, Changes
from widgets.board_model import UNSORTED, Column, Sort
from widgets.board_paint import Look, StripStore, grounded, message_strip, title_strip
from widgets.palette import app_of, palette_of
from widgets.plotting import is_ready

BREATH_S = 0.001
"""Pause before each sparkline: what else waits on the loop, such as a key, goes first."""
DRAWN_A_FRAME = 16
"""Sparklines drawn before they are shown: about as many as come between two frames."""
_HEADLESS_BELOW = 3
"""Lines under which a board gives its title line to the rows."""


class BoardTable(ScrollView):
    """Rows in, lines out. What the user does with them is the board's."""

    DEFAULT_CSS = """
    BoardTable {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
    }
    """

    def __init__(self, columns: Sequence[Column], *, empty: str = "nothing to show") -> None:
        super().__init__()
        self.listing = Listing(columns)
        self.strips = StripStore()
        self._payment: Timer | None = None
        self._drawn: set[str] = set()
        """Rows with a new sparkline that is not shown yet."""
        self._empty = empty
        self._signature: object = None
        self.ranking = UNSORTED
        """The order that rows are given in; its column carries the arrow while no sort is set."""
        self.shown_sort = Sort()
        self.shown_filter = ""

    @property
    def titles(self) -> int:
        """Lines the titles take: 1, or 0 on a board too low for them."""
        return int(self.size.height >= _HEADLESS_BELOW)

    @property
    def body(self) -> int:
        """Lines left for rows."""
        return max(0, self.size.height - self.titles)

    def _arrange_scrollbars(self, region: Region) -> Iterator[tuple[Widget, Region]]:
        """Let the scrollbar, the only one there is, stand beside the rows: the titles stay."""
        for bar, place in super()._arrange_scrollbars(region):
            _, beside_rows = place.split_horizontal(self.titles)
            self.vertical_scrollbar.window_size = beside_rows.height
            self.vertical_scrollbar.window_virtual_size = len(self.listing.order)
            yield bar, beside_rows

    def look(self) -> Look:
        """Return what decides how rows are painted now; what was painted otherwise is forgotten."""
        listing, width, ground = self.listing, self.size.width, self.rich_style
        palette, is_ascii = palette_of(app_of(self)), self._is_ascii
        room = width - self.scrollbar_size_vertical  # a cell stays free beside the scrollbar too
        signature = (listing.version, width, room, ground, id(palette), is_ascii, is_ready())
        if signature != self._signature:
            self._signature = signature
            placed = seats(listing.columns, listing.needs, listing.sparks, room)
            styles = grounded(palette, ground)
            self.strips.use(Look(listing.columns, placed, width, styles, ground, is_ascii))
        return self.strips.look

    @property
    def shown_order(self) -> Sort:
        """What the rows in sight are ordered by: the sort, else the ranking they came in."""
        return self.ranking if self.shown_sort.column is None else self.shown_sort

    @property
    def _is_ascii(self) -> bool:
        return bool(getattr(app_of(self), "ascii_only", False))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Render, after looking once whether the layout or the theme changed."""
        self.look()
        sparks = self.strips.sparks
        sparks.begin()
        lines = super().render_lines(crop)
        if sparks.owed and self._payment is None:
            self._payment = self.set_timer(BREATH_S, self._pay)
        return lines

    def _pay(self) -> None:
        """Draw one sparkline that is owed in sight; show them when all, or a frame's, are drawn."""
        drawn, sparks, sight = self._drawn, self.strips.sparks, self.in_sight()
        self.strips.forget(sparks.retain({key for key, _ in sight if key is not None}))
        if (row := sparks.draw_next()) is not None:
            drawn.add(row)
        if sparks.owed and len(drawn) < DRAWN_A_FRAME:
            self._payment = self.set_timer(BREATH_S, self._pay)
            return
        self._payment = None
        self.strips.forget(drawn)
        self.refresh_rows(sight, drawn)
        drawn.clear()

    def render_line(self, y: int) -> Strip:
        """Return one line of the widget: the titles stay, rows scroll below them."""
        look, titles = self.strips.look, self.titles
        if y < titles:
            return title_strip(self.shown_order, look)
        index = y - titles + self.scroll_offset.y
        if index < len(self.listing.order):
            is_cursor = self.has_focus and index == self.listing.cursor.index
            row = self.listing.order[index]
            return self.strips.row(row, self.marks_of(row.key), is_cursor=is_cursor)
        if index == 0:
            return message_strip(self._emptiness, look)
        return Strip.blank(look.width, look.ground)

    @property
    def _emptiness(self) -> str:
        if self.listing.is_known:
            return f"no match for “{self.shown_filter.strip()}”"
        return self._empty

    def in_sight(self) -> list[tuple[str | None, bool]]:
        """Return what each line of the body shows: (key, whether the cursor is on it)."""
        top, order = self.scroll_offset.y, self.listing.order
        cursor = self.listing.cursor.index
        return [
            (order.key(index) if index < len(order) else None, index == cursor)
            for index in range(top, top + self.body)
        ]

    def marks_of(self, key: str) -> Changes:
        """Return which of a row's numbers are marked, and how."""
        del key
        return NO_CHANGES

    def refresh_rows(
        self, before: Sequence[tuple[str | None, bool]], changed: Collection[str]
    ) -> None:
        """Repaint the lines whose row moved or changed since `before`."""
        width, titles = self.size.width, self.titles
        lines = [
            Region(0, line + titles, width, 1)
            for line, (old, new) in enumerate(zip(before, self.in_sight(), strict=False))
            if old != new or new[0] in changed
        ]
        if lines:
            self.refresh(*lines)

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
