"""The agenda of the index: what comes on each day of two weeks, as a list."""

from __future__ import annotations

from textual.app import ComposeResult

from market.sessions import exchange_date
from market.snapshot import Snapshot
from widgets.board import Board, Sort
from widgets.calendar_mark import CALENDARS, calendar_freshness, calendar_mark
from widgets.calendar_rows import COLUMNS, agenda_rows, day_of_key, unknown_in_words
from widgets.frame import PART
from widgets.mark import Mark
from widgets.panel import BoardPanel
from widgets.strips import plain, share
from widgets.values import number_of

BY_DAY = Sort("when")
"""The order rows are given in."""


def beat_in_words(snapshot: Snapshot) -> str:
    """Return how the last reports turned out: `63 % of 214 beat in 30 d`; empty if not known."""
    agenda = snapshot.studies.agenda
    rate = number_of(snapshot.reading("calendar.beat_rate.30d"))
    if agenda is None:
        return ""
    is_whole = agenda.beat_days == agenda.beat_days_due
    known = f"{agenda.beat_days} of {agenda.beat_days_due} sessions"
    if rate is None:
        return "" if is_whole else f"beat rate: {known} known"
    return f"{share(rate)} of {agenda.beat.judged} beat in {'30 d' if is_whole else known}"


class AgendaPanel(BoardPanel):
    """Earnings, releases and other occasions by day; enter opens a company."""

    _shown: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        """Hold one board."""
        yield Board(COLUMNS, empty="waiting for the calendar")

    def on_mount(self) -> None:
        """Show rows under headings, or without them, as the order is."""
        super().on_mount()
        self.watch(self.board, "sort", self.renew, init=False)

    def heading(self) -> str:
        """Return the title, and how the last reports turned out."""
        told = "" if self.snapshot is None else beat_in_words(self.snapshot)
        return PART.join(words for words in ("Calendar, two weeks", told) if words)

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the calendars."""
        return calendar_mark(snapshot)

    def take(self, snapshot: Snapshot) -> bool:
        """Give the board its rows, if what they are made of has changed."""
        if not self.has_board:
            return False
        board = self.board
        if snapshot.studies.agenda is None:
            board.empty = plain(calendar_freshness(snapshot, *CALENDARS).reason)
        is_headed = board.sort.column is None and not board.filter_text.strip()
        members = None if snapshot.census is None else snapshot.census.members.day
        today = exchange_date(snapshot.now)
        agenda = snapshot.studies.agenda
        days, unknown = None if agenda is None else agenda.days, unknown_in_words(snapshot)
        made_of = (days, unknown, members, today, is_headed)
        if made_of != self._shown:
            self._shown = made_of
            board.rank_by(BY_DAY)
            board.show(agenda_rows(snapshot, is_headed=is_headed), COLUMNS)
        return False

    @property
    def cursor_symbol(self) -> str | None:
        """The company under the cursor; a release has none."""
        return (super().cursor_symbol or "").partition(" ")[0] or None

    @property
    def day(self) -> str:
        """The day under the cursor, 2026-08-04; empty without one."""
        day = day_of_key(self.board.cursor_key) if self.has_board else None
        return "" if day is None else day.isoformat()

    def on_board_opened(self, event: Board.Opened) -> None:
        """Tell which company was opened. Textual would call the panel's own handler too."""
        event.stop()
        event.prevent_default()
        if symbol := event.key.partition(" ")[0]:
            self.post_message(self.Opened(self, symbol))
