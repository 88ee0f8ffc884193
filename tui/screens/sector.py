"""The sector screen: its fund against the index, and its funds and themes as a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual import on

from market.instruments import INDEX
from market.interest import CHART_SPANS, sector_keys
from market.quotes import Key, Kind
from tui.desk import Desk
from tui.screens.market_screen import MarketScreen
from tui.screens.symbol import SymbolScreen
from tui.windows import span_of
from widgets.leaders import LeadersPanel
from widgets.panel import Panel
from widgets.price_chart import PricePanel
from widgets.quote_card import QuotePanel


class SectorScreen(MarketScreen):
    """One sector, level two of the way down."""

    CSS_PATH = "../styles/sector.tcss"
    unseen: ClassVar[Mapping[str, str]] = {"chart": "chart", "quote": "quote"}

    def __init__(self, desk: Desk, sector: str, symbol: str = "") -> None:
        """Show `sector` with the cursor on the row of `symbol`."""
        super().__init__(desk)
        self.sector = sector
        self.symbol = symbol

    @property
    def fund(self) -> str:
        """The symbol that stands for the whole sector."""
        return self.desk.settings.cast.in_sector(self.sector)[0].symbol

    def crumbs(self) -> tuple[str, ...]:
        """Return the way to this sector."""
        return ("Russell 2000", self.sector)

    def compose_panels(self) -> Iterable[Panel]:
        """Yield the list, and chart and quote of the sector's own fund."""
        yield LeadersPanel(id="leaders")
        yield PricePanel(id="chart")
        yield QuotePanel(id="quote")

    def on_mount(self) -> None:
        """Point the panels at the sector and the cursor at its row."""
        super().on_mount()
        leaders = self.query_one(LeadersPanel)
        leaders.sector = self.sector
        chart = self.query_one(PricePanel)
        chart.symbol, chart.compare = self.fund, True
        self.query_one(QuotePanel).symbol = self.fund
        self.call_after_refresh(leaders.board.choose, self.symbol)

    def wanted(self) -> Iterable[Key]:
        """Return the sector's data, and the chart's over the window, with the index beside."""
        keys = sector_keys(self.sector, self.desk.settings.cast)
        span = span_of(self.desk.window)
        if span in CHART_SPANS:
            keys |= {Key(Kind.CHART, symbol, span) for symbol in (self.fund, INDEX)}
        return keys

    def watch_window(self, window: str) -> None:
        """Let the chart tell of the same time as the list."""
        super().watch_window(window)
        self.query_one(PricePanel).span = span_of(window)
        self.desk.want(self.wanted())

    @on(Panel.Opened)
    def open_symbol(self, event: Panel.Opened) -> None:
        """Go into a symbol."""
        event.stop()
        self.go_down(SymbolScreen(self.desk, event.symbol, self.crumbs()))
