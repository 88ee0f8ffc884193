"""What settings are and should be, in words, for messages and documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum, EnumType
from typing import Annotated, Literal, cast, get_args, get_origin

import msgspec


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
    if isinstance(kind, EnumType):
        members = cast("type[Enum]", kind)
        return " or ".join(f'"{member.value}"' for member in members)
    return _WORDS.get(kind, "a value")


_WORDS: Mapping[object, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}


def _annotated(words: str, notes: Iterable[msgspec.Meta]) -> str:
    for note in notes:
        if note.title is not None:
            return note.title
        if note.ge is not None and note.le is not None:
            return f"{words} from {note.ge:,} to {note.le:,}"
    return words


def named(value: object) -> str:
    """Return what a value of the file is, in words."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or time"


def shown(value: object, kind: object) -> str:
    """Return what a wrong value is: its kind in words, or itself if only out of bounds."""
    words = expected(kind)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and "number" in words:
        return f"{value}"
    if isinstance(value, str) and words != "text":
        return f'"{value}"'
    return named(value)


def nearest_choice(value: object, kind: object) -> str:
    """Return a hint at the nearest of a type's choices, or nothing."""
    from difflib import get_close_matches

    choices = [c for k in (kind, *get_args(kind)) if get_origin(k) is Literal for c in get_args(k)]
    close = get_close_matches(str(value).upper(), [str(c) for c in choices], 1)
    return f' The nearest is "{close[0]}".' if close else ""
