"""Keys that act on the rows of the focused list: cursor, sort and filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.keys import KEYS, Scope
from tui.screens.panel_screen import PanelScreen
from widgets.board import Board
from widgets.strips import plain

if TYPE_CHECKING:
    from tui.filter_line import FilterLine

LIST_ACTIONS = frozenset(line.action_name for line in KEYS if line.scope is Scope.LIST)


class RowScreen(PanelScreen):
    """The part of a market screen that drives boards."""

    @property
    def focused_board(self) -> Board | None:
        """The list that has the keys."""
        if isinstance(self.focused, Board):
            return self.focused
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
        return super().check_action(action, parameters)

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
        self._match(1)

    def action_previous_match(self) -> None:
        """Previous match."""
        self._match(-1)

    def _match(self, step: int) -> None:
        if (board := self.focused_board) is None:
            return
        board.match(step)
        if not board.listing.order:
            text = plain(board.filter_text, 20)
            self.say(f"no row matches {text}" if text else "there is no row here")
