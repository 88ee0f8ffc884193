"""Watchlist edits made in the user's TOML file: comments, order and layout stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping
from pathlib import Path
from typing import cast

import tomlkit
from tomlkit.items import AbstractTable, Array, Item

from tui.settings_file import parsed, settings_text
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
    edited_symbols,
)
from tui.watchlist_rows import Rows
from tui.whole_file import replace_file

TABLE = "watchlists"
ACTIVE = "active"
BOM = b"\xef\xbb\xbf"


class WatchlistFile:
    """The user's settings file, as far as watchlists go."""

    def __init__(self, path: Path, text: str, known: Lists) -> None:
        self._path = path
        self._known = known
        self._document = tomlkit.parse(text)
        self.was_changed = any(known.get(n) != symbols for n, symbols in self.lists.items())
        """Whether somebody else changed a list since `known`."""

    @classmethod
    def read(cls, path: Path, known: Lists) -> WatchlistFile:
        """Read the file as it is now; an empty one if there is none.

        Args:
            path: The settings file.
            known: The lists as they were when the file was last read or written.

        Raises:
            SettingsError: It cannot be read or is not TOML.
        """
        text = settings_text(path) or ""
        parsed(path, text)
        return cls(path, text, known)

    @property
    def lists(self) -> Lists:
        """The lists in the file."""
        if TABLE not in self._document:
            return {}
        table = self._table().items()
        return {name: _symbols(item) for name, item in table if isinstance(item, Array)}

    def apply(self, edit: Edit) -> None:
        """Make one edit; what no longer fits the file changes nothing."""
        table = self._table()
        if not self.lists:
            for name, symbols in self._known.items():
                table[name] = _new_array(symbols)
        match edit:
            case Create(name, symbols):
                table.setdefault(name, _former_array(edit) or _new_array(symbols))
            case Delete(name):
                table.pop(name, None)
            case Rename(name, new_name):
                self._rename(table, name, new_name)
            case Add() | Remove() | Move():
                self._edit_symbols(table, edit)
        self._correct_active(self._table(), edit)

    def write(self) -> Change:
        """Replace the file as a whole, through symbolic links; OSError if it cannot be."""
        path = self._path.resolve()
        before = _content(path)
        mark = BOM if before is not None and before.startswith(BOM) else b""
        change = Change(before, mark + tomlkit.dumps(self._document).encode())
        replace_file(path, change.after, lasts=True)
        return change

    def _table(self) -> MutableMapping[str, Item]:
        if TABLE not in self._document:
            self._document[TABLE] = tomlkit.table()
        return cast("MutableMapping[str, Item]", self._document[TABLE])

    def _rename(self, table: MutableMapping[str, Item], name: str, new_name: str) -> None:
        """Give a list another name where it stands, or behind the others in a split table."""
        if name not in table:
            return
        if not isinstance(table, AbstractTable):
            table[new_name] = table.pop(name)
            return
        body = table.value.body
        for place, (key, item) in enumerate(body):
            if key is not None and key.key == name:
                body[place] = (tomlkit.key(new_name), item)
        self._document = tomlkit.parse(tomlkit.dumps(self._document))

    def _edit_symbols(self, table: MutableMapping[str, Item], edit: Add | Remove | Move) -> None:
        if edit.name not in table:
            table[edit.name] = _new_array(self._known.get(edit.name, ()))
        array = table[edit.name]
        before = self.lists[edit.name]
        after = edited_symbols(before, edit)
        rows = Rows.of(array.as_string()).without_duplicates()
        if rows.symbols != before:
            rows = Rows.of(_new_array(before).as_string())
        table[edit.name] = tomlkit.value(str(self._edited_rows(rows, edit, after)))

    def _edited_rows(self, rows: Rows, edit: Add | Remove | Move, after: tuple[str, ...]) -> Rows:
        before = rows.symbols
        if before == after:
            return rows
        match edit:
            case Add(_, symbol):
                return rows.added(symbol, after.index(symbol))
            case Remove(_, symbol):
                return rows.removed(before.index(symbol))
            case Move():
                return rows.ordered(after)

    def _correct_active(self, table: MutableMapping[str, Item], edit: Edit) -> None:
        """Keep `active` the name of a list when its list is renamed or given up."""
        if str(table.get(ACTIVE)) != edit.name or not isinstance(edit, Rename | Delete):
            return
        first = next(iter(self.lists), None)
        name = edit.new_name if isinstance(edit, Rename) else first
        if name is None:
            del table[ACTIVE]
        else:
            table[ACTIVE] = tomlkit.string(name)


def _symbols(array: Array) -> tuple[str, ...]:
    values = cast("Iterable[object]", array)
    return tuple(dict.fromkeys(v.strip().upper() for v in values if isinstance(v, str)))


def _new_array(symbols: Iterable[str]) -> Item:
    return tomlkit.item(list(symbols))


def _former_array(edit: Create) -> Item | None:
    """Return a list that comes back as it stood in the file, remarks included."""
    document = cast(
        "Mapping[str, Mapping[str, Item]]", tomlkit.parse(edit.former.removeprefix(BOM))
    )
    return document.get(TABLE, {}).get(edit.name)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def taken_back(path: Path, change: Change) -> bool:
    """Give the file the content it had before a change, if it still has the one after."""
    path = path.resolve()
    try:
        if change.before is None or _content(path) != change.after:
            return False
        replace_file(path, change.before, lasts=True)
    except OSError:
        return False
    return True
