"""How the chart of a symbol is drawn: as a line or as candles, with averages or without."""

from __future__ import annotations

from collections.abc import Mapping

from tui.screens.news_screen import NewsScreen
from widgets.price_chart import PricePanel


class DrawingScreen(NewsScreen):
    """The part of the symbol screen that draws its chart in another way."""

    _could_draw = frozenset[str]()
    """What the bars could be drawn as when it was offered last."""

    @property
    def chart(self) -> PricePanel:
        """The chart."""
        return self.query_one(PricePanel)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what the bars can be drawn as."""
        if action in {"drawing", "averages"}:
            return self.is_mounted and action in self.chart.can_draw
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

    def all_have_it(self) -> None:
        """Offer what the new bars can be drawn as."""
        super().all_have_it()
        if self.chart.can_draw != self._could_draw:
            self._could_draw = self.chart.can_draw
            self.refresh_bindings()

    def action_drawing(self) -> None:
        """Line or candles."""
        self.chart.drawing = "candles" if self.chart.drawing == "line" else "line"
        self.refresh_bindings()

    def action_averages(self) -> None:
        """Moving averages, on or off."""
        self.chart.averages = not self.chart.averages
