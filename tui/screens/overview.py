"""The overview: index, leaders, breadth, volatility and watchlist on one page."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on

from market.interest import overview_keys, watch_keys
from market.quotes import Key
from tui.screens.market_screen import MarketScreen
from widgets.breadth import BreadthPanel
from widgets.index_card import IndexPanel
from widgets.leaders import LeadersPanel
from widgets.leaders_view import RowKind
from widgets.panel import Panel
from widgets.volatility import VolatilityPanel
from widgets.watchlist import WatchlistPanel


class OverviewScreen(MarketScreen):
    """Where the Russell 2000 is, who leads it, how many take part, and what is watched."""

    def crumbs(self) -> tuple[str, ...]:
        """Return the root of the way."""
        return ("Russell 2000",)

    def compose_panels(self) -> Iterable[Panel]:
        """Yield the panels in the order of the grid, row by row."""
        yield IndexPanel(id="index")
        yield LeadersPanel(id="leaders")
        yield BreadthPanel(id="breadth")
        yield WatchlistPanel(id="watchlist")
        yield VolatilityPanel(id="volatility")

    @property
    def panels(self) -> list[Panel]:
        """All panels by number: breadth is the fifth, so that the others keep theirs."""
        return sorted(super().panels, key=lambda panel: isinstance(panel, BreadthPanel))

    @property
    def first_panel(self) -> Panel:
        """The leaders: a list one can walk at once."""
        return self.query_one(LeadersPanel)

    def wanted(self) -> Iterable[Key]:
        """Return the cast's data and the shown watchlist's."""
        cast = self.desk.settings.cast
        return overview_keys(cast) | watch_keys(self.desk.watchlists.current, cast)

    def watch_snapshot(self) -> None:
        """Give breadth its room once the members are counted."""
        counted = self.snapshot is not None and self.snapshot.census is not None
        if counted != self.has_class("-counted"):
            self.set_class(counted, "-counted")
            self.call_after_refresh(self.show_panels)
        super().watch_snapshot()

    @on(Panel.Opened)
    def open_row(self, event: Panel.Opened) -> None:
        """Go into the sector of a leader, else straight into the symbol."""
        from tui.screens.group import GroupScreen, group_screen
        from tui.screens.sector import SectorScreen
        from tui.screens.symbol import SymbolScreen

        event.stop()
        if event.symbol == RowKind.UNMAPPED:
            self.go_down(GroupScreen(self.desk, search=RowKind.UNMAPPED))
            return
        if (screen := group_screen(self.desk, event.symbol)) is not None:
            self.go_down(screen)
            return
        sector = self.desk.settings.cast[event.symbol].sector
        if sector and isinstance(event.panel, LeadersPanel):
            self.go_down(SectorScreen(self.desk, sector, event.symbol))
        else:
            self.go_down(SymbolScreen(self.desk, event.symbol))
