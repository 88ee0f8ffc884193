"""The watchlist: the symbols somebody keeps an eye on, and below them the day of one."""

from __future__ import annotations

from typing import cast

from textual.app import ComposeResult
from textual.reactive import reactive

from market.health import Look
from market.snapshot import Snapshot
from widgets.board import Board
from widgets.frame import PART
from widgets.lines import cropped
from widgets.mark import Mark
from widgets.marking import marker, row_rules
from widgets.panel import BoardPanel
from widgets.values import list_mark
from widgets.watched_chart import WatchedChart, rows_left
from widgets.watchlist_table import WatchRows, columns_for
from widgets.watchlist_view import ListView, list_view, price_names

_NARROW, _SHORT_NAME = 60, 14
"""Cells of a panel below which a list's name is cropped, and to how many."""


class WatchlistPanel(BoardPanel):
    """The symbols somebody keeps an eye on.

    Rows that the list leaves empty show the chart of the symbol under the cursor.
    """

    symbols: reactive[tuple[str, ...]] = reactive(cast("tuple[str, ...]", ()), repaint=False)
    """The list shown, in its order."""
    list_name: reactive[str] = reactive("default", repaint=False)
    list_place: reactive[str] = reactive("", repaint=False)
    """Which of several lists it is: `1/3`; empty when there is one."""
    add_key: reactive[str] = reactive("W", repaint=False)
    """The key that adds a symbol, as people write it."""

    def compose(self) -> ComposeResult:
        """Hold one board, and below it a chart."""
        yield Board(columns_for(ListView()), empty=self._invitation)
        yield WatchedChart()

    @property
    def _invitation(self) -> str:
        return f"an empty list: {self.add_key} adds a symbol"

    def watch_add_key(self) -> None:
        """Name another key."""
        if self.has_board:
            self.board.empty = self._invitation

    def watch_symbols(self) -> None:
        """Show other symbols."""
        self.renew()

    def watch_list_name(self) -> None:
        """Show another list."""
        self.renew()

    def watch_list_place(self) -> None:
        """Show another place among the lists."""
        self.renew()

    def heading(self) -> str:
        """Return title and list; of several its name stays as long as the title does."""
        if not self.list_place:
            return f"Watchlist{PART}{self.list_name}"
        most = _SHORT_NAME if self.size.width < _NARROW else len(self.list_name)
        return f"Watchlist: {cropped(self.list_name, most)}{PART}{self.list_place}"

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the prices, and which feed leaves their changes blank."""
        if not self.symbols:
            badge = snapshot.mode.badge
            return Mark(Look.LIVE, (badge or "no symbols",), bool(badge))
        changes = [f"{snapshot.cast[symbol].slug}.change" for symbol in self.symbols]
        return list_mark(snapshot, price_names(snapshot, self.symbols), changes)

    def take(self, snapshot: Snapshot) -> bool:
        """Give the board its rows; it repaints what changed by itself."""
        if self.has_board:
            view, mark = list_view(snapshot, self.symbols), marker(row_rules(self), snapshot)
            rows = WatchRows(snapshot, self.symbols, self.window, view, mark)
            self.board.show(rows, columns_for(view))
            self._show_chart()
        return False

    def _show_chart(self) -> None:
        """Give the rows that the list leaves over to the chart of the row under the cursor."""
        chart = self.query_one(WatchedChart)
        count = self.board.listing.count
        has_room = self.frame == "box" and count > 0
        chart.rows = rows_left(*self.size, count) if has_room else 0
        chart.take(self.snapshot, self.board.cursor_key, self.window)

    def on_board_highlighted(self, event: Board.Highlighted) -> None:
        """Draw the symbol that the cursor came to."""
        event.stop()
        self._show_chart()

    def on_resize(self) -> None:
        """Give the chart what is left now."""
        if self.has_board:
            self._show_chart()

    def refresh_charts(self) -> None:
        """Draw what could not be drawn at first."""
        super().refresh_charts()
        self.query_one(WatchedChart).repaint()
