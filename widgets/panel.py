"""Panels: a slice of the snapshot -> view -> lines, in a frame with title and freshness mark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar, cast

from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from market.snapshot import Snapshot
from widgets.board import Board, Row
from widgets.frame import PART
from widgets.framed import FramedWidget, FrameKind
from widgets.lines import Line
from widgets.mark import Mark
from widgets.marking import marked, row_rules, seen_beside
from widgets.strips import plain

__all__ = ["BoardPanel", "FrameKind", "Panel", "SymbolPanel", "ViewPanel"]

V = TypeVar("V")
"""What a panel shows: frozen, small, comparable."""


class Panel(FramedWidget, Widget):
    """A framed part of a screen that shows one slice of the snapshot.

    Subclasses give `heading`, `mark_from`, and `take`, which works out the view of a
    snapshot and says whether it differs from the one shown; `body` paints it.
    """

    DEFAULT_CSS = """
    Panel { height: 1fr; width: 1fr; }
    Panel > Board { margin: 1; height: 1fr; width: 1fr; }
    Panel.-rule > Board { margin: 1 0 0 0; }
    """

    class Opened(Message):
        """Somebody wants to go into a symbol of the panel."""

        def __init__(self, panel: Panel, symbol: str) -> None:
            super().__init__()
            self.panel = panel
            self.symbol = symbol

        @property
        def control(self) -> Panel:
            """The panel."""
            return self.panel

    class TitleClicked(Message):
        """The panel's title was clicked: full screen and back."""

        def __init__(self, panel: Panel) -> None:
            super().__init__()
            self.panel = panel

        @property
        def control(self) -> Panel:
            """The panel."""
            return self.panel

    snapshot: reactive[Snapshot | None] = reactive(cast("Snapshot | None", None), repaint=False)
    """What is known; the screen sets or binds it."""
    window: reactive[str] = reactive("1D", repaint=False)
    """The chosen window: 1D 5D 1M 8W 3M 6M YTD 1Y."""

    # What subclasses give

    def heading(self) -> str:
        """Return the title as it is now."""
        return self.TITLE

    def full_title(self) -> str:
        """Return the title with whatever limits what is shown."""
        return self.heading()

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of what the panel shows."""
        raise NotImplementedError

    def take(self, snapshot: Snapshot) -> bool:
        """Work out the view; return whether it differs from the one shown."""
        raise NotImplementedError

    def refresh_charts(self) -> None:
        """Paint again: charts can be drawn now."""
        self.repaint()

    @property
    def cursor_symbol(self) -> str | None:
        """The symbol that enter would open."""
        return None

    def action_open(self) -> None:
        """Open the symbol under the cursor."""
        if (symbol := self.cursor_symbol) is not None:
            self.post_message(self.Opened(self, symbol))

    # The way of a snapshot

    def watch_snapshot(self) -> None:
        """Take the news."""
        self.renew()

    def watch_window(self) -> None:
        """Show another window."""
        self.renew()

    def renew(self) -> None:
        """Show what is known now; repaint only what changed."""
        snapshot = self.snapshot
        if snapshot is None:
            return
        if self.take(snapshot):
            self.repaint()
        self._renew_frame(snapshot)

    def _renew_frame(self, snapshot: Snapshot) -> None:
        """Put title and mark on the frame as they are now."""
        mark, title = self.mark_from(snapshot), self.full_title()
        if (mark, title) != (self._mark, self._title):
            self._mark, self._title = mark, title
            self.repaint_frame()

    def on_resize(self) -> None:
        """Choose the title's words anew: how many there are goes with the room."""
        if self.snapshot is not None:
            self._renew_frame(self.snapshot)

    def on_click(self, event: events.Click) -> None:
        """Tell of a click on the title."""
        if event.widget is self and event.y == 0:
            event.stop()
            self.post_message(self.TitleClicked(self))


class ViewPanel(Panel, Generic[V]):
    """A panel of two pure functions: snapshot -> view, and view -> lines.

    Subclasses give `view_from` and `lines_of`. An equal view is not painted again.
    """

    _view: V | None = None

    @property
    def view(self) -> V | None:
        """What is shown; None before the first snapshot."""
        return self._view

    def view_from(self, snapshot: Snapshot) -> V:
        """Return what the panel shows of a snapshot."""
        raise NotImplementedError

    def lines_of(self, view: V, width: int, height: int, *, ascii_only: bool) -> Sequence[Line]:
        """Return the view as at most `height` lines of at most `width` cells."""
        raise NotImplementedError

    def take(self, snapshot: Snapshot) -> bool:
        """Keep the view; return whether it differs from the one before."""
        view = self.view_from(snapshot)
        changed = view != self._view
        self._view = view
        return changed

    def body(self, width: int, height: int, *, ascii_only: bool) -> Sequence[Line]:
        """Return the lines of the view, none before the first snapshot."""
        if self._view is None:
            return ()
        return self.lines_of(self._view, width, height, ascii_only=ascii_only)


class SymbolPanel(ViewPanel[V]):
    """A panel about one symbol, which enter opens."""

    can_focus = True

    symbol: reactive[str] = reactive("", repaint=False)
    """As Yahoo spells it."""

    def watch_symbol(self) -> None:
        """Show another symbol."""
        self.renew()

    @property
    def cursor_symbol(self) -> str | None:
        """The symbol shown."""
        return self.symbol or None


class BoardPanel(Panel):
    """A panel around one board."""

    def on_mount(self) -> None:
        """Fill the board with what came before it was there."""
        self.watch(self.board, "filter_text", self.renew, init=False)
        self.renew()

    def full_title(self) -> str:
        """Return the title, behind its first part the filter and how many rows it leaves."""
        title, board = self.heading(), self.board if self.has_board else None
        if board is None or not board.filter_text.strip():
            return title
        first, part, rest = title.partition(PART)
        kept = f"{len(board.listing.order):,} of {board.listing.count:,}"
        return f"{first} /{plain(board.filter_text, 20)} {kept}{part}{rest}"

    @property
    def has_board(self) -> bool:
        """Whether the board is there yet; a snapshot may come before it."""
        return bool(self.children)

    @property
    def board(self) -> Board:
        """The table inside."""
        return self.query_one(Board)

    def marking(self, snapshot: Snapshot) -> tuple[object, ...]:
        """Return what rows are marked by: of the same rows nothing is made again while it stays."""
        rules = row_rules(self)
        return rules, seen_beside(rules, snapshot), snapshot.colours

    def marked(self, rows: Sequence[Row], snapshot: Snapshot) -> Sequence[Row]:
        """Return rows of instruments with the user's rules that hold of them."""
        return marked(rows, row_rules(self), snapshot)

    @property
    def cursor_symbol(self) -> str | None:
        """The symbol of the row under the cursor."""
        return self.board.cursor_key if self.has_board else None

    def focus(self, scroll_visible: bool = True) -> BoardPanel:
        """Give the keys to the board."""
        self.board.focus(scroll_visible)
        return self

    def on_board_opened(self, event: Board.Opened) -> None:
        """Tell which symbol was opened."""
        event.stop()
        self.post_message(self.Opened(self, event.key))

    def refresh_charts(self) -> None:
        """Draw the sparklines that could not be drawn at first."""
        self.board.refresh_charts()
