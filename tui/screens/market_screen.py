"""What all market screens share: title, panels, filter line, footer, and the way of a snapshot."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from functools import partial
from typing import ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.containers import Container
from textual.geometry import Region
from textual.reactive import reactive
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Static

from market.interest import overview_keys
from market.quotes import Key
from market.snapshot import Snapshot
from tui.bindings import bindings_of
from tui.desk import Desk
from tui.key_bar import KeyBar
from tui.keys import Scope
from tui.paint_beat import Beat
from tui.screens.leaving import leave_once
from tui.screens.strip_screen import STRIP_HEIGHT
from tui.screens.turns import Turns
from tui.screens.window_screen import WindowScreen
from widgets.palette import blank_lines
from widgets.panel import Panel
from widgets.strip_line import StripLine
from widgets.title_bar import TitleBar


class Ground(Container):
    """What panels stand on: nothing of it is seen but a blank column between some."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return blank lines."""
        return blank_lines(self, crop)


class MarketScreen(WindowScreen, Screen[None], inherit_bindings=False):
    """A screen of panels over one snapshot."""

    BINDINGS = bindings_of(Scope.SCREEN, Scope.LIST, Scope.WATCHLIST)
    snapshot: reactive[Snapshot | None] = reactive(
        cast("Snapshot | None", None), repaint=False, init=False
    )
    """What is shown. Handed on to visible panels only: a hidden panel costs nothing."""

    room: ClassVar[str] = ""
    """The id of the key that enters and leaves the screen, where it stands beside the way down."""

    _leaves_garbage = False
    """Whether garbage is collected again once it is painted."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.turns = Turns(self, self.all_have_it)

    # What subclasses give

    def compose_panels(self) -> Iterable[Panel]:
        """Yield the panels in the order of their numbers."""
        raise NotImplementedError

    def wanted(self) -> Iterable[Key]:
        """Return the data that must be fresh while this screen is shown: the index's by default.

        The members' come without being asked for.
        """
        return overview_keys(self.desk.settings.cast)

    @property
    def place(self) -> str:
        """The group of members that the screen is about, `@biotechnology`; empty for all."""
        return ""

    @property
    def is_all_members(self) -> bool:
        """Whether it is the table of all members."""
        return False

    # Building and showing

    def compose(self) -> ComposeResult:
        """Lay out title, panels and the lines below."""
        self._collect_no_garbage()
        self.fit_from_the_start()
        yield TitleBar()
        yield StripLine()
        with Ground(id="panels"):
            yield from self.compose_panels()
        yield Static(id="unseen", markup=False)
        yield Static(id="offer", markup=False)
        yield KeyBar()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return blank lines: all that is seen are the parts."""
        return blank_lines(self, crop)

    def on_mount(self) -> None:
        """Give the keys to the first panel, where panels have room."""
        self.frame_panels(self.program.size)
        self.lists_changed()
        self.watch(self.query_one(KeyBar), "message", self.show_message)
        if self.program.size.height > STRIP_HEIGHT:
            self.first_panel.focus()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Be up to date at once; what was just made was styled as it was made."""
        event.refresh_styles = self.snapshot is not None
        if self._leaves_garbage:
            self._leaves_garbage = False
            self.call_after_refresh(gc.enable)
        self.show_again()

    def _collect_no_garbage(self) -> None:
        """Collect no garbage until it is painted: a full collection would take longer than that."""
        if gc.isenabled():
            gc.disable()
            self._leaves_garbage = True

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Go back to the screen below, once."""
        return leave_once(self, partial(super().dismiss, result))

    def show_again(self) -> None:
        """Be up to date at once, then say what is visible."""
        self.call_after_refresh(self.want)
        self.window = self.desk.window
        self.lists_changed()
        self.renew()

    def want(self) -> None:
        """Say what is visible, if this screen still is."""
        if self.program.screen is self:
            self.desk.want(self.wanted())

    def renew(self) -> None:
        """Show everything as it is now."""
        self.query_one(StripLine).held_at = self.desk.held_at
        self.beat(Beat(self.desk.snapshot, is_news=True))
        self.turns.finish()
        self.refresh_bindings()

    def beat(self, beat: Beat) -> None:
        """Take one paint beat: the clock always, the panels when there is news."""
        if not self.query(TitleBar):
            return  # the program ends, and the screen is empty already
        self.show_title(beat.snapshot)
        if beat.is_news:
            self.snapshot = beat.snapshot
            self.show_alert(beat.snapshot)
            self.show_offer()

    def watch_snapshot(self) -> None:
        """Hand the news on to what is visible."""
        strip = self.query_one(StripLine)
        if strip.display:
            strip.snapshot = self.snapshot
        if self.is_strip:
            return
        self.turns.begin(self.visible_panels, self.snapshot)

    def all_have_it(self) -> None:
        """Offer what can be done with the row that the news have put under the cursor."""
        self.offer_row()

    def show_panels(self) -> None:
        """Bring what has come into sight up to date, and name what has no room."""
        self.watch_snapshot()
        self.turns.finish()
        self.show_unseen()

    def why_idle(self, action: str) -> str:
        """Return why there is no tape to move, where that was wished."""
        if action.startswith("tape_"):
            return self.desk.markets.why_no_tape
        return super().why_idle(action)

    def on_screen_suspend(self) -> None:
        """Leave no answer behind that would come back with this screen."""
        self.turns.finish()
        self.answer_no_longer()

    def on_unmount(self) -> None:
        """Let others paint."""
        self.turns.stop()
