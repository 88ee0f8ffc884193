"""The feeds' health: each feed, each datum that could not be renewed, and what was said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.reactive import reactive

from market.health import Look, counted
from market.loop_watch import Stalls
from market.snapshot import Snapshot
from widgets.board import Board, Row
from widgets.board_layout import Seat, seats
from widgets.feeds_rows import COLUMNS, board_of, feeds_of
from widgets.mark import Mark
from widgets.panel import BoardPanel
from widgets.whole_reason import WholeReason

_TABLE_ROWS = 4
"""Rows of the table that stay above a whole reason."""


class FeedsPanel(BoardPanel):
    """Which feeds answer, which do not, why, and when they are asked again."""

    TITLE = "Feeds"
    DEFAULT_CSS = "FeedsPanel.-rule > WholeReason { margin: 0; }"

    feeds: reactive[tuple[str, ...]] = reactive(cast("tuple[str, ...]", ()), repaint=False)
    """The names of the feeds that there are; those nobody has heard of are waiting."""

    notices: reactive[tuple[str, ...]] = reactive(cast("tuple[str, ...]", ()), repaint=False)
    """What the engine has said, oldest first."""

    stalls: reactive[Stalls] = reactive(Stalls(), repaint=False)
    """How often and where the event loops have stood."""

    def compose(self) -> ComposeResult:
        """Hold one board, and below it the reason that has no room in it."""
        yield Board(COLUMNS, empty="no feed was asked yet")
        yield WholeReason()

    def watch_feeds(self) -> None:
        """Tell of other feeds."""
        self.renew()

    def watch_notices(self) -> None:
        """Tell of what was said meanwhile."""
        self.renew()

    def watch_stalls(self) -> None:
        """Tell of stalls."""
        self.renew()

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return how many feeds answer, the title line's count, and how many it leaves out."""
        badge = snapshot.mode.badge
        count, every = counted(snapshot.feeds.values()), feeds_of(snapshot, self.feeds)
        look = Look.LIVE if count.heard and not count.awaited else Look.ABSENT
        if count.failing:
            look = Look.FAILING
        told = f"{badge} {count.ok}/{count.known or len(every)} ok".lstrip()
        others = len(every) - count.known if count.known else 0
        more = f", {count.awaited} awaited" if count.awaited else ""
        more += f", {others} not asked yet" if others else ""
        wordings = (told + more, told) if more else (told,)
        return Mark(look, wordings, is_marked=bool(badge))

    def take(self, snapshot: Snapshot) -> bool:
        """Give the board its rows; it repaints what changed by itself."""
        if self.has_board:
            width = self._board_width
            rows = board_of(snapshot, self.feeds, width, self.notices, self.stalls)
            self.board.show(*rows)
            self._tell_reason()
        return False

    @property
    def _board_width(self) -> int:
        return self.body_width + (2 if self.frame == "box" else 0)

    def _tell_reason(self) -> None:
        """Say the whole reason of the row under the cursor, if the table has no room for it."""
        listing = self.board.listing
        row = None if listing.key is None else listing.find(listing.key)
        placed = seats(listing.columns, listing.needs, listing.sparks, self._board_width)
        has_reasons = listing.columns[-1].id == COLUMNS[-1].id
        text = told_of(row, placed) if row and has_reasons else ""
        room = self.size.height - 3 - _TABLE_ROWS
        self.query_one(WholeReason).tell(text, self.body_width, rows_left=max(0, room))

    def on_board_highlighted(self, event: Board.Highlighted) -> None:
        """Say the reason of the row that the cursor came to."""
        event.stop()
        self._tell_reason()

    def on_resize(self) -> None:
        """Give reasons the room there is now."""
        super().on_resize()
        self.renew()

    @property
    def cursor_symbol(self) -> str | None:
        """Nothing here can be opened."""
        return None

    def on_board_opened(self, event: Board.Opened) -> None:
        """Stop: a feed has no screen of its own. Textual would call the panel's handler too."""
        event.prevent_default()
        event.stop()


def told_of(row: Row, placed: Sequence[Seat]) -> str:
    """Return a row's reason where the columns in sight crop it or leave it out.

    Args:
        row: Of the table.
        placed: Where the columns in sight stand.
    """
    reason, room = row.cells[-1].text, 0
    if placed and placed[-1].column == len(row.cells) - 1:
        *others, last = placed
        filled = [seat.start for seat in others if row.cells[seat.column].text]
        starts = [seat.start for seat in placed if seat.start > max(filled, default=0)]
        start = min(starts) if row.is_spread else last.start
        room = last.start + last.width - start
    return reason if cell_len(reason) > room else ""
