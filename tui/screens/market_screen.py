"""What all market screens share: title, panels, filter line, footer, and the way of a snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Size
from textual.reactive import reactive
from textual.widgets import Static

from market.quotes import Key
from market.snapshot import Snapshot
from tui.bindings import bindings_of
from tui.desk import WINDOWS, Beat, Desk
from tui.key_bar import KeyBar
from tui.keys import Scope
from tui.screens.strip_screen import STRIP_HEIGHT, StripScreen
from widgets.panel import Panel
from widgets.strip_line import StripLine
from widgets.title_bar import TitleBar
from widgets.watchlist import WatchlistPanel

ROOMY_WIDTH, ROOMY_HEIGHT = 60, 16
"""Smaller terminals are offered things in fewer words."""
FRAMED_WIDTH, FRAMED_HEIGHT = 78, 20
"""Smaller terminals give the borders' cells to the numbers."""

SHALLOW_HEIGHT = 7
"""Lower terminals have no room for one list below another."""

ROOT_WIDTH = 50
"""Narrower terminals call the index by its ticker."""


class MarketScreen(StripScreen, inherit_bindings=False):
    """A screen of panels over one snapshot."""

    BINDINGS = bindings_of(Scope.SCREEN, Scope.LIST, Scope.WATCHLIST)
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-slim"),
        (50, "-narrow"),
        (FRAMED_WIDTH, "-medium"),
        (110, "-wide"),
        (160, "-vast"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-strip"),
        (STRIP_HEIGHT + 1, "-tiny"),
        (9, "-low"),
        (FRAMED_HEIGHT, "-mid"),
        (32, "-tall"),
        (48, "-grand"),
    ]

    snapshot: reactive[Snapshot | None] = reactive(
        cast("Snapshot | None", None), repaint=False, init=False
    )
    """What is shown. Handed on to visible panels only: a hidden panel costs nothing."""
    window: reactive[str] = reactive("", repaint=False, init=False)
    """The chosen window of returns."""

    is_room: ClassVar[bool] = False
    """Whether the screen stands beside the way down, and one key enters and leaves it."""

    _offer = ""
    """What is on offer now, as it is worded here."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    # What subclasses give

    def crumbs(self) -> tuple[str, ...]:
        """Return the way from the index to here."""
        raise NotImplementedError

    def compose_panels(self) -> Iterable[Panel]:
        """Yield the panels in the order of their numbers."""
        raise NotImplementedError

    def wanted(self) -> Iterable[Key]:
        """Return the data that must be fresh while this screen is shown."""
        raise NotImplementedError

    @property
    def place(self) -> str:
        """The group of members that the screen is about, `@biotechnology`; empty for all."""
        return ""

    @property
    def first_panel(self) -> Panel:
        """The panel that has the keys at first."""
        return self.panels[0]

    # Building and showing

    def compose(self) -> ComposeResult:
        """Lay out title, panels and the lines below."""
        yield TitleBar()
        yield StripLine()
        with Container(id="panels"):
            yield from self.compose_panels()
        yield Static(id="offer", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Give the keys to the first panel."""
        self.show_crumbs()
        self.lists_changed()
        self.watch(self.query_one(KeyBar), "message", self._show_message)
        self.first_panel.focus()

    def on_screen_resume(self) -> None:
        """Be up to date at once, and say what is visible."""
        self.desk.want(self.wanted())
        self.window = self.desk.window
        self.lists_changed()
        self.renew()

    def renew(self) -> None:
        """Show everything as it is now."""
        title = self.query_one(TitleBar)
        title.held_at = self.desk.held_at
        title.pace = self.desk.pace
        self.query_one(StripLine).held_at = self.desk.held_at
        title.feeds = len(self.desk.feeds)
        self.beat(Beat(self.desk.snapshot, is_news=True))
        self.refresh_bindings()

    def beat(self, beat: Beat) -> None:
        """Take one paint beat: the clock always, the panels when there is news."""
        if not (titles := self.query(TitleBar)):
            return  # the program ends, and the screen is empty already
        titles.first().snapshot = beat.snapshot
        if beat.is_news:
            self.snapshot = beat.snapshot
            self.show_offer()

    def show_offer(self) -> None:
        """Show quietly what could be done, in as many words as there is room for, or nothing."""
        text = _worded(self.desk.markets.offers, self.size)
        if text == self._offer:
            return
        self._offer = text
        in_strip = self.is_strip
        self.query_one(StripLine).offer = text if in_strip else ""
        line = self.query_one("#offer", Static)
        line.update("" if in_strip else text)
        line.set_class(bool(text) and not in_strip, "-shown")
        self.refresh_bindings()

    def watch_snapshot(self) -> None:
        """Hand the news on to what is visible."""
        strip = self.query_one(StripLine)
        if strip.display:
            strip.snapshot = self.snapshot
        if self.is_strip:
            return
        for panel in self.visible_panels:
            panel.snapshot = self.snapshot

    def show_panels(self) -> None:
        """Bring what has come into sight up to date."""
        self.watch_snapshot()

    def watch_window(self, window: str) -> None:
        """Hand the window on."""
        self.query_one(StripLine).window = window
        for panel in self.panels:
            panel.window = window

    def on_resize(self, event: events.Resize) -> None:
        """Choose borders or title lines, fill what has come into sight, give the keys back."""
        self.show_crumbs()
        self.show_offer()
        self.set_class(event.size.height < SHALLOW_HEIGHT, "-shallow")
        self.set_class(event.size.height <= STRIP_HEIGHT + 1, "-least")
        framed = event.size.width >= FRAMED_WIDTH and event.size.height >= FRAMED_HEIGHT
        for panel in self.panels:
            panel.frame = "box" if framed else "rule"
        self.call_after_refresh(self.show_panels)
        self.call_after_refresh(self.restore_focus)

    def show_crumbs(self) -> None:
        """Show the way to here in the title, with a short root where there is little room."""
        root, *way = self.crumbs()
        short = self.size.width < ROOT_WIDTH
        self.query_one(TitleBar).crumbs = ("RUT" if short else root, *way)

    def refresh_charts(self) -> None:
        """Paint charts that could not be painted at first."""
        for panel in self.panels:
            panel.refresh_charts()

    def lists_changed(self) -> None:
        """Show the watchlists as they are now."""
        lists = self.desk.watchlists
        self.query_one(StripLine).symbols = lists.current
        for panel in self.query(WatchlistPanel):
            panel.list_name = lists.active
            panel.list_place = f"{lists.names.index(lists.active) + 1}/{len(lists.names)}"
            panel.symbols = lists.current
        self.refresh_bindings()

    def say(self, text: str) -> None:
        """Tell the user one sentence in the footer."""
        self.query_one(KeyBar).say(text)

    def _show_message(self, text: str) -> None:
        """Say in the strip what the footer would."""
        self.query_one(StripLine).message = text

    @property
    def hint_labels(self) -> Mapping[str, str]:
        """What the footer says of keys that do something else just now, by id."""
        board = self.focused_board
        is_filtered = board is not None and bool(board.filter_text)
        return {"go.up": "clear filter"} if is_filtered and not self.is_zoomed else {}

    # Going up and down

    def action_open(self) -> None:
        """Open what the cursor is on."""
        board, panel = self.focused_board, self.focused_panel
        if board is not None:
            board.action_open()
        elif panel is not None:
            panel.action_open()

    def go_down(self, screen: MarketScreen) -> None:
        """Show a screen one level down, once: a second wish that is late comes to nothing."""
        if self.program.screen is self:
            self.program.push_screen(screen)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the way up only where there is one."""
        if action == "up":
            board = self.focused_board
            is_filtered = board is not None and bool(board.filter_text)
            return self.is_zoomed or is_filtered or self.has_way_up
        return super().check_action(action, parameters)

    def action_up(self) -> None:
        """Undo zoom, then the filter, then go up one level."""
        board = self.focused_board
        if self.is_zoomed:
            self.zoom(None)
        elif board is not None and board.filter_text:
            board.filter_text = ""
            self.refresh_bindings()
        elif self.has_way_up:
            self.dismiss()

    @property
    def has_way_up(self) -> bool:
        """Whether another market screen lies below this one."""
        return sum(isinstance(s, MarketScreen) for s in self.program.screen_stack) > 1

    def choose_span(self, span: str) -> None:
        """Choose the window of a chart's range that was clicked on, if it is one."""
        if span in WINDOWS:
            self.desk.window = self.window = span

    def action_next_window(self) -> None:
        """Show the next window."""
        self.window = self.desk.step_window(1)

    def action_previous_window(self) -> None:
        """Show the previous window."""
        self.window = self.desk.step_window(-1)


def _worded(wordings: Sequence[str], size: Size) -> str:
    """Return the wording that suits a terminal's size; nothing if there is none."""
    if not wordings:
        return ""
    if size.height <= STRIP_HEIGHT:
        return wordings[-1]
    is_roomy = size.width >= ROOMY_WIDTH and size.height >= ROOMY_HEIGHT
    return wordings[0 if is_roomy else 1]
