"""Single edits of watchlists as values: what they do, how they are taken back, their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec


class Add(msgspec.Struct, frozen=True):
    """Put a symbol into a list, at a place or at its end."""

    name: str
    symbol: str
    index: int | None = None


class Remove(msgspec.Struct, frozen=True):
    """Take a symbol out of a list."""

    name: str
    symbol: str


class Move(msgspec.Struct, frozen=True):
    """Put a symbol of a list at another place in it."""

    name: str
    symbol: str
    index: int


class Create(msgspec.Struct, frozen=True):
    """Begin a list, at a place among the lists or behind them."""

    name: str
    symbols: tuple[str, ...] = ()
    index: int | None = None
    former: bytes = b""
    """Content of the file while the list stood in it, when it comes back: for its remarks."""


class Delete(msgspec.Struct, frozen=True):
    """Give a list up."""

    name: str


class Rename(msgspec.Struct, frozen=True):
    """Give a list another name."""

    name: str
    new_name: str


class Change(msgspec.Struct, frozen=True):
    """The content of the file before and after edits were written."""

    before: bytes | None
    """None if there was no file."""
    after: bytes


Edit = Add | Remove | Move | Create | Delete | Rename
Lists = Mapping[str, tuple[str, ...]]


def edited(lists: Lists, edit: Edit) -> Lists:
    """Return the lists after an edit; one that does not fit them changes nothing."""
    match edit:
        case Create(name):
            return lists if name in lists else _with_list(lists, edit)
        case Delete(name):
            return {n: symbols for n, symbols in lists.items() if n != name}
        case Rename(name, new_name):
            if new_name in lists:
                return lists
            return {new_name if n == name else n: symbols for n, symbols in lists.items()}
        case _:
            if edit.name not in lists:
                return lists
            return {**lists, edit.name: edited_symbols(lists[edit.name], edit)}


def _with_list(lists: Lists, edit: Create) -> Lists:
    items = list(lists.items())
    items.insert(len(items) if edit.index is None else edit.index, (edit.name, edit.symbols))
    return dict(items)


def edited_symbols(symbols: Sequence[str], edit: Add | Remove | Move) -> tuple[str, ...]:
    """Return one list's symbols after an edit of them."""
    present = edit.symbol in symbols
    others = [s for s in symbols if s != edit.symbol]
    match edit:
        case Add(_, symbol, index) if not present:
            others.insert(len(others) if index is None else index, symbol)
        case Move(_, symbol, index) if present:
            others.insert(index, symbol)
        case Remove():
            pass
        case _:
            return tuple(symbols)
    return tuple(others)


def inverse(lists: Lists, edit: Edit) -> Edit:
    """Return the edit that takes back `edit`, which is about to be made to `lists`."""
    match edit:
        case Add(name, symbol):
            return Remove(name, symbol)
        case Remove(name, symbol):
            return Add(name, symbol, lists[name].index(symbol))
        case Move(name, symbol):
            return Move(name, symbol, lists[name].index(symbol))
        case Create(name):
            return Delete(name)
        case Delete(name):
            return Create(name, lists[name], list(lists).index(name))
        case Rename(name, new_name):
            return Rename(new_name, name)


def in_words(edit: Edit) -> str:
    """Return what an edit that takes another one back did, as a part of a sentence."""
    match edit:
        case Add(name, symbol):
            return f"{symbol} is back in {name}"
        case Remove(name, symbol):
            return f"{symbol} is out of {name} again"
        case Move(name, symbol, index):
            return f"{symbol} is number {index + 1} in {name} again"
        case Create(name):
            return f"list {name} is back"
        case Delete(name):
            return f"list {name} is gone again"
        case Rename(name, new_name):
            return f"list {name} is called {new_name} again"
