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
    bound: float | str | bool | tuple[float, float]
    """Of a band its two ends."""
    until: float | None = None
    """Hysteresis."""
    cooldown: float | None = None
    """Minutes for which it keeps still after it was told; None for the usual ones."""

    @property
    def rule(self) -> Mapping[str, object]:
        """The rule as the file spells it."""
        bound = [*self.bound] if isinstance(self.bound, tuple) else self.bound
        until = {} if self.until is None else {"until": self.until}
        return {"metric": self.metric, self.comparison: bound, **until}

    def table(self, name: str) -> dict[str, Any]:
        """Return the alert as the file tells it, under an id."""
        cooldown = {} if self.cooldown is None else {"cooldown": self.cooldown}
        return {"id": name, "rule": dict(self.rule), **cooldown}


def with_alert(text: str, draft: Draft) -> tuple[str, str]:
    """Return the file's text with one more alert at its end, and the new id.

    Raises:
        ValueError: The text is no TOML, or lists its alerts in another form.
    """
    known = _tables(text)
    name = _free(_slug(draft), {str(each.get("id")) for each in known})
    parts = [text.rstrip()] if text.strip() else []
    edited = "\n\n".join([*parts, "\n".join(_block(draft, name))]) + "\n"
    return _checked(edited, [*known, draft.table(name)]), name


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
    for key, value in draft.table(name).items():
        yield f"{key} = {{ {rule} }}" if key == "rule" else f"{key} = {json.dumps(value)}"


def _slug(draft: Draft) -> str:
    bounds = draft.bound if isinstance(draft.bound, tuple) else (draft.bound,)
    words = (draft.metric, draft.comparison, *(b for b in bounds if b is not True))
    text = "-".join(f"{word:g}" if isinstance(word, float) else str(word) for word in words)
    signs = (c if c in LETTERS else "-" for c in text.lower())
    parts = [part for part in "".join(signs).split("-") if part]
    return "-".join(parts)[: LONGEST_ID - 4].strip("-") or "alert"


def _free(name: str, taken: Iterable[str]) -> str:
    known = set(taken)
    tried = (f"{name}-{n}" for n in range(2, len(known) + 3))
    return next((each for each in (name, *tried) if each not in known), name)
