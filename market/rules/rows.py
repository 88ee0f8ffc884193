"""Rules that mark what is on screen: rows of tables by their own numbers, and single numbers."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from market.rules.rule import Test, metrics_of

OWN = "{slug}."
"""How the name of a metric of the row itself begins: `{slug}.return.1d`."""


class Colour(StrEnum):
    """What a rule paints with; the theme says what that looks like."""

    GOOD = "good"
    BAD = "bad"
    WARN = "warn"
    ACCENT = "accent"
    STRONG = "strong"
    DIM = "dim"


class MarkRule(msgspec.Struct, frozen=True):
    """A test of rows or of named numbers, and the colour of those for which it holds."""

    id: str
    title: str
    test: Test
    colour: Colour | None = None
    """None paints nothing: such a rule is there to filter by."""

    @property
    def metrics(self) -> tuple[str, ...]:
        """What it reads."""
        return metrics_of(self.test)

    @property
    def is_of_rows(self) -> bool:
        """Whether it reads a number of each row's own."""
        return any(name.startswith(OWN) for name in self.metrics)


def beside_rows(rules: Iterable[MarkRule]) -> tuple[str, ...]:
    """Return the metrics that rules read beside the rows' own, each once."""
    names = (name for rule in rules for name in rule.metrics if not name.startswith(OWN))
    return tuple(dict.fromkeys(names))
