"""Codes of the SEC and of the exchanges in words: forms, items of an 8-K, reasons of halts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import msgspec

from market.shipped import shipped

AMENDED = "/A"
"""What a form ends with that mends an earlier one."""
EXHIBITS = "9.01"
"""The item that says no more than that something is attached."""


class Wordings(msgspec.Struct, frozen=True):
    """The words by code (`wordings.toml`)."""

    forms: Mapping[str, str]
    items: Mapping[str, str]
    halts: Mapping[str, str]


@cache
def wordings() -> Wordings:
    """Return the words that captop ships."""
    return shipped(_FILE, Wordings)


def form_in_words(form: str) -> str:
    """Return what a form is: `10-Q` -> `quarterly report`; empty for one that is not listed."""
    words = wordings().forms.get(form.removesuffix(AMENDED), "")
    return f"{words}, amended" if words and form.endswith(AMENDED) else words


def items_in_words(items: Iterable[str]) -> tuple[str, ...]:
    """Return the items of an 8-K in words, those that are listed.

    That exhibits are attached is told only where it is all there is to tell.
    """
    told = dict.fromkeys(items)
    known = {item: wordings().items[item] for item in told if item in wordings().items}
    telling = tuple(words for item, words in known.items() if item != EXHIBITS)
    return telling or tuple(known.values())


def halt_in_words(code: str) -> str:
    """Return why a stock is halted: `LUDP` -> `volatility pause`; the code if it is not listed."""
    return wordings().halts.get(code, code)


_FILE = Path(__file__).with_name("wordings.toml")
