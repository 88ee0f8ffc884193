"""The overview: index, sub-sector leaders, volatility and watchlist on one page."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on

from market.interest import overview_keys, watch_keys
from market.quotes import Key
from tui.screens.market_screen import MarketScreen
from widgets.index_card import IndexPanel
from widgets.leaders import LeadersPanel
from widgets.panel import Panel
from widgets.volatility import VolatilityPanel
from widgets.watchlist import WatchlistPanel


class OverviewScreen(MarketScreen):
    """Where the Russell 2000 is, who leads it, how it swings, and what is watched."""

    def crumbs(self) -> tuple[str, ...]:
        """Return the root of the way."""
        return ("Russell 2000",)

    def compose_panels(self) -> Iterable[Panel]:
        """Yield the four panels."""
        yield IndexPanel(id="index")
        yield LeadersPanel(id="leaders")
        yield WatchlistPanel(id="watchlist")
        yield VolatilityPanel(id="volatility")

    @property
    def first_panel(self) -> Panel:
        """The leaders: a list one can walk at once."""
        return self.query_one(LeadersPanel)

    def wanted(self) -> Iterable[Key]:
        """Return the cast's data and the shown watchlist's."""
        cast = self.desk.settings.cast
        return overview_keys(cast) | watch_keys(self.desk.watchlists.current, cast)

    @on(Panel.Opened)
    def open_row(self, event: Panel.Opened) -> None:
        """Go into the sector of a leader, else straight into the symbol."""
        from tui.screens.sector import SectorScreen
        from tui.screens.symbol import SymbolScreen

        event.stop()
        sector = self.desk.settings.cast[event.symbol].sector
        if sector and isinstance(event.panel, LeadersPanel):
            self.go_down(SectorScreen(self.desk, sector, event.symbol))
        else:
            self.go_down(SymbolScreen(self.desk, event.symbol))
