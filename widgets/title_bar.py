"""The title line: program, crumbs, market clock, session, feeds."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from market.health import counted
from market.quotes import Phase
from market.snapshot import Snapshot
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

    snapshot: reactive[Snapshot | None] = reactive(cast("Snapshot | None", None), repaint=False)
    crumbs: reactive[tuple[str, ...]] = reactive(("Russell 2000",), repaint=False)
    """The way from the index to what is shown."""
    held_at: reactive[datetime | None] = reactive(cast("datetime | None", None), repaint=False)
    """Since when the picture is held; None when it runs."""
    pace: reactive[float] = reactive(1.0, repaint=False)
    """How much faster than normal the feeds are asked."""
    tape: reactive[str] = reactive("", repaint=False)
    """How the tape runs that is played, `10x` or `still`."""
    now: reactive[datetime | None] = reactive(cast("datetime | None", None), repaint=False)
    """The clock's time where it is not the snapshot's: while the picture is held."""
    feeds: reactive[int] = reactive(0, repaint=False)
    """How many feeds there are, as long as the snapshot has not heard of all of them."""

    _line: Line = ()
    _worded_for = 0
    """The cells that the line was worded for."""

    def watch_snapshot(self) -> None:
        """Take the news."""
        self._renew()

    def watch_crumbs(self) -> None:
        """Show another way."""
        self._renew()

    def watch_held_at(self) -> None:
        """Say since when the picture stands."""
        self._renew()

    def watch_pace(self) -> None:
        """Say the pace."""
        self._renew()

    def watch_tape(self) -> None:
        """Say how the tape runs."""
        self._renew()

    def watch_now(self) -> None:
        """Move the clock."""
        self._renew()

    def watch_feeds(self) -> None:
        """Count feeds that nobody has heard of yet."""
        self._renew()

    def on_resize(self) -> None:
        """Word it for the new width."""
        self._renew()

    def view(self) -> TitleView | None:
        """Return what the line says now."""
        snapshot = self.snapshot
        if snapshot is None:
            return None
        feeds = counted(snapshot.feeds.values())
        return TitleView(
            self.crumbs,
            self.now or snapshot.now,
            feeds.ok,
            feeds.failing,
            feeds.known or self.feeds,
            f"{snapshot.mode.badge} {self.tape}".strip(),
            self.held_at,
            self.pace,
            snapshot.restored_at is not None,
            bool(snapshot.quotes) and snapshot.session.phase is Phase.CLOSED,
            bool(self.tape),
        )

    def _renew(self) -> None:
        line, shown = self._worded(), self._line
        if line != shown:
            self._line = line
            self.refresh(Region(0, 0, cells_changed(shown, line), 1))

    def _worded(self) -> Line:
        """Return the line for the width there is."""
        view, self._worded_for = self.view(), self.size.width
        return () if view is None else paint(view, self.size.width)

    def on_click(self, event: events.Click) -> None:
        """Tell of a click on the way here, or on the feeds' badge."""
        event.stop()
        if is_badge_at(self._line, event.x):
            self.post_message(self.FeedsClicked())
        elif (place := crumb_at(self._line, self.crumbs, event.x)) is not None:
            self.post_message(self.CrumbClicked(place))

    def render_line(self, y: int) -> Strip:
        """Return the line; it may be asked for at a width before anything has told of that."""
        del y
        if self._worded_for != self.size.width:
            self._line = self._worded()
        palette = palette_of(app_of(self))
        strip = strip_of(self._line, palette, self.size.width, ascii_only=ascii_of(self))
        return strip.apply_style(self.visual_style.rich_style)
