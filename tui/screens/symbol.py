"""The symbol screen: chart of all ranges, and the quote with ranges and returns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from market.interest import story_keys, symbol_keys
from market.quotes import Key
from tui.bindings import bindings_of
from tui.desk import Desk
from tui.keys import Scope
from tui.screens.drawing import DrawingScreen
from tui.screens.way_down import is_group
from tui.windows import span_of, stepped_span
from widgets.panel import Panel
from widgets.price_chart import PricePanel
from widgets.quote_card import QuotePanel
from widgets.stories import StoriesPanel


class SymbolScreen(DrawingScreen):
    """One symbol, the last level of the way down."""

    CSS_PATH = "../styles/symbol.tcss"
    unseen: ClassVar[Mapping[str, str]] = {"chart": "chart", "stories": "news"}

    BINDINGS = bindings_of(Scope.SYMBOL)

    def __init__(self, desk: Desk, symbol: str, above: tuple[str, ...] = ("Russell 2000",)) -> None:
        """Show `symbol`; `above` is the way to the screen it was opened from."""
        super().__init__(desk)
        self.symbol = symbol
        self.span = span_of(desk.window)
        self._above = above
        self.set_class(self._has_news, "-news")

    def crumbs(self) -> tuple[str, ...]:
        """Return the way to this symbol; a group's own chart is one step behind the group."""
        if not is_group(self.symbol):
            return (*self._above, self.symbol)
        name = self.desk.snapshot.cast[self.symbol].name
        return (*self._above, "chart" if self._above[-1] == name else name)

    @property
    def _has_news(self) -> bool:
        """Whether anything is ever written about the symbol: nothing is about a group."""
        return bool(story_keys(self.symbol, self.desk.settings.cast))

    @property
    def panels(self) -> list[Panel]:
        """The panels, without news of what has none."""
        found = super().panels
        return found if self.has_class("-news") else [p for p in found if p is not self.stories]

    def compose_panels(self) -> Iterable[Panel]:
        """Yield chart, quote and news."""
        yield PricePanel(id="chart")
        yield QuotePanel(id="quote")
        yield StoriesPanel(id="stories")

    def on_mount(self) -> None:
        """Point the panels at the symbol."""
        self.desk.visits.visit(self.symbol)
        self._point()

    def wanted(self) -> Iterable[Key]:
        """Return the symbol's data over the chosen range, with the index if compared."""
        compare = self.chart.compare if self.is_mounted else False
        return symbol_keys(self.symbol, self.span, self.desk.settings.cast, compare=compare)

    @property
    def cursor_symbol(self) -> str | None:
        """The symbol of the screen, whatever has the keys."""
        return self.symbol

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what is of use on a symbol."""
        return self.opens if action == "open" else super().check_action(action, parameters)

    def _point(self) -> None:
        """Show symbol and range in all panels, and ask for what they need."""
        has_news = self._has_news
        if not has_news and self.focused_panel is self.stories:
            self.zoom(None)
            self.chart.focus()
        self.set_class(has_news, "-news")
        self.chart.symbol, self.chart.span = self.symbol, self.span
        self.query_one(QuotePanel).symbol = self.symbol
        self.stories.symbol = self.symbol
        self.show_title(self.desk.snapshot)
        self.call_after_refresh(self.show_unseen)
        self.desk.want(self.wanted())
        self.refresh_bindings()

    # Keys

    def action_next_window(self) -> None:
        """Show the next range."""
        self._step_span(1)

    def action_previous_window(self) -> None:
        """Show the previous range."""
        self._step_span(-1)

    def _step_span(self, step: int) -> None:
        self.choose_span(stepped_span(self.span, step))

    def choose_span(self, span: str) -> None:
        """Show another range."""
        self.span = span
        self._point()

    def action_compare(self) -> None:
        """Draw the index over the symbol, or not."""
        self.chart.compare = not self.chart.compare
        self._point()

    def action_visited_back(self) -> None:
        """Show the symbol looked at before."""
        self._revisit(-1)

    def action_visited_forward(self) -> None:
        """Show the symbol looked at after this one."""
        self._revisit(1)

    def _revisit(self, step: int) -> None:
        symbol = self.desk.visits.go(step)
        if symbol is None:
            self.say(f"no symbol was looked at {'before' if step < 0 else 'after'} this one")
            return
        self.symbol = symbol
        self._point()
