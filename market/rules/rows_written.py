"""From the text of the rules' file to rules; each mistake is told, and costs one table."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from market.rules.rows import OWN, Colour, MarkRule
from market.rules.rule import BY_CLOSES, Condition, conditions_of
from market.rules.tables import chosen, converted, read_tables, require_id
from market.rules.written import RuleError, Writing

TABLES = "rule"
LAST = OWN + "last"
_NO_CLOSES = "a mark is judged by the present alone, closes turn stories and alerts"


class _Written(msgspec.Struct, kw_only=True):
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
    return read_tables(text, TABLES, lambda table: (_rule(table, writing),))


def _rule(table: object, writing: Writing) -> MarkRule:
    written = converted(table, _Written, {"closes": _NO_CLOSES})
    require_id(written.id)
    if "closes" in written.when:
        raise RuleError(f'when knows no "closes"; {_NO_CLOSES}')
    test = writing.test(written.when, "when")
    for condition in conditions_of(test):
        _refuse_closes(condition)
    colour = None if written.colour is None else chosen(written.colour, Colour, "colour")
    return MarkRule(written.id, written.title or written.id, test, colour)


def _refuse_closes(condition: Condition) -> None:
    """A mark follows from one picture: what was before it is known of prices alone."""
    comparison = condition.comparison
    if comparison in BY_CLOSES and condition.metric != LAST:
        raise RuleError(f'when.{comparison} needs the metric "{LAST}": its closes are at hand')
