"""Thematic baskets: rules that pick members of the index, one TOML file each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import msgspec

SHIPPED = Path(__file__).parent
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


class MemberRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"but": "except"}):
    """Which members of the index belong: any of `symbols`, and those that fit all other lists."""

    symbols: tuple[str, ...] = ()
    """As Yahoo spells them."""
    funds: tuple[str, ...] = ()
    """Held by at least one of these funds."""
    sectors: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    """The whole-market screener's words."""
    subsectors: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    """Symbols that never belong; `except` in the file."""

    @property
    def is_open(self) -> bool:
        """Whether it picks by anything but a list of symbols."""
        return bool(self.funds or self.sectors or self.industries or self.subsectors)


class Basket(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One basket: its members weigh the same at the end of each quarter and at reconstitution."""

    name: str
    slug: str
    """How metric names spell it: `basket.<slug>.return.1d`."""
    rule: str
    """The rule in words."""
    as_of: date
    """When the rule was written down."""
    members: MemberRule
    sources: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    """Funds shown beside it, never instead."""


def _nothing_odd(basket: Basket) -> Iterable[str]:
    del basket
    return ()


def baskets_in(
    folders: Iterable[Path], odd_in: Callable[[Basket], Iterable[str]] = _nothing_odd
) -> tuple[tuple[Basket, ...], tuple[str, ...]]:
    """Return the baskets of several folders, and a sentence for each file that is none.

    Of two baskets with one slug the later folder's counts, so that users replace shipped ones.

    Args:
        folders: Where their files are.
        odd_in: Says half a sentence of each thing that is odd about a basket, which is kept.
    """
    found: dict[str, Basket] = {}
    faults: list[str] = []
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            try:
                basket = _read(path)
            except (OSError, UnicodeDecodeError, ValueError) as error:
                faults.append(f"the basket {path} is skipped: {_in_words(error)}")
            else:
                found[basket.slug] = basket
                faults += [f"the basket {path}: {fault}" for fault in odd_in(basket)]
    return tuple(found.values()), tuple(faults)


def _read(path: Path) -> Basket:
    import tomllib

    basket = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8-sig")), Basket)
    if not basket.slug or not _LETTERS.issuperset(basket.slug):
        text = f"slug must be small letters, digits and dashes, and is {basket.slug!r}"
        raise ValueError(text)
    if not (basket.members.symbols or basket.members.is_open):
        raise ValueError("members names no symbols, funds, sectors, industries or subsectors")
    return basket


def _in_words(error: OSError | UnicodeDecodeError | ValueError) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    return str(error)
