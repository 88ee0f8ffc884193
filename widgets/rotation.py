"""The rotation panel: which sub-sectors gain strength against the index, and which lose it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from textual import events

from market.baskets import basket_symbol
from market.census import Trail
from market.metrics.rotation import Quadrant, quadrant
from market.snapshot import Snapshot
from widgets.census_mark import census_freshness, census_mark, census_reading, is_census_old
from widgets.lines import Line
from widgets.mark import Mark
from widgets.panel import ViewPanel
from widgets.rotation_paint import Plotted, painted
from widgets.rotation_ways import RotationView, Way
from widgets.strips import plain

ORDER = (Quadrant.LEADING, Quadrant.IMPROVING, Quadrant.WEAKENING, Quadrant.LAGGING)
"""Quadrants in the order of the list."""
WAITING = "waiting for 28 sessions of the sub-sectors' levels"
_OF_BASKETS = basket_symbol("")
_WHEEL = 3
"""Rows of the list by which one step of the wheel moves it."""
NEAR = 3
"""Cells from a head within which a click means it."""


def view_of(snapshot: Snapshot) -> RotationView:
    """Return the ways of all groups that have one, by quadrant, those farthest out first."""
    census = snapshot.census
    if census is None:
        return RotationView(reason=census_freshness(snapshot).reason)
    found = _ways(census.trails)
    return RotationView(found, "" if found else _why_none(snapshot), is_census_old(snapshot))


def _why_none(snapshot: Snapshot) -> str:
    """Return what ways lack: the index in the members' session, else enough of the past."""
    index = census_reading(snapshot, "attribution.index.1d")
    lacks_index = index.value is None and index.reason
    return plain(index.reason) if lacks_index else WAITING


@lru_cache(maxsize=2)
def _ways(trails: tuple[Trail, ...]) -> tuple[Way, ...]:
    """Return the ways of one census, worked out once and not at every paint beat."""
    found = [way for trail in trails if (way := _way(trail)) is not None]
    found.sort(key=lambda way: (ORDER.index(way.quadrant), -way.reach, way.symbol))
    return tuple(found)


def _way(trail: Trail) -> Way | None:
    """Return the newest unbroken part of a trail, None where its newest point is not known."""
    points: list[tuple[float, float]] = []
    for ratio, momentum in zip(reversed(trail.ratio), reversed(trail.momentum), strict=False):
        if not (math.isfinite(ratio) and math.isfinite(momentum)):
            break
        points.append((ratio, momentum))
    if not points:
        return None
    points.reverse()
    xs, ys = zip(*points, strict=True)
    name, where = plain(trail.name, 40), quadrant(xs[-1], ys[-1])
    return Way(trail.symbol, name, xs, ys, where, trail.symbol.startswith(_OF_BASKETS))


class RotationPanel(ViewPanel[RotationView]):
    """Relative strength and its momentum, one trail for each sub-sector. Approximate."""

    can_focus = True
    TITLE = "Rotation, approximate · against the index"

    _chosen: str = ""
    _plotted: Plotted = Plotted(())
    _first: int | None = None
    """Which entry the list begins with once the wheel was turned; the next move forgets it."""

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the members' prices."""
        return census_mark(snapshot)

    def view_from(self, snapshot: Snapshot) -> RotationView:
        """Return the view."""
        return view_of(snapshot)

    def lines_of(
        self, view: RotationView, width: int, height: int, *, ascii_only: bool
    ) -> Sequence[Line]:
        """Draw the view, the chosen group on top."""
        chosen = self.cursor_symbol or ""
        self._plotted = painted(
            view, width, height, chosen, first=self._first, ascii_only=ascii_only
        )
        return self._plotted.lines

    @property
    def _symbols(self) -> tuple[str, ...]:
        return () if self._view is None else tuple(way.symbol for way in self._view.ways)

    @property
    def cursor_symbol(self) -> str | None:
        """The chosen group; the first of the list until somebody moves."""
        symbols = self._symbols
        return self._chosen if self._chosen in symbols else next(iter(symbols), None)

    def choose(self, symbol: str, first: int | None = None) -> None:
        """Put the cursor on a group; the list begins at an entry, else so that it is in sight."""
        self._chosen, self._first = symbol, first
        self.repaint()

    def move_to(self, place: int) -> None:
        """Put the cursor on a row of the list, the first or last when outside."""
        if symbols := self._symbols:
            self.choose(symbols[min(len(symbols) - 1, max(0, place))])

    def _move(self, step: int) -> None:
        if (symbol := self.cursor_symbol) is not None:
            self.move_to(self._symbols.index(symbol) + step)

    def action_cursor_down(self) -> None:
        """Go to the next group."""
        self._move(1)

    def action_cursor_up(self) -> None:
        """Go to the previous group."""
        self._move(-1)

    def action_home(self) -> None:
        """Go to the first group."""
        self.move_to(0)

    def action_end(self) -> None:
        """Go to the last group."""
        self.move_to(len(self._symbols) - 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Show more of the list."""
        self._scroll(event, _WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Show the list from further up."""
        self._scroll(event, -_WHEEL)

    def _scroll(self, event: events.MouseEvent, rows: int) -> None:
        event.stop()
        first = max(0, min(self._plotted.first + rows, self._plotted.most))
        if first != self._plotted.first:
            self._first = first
            self.repaint()

    def on_click(self, event: events.Click) -> None:
        """Choose the group clicked on, in the list or near its head; a second click opens it."""
        x, y = (event.x - 2, event.y - 1) if self.frame == "box" else (event.x, event.y - 1)
        symbol = self._symbol_at(x, y)
        if event.widget is not self or not symbol:
            return
        event.stop()
        if symbol == self._chosen:
            self.action_open()
        self.choose(symbol, self._plotted.first)

    def _symbol_at(self, x: int, y: int) -> str:
        plotted = self._plotted
        if y < 0:
            return ""
        if plotted.legend_at and x >= plotted.legend_at:
            return plotted.listed[y] if y < len(plotted.listed) else ""
        near = [
            (abs(x - column) / 2 + abs(y - row), symbol) for column, row, symbol in plotted.heads
        ]
        distance, symbol = min(near, default=(math.inf, ""))
        return symbol if distance <= NEAR else ""
