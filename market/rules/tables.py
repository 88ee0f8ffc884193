"""The tables of a file of rules: each mistake is told with its place, and costs one table."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import cast

LONGEST_ID = 40
LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def tables_in(text: str, name: str) -> Sequence[object]:
    """Return the tables `[[name]]` of a TOML text that may hold nothing else; else ValueError."""
    written = tomllib.loads(text)
    tables = written.pop(name, [])
    if written:
        raise ValueError(
            f'there is "{printable(next(iter(written)))}", where only [[{name}]] can be'
        )
    if isinstance(tables, list):
        return cast("list[object]", tables)
    raise ValueError(f"[{name}] must be written [[{name}]]")


def told_as(table: object, number: int) -> str:
    """Return what a table is called in a sentence: its id, else which one it is."""
    told = cast("dict[str, object]", table).get("id") if isinstance(table, dict) else None
    return printable(told) if isinstance(told, str) and told else f"number {number}"


def require_id(name: str) -> None:
    """Raise ValueError unless a name can be an id."""
    if not 0 < len(name) <= LONGEST_ID or not LETTERS.issuperset(name):
        raise ValueError(f"its id must be up to {LONGEST_ID} small letters, digits and dashes")


def printable(text: str) -> str:
    """Return the beginning of outside text as a sentence may quote it."""
    return "".join(c for c in text if c.isprintable())[:LONGEST_ID]
