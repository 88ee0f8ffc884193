"""The settings told back: as TOML with origins, and as the table in docs/configuration.md."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import cast

import msgspec

import tui.settings
import tui.settings_feeds
from tui.settings import Loaded, Settings
from tui.settings_layers import is_struct
from tui.settings_words import expected
from widgets.strips import plain

DEFAULT = "default"
LONGEST_PATH = 4096


def settings_toml(loaded: Loaded) -> str:
    """Return the effective settings as TOML that could be the file, with each one's origin."""
    lines = [f"# {plain(str(loaded.path), LONGEST_PATH)}"]
    lines += _table_lines(loaded, loaded.settings, "")
    return "\n".join(lines) + "\n"


def _table_lines(loaded: Loaded, table: msgspec.Struct, prefix: str) -> Iterator[str]:
    deeper: list[tuple[str, msgspec.Struct]] = []
    for field in msgspec.structs.fields(table):
        key = f"{prefix}{field.name}"
        value: object = getattr(table, field.name)
        if isinstance(value, msgspec.Struct):
            deeper.append((key, value))
        elif key in _SPECIAL:
            deeper.append((key, _Open(value)))
        else:
            yield _line(field.name, value, loaded.origins.get(key, DEFAULT))
    for key, value in deeper:
        if isinstance(value, _Open):
            yield from _open_lines(loaded, key, value.content)
        else:
            yield from ("", f"[{key}]")
            yield from _table_lines(loaded, value, f"{key}.")


class _Open(msgspec.Struct):
    """A part of the settings whose keys the user chooses."""

    content: object


def _open_lines(loaded: Loaded, key: str, content: object) -> Iterator[str]:
    if isinstance(content, dict):
        if key == "keys":
            yield from ("", "[keys]")
        for name, value in cast("Mapping[str, object]", content).items():
            yield _line(name, value, loaded.origins.get(f"{key}.{name}", DEFAULT))
        return
    for instrument in cast("tuple[msgspec.Struct, ...]", content):
        yield from ("", f"[[{key}]]  # {loaded.origins.get(key, DEFAULT)}")
        for field in msgspec.structs.fields(instrument):
            yield f"{field.name} = {_toml(getattr(instrument, field.name))}"


def _line(name: str, value: object, origin: str) -> str:
    return f"{_key(name)} = {_toml(value)}  # {origin}"


def _key(name: str) -> str:
    is_bare = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if is_bare else json.dumps(name, ensure_ascii=False)


def _toml(value: object) -> str:
    """Return a value as TOML; JSON spells texts, numbers, booleans and lists the same way.

    None is an empty text, which is how the file says it.
    """
    if value is None:
        return '""'
    if isinstance(value, float) and value.is_integer():
        return f"{value:.1f}"
    if isinstance(value, Path):
        value = str(value)
    text = json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def _escaped(sign: str) -> str:
    """Return a character that a terminal may obey, or not show, as TOML can spell it."""
    return f"\\u{ord(sign):04x}" if ord(sign) <= 0xFFFF else f"\\U{ord(sign):08x}"


def settings_table() -> str:
    """Return every setting as Markdown: key, what it may be, default, meaning."""
    rows = ["| setting | value | default | meaning |", "|---|---|---|---|"]
    rows += _table_rows(Settings, "")
    return "\n".join(rows) + "\n"


def _table_rows(struct: type[msgspec.Struct], prefix: str) -> Iterator[str]:
    meanings = _meanings_of(struct)
    for field in msgspec.structs.fields(struct):
        key, kind = f"{prefix}{field.name}", field.type
        if is_struct(kind):
            yield from _table_rows(kind, f"{key}.")
            continue
        value = _SPECIAL.get(key) or (expected(kind), _default(field))
        name = {"watchlists.lists": "watchlists.*NAME*", "keys": "keys.*ID*"}.get(key, key)
        cells = (f"`{name}`".replace("*", ""), *value, meanings[field.name])
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


_SPECIAL: Mapping[str, tuple[str, str]] = {
    "watchlists.lists": ("a list of symbols", "`default`: twelve symbols"),
    "keys": ("key names, separated by commas", "none"),
    "instruments": ("tables `[[instruments]]` as in market/cast.toml", "none"),
}


def _default(field: msgspec.structs.FieldInfo) -> str:
    value = cast("object", field.default)
    return "none" if value is None else f"`{_toml(value)}`"


def _meanings_of(struct: type[msgspec.Struct]) -> Mapping[str, str]:
    """Return the docstring of each field: a class that gives a field anew need not repeat it."""
    told = (_meanings().get(each.__name__, {}) for each in reversed(struct.__mro__))
    return {name: text for docs in told for name, text in docs.items()}


@cache
def _meanings() -> Mapping[str, Mapping[str, str]]:
    """Return the docstring under each field, by class and field."""
    trees = [ast.parse(inspect.getsource(m)) for m in (tui.settings, tui.settings_feeds)]
    classes = (node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef))
    return {node.name: dict(_field_docs(node)) for node in classes}


def _field_docs(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, text in zip(node.body, node.body[1:], strict=False):
        if not (isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)):
            continue
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            yield field.target.id, " ".join(str(text.value.value).split())
