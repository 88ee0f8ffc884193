"""The user's rules on the rows of tables: which hold, and what that looks like."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual.message_pump import MessagePump

from market.snapshot import Snapshot
from widgets.board_model import Row
from widgets.palette import OF_RULES, app_of

if TYPE_CHECKING:
    from market.marking import MemberRules
    from market.rules.rows import MarkRule


def row_rules(node: MessagePump) -> tuple[MarkRule, ...]:
    """Return the user's rules about rows; none before they have been read."""
    return getattr(app_of(node), "row_rules", ())


def role_of(rules: Iterable[MarkRule]) -> str:
    """Return the role of rules that hold: of the first that has a colour, else nothing."""
    return next((OF_RULES[rule.colour] for rule in rules if rule.colour is not None), "")


def member_rules(rules: Sequence[MarkRule], snapshot: Snapshot) -> MemberRules | None:
    """Return the rules as they hold of the index's members, None without any."""
    if not rules or snapshot.census is None:
        return None
    from market.marking import MemberRules

    return MemberRules(rules, snapshot, snapshot.census)


def seen_beside(rules: Sequence[MarkRule], snapshot: Snapshot) -> tuple[object, ...]:
    """Return what rules read beside the rows: where that is the same, they hold of the same."""
    if not rules:
        return ()
    from market import marking

    return marking.seen_beside(rules, snapshot)


def marked(rows: Sequence[Row], rules: Sequence[MarkRule], snapshot: Snapshot) -> Sequence[Row]:
    """Return rows of instruments with the rules that hold of them; of late ones nothing is said."""
    return [*map(marker(rules, snapshot), rows)] if rules else rows


def marker(rules: Sequence[MarkRule], snapshot: Snapshot) -> Callable[[Row], Row]:
    """Return what marks a row of an instrument with the rules that hold of it."""
    if not rules:
        return _unmarked
    from market.marking import holding, values_of
    from market.rule_values import NamedValues

    beside = NamedValues(snapshot)

    def mark(row: Row) -> Row:
        held = () if row.dim else holding(rules, values_of(snapshot, row.key, beside))
        ids = tuple(rule.id for rule in held)
        return replace(row, rules=ids, colour=role_of(held)) if held else row

    return mark


def _unmarked(row: Row) -> Row:
    return row
