"""The file of the rules that mark rows and numbers: read at the start, and when it has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from msgspec.structs import replace

from market.quotes import Key
from market.snapshot import Snapshot
from market.watched_file import WatchedFile

if TYPE_CHECKING:
    from market.rules.rows import MarkRule
    from tui.known_names import KnownNames

Read: TypeAlias = "tuple[tuple[MarkRule, ...] | None, tuple[str, ...]]"
"""Rules and what is wrong with them; None for what cannot be read: it may be half written."""


class RuleBook:
    """The user's rules, read whenever their file is another one than at the last look."""

    def __init__(self, path: Path, names: Callable[[], KnownNames]) -> None:
        """Read a file, which need not exist.

        Args:
            path: The file.
            names: Gathers what rules may speak of, which takes a while.
        """
        self._path = path
        self._names = names
        self._file = WatchedFile(path)

    def news(self) -> Read | None:
        """Return what the file says if it is another one now; call it from a thread."""
        try:
            text = self._file.news()
        except ValueError as error:
            return None, (str(error),)
        return None if text is None else self._read(text)

    def _read(self, text: str) -> Read:
        from market.metrics.names import mark_writing
        from market.rules.rows_written import mark_rules_of

        known = self._names()
        writing = mark_writing(known.cast, known.baskets, known.states)
        try:
            rules, faults = mark_rules_of(text, writing)
        except ValueError as error:
            return None, (f"{self._path} cannot be read: {error}",)
        return rules, tuple(f"{self._path.name}: {fault}" for fault in faults)


def keys_of(rules: Iterable[MarkRule], snapshot: Snapshot) -> frozenset[Key]:
    """Return the data that rules are judged by beside the rows."""
    from market.readers import keys_behind, stories_judged
    from market.rules.rows import beside_rows

    return keys_behind(beside_rows(rules), stories_judged(snapshot), snapshot)


def painted(snapshot: Snapshot, rules: Sequence[MarkRule]) -> Snapshot:
    """Return a picture with the colours of rules about single numbers."""
    if not rules:
        return snapshot
    from market.marking import colours_of

    return replace(snapshot, colours=colours_of(rules, snapshot))
