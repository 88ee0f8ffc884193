"""Going up and down between market screens."""

from __future__ import annotations

from collections.abc import Mapping

from tui.screens.fitting import FittingScreen


class WayScreen(FittingScreen):
    """The part of a market screen that knows the way up and down."""

    @property
    def hint_labels(self) -> Mapping[str, str]:
        """What the footer says of keys that do something else just now, by id."""
        board = self.focused_board
        is_filtered = board is not None and bool(board.filter_text)
        return {"go.up": "clear filter"} if is_filtered and not self.is_zoomed else {}

    def action_open(self) -> None:
        """Open what the cursor is on."""
        board, panel = self.focused_board, self.focused_panel
        if board is not None:
            board.open()
        elif panel is not None:
            panel.action_open()

    def go_down(self, screen: WayScreen) -> None:
        """Show a screen one level down, once: a second wish that is late comes to nothing."""
        if self.program.screen is self:
            self.program.push_screen(screen)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the way up only where there is one."""
        if action == "up":
            board = self.focused_board
            is_filtered = board is not None and bool(board.filter_text)
            return self.is_zoomed or is_filtered or self.has_way_up
        return super().check_action(action, parameters)

    def action_up(self) -> None:
        """Undo zoom, then the filter, then go up one level."""
        board = self.focused_board
        if self.is_zoomed:
            self.zoom(None)
            self.call_after_refresh(self.give_keys)
        elif board is not None and board.filter_text:
            board.filter_text = ""
            self.refresh_bindings()
        elif self.has_way_up:
            self.dismiss()

    @property
    def has_way_up(self) -> bool:
        """Whether another market screen lies below this one."""
        return sum(isinstance(s, WayScreen) for s in self.program.screen_stack) > 1
