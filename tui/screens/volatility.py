"""The volatility screen: implied by index and horizon, realised, and what options say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from market.interest import overview_keys
from market.interest_rooms import volatility_keys
from market.quotes import Key
from market.sessions import exchange_date
from tui.bindings import bindings_of
from tui.keys import Scope
from tui.screens.index_room import IndexRoom
from tui.screens.way_down import ROOT
from widgets.options_expiries import OptionExpiriesPanel
from widgets.options_term import OptionTermPanel
from widgets.panel import Panel
from widgets.realised import RealisedPanel
from widgets.realised_cone import RealisedConePanel
from widgets.volatility_family import VolatilityFamilyPanel
from widgets.volatility_history import VolatilityHistoryPanel
from widgets.volatility_term import VolatilityTermPanel


class VolatilityScreen(IndexRoom):
    """How volatile small caps are and have been, and what the options market expects."""

    room = "go.volatility"
    CSS_PATH = "../styles/volatility.tcss"
    unseen: ClassVar[Mapping[str, str]] = {
        "term": "term",
        "expiries": "options",
        "history": "history",
        "cone": "cone",
        "realised": "realised",
        "options": "ATM IV",
    }
    BINDINGS = bindings_of(Scope.VOLATILITY)

    def crumbs(self) -> tuple[str, ...]:
        """Return the way to here."""
        return (ROOT, "volatility")

    def wanted(self) -> Iterable[Key]:
        """Return what the overview shows, the futures as of today, and the option chains."""
        cast = self.desk.settings.cast
        today = exchange_date(self.desk.clock.now())
        return overview_keys(cast) | volatility_keys(today, cast)

    def compose_panels(self) -> Iterable[Panel]:
        """Yield the family, its term structure and its past, then realised, then options."""
        yield VolatilityFamilyPanel(id="family")
        yield VolatilityTermPanel(id="term")
        yield OptionExpiriesPanel(id="expiries")
        yield VolatilityHistoryPanel(id="history")
        yield RealisedConePanel(id="cone")
        yield RealisedPanel(id="realised")
        yield OptionTermPanel(id="options")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer no windows: every figure has its own."""
        if action in {"next_window", "previous_window"}:
            return False
        return super().check_action(action, parameters)

    def action_next_underlying(self) -> None:
        """Show the other chain; a table that has no room comes to full screen with it."""
        table = self.query_one(OptionExpiriesPanel)
        table.next_underlying()
        if not table.display:
            self.go_to(table)
