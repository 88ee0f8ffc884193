"""Thematic baskets: rules that pick members of the index, one TOML file each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import msgspec

from market.slug_files import read_folders, tables_of

SHIPPED = Path(__file__).parent


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
    meanwhile: MemberRule | None = None
    """Who belongs while the holdings of a fund that `members` names are not known."""
    sources: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    """Funds shown beside it, never instead."""


def basket_symbol(slug: str) -> str:
    """Return the symbol of a basket among the instruments."""
    return f"@basket:{slug}"


def baskets_in(
    folders: Iterable[Path], odd_in: Callable[[Basket], Iterable[str]] | None = None
) -> tuple[tuple[Basket, ...], tuple[str, ...]]:
    """Return the baskets of several folders, and a sentence for each file that is none.

    Args:
        folders: Where their files are; a later folder's basket replaces one of the same slug.
        odd_in: Says half a sentence of each thing that is odd about a basket, which is kept.
    """
    return read_folders(folders, "basket", _read, odd_in)


def _read(text: str) -> Basket:
    basket = msgspec.convert(tables_of(text), Basket)
    if not (basket.members.symbols or basket.members.is_open):
        raise ValueError("members names no symbols, funds, sectors, industries or subsectors")
    if basket.meanwhile is not None and basket.meanwhile.funds:
        raise ValueError("meanwhile can name no funds: it holds while these are not known")
    return basket
