"""The symbol screen: chart of all ranges, and the quote with ranges and returns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from market.interest import story_keys, symbol_keys
from market.quotes import Key
from tui.bindings import bindings_of
from tui.desk import Desk, span_of, stepped_span
from tui.keys import Scope
from tui.screens.news_screen import NewsScreen
from tui.screens.way_down import is_group
from widgets.panel import Panel
from widgets.price_chart import PricePanel
from widgets.quote_card import QuotePanel
from widgets.stories import StoriesPanel


class SymbolScreen(NewsScreen):
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
    def chart(self) -> PricePanel:
        """The chart."""
        return self.query_one(PricePanel)

    @property
    def cursor_symbol(self) -> str | None:
        """The symbol of the screen, whatever has the keys."""
        return self.symbol

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what is of use on a symbol."""
        match action:
            case "open":
                return self.opens
            case "drawing" | "averages":
                return self.is_mounted and action in self.chart.can_draw
            case _:
                return super().check_action(action, parameters)

    def why_idle(self, action: str) -> str:
        """Return why the chart cannot be drawn in another way."""
        if action not in {"drawing", "averages"}:
            return super().why_idle(action)
        what = {"drawing": "candles", "averages": "averages"}[action]
        if self.chart.compare:
            return f"no {what} while the index stands beside"
        needed = {
            "drawing": "opens, highs and lows, which this range lacks",
            "averages": "daily bars: choose 6M or longer",
        }
        return f"{what} need {needed[action]}"

    @property
    def hint_labels(self) -> Mapping[str, str]:
        """What the footer says of keys that do something else just now, by id."""
        is_line = not self.is_mounted or self.chart.drawing == "line"
        drawing = {} if is_line else {"symbol.drawing": "line"}
        return {**super().hint_labels, **drawing}

    _could_draw = frozenset[str]()
    """What the bars could be drawn as when it was offered last."""

    def all_have_it(self) -> None:
        """Offer what the new bars can be drawn as."""
        super().all_have_it()
        if self.chart.can_draw != self._could_draw:
            self._could_draw = self.chart.can_draw
            self.refresh_bindings()

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
        self.show_crumbs()
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

    def action_drawing(self) -> None:
        """Line or candles."""
        self.chart.drawing = "candles" if self.chart.drawing == "line" else "line"
        self.refresh_bindings()

    def action_averages(self) -> None:
        """Moving averages, on or off."""
        self.chart.averages = not self.chart.averages

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
