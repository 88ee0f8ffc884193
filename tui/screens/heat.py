"""The heat map: the index as tiles, sector by sector down to its members."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on

from tui.bindings import bindings_of
from tui.desk import Desk
from tui.keys import Scope
from tui.screens.market_screen import MarketScreen
from tui.screens.symbol import SymbolScreen
from tui.screens.way_down import ROOT, is_group, way_to
from widgets.panel import Panel
from widgets.treemap import TreemapPanel
from widgets.treemap_view import EVERY_MEMBER


class HeatMap(TreemapPanel):
    """The map with its keys: left and right go to tiles here, and to no other screen."""

    BINDINGS = bindings_of(Scope.MAP)

    def show_place(self, place: str, chosen: str = "") -> None:
        """Show a group, or the whole index, with the cursor on the tile of `chosen`."""
        self.place = place
        self._chosen = chosen
        self.repaint()


class HeatScreen(MarketScreen):
    """Who moves the index, by weight and return."""

    CSS_PATH = "../styles/rooms.tcss"
    is_room = True

    def __init__(self, desk: Desk, place: str = "", chosen: str = "") -> None:
        """Show a group, all members, or the whole index, with the cursor on a tile if it is there.

        Args:
            desk: What all screens share.
            place: The symbol of a group, `EVERY_MEMBER`, or empty for the index by its sectors.
            chosen: The symbol whose tile the cursor is on at first.
        """
        super().__init__(desk)
        self._place, self._first = place, chosen
        self._came_by: list[str] = []
        """Places that led to the one shown, the first one first."""

    @property
    def place(self) -> str:
        """The group shown."""
        return self._place

    def crumbs(self) -> tuple[str, ...]:
        """Return the way to what the map shows."""
        return (*self._way, "heat map")

    @property
    def _way(self) -> tuple[str, ...]:
        """The way to the place: it is that of the table beside the map."""
        if self._place == EVERY_MEMBER:
            return (ROOT, "all members")
        return way_to(self.desk.snapshot, self._place)

    def compose_panels(self) -> Iterable[Panel]:
        """Yield the map."""
        yield HeatMap(id="map")

    def on_mount(self) -> None:
        """Show the place."""
        super().on_mount()
        self._show(self._place, self._first)

    def _show(self, place: str, chosen: str = "") -> None:
        self._place = place
        self.query_one(HeatMap).show_place(place, chosen)
        self.show_crumbs()
        self.refresh_bindings()

    @on(Panel.Opened)
    def open_tile(self, event: Panel.Opened) -> None:
        """Go into a group, or into a member."""
        event.stop()
        if not is_group(event.symbol):
            self.go_down(SymbolScreen(self.desk, event.symbol, self._way))
        elif event.symbol != self._place:
            self._came_by.append(self._place)
            self._show(event.symbol)

    def action_up(self) -> None:
        """Undo zoom, then show the place that led here, its tile chosen, then leave the map."""
        if self.is_zoomed or not self._came_by:
            super().action_up()
        else:
            self._show(self._came_by.pop(), self._place)
