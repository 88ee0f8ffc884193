"""What settings are and should be, in words, for messages and documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal, get_args, get_origin

import msgspec

LONGEST = 60
"""Characters of a wrong value that a message quotes."""


def expected(kind: object) -> str:
    """Return what a type asks for, in words: `a whole number from 1 to 600`."""
    if get_origin(kind) is Annotated:
        base, *notes = get_args(kind)
        return _annotated(expected(base), [n for n in notes if isinstance(n, msgspec.Meta)])
    if get_origin(kind) is Literal:
        return " or ".join(f'"{choice}"' for choice in get_args(kind))
    if get_origin(kind) is tuple:
        return f"a list, each {expected(get_args(kind)[0])}"
    options = [k for k in get_args(kind) if k is not type(None)]
    if options:
        return " or ".join(map(expected, options))
    return _WORDS.get(kind, "a value")


_WORDS: Mapping[object, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    Path: "a folder",
}


def _annotated(words: str, notes: Iterable[msgspec.Meta]) -> str:
    for note in notes:
        if note.title is not None:
            return note.title
        if note.ge is not None and note.le is not None:
            return f"{words} from {note.ge:,} to {note.le:,}"
    return words


def brief(value: object, limit: int = LONGEST) -> str:
    """Return a value as text of at most `limit` visible characters, in one line."""
    from widgets.strips import plain

    text = "".join(c if c.isprintable() else " " for c in str(value))
    return plain(text) if len(text) <= limit else f"{plain(text, limit - 1)}…"


def named(value: object) -> str:
    """Return what a value of the file is, in words."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value == "":
        return "empty"
    return next((words for kind, words in _NAMES.items() if isinstance(value, kind)), "a value")


_NAMES: Mapping[type, str] = {
    int: "a number",
    float: "a number",
    str: "text",
    list: "a list",
    dict: "a table",
    date: "a date or time",
    time: "a date or time",
}


def shown(value: object, kind: object) -> str:
    """Return what a wrong value is: its kind in words, or itself if only out of bounds."""
    words = expected(kind)
    if isinstance(value, int | float) and not isinstance(value, bool) and "number" in words:
        return quoted(value)
    if isinstance(value, str) and words != "text":
        return quoted(value)
    return named(value)


def quoted(value: object) -> str:
    """Return a text or number as it was written, shortened; anything else by its kind."""
    if isinstance(value, bool) or value == "":
        return named(value)
    if isinstance(value, str):
        return f'"{brief(value)}"'
    if not isinstance(value, int | float):
        return named(value)
    try:
        return brief(value)
    except ValueError:  # Python spells no whole number of more than 4,300 digits
        return "a number of thousands of digits"


def nearest_choice(value: object, kind: object) -> str:
    """Return a hint at the nearest of a type's choices, or nothing."""
    from difflib import get_close_matches

    by_letters = {choice.casefold(): choice for choice in _choices(kind)}
    close = get_close_matches(quoted(value).strip('"').casefold(), by_letters, 1)
    return f' The nearest is "{by_letters[close[0]]}".' if close else ""


def _choices(kind: object) -> list[str]:
    if get_origin(kind) is Literal:
        return [str(choice) for choice in get_args(kind)]
    return [choice for inner in get_args(kind) for choice in _choices(inner)]
