"""News of one symbol: next earnings, filings and headlines as one list that opens in a browser."""

from __future__ import annotations

from datetime import timedelta

from textual.app import ComposeResult
from textual.message import Message
from textual.reactive import reactive

from market.freshness import Freshness
from market.health import Look
from market.quotes import Key, Kind
from market.snapshot import Snapshot
from market.venues import Venue, trading_time_between
from widgets.board import Board
from widgets.mark import Mark, mark_of
from widgets.panel import BoardPanel
from widgets.stories_rows import StoriesView, columns_for, view_of

STALE_AFTER = timedelta(hours=1)
"""Session time after which news is late: it is asked for every ten minutes."""
_KINDS = (Kind.HEADLINES, Kind.FILINGS)


def story_freshness(snapshot: Snapshot, symbol: str) -> Freshness:
    """Return how fresh the news of a symbol is: as old as the older of its two lists."""
    keys = [Key(kind, symbol) for kind in _KINDS]
    trouble = next((snapshot.troubles[key] for key in keys if key in snapshot.troubles), None)
    found = [snapshot.documents[key] for key in keys if key in snapshot.documents]
    if not found:
        said = next((snapshot.absences[key] for key in keys if key in snapshot.absences), "")
        reason = trouble.text if trouble else said or "waiting for headlines"
        return Freshness(Look.ABSENT, "", None, None, 0, reason, trouble)
    oldest = min(found, key=lambda document: document.fetched_at)
    as_of, now = oldest.fetched_at, snapshot.now
    is_late = trading_time_between(Venue.XNYS, as_of, now) > STALE_AFTER
    look = Look.FAILING if trouble else Look.LATE if is_late else Look.LIVE
    sources = "+".join(dict.fromkeys(document.source for document in found))
    reason = trouble.text if trouble else ""
    age = max(now - as_of, timedelta(0))
    return Freshness(look, sources, age, as_of, 0, reason, trouble)


class StoriesPanel(BoardPanel):
    """What was filed and written about a symbol; enter opens it in the browser."""

    TITLE = "News"

    class AddressOpened(Message):
        """Somebody wants to read what a row is about."""

        def __init__(self, panel: StoriesPanel, address: str) -> None:
            super().__init__()
            self.panel = panel
            self.address = address

        @property
        def control(self) -> StoriesPanel:
            """The panel."""
            return self.panel

    symbol: reactive[str] = reactive("", repaint=False)
    """As Yahoo spells it."""
    _view = StoriesView()

    def compose(self) -> ComposeResult:
        """Hold one board."""
        yield Board(columns_for(()), empty=StoriesView().empty)

    def watch_symbol(self) -> None:
        """Show another symbol."""
        self.renew()

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the lists."""
        freshness = story_freshness(snapshot, self.symbol)
        return mark_of(freshness, snapshot.now, mode=snapshot.mode)

    def take(self, snapshot: Snapshot) -> bool:
        """Give the board its rows, if they have changed."""
        if not self.has_board:
            return False
        view = view_of(snapshot, self.symbol)
        if view != self._view:
            self._view = view
            self.board.empty = view.empty
            self.board.show(view.rows, columns_for(view.rows))
        return False

    @property
    def cursor_symbol(self) -> str | None:
        """The symbol that the news is about."""
        return self.symbol or None

    @property
    def address(self) -> str:
        """Where the row under the cursor can be read; empty for nowhere."""
        return self._view.address(self.board.cursor_key) if self.has_board else ""

    def on_board_opened(self, event: Board.Opened) -> None:
        """Tell which address was opened. Textual would call the panel's own handler too."""
        event.stop()
        event.prevent_default()
        if self.address:
            self.post_message(self.AddressOpened(self, self.address))
