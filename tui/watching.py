"""What the user does to the watchlists, each with the sentence that says so."""

from __future__ import annotations

from collections.abc import Callable

from tui.watchlist_edits import in_words
from tui.watchlist_keeper import EditOf, WatchlistKeeper
from tui.watchlists import Watchlists, WatchlistsError

UNSAVED = "demo: the list is not saved"


class Watching:
    """The lists of this run, kept in the user's file by a thread of its own.

    While the simulated market is shown they are a copy that is never saved.
    """

    def __init__(self, lists: Watchlists, changed: Callable[[], None]) -> None:
        """Begin with the user's lists.

        Args:
            lists: The user's lists.
            changed: What is to be called after a change.
        """
        self._keeper = WatchlistKeeper(lists) if lists.has_file else None
        self._own = lists.without_file() if lists.has_file else lists
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
            self._copy = self._own.without_file() if unsaved else None

    def toggle(self, symbol: str) -> str:
        """Put a symbol into the shown list, or take it out."""
        lists = self.lists
        if symbol not in lists.current:
            return self.add(symbol)
        done = f"{symbol} taken out of {lists.active}; u undoes"
        return self._edited(lambda lists: lists.remove(symbol), done)

    def add(self, symbol: str) -> str:
        """Put a symbol into the shown list."""
        lists = self.lists
        if symbol in lists.current:
            return f"{symbol} is in {lists.active} already"
        done = f"{symbol} added to {lists.active}; u undoes"
        return self._edited(lambda lists: lists.add(symbol), done)

    def move(self, symbol: str, by: int) -> str:
        """Move a symbol down by that many rows in the shown list, up if negative."""
        return self._edited(lambda lists: lists.move(symbol, by), "")

    def undo(self) -> str:
        """Take back the last change of a list."""
        back = self.lists.way_back
        if back is None:
            return "nothing to undo"
        return self._edited(Watchlists.undo, f"undone: {in_words(back)}")

    def create(self, name: str) -> str:
        """Begin an empty list and show it."""
        done = f"list {name.strip()} begun; W adds a symbol, u undoes"
        return self._edited(lambda lists: lists.create(name), done)

    def rename(self, new_name: str) -> str:
        """Give the shown list another name."""
        name, new_name = self.lists.active, new_name.strip()
        if new_name == name:
            return f"list {name} keeps its name"
        done = f"list {name} is called {new_name} now; u undoes"
        return self._edited(lambda lists: lists.rename(new_name), done)

    def delete(self) -> str:
        """Give the shown list up."""
        done = f"list {self.lists.active} deleted; u brings it back"
        return self._edited(Watchlists.delete, done)

    def step(self, by: int) -> str:
        """Show the next or previous list."""
        names = self.lists.names
        if len(names) < 2:
            return "there is one watchlist; the command New list begins another"
        place = names.index(self.lists.active)
        return self.choose(names[(place + by) % len(names)])

    def choose(self, name: str) -> str:
        """Show a list by name."""
        try:
            self.lists.activate(name)
        except WatchlistsError as error:
            return str(error)
        return f"watchlist {name}"

    def _edited(self, edit: EditOf, done: str) -> str:
        """Make an edit, have it kept, and return the sentence for the user."""
        name = self.lists.active
        try:
            edit(self.lists)
        except WatchlistsError as error:
            done = str(error)
        else:
            if self._keeper is not None and self._copy is None:
                self._keeper.keep(edit, name)
        self._changed()
        return self._with_warning(done)

    def settle(self) -> bool:
        """Take in what became of edits in the file; return whether the lists shown changed.

        What somebody else wrote into the file meanwhile is shown from now on.
        """
        kept = self._keeper.settled(self._own.active) if self._keeper is not None else None
        if kept is None or list(kept.lists.items()) == list(self._own.lists.items()):
            return False
        self._own = kept
        self._changed()
        return self._copy is None

    def next_notice(self) -> str:
        """Return once why edits could not be saved, or nothing."""
        return self._keeper.next_notice() if self._keeper is not None else ""

    def finish(self) -> None:
        """Wait until the file has every edit: the program ends."""
        if self._keeper is not None:
            self._keeper.finish()

    def _with_warning(self, done: str) -> str:
        """Add, once, that nothing is saved."""
        if not self._is_unsaved or self._was_told:
            return done
        self._was_told = True
        return f"{done} ({UNSAVED})" if done else UNSAVED
