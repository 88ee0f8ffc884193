"""Alerts added to the text of the user's file and taken out of it, to the line.

All other lines stay as they are, remarks too. What comes of an edit is read again before it is
taken: a file of a form that lines do not tell is left alone.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import msgspec

from market.alerts.written import TABLES
from market.rules.tables import LETTERS, LONGEST_ID

_HEADER = re.compile(rf"\s*\[\[\s*{TABLES}\s*\]\]")
_REMARK = re.compile(r"\s*(#.*)?$")


class Draft(msgspec.Struct, frozen=True):
    """An alert that somebody wants to set."""

    metric: str
    comparison: str
    bound: float | str | bool

    @property
    def rule(self) -> Mapping[str, float | str | bool]:
        """The rule as the file spells it."""
        return {"metric": self.metric, self.comparison: self.bound}


def with_alert(text: str, draft: Draft) -> tuple[str, str]:
    """Return the file's text with one more alert at its end, and the new id.

    Raises:
        ValueError: The text is no TOML, or lists its alerts in another form.
    """
    known = _tables(text)
    name = _free(_slug(draft), {str(each.get("id")) for each in known})
    parts = [text.rstrip()] if text.strip() else []
    edited = "\n\n".join([*parts, "\n".join(_block(draft, name))]) + "\n"
    return _checked(edited, [*known, {"id": name, "rule": dict(draft.rule)}]), name


def without_alert(text: str, name: str) -> str:
    """Return the file's text without the alert of an id.

    Raises:
        ValueError: As of `with_alert`.
    """
    known = _tables(text)
    ids = [each.get("id") for each in known]
    if name not in ids:
        return text
    place, lines = ids.index(name), text.splitlines(keepends=True)
    starts = [n for n, line in enumerate(lines) if _HEADER.match(line)]
    if len(starts) != len(known):
        raise ValueError(_OTHER_FORM)
    end = starts[place + 1] if place + 1 < len(starts) else len(lines)
    while _REMARK.match(lines[end - 1]):  # what stands before the next one is about that
        end -= 1
    kept = "".join((*lines[: starts[place]], *_without_gap(lines[end:])))
    left = kept if end < len(lines) else kept.rstrip() + "\n"
    return _checked(left.lstrip("\n"), [each for each in known if each.get("id") != name])


_OTHER_FORM = "its alerts must each begin with a line [[alert]]"


def _without_gap(lines: Sequence[str]) -> Sequence[str]:
    """Lines without the blank ones at their beginning."""
    first = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    return lines[first:]


def _tables(text: str) -> list[dict[str, Any]]:
    tables: object = tomllib.loads(text).get(TABLES, [])
    if isinstance(tables, list):
        return cast("list[dict[str, Any]]", tables)
    raise ValueError(_OTHER_FORM)


def _checked(text: str, expected: list[dict[str, Any]]) -> str:
    try:
        if _tables(text) == expected:
            return text
    except tomllib.TOMLDecodeError:
        pass
    raise ValueError(_OTHER_FORM)


def _block(draft: Draft, name: str) -> Iterator[str]:
    rule = ", ".join(f"{key} = {json.dumps(value)}" for key, value in draft.rule.items())
    yield f"[[{TABLES}]]"
    yield f"id = {json.dumps(name)}"
    yield f"rule = {{ {rule} }}"


def _slug(draft: Draft) -> str:
    words = (draft.metric, draft.comparison, *(() if draft.bound is True else (draft.bound,)))
    text = "-".join(f"{word:g}" if isinstance(word, float) else str(word) for word in words)
    signs = (c if c in LETTERS else "-" for c in text.lower())
    parts = [part for part in "".join(signs).split("-") if part]
    return "-".join(parts)[: LONGEST_ID - 4].strip("-") or "alert"


def _free(name: str, taken: Iterable[str]) -> str:
    known = set(taken)
    tried = (f"{name}-{n}" for n in range(2, len(known) + 3))
    return next((each for each in (name, *tried) if each not in known), name)
