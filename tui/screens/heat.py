"""The heat map: the index as tiles, sector by sector down to its members."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from textual import on

from tui.bindings import bindings_of
from tui.desk import Desk
from tui.keys import Scope
from tui.screens.market_screen import MarketScreen
from tui.screens.symbol import SymbolScreen
from tui.screens.way_down import ROOT, is_group, way_to
from widgets.panel import Panel
from widgets.treemap import TreemapPanel
from widgets.treemap_view import EVERY_MEMBER, UNMAPPED, UNMAPPED_IN


class HeatMap(TreemapPanel):
    """The map with its keys: left and right go to tiles here, and to no other screen."""

    BINDINGS = bindings_of(Scope.MAP)


class _Spot(msgspec.Struct, frozen=True):
    """What the map shows, and where the cursor is at first or when one comes back to it."""

    place: str
    """The symbol of a group, `EVERY_MEMBER`, or empty for the index by its sectors."""
    chosen: str = ""
    """The key of a tile."""
    beside: frozenset[str] = frozenset()
    """Keys of what is left out: where it is not empty, the others of the place are shown."""
    others: str = ""
    """How those are called, `1,737 others`."""


class HeatScreen(MarketScreen):
    """Who moves the index, by weight and return."""

    CSS_PATH = "../styles/rooms.tcss"
    room = "go.map"

    def __init__(self, desk: Desk, place: str = "", chosen: str = "") -> None:
        """Show a group, all members, or the whole index, with the cursor on a tile if it is there.

        Args:
            desk: What all screens share.
            place: The symbol of a group, `EVERY_MEMBER`, or empty for the index by its sectors.
            chosen: The symbol whose tile the cursor is on at first.
        """
        super().__init__(desk)
        self._spot = _Spot(place, chosen)
        self._came_by: list[_Spot] = []
        """What led to what is shown, the first one first."""

    @property
    def place(self) -> str:
        """The group shown."""
        return self._spot.place

    def crumbs(self) -> tuple[str, ...]:
        """Return the way to what the map shows."""
        return (*self._way, "heat map")

    @property
    def _way(self) -> tuple[str, ...]:
        """The way to the place: it is that of the table beside the map, down to some others."""
        way, place = (ROOT, "all members"), self._spot.place
        if place != EVERY_MEMBER:
            group = place.removeprefix(UNMAPPED_IN)
            way = way_to(self.desk.snapshot, group)
            way = way if group == place else (*way, UNMAPPED)
        return (*way, self._spot.others) if self._spot.others else way

    def compose_panels(self) -> Iterable[Panel]:
        """Yield the map."""
        yield HeatMap(id="map")

    def on_mount(self) -> None:
        """Show the place."""
        super().on_mount()
        self._show(self._spot)

    def _show(self, spot: _Spot) -> None:
        self._spot = spot
        self.query_one(HeatMap).show_place(spot.place, spot.beside, spot.chosen)
        self.show_title(self.desk.snapshot)
        self.refresh_bindings()

    def _go_into(self, spot: _Spot, chosen: str) -> None:
        """Show a part of what is shown, which the tile of a key opened."""
        if (spot.place, spot.beside) != (self._spot.place, self._spot.beside):
            self._came_by.append(msgspec.structs.replace(self._spot, chosen=chosen))
            self._show(spot)

    @on(Panel.Opened)
    def open_tile(self, event: Panel.Opened) -> None:
        """Go into a group, or into a member."""
        event.stop()
        if is_group(event.symbol):
            self._go_into(_Spot(event.symbol), event.symbol)
        else:
            self.go_down(SymbolScreen(self.desk, event.symbol, self._way))

    @on(TreemapPanel.OthersOpened)
    def open_others(self, event: TreemapPanel.OthersOpened) -> None:
        """Go into those that share a tile, as a map of their own."""
        event.stop()
        others = event.others
        name = others.label if others.beside else ""
        self._go_into(_Spot(others.opens, "", others.beside, name), others.key)

    def action_up(self) -> None:
        """Undo zoom, then show what led here, its tile chosen, then leave the map."""
        if self.is_zoomed or not self._came_by:
            super().action_up()
        else:
            self._show(self._came_by.pop())
