"""Keys that act on the rows of the focused list, and on the symbol under its cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.desk import Desk
from tui.keys import KEYS, Scope
from tui.screens.panel_screen import PanelScreen
from tui.screens.way_down import is_group
from widgets.board import Board
from widgets.watchlist import WatchlistPanel

if TYPE_CHECKING:
    from tui.filter_line import FilterLine

LIST_ACTIONS = frozenset(line.action_name for line in KEYS if line.scope is Scope.LIST)
WATCHLIST_ACTIONS = frozenset(line.action_name for line in KEYS if line.scope is Scope.WATCHLIST)


class RowScreen(PanelScreen):
    """The part of a market screen that drives boards and watchlists."""

    desk: Desk
    _taken_out: str | None = None
    """The symbol that the last key took out of the watchlist; the same key puts it back."""

    @property
    def focused_board(self) -> Board | None:
        """The list that has the keys."""
        panel = self.focused_panel
        return next(iter(panel.query(Board)), None) if panel is not None else None

    @property
    def cursor_symbol(self) -> str | None:
        """The symbol that keys mean now."""
        panel = self.focused_panel
        return panel.cursor_symbol if panel is not None else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what the focused panel can do, and nothing else."""
        if action in LIST_ACTIONS:
            return self.focused_board is not None
        if action in WATCHLIST_ACTIONS:
            return isinstance(self.focused_panel, WatchlistPanel)
        if action == "watch":
            return self.cursor_symbol is not None
        if action == "undo":
            return self.desk.watchlists.can_undo
        return super().check_action(action, parameters)

    def say(self, text: str) -> None:
        """Tell the user one sentence."""
        raise NotImplementedError

    def lists_changed(self) -> None:
        """Show the watchlists as they are now."""
        raise NotImplementedError

    # Rows

    def action_row_down(self) -> None:
        """Next row."""
        self._move(1)

    def action_row_up(self) -> None:
        """Previous row."""
        self._move(-1)

    def _move(self, rows: int) -> None:
        if (board := self.focused_board) is not None:
            board.move(rows)

    def action_row_first(self) -> None:
        """First row."""
        if (board := self.focused_board) is not None:
            board.home()

    def action_row_last(self) -> None:
        """Last row."""
        if (board := self.focused_board) is not None:
            board.end()

    def action_half_page_down(self) -> None:
        """Half a page down."""
        if (board := self.focused_board) is not None:
            board.page(0.5)

    def action_half_page_up(self) -> None:
        """Half a page up."""
        if (board := self.focused_board) is not None:
            board.page(-0.5)

    def action_sort(self) -> None:
        """Sort by the next column."""
        if (board := self.focused_board) is not None:
            board.cycle_sort()

    def action_reverse(self) -> None:
        """Reverse the order."""
        if (board := self.focused_board) is not None:
            board.reverse_sort()

    # The filter

    async def action_filter(self) -> None:
        """Type a filter for the list that has the keys."""
        if (board := self.focused_board) is not None:
            line = await self._filter_line()
            line.open_for(board)

    async def _filter_line(self) -> FilterLine:
        """Return the line to type in; the first filter brings it."""
        from tui.filter_line import FilterLine

        for line in self.query(FilterLine):
            return line
        line = FilterLine()
        await self.mount(line, before="KeyBar")
        return line

    def action_next_match(self) -> None:
        """Next match."""
        if (board := self.focused_board) is not None:
            board.action_next_match()

    def action_previous_match(self) -> None:
        """Previous match."""
        if (board := self.focused_board) is not None:
            board.action_previous_match()

    # The watchlists

    def action_watch(self) -> None:
        """Put the symbol into the watchlist, or take it out."""
        symbol = self.cursor_symbol
        if symbol is not None and is_group(symbol):
            self.say("a group is no symbol to watch; open it and watch its members")
        elif symbol is not None and not self._put_back():
            is_out = symbol in self.desk.watchlists.current
            if isinstance(self.focused_panel, WatchlistPanel) and self.focused_board is not None:
                self.focused_board.move(0)
            self._edited(self.desk.watching.toggle(symbol))
            self._taken_out = symbol if is_out else None

    def _put_back(self) -> bool:
        """Put back what the last key took out while the cursor still stands in for it."""
        board, symbol = self.focused_board, self._taken_out
        is_there = isinstance(self.focused_panel, WatchlistPanel) and board is not None
        if symbol is None or not is_there or symbol in self.desk.watchlists.current:
            return False
        if board is None or board.listing.cursor.chosen != symbol:
            return False
        self._edited(self.desk.watching.undo())
        return True

    def go_to_watched(self, symbol: str) -> None:
        """Put the watchlist's cursor on a symbol that was just added."""
        for panel in self.query(WatchlistPanel):
            place = panel.board.listing.place(symbol)
            if place is not None:
                panel.board.go(place)

    def action_undo(self) -> None:
        """Undo the last change of a list."""
        self._edited(self.desk.watching.undo())

    def action_move_down(self) -> None:
        """Move the row down."""
        self._move_watched(1)

    def action_move_up(self) -> None:
        """Move the row up."""
        self._move_watched(-1)

    def _move_watched(self, step: int) -> None:
        if (symbol := self.cursor_symbol) is not None:
            self._edited(self.desk.watching.move(symbol, step))

    def action_next_list(self) -> None:
        """Show the next watchlist."""
        self._edited(self.desk.watching.step(1))

    def action_previous_list(self) -> None:
        """Show the previous watchlist."""
        self._edited(self.desk.watching.step(-1))

    def _edited(self, sentence: str) -> None:
        self._taken_out = None
        self.lists_changed()
        self.say(sentence)
