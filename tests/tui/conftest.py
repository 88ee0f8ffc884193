"""What holds for the tests of the program's screens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet


@pytest.fixture(scope="session", autouse=True)
def _styles_are_read_once() -> Iterator[None]:
    """Read each sheet once for a set of colours: hundreds of apps would do it again and again."""
    read = Stylesheet._parse_rules
    known: dict[tuple[object, ...], list[RuleSet]] = {}

    def read_once(sheet: Stylesheet, *what: Any, **named: Any) -> list[RuleSet]:
        key = (frozenset(sheet._variables.items()), what, frozenset(named.items()))
        if key not in known:
            known[key] = read(sheet, *what, **named)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", read_once)
        yield
