"""The watchlists of this run: symbols by list name, edited one step at a time.

Every edit takes effect in memory first and is then made in the user's settings file, whose
comments and layout stay. A file that cannot be written raises, but costs only that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from tui.settings import DEFAULT_LIST, Settings, SettingsError
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


class WatchlistsError(Exception):
    """A list that cannot be changed or kept: one sentence."""


class _Done(msgspec.Struct, frozen=True):
    """An edit that was made: how to take it back, and what it did to the file if it is alone."""

    back: Edit
    change: Change | None = None


class Watchlists:
    """Several named lists of symbols, one of them shown.

    An edit that cannot be written to the file raises WatchlistsError and holds for this run;
    it is written along with the next one.
    """

    def __init__(
        self,
        lists: Mapping[str, Iterable[str]] | None = None,
        active: str = "",
        path: Path | None = None,
    ) -> None:
        """Take the lists as they are.

        Args:
            lists: Symbols by list name; one empty list if there is none.
            active: The list shown; by default the first.
            path: The settings file to edit; None keeps changes for this run only.
        """
        taken = {name: _unique(symbols) for name, symbols in (lists or {}).items()}
        self._lists: Lists = taken or {DEFAULT_LIST: ()}
        self._on_file = self._lists
        self._active = active if active in self._lists else next(iter(self._lists))
        self._path = path
        self._done: list[_Done] = []
        self._unsaved: list[Edit] = []

    @classmethod
    def from_settings(cls, settings: Settings, path: Path | None) -> Watchlists:
        """Take the lists of the settings; `path` is the file they are kept in."""
        return cls(settings.watchlists.lists, settings.watchlists.active, path)

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
    def lists(self) -> Lists:
        """All lists by name."""
        return self._lists

    @property
    def is_saved(self) -> bool:
        """Whether the file has every edit."""
        return not self._unsaved

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to take back."""
        return bool(self._done)

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
        self._do(Create(self._free_name(name)))

    def rename(self, new_name: str) -> None:
        """Rename the list shown; WatchlistsError if the name cannot be used."""
        self._do(Rename(self._active, self._free_name(new_name)))

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
        """Take back the newest edit; return what that did, empty if there is nothing to undo.

        A file that nobody else touched since is given its former text, every remark included.
        """
        if not self._done:
            return ""
        done = self._done.pop()
        if not self._apply(done.back):
            return ""
        if self._path is not None and done.change is not None and len(self._unsaved) == 1:
            from tui.watchlist_file import taken_back

            if taken_back(self._path, done.change):
                self._unsaved.clear()
                self._on_file = self._lists
        self.save()
        return in_words(done.back)

    def save(self) -> Change | None:
        """Make the edits not yet in the user's file there, as it is on disk now.

        What somebody else changed in the file meanwhile is kept, and shown from now on.

        Returns:
            What became of the file, None if nothing did.

        Raises:
            WatchlistsError: The file cannot be read or written; the edits stay for this run
                and are tried again with the next save.
        """
        if self._path is None or not self._unsaved:
            return None
        from tui.watchlist_file import WatchlistFile

        try:
            file = WatchlistFile.read(self._path, self._on_file)
            for edit in self._unsaved:
                file.apply(edit)
            change = file.write()
        except (OSError, SettingsError) as error:
            raise WatchlistsError(_unsaved_sentence(self._path, error)) from None
        self._unsaved.clear()
        self._adopt(file.lists, is_foreign=file.was_changed)
        return change

    def _adopt(self, lists: Lists, *, is_foreign: bool) -> None:
        self._on_file = {**self._lists, **lists}
        if is_foreign:
            self._lists = self._on_file
            self._done.clear()

    def _do(self, edit: Edit) -> bool:
        back, is_all = inverse(self._lists, edit), not self._unsaved
        if not self._apply(edit):
            return False
        self._done.append(_Done(back))
        change = self.save()
        if is_all and self._done:
            self._done[-1] = _Done(back, change)
        return True

    def _apply(self, edit: Edit) -> bool:
        lists = edited(self._lists, edit)
        if list(lists.items()) == list(self._lists.items()):
            return False
        self._lists = lists
        self._unsaved.append(edit)
        if isinstance(edit, Create):
            self._active = edit.name
        elif self._active not in lists:
            self._active = edit.new_name if isinstance(edit, Rename) else next(iter(lists))
        return True

    def _free_name(self, name: str) -> str:
        name = name.strip()
        if not name or len(name) > MAX_NAME or not name.isprintable() or name == RESERVED:
            raise WatchlistsError(
                f'A list needs a name of 1 to {MAX_NAME} characters other than "{RESERVED}".'
            )
        if name in self._lists:
            raise WatchlistsError(f"There is a list {name} already.")
        return name


def plain_symbol(text: str) -> str:
    """Return a symbol as Yahoo spells it, in capitals; WatchlistsError if it cannot be one."""
    symbol = text.strip().upper()
    if not symbol or len(symbol) > MAX_SYMBOL or not all("!" <= c <= "~" for c in symbol):
        raise WatchlistsError(f"A symbol has 1 to {MAX_SYMBOL} characters and no spaces.")
    return symbol


def _unique(symbols: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(s.strip().upper() for s in symbols))


def _unsaved_sentence(path: Path, error: Exception) -> str:
    reason = error.strerror if isinstance(error, OSError) else str(error).rstrip(".")
    return f"The watchlist change lasts for this run only: {path} was not saved ({reason})."
