"""From the text of the rules' file to rules; each mistake is told, and costs one table."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from market.rules.rows import OWN, Colour, MarkRule
from market.rules.rule import EVENTS, MOVES, Comparison, Condition, conditions_of
from market.rules.tables import printable, require_id, tables_in, told_as
from market.rules.written import RuleError, Writing

TABLES = "rule"
LAST = OWN + "last"
_BY_CLOSES = MOVES | {Comparison.Z_MOVE}


class _Written(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    id: str
    title: Annotated[str, Meta(max_length=80)] = ""
    when: dict[str, Any]
    colour: str | None = None


def mark_rules_of(text: str, writing: Writing) -> tuple[tuple[MarkRule, ...], tuple[str, ...]]:
    """Return the rules of a TOML text, and a sentence for each table that is none.

    Args:
        text: The file.
        writing: Reads rules; knows which metrics there are, those of rows among them.

    Raises:
        ValueError: It is no TOML, or of another form.
    """
    found: dict[str, MarkRule] = {}
    faults: list[str] = []
    lines = [*_lines(text)]
    for number, table in enumerate(tables_in(text, TABLES), 1):
        try:
            rule = _rule(table, writing, found)
        except ValueError as error:
            place = f" in line {lines[number - 1]}" if number <= len(lines) else ""
            faults.append(f"rule {told_as(table, number)}{place} is left out: {error}")
        else:
            found[rule.id] = rule
    return tuple(found.values()), tuple(faults)


def _lines(text: str) -> Iterator[int]:
    """Yield the lines in which tables begin."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.replace(" ", "").startswith(f"[[{TABLES}]]"):
            yield number


def _rule(table: object, writing: Writing, others: Collection[str]) -> MarkRule:
    written = msgspec.convert(table, _Written)
    require_id(written.id)
    if written.id in others:
        raise RuleError(f'there is another one with the id "{written.id}"')
    test = writing.test(written.when, "when")
    for condition in conditions_of(test):
        _refuse_what_was(condition)
    return MarkRule(written.id, written.title or written.id, test, _colour(written.colour))


def _refuse_what_was(condition: Condition) -> None:
    """A mark follows from one picture: what was before it is known of prices alone."""
    comparison = condition.comparison
    if comparison in EVENTS:
        raise RuleError(f"when.{comparison} is for alerts: a mark stands as long as it holds")
    if condition.until is not None:
        raise RuleError("when.until is for alerts: a mark is judged by the present alone")
    if comparison in _BY_CLOSES and condition.metric != LAST:
        raise RuleError(f'when.{comparison} needs the metric "{LAST}": its closes are at hand')


def _colour(word: str | None) -> Colour | None:
    if word is None:
        return None
    if word in {colour.value for colour in Colour}:
        return Colour(word)
    nearest = get_close_matches(word, [*Colour], n=1, cutoff=0.0)[0]
    raise RuleError(f'colour knows no "{printable(word)}"; the nearest is "{nearest}"')
