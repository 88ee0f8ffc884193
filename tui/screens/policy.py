"""The policy screen: the path of the federal funds rate, rates, prices and jobs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual import on

from market.interest import overview_keys
from market.interest_rooms import policy_keys
from market.quotes import Key
from market.sessions import exchange_date
from tui.screens.market_screen import MarketScreen
from tui.screens.way_down import ROOT
from widgets.macro import MacroPanel
from widgets.macro_rates import RatesPanel
from widgets.panel import Panel
from widgets.policy_chart import PolicyChartPanel
from widgets.policy_path import PolicyPathPanel


class PolicyScreen(MarketScreen):
    """What is expected of the Federal Reserve, and what it looks at."""

    CSS_PATH = "../styles/policy.tcss"
    room = "go.policy"
    unseen: ClassVar[Mapping[str, str]] = {
        "rates": "rates",
        "chart": "chart",
        "macro": "prices and jobs",
    }

    def crumbs(self) -> tuple[str, ...]:
        """Return the way to here."""
        return (ROOT, "policy")

    def wanted(self) -> Iterable[Key]:
        """Return what the overview shows, the contracts as of today, and all series."""
        cast = self.desk.settings.cast
        today = exchange_date(self.desk.clock.now())
        return overview_keys(cast) | policy_keys(today, cast)

    def compose_panels(self) -> Iterable[Panel]:
        """Yield the path as table and chart, each beside a table of what the Fed looks at."""
        yield PolicyPathPanel(id="path")
        yield RatesPanel(id="rates")
        yield PolicyChartPanel(id="chart")
        yield MacroPanel(id="macro")

    @property
    def cursor_symbol(self) -> None:
        """No symbol: rows are meetings, rates and figures, which nobody can watch."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer neither windows nor a way into a row: a meeting has no screen of its own."""
        if action in {"next_window", "previous_window", "open"}:
            return False
        return super().check_action(action, parameters)

    @on(Panel.Opened)
    def stay(self, event: Panel.Opened) -> None:
        """Open nothing: a double click on a meeting leads nowhere."""
        event.stop()
