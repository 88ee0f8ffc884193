"""Keys that change the watchlists: in, out, up, down, back by undo, and which list is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from market.quotes import Key
from tui.desk import Desk
from tui.keys import KEYS, Scope, key_in_words, keys_of, line_of
from tui.screens.rows import RowScreen
from tui.screens.way_down import is_group
from tui.watchlist_edits import Add, Edit
from widgets.palette import app_of, ascii_of
from widgets.strip_line import StripLine
from widgets.watchlist import WatchlistPanel

WATCHLIST_ACTIONS = frozenset(line.action_name for line in KEYS if line.scope is Scope.WATCHLIST)


class WatchScreen(RowScreen):
    """The part of a market screen that changes the watchlists."""

    desk: Desk
    _taken_out: Edit | None = None
    """How to put back what the last key took out of a list; the same key does it."""

    def lists_changed(self) -> None:
        """Show the watchlists as they are now."""
        lists = self.desk.watchlists
        self.query_one(StripLine).symbols = lists.current
        keymap: Mapping[str, str] = getattr(app_of(self), "key_overrides", {})
        add_key = key_in_words(keys_of(line_of("watch.add"), keymap)[0], ascii_only=ascii_of(self))
        count, place = len(lists.names), lists.names.index(lists.active) + 1
        for panel in self.query(WatchlistPanel):
            panel.add_key = add_key
            panel.list_name = lists.active
            panel.list_place = f"{place}/{count}" if count > 1 else ""
            panel.symbols = lists.current
        self.refresh_bindings()

    def wanted(self) -> Iterable[Key]:
        """Return the data that must be fresh while this screen is shown."""
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done to a watchlist here, and nothing else."""
        if action in WATCHLIST_ACTIONS:
            return isinstance(self.focused_panel, WatchlistPanel)
        if action == "watch":
            symbol = self.cursor_symbol
            return symbol is not None and not is_group(symbol)
        if action == "undo":
            return self.desk.watchlists.can_undo
        return super().check_action(action, parameters)

    def action_watch(self) -> None:
        """Put the symbol into the watchlist, or take it out."""
        symbol = self.cursor_symbol
        if symbol is not None and not self._put_back():
            is_out = symbol in self.desk.watchlists.current
            if isinstance(self.focused_panel, WatchlistPanel) and self.focused_board is not None:
                self.focused_board.move(0)
            self._edited(self.desk.watching.toggle(symbol))
            self._taken_out = self.desk.watchlists.way_back if is_out else None

    def _put_back(self) -> bool:
        """Put back what the last key took out while the cursor still stands in for it."""
        board, back, lists = self.focused_board, self._taken_out, self.desk.watchlists
        if board is None or not isinstance(self.focused_panel, WatchlistPanel):
            return False
        if not isinstance(back, Add) or back is not lists.way_back:
            return False
        if (back.name, back.symbol) != (lists.active, board.listing.cursor.chosen):
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
        board = self.focused_board
        if board is not None and board.sort.column is not None:
            self.say("the list is sorted; press s until it stands in its own order to move rows")
        elif (symbol := self.cursor_symbol) is not None:
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
        self.desk.want(self.wanted())
        self.say(sentence)
