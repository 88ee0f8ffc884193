"""The painted part of a board: rows by the Line API, under a line of titles that stays.

A line is painted only when its row, its place or the layout changed, and painted rows are kept,
so that thousands of rows cost no more than the ones in sight.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from widgets.board_layout import seats
from widgets.board_listing import Listing
from widgets.board_marks import NO_CHANGES, Changes
from widgets.board_model import UNSORTED, Column, Sort
from widgets.board_paint import Look, StripStore, message_strip
from widgets.palette import app_of, ascii_of, grounded, palette_of
from widgets.parts import ScrollPart
from widgets.plotting import is_ready

_HEADLESS_BELOW = 3
"""Lines under which a board gives its title line to the rows."""


class BoardTable(ScrollPart):
    """Rows in, lines out. What the user does with them is the board's."""

    empty: reactive[str] = reactive("")
    """What stands there while there are no rows at all."""

    def __init__(self, columns: Sequence[Column], *, empty: str = "nothing to show") -> None:
        super().__init__()
        self.listing = Listing(columns)
        self.strips = StripStore()
        self.set_reactive(BoardTable.empty, empty)
        self._signature: object = None
        self.ranking = UNSORTED
        """The order that rows are given in; its column carries the arrow while no sort is set."""
        self.shown_sort = Sort()
        self.shown_filter = ""
        self.is_searched = False
        """Whether a filter is typed: the cursor shows then, though the keys go there."""

    def on_unmount(self) -> None:
        """Let go of what was painted, as panels do."""
        self.strips.use(self.strips.look)

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
        palette, is_ascii = palette_of(app_of(self)), ascii_of(self)
        room = width - self.scrollbar_size_vertical  # a cell stays free beside the scrollbar too
        filters = tuple(app_of(self).get_line_filters())
        signature = (
            listing.version, width, room, ground, id(palette), filters, is_ascii, is_ready()
        )  # fmt: skip
        if signature != self._signature:
            self._signature = signature
            placed = seats(listing.columns, listing.needs, listing.sparks, room)
            _, background = self.background_colors
            styles, ground = grounded(palette, ground, filters, background)
            look = Look(listing.columns, placed, width, styles, ground, is_ascii)
            self.strips.use(look)
        return self.strips.look

    @property
    def shown_order(self) -> Sort:
        """What the rows in sight are ordered by: the sort, else the ranking they came in."""
        return self.ranking if self.shown_sort.column is None else self.shown_sort

    def render_lines(self, crop: Region) -> list[Strip]:
        """Render, after looking once whether the layout or the theme changed.

        A board has no border, padding or opacity of its own, so its lines are its content's.
        """
        self.look()
        lines = [*self._lines(crop.line_range)]
        if crop.column_span != (0, self.size.width):
            lines = [line.crop_extend(*crop.column_span, self.strips.look.ground) for line in lines]
        return lines

    def _lines(self, lines: range) -> Iterator[Strip]:
        """Yield some lines of the widget: the titles stay, rows scroll below them."""
        strips, titles, order = self.strips, self.titles, self.listing.order
        if lines.start < titles:
            yield strips.titles(self.shown_order)
        top, stop = (y - titles + self.scroll_offset.y for y in (lines.start, lines.stop))
        top = max(top, self.scroll_offset.y)
        has_cursor = self.has_focus or self.is_searched
        cursor = self.listing.cursor.index if has_cursor else None
        for index, row in enumerate(order[top:stop], top):
            yield strips.row(row, self.marks_of(row.key), is_cursor=index == cursor)
        if not order and top == 0 < stop:
            yield message_strip(self._emptiness, strips.look)
        blank = Strip.blank(strips.look.width, strips.look.ground)
        yield from (blank for _ in range(max(top, len(order), 1), stop))

    @property
    def _emptiness(self) -> str:
        if self.listing.is_known:
            return f"no match for “{self.shown_filter.strip()}”"
        return self.empty

    def in_sight(self) -> list[tuple[str | None, bool]]:
        """Return what each line of the body shows: (key, whether the cursor is on it)."""
        top, body, cursor = self.scroll_offset.y, self.body, self.listing.cursor.index
        keys: list[str | None] = [*self.listing.order.keys(top, top + body)]
        keys += [None] * (body - len(keys))
        return [(key, index == cursor) for index, key in enumerate(keys, top)]

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
            line
            for line, (old, new) in enumerate(zip(before, self.in_sight(), strict=False))
            if old != new or new[0] in changed
        ]
        if lines:
            self.refresh(*(Region(0, a + titles, width, b - a) for a, b in _runs(lines)))


def _runs(lines: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield lines that follow each other as one, (first, one past the last): a region each."""
    first = lines[0]
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        if following != line + 1:
            yield first, line + 1
            first = following or 0
