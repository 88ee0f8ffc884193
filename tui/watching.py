"""What the user does to the watchlists, each with the sentence that says so."""

from __future__ import annotations

from collections.abc import Callable

from tui.watchlists import Watchlists, WatchlistsError

UNSAVED = "demo: the list is not saved"


class Watching:
    """The lists of this run. While the simulated market is shown, a copy that is never saved."""

    def __init__(self, lists: Watchlists, changed: Callable[[], None]) -> None:
        """Begin with the user's lists.

        Args:
            lists: The user's lists.
            changed: What is to be called after a change.
        """
        self._own = lists
        self._copy: Watchlists | None = None
        self._changed = changed
        self._is_unsaved = False
        self._was_told = False

    @property
    def lists(self) -> Watchlists:
        """The lists that are shown and edited now."""
        return self._own if self._copy is None else self._copy

    def set_unsaved(self, unsaved: bool) -> None:
        """Say whether edits are for the simulated market, and the user's file is to be left."""
        if unsaved != self._is_unsaved:
            self._is_unsaved = unsaved
            self._copy = Watchlists(self._own.lists, self._own.active) if unsaved else None

    def toggle(self, symbol: str) -> str:
        """Put a symbol into the shown list, or take it out."""
        lists = self.lists
        if symbol not in lists.current:
            return self.add(symbol)
        done = f"{symbol} taken out of {lists.active}; u undoes"
        return self._edited(lambda: lists.remove(symbol), done)

    def add(self, symbol: str) -> str:
        """Put a symbol into the shown list."""
        lists = self.lists
        if symbol in lists.current:
            return f"{symbol} is in {lists.active} already"
        done = f"{symbol} added to {lists.active}; u undoes"
        return self._edited(lambda: lists.add(symbol), done)

    def move(self, symbol: str, by: int) -> str:
        """Move a symbol down by that many rows in the shown list, up if negative."""
        return self._edited(lambda: self.lists.move(symbol, by), "")

    def undo(self) -> str:
        """Take back the last change of a list."""
        if not self.lists.can_undo:
            return "nothing to undo"
        return self._edited(self.lists.undo, "undone")

    def step(self, by: int) -> str:
        """Show the next or previous list."""
        names = self.lists.names
        if len(names) < 2:
            return "there is one watchlist; add others in the settings file under [watchlists]"
        place = names.index(self.lists.active)
        return self.choose(names[(place + by) % len(names)])

    def choose(self, name: str) -> str:
        """Show a list by name."""
        try:
            self.lists.activate(name)
        except WatchlistsError as error:
            return str(error)
        return f"watchlist {name}"

    def _edited(self, edit: Callable[[], object], done: str) -> str:
        """Make an edit and tell of it; return the sentence for the user."""
        try:
            edit()
        except WatchlistsError as error:
            done = str(error)
        self._changed()
        return self._with_warning(done)

    def _with_warning(self, done: str) -> str:
        """Add, once, that nothing is saved."""
        if not self._is_unsaved or self._was_told:
            return done
        self._was_told = True
        return f"{done} ({UNSAVED})" if done else UNSAVED
