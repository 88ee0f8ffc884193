"""The tables of a file of rules: each mistake is told with its place, and costs one table."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol, TypeVar, cast

import msgspec
from msgspec import NODEFAULT

from market.slug_files import LETTERS

LONGEST_ID = 40
LONGEST_QUOTE = 60


_IN_WORDS = {
    "float": "a number",
    "int": "a whole number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
}
"""What TOML's values are for people."""


_NO_HINTS: Mapping[str, str] = MappingProxyType({})


class Named(Protocol):
    """What a table says, or one of the things it says."""

    @property
    def id(self) -> str:
        """No other of the file has it."""
        ...


N = TypeVar("N", bound=Named)
S = TypeVar("S", bound=msgspec.Struct)
E = TypeVar("E", bound=StrEnum)


def read_tables(
    text: str, name: str, read: Callable[[object], Iterable[N]]
) -> tuple[tuple[N, ...], tuple[str, ...]]:
    """Return what the tables of a TOML text say, and a sentence for each that says nothing.

    Args:
        text: The file, which may hold these tables and nothing else.
        name: What they are called: `[[name]]`.
        read: Makes something of a table; ValueError with half a sentence if that cannot be.

    Raises:
        ValueError: It is no TOML, or of another form.
    """
    found: dict[str, N] = {}
    faults: list[str] = []
    lines = [*_lines(text, name)]
    for number, table in enumerate(tables_in(text, name), 1):
        try:
            said = {each.id: each for each in read(table)}
            _refuse_twice(said, found)
        except ValueError as error:
            place = f" in line {lines[number - 1]}" if number <= len(lines) else ""
            faults.append(f"{name} {told_as(table, number)}{place} is left out: {error}")
        else:
            found.update(said)
    return tuple(found.values()), tuple(faults)


def _lines(text: str, name: str) -> Iterator[int]:
    """Yield the lines in which tables begin."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.replace(" ", "").startswith(f"[[{name}]]"):
            yield number


def _refuse_twice(names: Iterable[str], others: Collection[str]) -> None:
    twice = next((name for name in names if name in others), None)
    if twice is not None:
        raise ValueError(f'there is another one with the id "{twice}"')


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


def converted(table: object, kind: type[S], hints: Mapping[str, str] = _NO_HINTS) -> S:
    """Return a table as it is meant; ValueError names the key that is wrong, and the nearest.

    Args:
        table: As it is written.
        kind: What it is meant as.
        hints: What to say of keys that are known elsewhere, in place of the nearest.
    """
    fields = {each.encode_name: each for each in msgspec.structs.fields(kind)}
    written = cast("dict[str, object]", table) if isinstance(table, dict) else {}
    for key in written:
        if key not in fields:
            hint = hints.get(key) or nearest(key, fields)
            raise ValueError(f'it knows no "{printable(key)}"; {hint}')
    for key, field in fields.items():
        if key not in written and field.default is field.default_factory is NODEFAULT:
            raise ValueError(f'it has no "{key}"')
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at `$.")
        for kind_name, words in _IN_WORDS.items():
            what = what.replace(f"`{kind_name}`", words)
        raise ValueError(f"{place.rstrip('`')}: {what[:1].lower()}{what[1:]}") from None


def chosen(word: str, kind: type[E], where: str) -> E:
    """Return one of some words; ValueError names the nearest."""
    if word in {each.value for each in kind}:
        return kind(word)
    raise ValueError(f'{where} knows no "{printable(word)}"; {nearest(word, kind)}')


def nearest(word: str, known: Iterable[str]) -> str:
    """Return which of some words, at least one, is nearest to another, as half a sentence."""
    return f'the nearest is "{get_close_matches(word, [*known], n=1, cutoff=0.0)[0]}"'


def told_as(table: object, number: int) -> str:
    """Return what a table is called in a sentence: its id, else which one it is."""
    told = cast("dict[str, object]", table).get("id") if isinstance(table, dict) else None
    return printable(told) if isinstance(told, str) and told else f"number {number}"


def require_id(name: str) -> None:
    """Raise ValueError unless a name can be an id."""
    if not 0 < len(name) <= LONGEST_ID or not LETTERS.issuperset(name):
        raise ValueError(f"its id must be up to {LONGEST_ID} small letters, digits and dashes")


def printable(value: object) -> str:
    """Return the beginning of what somebody wrote as a sentence may quote it."""
    return "".join(c for c in str(value) if c.isprintable())[:LONGEST_QUOTE]
