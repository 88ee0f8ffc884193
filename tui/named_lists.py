"""Named lists of symbols in memory: what they hold, one edit at a time, and the way back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from tui.settings import DEFAULT_LIST
from tui.watchlist_edits import (
    Add,
    Change,
    Create,
    Delete,
    Edit,
    Lists,
    Move,
    Remove,
    Rename,
    edited,
    in_words,
    inverse,
)

MAX_NAME = 32
MAX_SYMBOL = 24
RESERVED = "active"
"""The name that means something else in the settings file."""


class WatchlistsError(Exception):
    """A list that cannot be changed or kept: one sentence."""


class Done(msgspec.Struct, frozen=True):
    """An edit that was made: how to take it back, and what it did to a file if it is alone."""

    back: Edit
    change: Change | None = None


class NamedLists:
    """Several named lists of symbols, one of them shown."""

    def __init__(self, lists: Mapping[str, Iterable[str]] | None = None, active: str = "") -> None:
        """Take the lists as they are.

        Args:
            lists: Symbols by list name; one empty list if there is none.
            active: The list shown; by default the first.
        """
        taken = {name: _unique(symbols) for name, symbols in (lists or {}).items()}
        self._lists: Lists = taken or {DEFAULT_LIST: ()}
        self._active = active if active in self._lists else next(iter(self._lists))
        self._done: list[Done] = []

    @property
    def lists(self) -> Lists:
        """All lists by name."""
        return self._lists

    @property
    def names(self) -> tuple[str, ...]:
        """The lists' names in order."""
        return tuple(self._lists)

    @property
    def active(self) -> str:
        """The name of the list shown."""
        return self._active

    @property
    def current(self) -> tuple[str, ...]:
        """The symbols of the list shown, in order."""
        return self._lists[self._active]

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols of all lists, those of the list shown first, each once."""
        others = (s for symbols in self._lists.values() for s in symbols)
        return _unique((*self.current, *others))

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to take back."""
        return bool(self._done)

    @property
    def way_back(self) -> Edit | None:
        """The edit that undoing would make; None if there is nothing to undo."""
        return self._done[-1].back if self._done else None

    def add(self, symbol: str, index: int | None = None) -> bool:
        """Put a symbol into the list shown; False if it is there already.

        Raises:
            WatchlistsError: The text cannot be a symbol.
        """
        return self._do(Add(self._active, plain_symbol(symbol), index))

    def remove(self, symbol: str) -> bool:
        """Take a symbol out of the list shown; False if it is not there."""
        return symbol in self.current and self._do(Remove(self._active, symbol))

    def move(self, symbol: str, by: int) -> bool:
        """Move a symbol down by that many rows, up if negative; False at the end of the list."""
        if symbol not in self.current:
            return False
        index = self.current.index(symbol) + by
        target = min(max(0, index), len(self.current) - 1)
        return self._do(Move(self._active, symbol, target))

    def create(self, name: str) -> None:
        """Begin an empty list and show it; WatchlistsError if the name cannot be used."""
        self._do(Create(self.free_name(name)))

    def rename(self, new_name: str) -> None:
        """Rename the list shown; WatchlistsError if the name cannot be used."""
        self._do(Rename(self._active, self.free_name(new_name)))

    def delete(self) -> None:
        """Give the list shown up; WatchlistsError if it is the only one."""
        if len(self._lists) == 1:
            raise WatchlistsError(f"{self._active} is the only list and stays.")
        self._do(Delete(self._active))

    def activate(self, name: str) -> None:
        """Show another list; WatchlistsError if there is none of that name."""
        if name not in self._lists:
            raise WatchlistsError(f"There is no list {name}; known are {', '.join(self.names)}.")
        self._active = name

    def undo(self) -> str:
        """Take back the newest edit; return what that did, empty if there is nothing to undo."""
        if not self._done:
            return ""
        back = self._done.pop().back
        return in_words(back) if self._apply(back) else ""

    def free_name(self, name: str) -> str:
        """Return a name for a list without blanks around it.

        Raises:
            WatchlistsError: It is empty, too long, reserved or taken.
        """
        name = name.strip()
        if not name or len(name) > MAX_NAME or not name.isprintable() or name == RESERVED:
            raise WatchlistsError(
                f'A list needs a name of 1 to {MAX_NAME} characters other than "{RESERVED}".'
            )
        if name in self._lists:
            raise WatchlistsError(f"There is a list {name} already.")
        return name

    def _do(self, edit: Edit) -> bool:
        """Make an edit; return whether it changed anything."""
        back = inverse(self._lists, edit)
        if not self._apply(edit):
            return False
        self._done.append(Done(back))
        return True

    def _apply(self, edit: Edit) -> bool:
        lists = edited(self._lists, edit)
        if list(lists.items()) == list(self._lists.items()):
            return False
        self._lists = lists
        if isinstance(edit, Create):
            self._active = edit.name
        elif self._active not in lists:
            self._active = edit.new_name if isinstance(edit, Rename) else next(iter(lists))
        return True


def plain_symbol(text: str) -> str:
    """Return a symbol as Yahoo spells it, in capitals; WatchlistsError if it cannot be one."""
    symbol = text.strip().upper()
    if not symbol or len(symbol) > MAX_SYMBOL or not all("!" <= c <= "~" for c in symbol):
        raise WatchlistsError(f"A symbol has 1 to {MAX_SYMBOL} characters and no spaces.")
    return symbol


def _unique(symbols: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(s.strip().upper() for s in symbols))
