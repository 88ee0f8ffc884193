"""The calendar screen: who reports, what is released and what else comes, for two weeks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual import on

from market.interest_rooms import calendar_keys
from market.quotes import Key
from tui.paint_beat import Beat
from tui.screens.index_room import IndexRoom
from tui.screens.way_down import ROOT
from widgets.board import Board
from widgets.calendar import AgendaPanel
from widgets.calendar_day import ReleasesPanel
from widgets.calendar_week import WeekPanel
from widgets.panel import Panel


class CalendarScreen(IndexRoom):
    """The agenda by day, beside it the reports by sector and the releases of the chosen day."""

    room = "go.calendar"
    unseen: ClassVar[Mapping[str, str]] = {"week": "sectors", "releases": "releases"}
    _wanted: frozenset[Key] = frozenset()

    def crumbs(self) -> tuple[str, ...]:
        """Return the way to here."""
        return (ROOT, "calendar")

    def compose_panels(self) -> Iterable[Panel]:
        """Yield the agenda, the week and the day."""
        yield AgendaPanel(id="agenda")
        yield WeekPanel(id="week")
        yield ReleasesPanel(id="releases")

    def wanted(self) -> Iterable[Key]:
        """Return the index's data and the days of the calendar, few of them at a time."""
        self._wanted = calendar_keys(self.desk.snapshot)
        return self._wanted.union(super().wanted())

    def beat(self, beat: Beat) -> None:
        """Take the news; a day that came leaves its turn to the next one."""
        super().beat(beat)
        if beat.is_news and calendar_keys(beat.snapshot) != self._wanted:
            self.call_after_refresh(self.want)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer no windows: the calendar has days."""
        if action in {"next_window", "previous_window"}:
            return False
        return super().check_action(action, parameters)

    @property
    def opens(self) -> bool:
        """Whether the cursor is on a company: nothing is behind a day or a release."""
        return self.cursor_symbol is not None

    def why_idle(self, action: str) -> str:
        """Return why the row under the cursor cannot be opened."""
        return "only a company can be opened" if action == "open" else super().why_idle(action)

    @on(Board.Highlighted)
    def show_day(self) -> None:
        """Show the releases of the day under the cursor."""
        self.query_one(ReleasesPanel).day = self.query_one(AgendaPanel).day
