"""The settings file: its raw table, and the line where a key stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

from tui.settings import SettingsError
from tui.settings_sources import LONGEST_KEY, Table, as_table, dotted
from tui.settings_sources import Path as KeyPath


class FileLayer:
    """What the TOML file says."""

    origin = "file"
    strict = True

    def __init__(self, path: Path, text: str, table: Table) -> None:
        self._path = path
        self._text = text
        self.table = table

    @classmethod
    def read(cls, path: Path, *, must_exist: bool = False) -> FileLayer:
        """Read the file; one that is not there says nothing.

        Raises:
            SettingsError: It cannot be read or is not TOML.
        """
        text = settings_text(path)
        if text is None and must_exist:
            raise SettingsError(
                f"There is no settings file {path}; create it or leave out --config."
            )
        return cls(path, text or "", parsed(path, text) if text else {})

    def label(self, path: KeyPath) -> str:
        """Return the key with file and line."""
        from tui.settings_words import brief

        line = line_of(self._text, path)
        return f"{brief(dotted(path), LONGEST_KEY)} in {self._path}" + (
            f" line {line}" if line else ""
        )

    def spelled(self, key: str) -> str:
        """Return the key."""
        return key


def settings_text(path: Path) -> str | None:
    """Return the file's text, None if there is no such file; SettingsError if unreadable."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8 text (byte {error.start}); save it so.") from None
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise SettingsError(f"{path} cannot be read: {reason}.") from None


def parsed(path: Path, text: str) -> Table:
    """Return the file's tables; SettingsError with line and column if it is not TOML."""
    import tomllib

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        from tui.toml_words import plain_reason

        raise SettingsError(f"{path} is not valid TOML: {plain_reason(text, error)}.") from None


def line_of(text: str, path: KeyPath) -> int | None:
    """Return the line, counted from 1, on which a key's value or table begins."""
    best: tuple[int, int] | None = None
    path = _split(path)
    for line, stated in ((line, _split(stated)) for line, stated in _statements(text)):
        common = min(len(stated), len(path))
        if stated[:common] == path[:common] and (best is None or common > best[0]):
            best = (common, line)
    return best[1] if best else None


def _split(path: KeyPath) -> KeyPath:
    """Return a path with `"a.b"` as two parts, as ids with dots may be written either way."""
    parts = ((p,) if isinstance(p, int) else tuple(p.split(".")) for p in path)
    return tuple(piece for part in parts for piece in part)


def _statements(text: str) -> Iterator[tuple[int, KeyPath]]:
    """Yield each key and table header of a valid TOML text with the line it begins on."""
    import tomllib

    context: KeyPath = ()
    counts: dict[KeyPath, int] = {}
    chunk, begin = "", 1
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        chunk, begin = (chunk + line, begin) if chunk else (line, number)
        try:
            table = tomllib.loads(chunk)
        except tomllib.TOMLDecodeError:
            continue
        if table and chunk.lstrip().startswith("["):
            context = _header(table, counts)
            yield begin, context
        elif table:
            yield begin, context + _first_path(table)
        chunk = ""


def _header(table: Table, counts: dict[KeyPath, int]) -> KeyPath:
    path: KeyPath = ()
    value: object = table
    while isinstance(value, dict) and value:
        key, value = next(iter(as_table(cast("object", value)).items()))
        path = (*path, key)
    if isinstance(value, list):
        index = counts.get(path, 0)
        counts[path] = index + 1
        return (*path, index)
    last = counts.get(path[:1], 0)
    return (*path[:1], last - 1, *path[1:]) if last else path


def _first_path(table: Table) -> KeyPath:
    path: KeyPath = ()
    value: object = table
    while isinstance(value, dict) and value:
        key, value = next(iter(as_table(cast("object", value)).items()))
        path = (*path, key)
    return path
