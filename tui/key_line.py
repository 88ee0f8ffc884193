"""What a line of the table of keys is: keys, action, words, and where it works."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Scope(StrEnum):
    """Where a key works."""

    APP = "everywhere"
    SCREEN = "on every screen"
    LIST = "in a list"
    WATCHLIST = "in the watchlist"
    SYMBOL = "on a symbol's screen"
    MEMBERS = "in a table of members"
    MAP = "on the heat map"
    BREADTH = "on the breadth screen"
    VOLATILITY = "on the volatility screen"
    ALERTS = "on the alerts screen"
    DIALOG = "in a dialog"
    FILTER = "in the filter line"


class KeyLine(msgspec.Struct, frozen=True):
    """One thing a key does."""

    id: str
    """Stable name, used in the settings: `[keys]` `"list.down" = "j,down"`."""
    keys: str
    """Key names as Textual spells them, separated by commas, the main one first."""
    action: str
    """The action, with its parameters: `panel(1)`."""
    label: str
    """One or two words for the footer."""
    help: str
    """One sentence for the help screen and the docs."""
    scope: Scope = Scope.APP
    show: bool = False
    """Whether the footer offers it while it can be done."""
    group: str = ""
    """Lines of one group are told as one: `1…9`."""
    priority: bool = False
    """Whether it works before the focused thing sees the key."""

    @property
    def action_name(self) -> str:
        """The action without its parameters."""
        return self.action.partition("(")[0]
