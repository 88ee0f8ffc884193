"""The way from the index down to groups of its members: what is one, and what it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from market.census import Group, GroupKind
from market.snapshot import Snapshot

if TYPE_CHECKING:
    from tui.desk import Desk
    from tui.screens.market_screen import MarketScreen

ROOT = "Russell 2000"
"""What the way begins with."""


def is_group(symbol: str) -> bool:
    """Return whether a symbol is that of a sector, sub-sector or basket."""
    return symbol.startswith("@")


def way_to(snapshot: Snapshot, place: str) -> tuple[str, ...]:
    """Return the way from the index to a group, `Russell 2000, Health Care, Biotechnology`."""
    group = group_of(snapshot, place)
    if group is None:
        return (ROOT,)
    above = (group.sector,) if group.kind is GroupKind.SUBSECTOR else ()
    return (ROOT, *above, group.name)


def group_of(snapshot: Snapshot, symbol: str) -> Group | None:
    """Return the group of a symbol in a picture, if it is one."""
    return None if snapshot.census is None else snapshot.census.group(symbol)


def screen_of(desk: Desk, symbol: str) -> MarketScreen:
    """Return the screen of what a symbol names: of a group if it is one, else the symbol's own."""
    from tui.screens.group import GroupScreen
    from tui.screens.symbol import SymbolScreen

    group = group_of(desk.snapshot, symbol)
    return SymbolScreen(desk, symbol) if group is None else GroupScreen(desk, group)
