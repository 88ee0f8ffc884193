"""The title line: program, crumbs, market clock, session, feeds."""

from __future__ import annotations

from typing import cast

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from widgets.lines import Line, cells_changed, strip_of
from widgets.palette import app_of, ascii_of, palette_of
from widgets.title_line import TitleView, crumb_at, is_badge_at, paint


class TitleBar(Widget):
    """The first line of every screen. It repaints only when a letter of it changed."""

    DEFAULT_CSS = "TitleBar { height: 1; width: 1fr; }"

    class CrumbClicked(Message):
        """A part of the way here was clicked on."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place
            """0 is where the way begins."""

    class FeedsClicked(Message):
        """The feeds' badge was clicked on."""

    view: reactive[TitleView | None] = reactive(cast("TitleView | None", None), repaint=False)
    """What the line says."""

    _line: Line = ()
    _worded_for = 0
    """The cells that the line was worded for."""

    def watch_view(self) -> None:
        """Say it."""
        self._renew()

    def on_resize(self) -> None:
        """Word it for the new width."""
        self._renew()

    def _renew(self) -> None:
        line, shown = self._worded(), self._line
        if line != shown:
            self._line = line
            self.refresh(Region(0, 0, cells_changed(shown, line), 1))

    def _worded(self) -> Line:
        """Return the line for the width there is."""
        self._worded_for = self.size.width
        return () if self.view is None else paint(self.view, self.size.width)

    def on_click(self, event: events.Click) -> None:
        """Tell of a click on the way here, or on the feeds' badge."""
        event.stop()
        if is_badge_at(self._line, event.x):
            self.post_message(self.FeedsClicked())
        elif self.view and (place := crumb_at(self._line, self.view.crumbs, event.x)) is not None:
            self.post_message(self.CrumbClicked(place))

    def render_line(self, y: int) -> Strip:
        """Return the line; it may be asked for at a width before anything has told of that."""
        del y
        if self._worded_for != self.size.width:
            self._line = self._worded()
        palette = palette_of(app_of(self))
        strip = strip_of(self._line, palette, self.size.width, ascii_only=ascii_of(self))
        return strip.apply_style(self.visual_style.rich_style)
