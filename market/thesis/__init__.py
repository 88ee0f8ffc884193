"""Stories told about the market, line by line: what is claimed, and the rule that tests it.

One TOML file each: those that captop ships lie here, users' own beside their settings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from market.rules.rule import Rule, metrics_of
from market.rules.written import RuleError, Writing
from market.slug_files import read_folders, tables_of

SHIPPED = Path(__file__).parent
CLOSES = 2
"""Official closes in a row that turn a line, unless its rule says another number."""
EARLIEST = date(1990, 1, 1)
"""No story is told before the trading calendar begins: its date is mistyped."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One claim of a story, and what tests it."""

    id: str
    title: str
    """The claim in one to three words."""
    claim: str
    """The claim as it was made."""
    rule: Rule
    """When it holds."""
    possible: Rule | None = None
    """When it is possible, though it does not hold."""
    shows: str
    """The metric whose value stands for the line."""
    evidence: tuple[str, ...] = ()
    """Further metrics to look at."""
    note: str = ""
    """What should be known of the test."""

    @property
    def judged_by(self) -> tuple[str, ...]:
        """The metrics that decide the line: the shown one first, then those of its rules."""
        rules = (self.rule, *((self.possible,) if self.possible is not None else ()))
        read = (name for rule in rules for name in metrics_of(rule.test))
        return tuple(dict.fromkeys((self.shows, *read)))


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """A story about the market."""

    slug: str
    title: str
    source: str
    date: date
    """When it was told."""
    lines: tuple[Line, ...]

    @property
    def judged_by(self) -> tuple[str, ...]:
        """The metrics that decide its lines, each once."""
        return tuple(dict.fromkeys(name for line in self.lines for name in line.judged_by))


class _WrittenLine(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    id: str
    title: str
    claim: str
    rule: dict[str, Any]
    possible: dict[str, Any] | None = None
    shows: str = ""
    evidence: list[str] = []
    note: str = ""


class _WrittenStory(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    slug: str
    title: str
    source: str
    date: date
    line: list[_WrittenLine]


def stories_in(
    folders: Iterable[Path], writing: Writing
) -> tuple[tuple[Story, ...], tuple[str, ...]]:
    """Return the stories of several folders, and a sentence for each file that is none.

    Args:
        folders: Where their files are; a later folder's story replaces one of the same slug.
        writing: Reads rules; knows which metrics there are.
    """
    return read_folders(folders, "story", lambda text: story_of(text, writing))


def story_of(text: str, writing: Writing) -> Story:
    """Return the story of a TOML text; ValueError with one sentence if it is none."""
    written = msgspec.convert(tables_of(text), _WrittenStory)
    if not written.line:
        raise ValueError("it has no line")
    if written.date < EARLIEST:
        raise ValueError(f"date {written.date} is before {EARLIEST.year}, when closes begin")
    ids = [line.id for line in written.line]
    twice = next((i for i in ids if ids.count(i) > 1), None)
    if twice is not None:
        raise ValueError(f"two lines have the id {twice!r}")
    return Story(
        slug=written.slug,
        title=written.title,
        source=written.source,
        date=written.date,
        lines=tuple(_line(line, writing) for line in written.line),
    )


def _line(written: _WrittenLine, writing: Writing) -> Line:
    where = f"line {written.id}"
    rule = _rule(written.rule, writing, f"{where}: rule")
    possible = written.possible
    if possible is not None and "closes" in possible:
        raise RuleError(f"{where}: possible.closes is nothing: the rule's own closes turn a line")
    shows = written.shows or metrics_of(rule.test)[0]
    for name in (shows, *written.evidence):
        writing.require(name, where)
    return Line(
        id=written.id,
        title=written.title,
        claim=written.claim,
        rule=rule,
        possible=None if possible is None else _rule(possible, writing, f"{where}: possible"),
        shows=shows,
        evidence=tuple(written.evidence),
        note=written.note,
    )


def _rule(table: Mapping[str, Any], writing: Writing, where: str) -> Rule:
    rule = writing.rule({"closes": CLOSES, **table}, where)
    if rule.closes == 0:
        raise RuleError(f"{where}.closes must be at least 1: a line is judged at closes")
    return rule
