"""The line at the bottom where a filter is typed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, cast

from textual import events
from textual.widgets import Input

from tui.bindings import bindings_of
from tui.keys import Scope, keys_of, line_of
from widgets.board import Board
from widgets.board_rows import RULE_SIGN
from widgets.marking import row_rules
from widgets.palette import app_of
from widgets.strips import plain

if TYPE_CHECKING:
    from market.rules.rows import MarkRule
    from tui.screens.rows import RowScreen


def rules_in_words(begins: str, rules: Iterable[MarkRule]) -> str:
    """Return which rules a word behind the sign may name, or that it names none."""
    told = {f"{RULE_SIGN}{rule.id}": rule.title for rule in rules}
    if not told:
        return "there is no rule about rows; rules.toml is where they are written"
    named = RULE_SIGN + plain(begins, 40)
    found = {name: title for name, title in told.items() if name.startswith(named.casefold())}
    if not found:
        return f"no rule is called {named}; there are {', '.join(told)}"
    return ", ".join(f"{name} {plain(title, 40)}" for name, title in found.items())


class FilterLine(Input):
    """An input that is there only while a list is filtered.

    Everything happens at once and nothing by message: keys typed in one go, `/`, letters,
    enter, must each meet what the one before has done.
    """

    BINDINGS = bindings_of(Scope.FILTER)

    _board: Board | None = None
    """The list that is filtered."""

    def __init__(self) -> None:
        super().__init__(
            placeholder="filter by symbol, name or sector; # for your rules", compact=True
        )
        self.display = False

    def open_for(self, board: Board) -> None:
        """Come up with a list's filter as it is, and take the keys."""
        self._board = None
        self.value = board.filter_text
        self.cursor_position = len(self.value)
        self._board = board
        board.is_searched = True
        self.display = True
        self.screen.set_focus(self)

    def close(self) -> None:
        """Go away, and give the keys back to the list if nothing else took them."""
        if not self.display:
            return
        board, self._board = self._board, None
        if board is not None:
            board.is_searched = False
            board.refresh_cursor()
            if self.screen.focused is self:
                self.screen.set_focus(board)
        self.display = False

    def watch_value(self, value: str) -> None:
        """Filter as typed, and tell the rules while one is named."""
        if self._board is None:
            return
        self._board.filter_text = value
        last = value.rsplit(" ", maxsplit=1)[-1]
        if last.startswith(RULE_SIGN):
            program: RowScreen = cast("RowScreen", self.screen)
            program.say(rules_in_words(last[len(RULE_SIGN) :], row_rules(self)))

    def on_key(self, event: events.Key) -> None:
        """Keep the filter on enter; a key that comes behind it was meant for the list."""
        if not self.display:
            event.prevent_default()
        elif event.key in self._keeping:
            event.stop()
            event.prevent_default()
            self.action_keep_filter()

    @property
    def _keeping(self) -> Collection[str]:
        """The keys that keep the filter, as they may be rebound."""
        keymap: Mapping[str, str] = getattr(app_of(self), "key_overrides", {})
        return keys_of(line_of("filter.keep"), keymap)

    def action_keep_filter(self) -> None:
        """Leave the filter as it is and give the keys back to the list."""
        self.close()

    def action_clear_filter(self) -> None:
        """Show all rows again."""
        self.value = ""
        self.close()

    def on_blur(self) -> None:
        """Keep the filter when something else was clicked."""
        if self.screen.focused is not self:
            self.close()
