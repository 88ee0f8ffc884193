"""The market in one to three lines, for a strip of a terminal."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, cast

from rich.cells import cell_len
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from market.sessions import NEW_YORK
from market.snapshot import Snapshot
from widgets.lines import Line, between, sentence, strip_of, width_of
from widgets.palette import app_of, ascii_of, palette_of
from widgets.strips import plain

if TYPE_CHECKING:
    from widgets.strip_view import StripView

_LEVEL_ROOM = 14
"""Cells that the level keeps for itself when there is one line only: `RUT 2,990.00`."""
_CLAUSE = re.compile(r"; | \(")
"""What ends the first clause of a message."""


class StripLine(Widget):
    """What matters most, when there is a line of room."""

    DEFAULT_CSS = "StripLine { height: 1fr; width: 1fr; }"

    snapshot: reactive[Snapshot | None] = reactive(cast("Snapshot | None", None), repaint=False)
    symbols: reactive[tuple[str, ...]] = reactive(cast("tuple[str, ...]", ()), repaint=False)
    """What is watched."""
    window: reactive[str] = reactive("1D", repaint=False)
    offer: reactive[str] = reactive("", repaint=False)
    """What a key could do now, in a few words: `D: demo`; nothing as a rule."""
    held_at: reactive[datetime | None] = reactive(cast("datetime | None", None), repaint=False)
    """Since when the picture is held; None when it runs."""
    message: reactive[str] = reactive("", repaint=False)
    """A sentence that stands on the last line for a moment."""

    _view: StripView | None = None

    def watch_snapshot(self) -> None:
        """Take the news."""
        self._renew()

    def watch_symbols(self) -> None:
        """Watch others."""
        self._renew()

    def watch_window(self) -> None:
        """Rank the leaders over another window."""
        self._renew()

    def watch_offer(self) -> None:
        """Offer something else, or nothing."""
        self.refresh()

    def watch_held_at(self) -> None:
        """Say that the picture stands, or goes on."""
        self.refresh()

    def watch_message(self) -> None:
        """Say it, or take it away."""
        self.refresh()

    def _renew(self) -> None:
        if self.snapshot is None:
            return
        from widgets.strip_view import view_of

        view = view_of(self.snapshot, self.symbols, self.window)
        if view != self._view:
            self._view = view
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return one of the lines."""
        width, height = self.size
        lines = self._lines(width, height)
        line = lines[y] if y < len(lines) else ()
        strip = strip_of(line, palette_of(app_of(self)), width, ascii_only=ascii_of(self))
        return strip.apply_style(self.visual_style.rich_style)

    def _lines(self, width: int, height: int) -> list[Line]:
        """Return the lines; a message covers the last of them, or stands beside the level."""
        at = self.held_at
        held = "" if at is None else f"HOLD {at.astimezone(NEW_YORK):%H:%M}"
        said = self._said(width, height)
        room = width - width_of(said) - 2 if said and height == 1 else width
        lines = [] if self._view is None else _painted(self._view, room, height, self.offer, held)
        if not said:
            return lines
        if height == 1:
            return [between(lines[0] if lines else (), said, width)]
        blank: list[Line] = [()] * (height - 1 - len(lines))
        return [*lines[: height - 1], *blank, said]

    def _said(self, width: int, height: int) -> Line:
        """Return the message; in one line it or its first clause, whole or not at all."""
        text = plain(self.message)
        if height == 1:
            badge = self._view.badges[-1] if self._view is not None else ""
            room = width - _LEVEL_ROOM - (len(badge) + 2 if badge else 0)
            wordings = (text, _CLAUSE.split(text)[0])
            text = next((words for words in wordings if cell_len(words) <= room), "")
        return ((sentence(text, width), "text"),) if text else ()


def _painted(view: StripView, width: int, height: int, offer: str, held: str) -> list[Line]:
    """Paint the view; most terminals are never so low, so that it is loaded in those that are."""
    from widgets.strip_paint import paint

    return paint(view, width, height, offer, held)
