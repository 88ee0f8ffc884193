"""Folders of TOML files that each say one thing with a slug: baskets, stories."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
"""Of slugs and ids."""


class Slugged(Protocol):
    """What a file says."""

    @property
    def slug(self) -> str:
        """How metric names spell it."""
        ...


S = TypeVar("S", bound=Slugged)


def read_folders(
    folders: Iterable[Path],
    what: str,
    read: Callable[[str], S],
    odd_in: Callable[[S], Iterable[str]] | None = None,
) -> tuple[tuple[S, ...], tuple[str, ...]]:
    """Return what the files of several folders say, and a sentence for each that is skipped.

    Sentences begin with the file's name and end with its folder, which may be cropped.

    Of two with one slug the later folder's counts, so that users replace what is shipped; in one
    folder the second is skipped.

    Args:
        folders: Where the files are.
        what: What each of them is, for people.
        read: Makes it of a text; ValueError with one sentence if it is none.
        odd_in: Says half a sentence of each thing that is odd about one, which is kept.
    """
    found: dict[str, S] = {}
    faults: list[str] = []
    for folder in folders:
        names: dict[str, str] = {}
        for path in sorted(folder.glob("*.toml")):
            try:
                said = read(path.read_text(encoding="utf-8-sig"))
                _check(said.slug, names)
            except (OSError, UnicodeDecodeError, ValueError) as error:
                why = _in_words(error)
                faults.append(f"the {what} {path.name} is skipped: {why} (in {folder})")
            else:
                found[said.slug], names[said.slug] = said, path.name
                odd = odd_in(said) if odd_in is not None else ()
                faults += [f"the {what} {path.name}: {fault} (in {folder})" for fault in odd]
    return tuple(found.values()), tuple(faults)


def tables_of(text: str) -> dict[str, Any]:
    """Return what a TOML text says, of each string what can be seen: files come from others too.

    ValueError with one sentence if it is no TOML.
    """
    import tomllib

    return cast("dict[str, Any]", _visible(tomllib.loads(text)))


def _visible(value: object) -> object:
    if isinstance(value, str):
        shown = (" " if each.isspace() else each for each in value)
        return "".join(each for each in shown if each.isprintable())
    if isinstance(value, dict):
        table = cast("dict[str, object]", value)
        return {key: _visible(each) for key, each in table.items()}
    if isinstance(value, list):
        return [_visible(each) for each in cast("list[object]", value)]
    return value


def _check(slug: str, names: Mapping[str, str]) -> None:
    """Refuse a slug that metric names cannot spell, and one that a file beside has already."""
    if not slug or not LETTERS.issuperset(slug):
        text = f"slug must be small letters, digits and dashes, and is {slug!r}"
        raise ValueError(text)
    if slug in names:
        text = f'{names[slug]} beside it has the slug "{slug}" already'
        raise ValueError(text)


def _in_words(error: OSError | UnicodeDecodeError | ValueError) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    return str(error)
