"""The volatility panel: VIX family, RVX, term structure, realised and implied."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events

from market.snapshot import Snapshot
from widgets.lines import Line
from widgets.mark import Mark
from widgets.panel import ViewPanel
from widgets.values import family_mark
from widgets.volatility_paint import paint, symbol_at
from widgets.volatility_view import ROWS, VolatilityView, level_names, view_of


class VolatilityPanel(ViewPanel[VolatilityView]):
    """How volatile small caps are, and how volatile the options market thinks they will be."""

    can_focus = True
    TITLE = "Volatility"
    rows = ROWS

    _place: int = 0
    _painted: Sequence[Line] = ()

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the levels, and which feed leaves their changes blank."""
        levels = level_names(snapshot)
        changes = [f"{name.removesuffix('last')}change" for name in levels]
        return family_mark(snapshot, levels, changes)

    def view_from(self, snapshot: Snapshot) -> VolatilityView:
        """Return the view."""
        return view_of(snapshot)

    def lines_of(
        self, view: VolatilityView, width: int, height: int, *, ascii_only: bool
    ) -> Sequence[Line]:
        """Paint the view, the cursor only while the panel has the keys."""
        selected = ROWS[self._place] if self.has_focus else ""
        self._painted = paint(view, width, height, selected, ascii_only=ascii_only)
        return self._painted

    @property
    def cursor_symbol(self) -> str | None:
        """The symbol under the cursor."""
        return ROWS[self._place]

    def move_to(self, place: int) -> None:
        """Put the cursor on a row, the first or last when outside."""
        self._place = min(len(ROWS) - 1, max(0, place))
        self.repaint()

    def action_cursor_down(self) -> None:
        """Go to the next value."""
        self.move_to(self._place + 1)

    def action_cursor_up(self) -> None:
        """Go to the previous value."""
        self.move_to(self._place - 1)

    def action_home(self) -> None:
        """Go to the first value."""
        self.move_to(0)

    def action_end(self) -> None:
        """Go to the last value."""
        self.move_to(len(ROWS) - 1)

    def on_click(self, event: events.Click) -> None:
        """Select the value clicked on; open it when it was selected."""
        column, row = self.body_place(event)
        if not 0 <= row < len(self._painted):
            return
        symbol = symbol_at(self._painted[row], column)
        if symbol not in ROWS:
            return
        event.stop()
        if symbol == self.cursor_symbol and event.chain > 1:
            self.action_open()
        self.move_to(ROWS.index(symbol))
