"""The search for a symbol by its name or letters."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from market.quotes import Match
from market.reports import FeedError
from tui.desk import Desk
from tui.screens.dialog import Dialog, take_early
from tui.watchlists import WatchlistsError, plain_symbol
from widgets.strips import plain

PAUSE_S = 0.3
"""How long typing must rest before the feeds are asked."""


class SearchScreen(Dialog[str]):
    """Type, choose, enter: gives the symbol."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out input, matches and one line of what happens."""
        with Vertical(id="page") as page:
            page.border_title = "Add a symbol"
            page.border_subtitle = "enter adds, esc closes"
            yield Input(placeholder="symbol or name", compact=True)
            yield OptionList(compact=True)
            yield Static(id="state", markup=False)

    def on_key(self, event: events.Key) -> None:
        """Take what was typed right behind the key that opened this."""
        take_early(self, event)

    @on(Input.Changed)
    def wait_for_rest(self, event: Input.Changed) -> None:
        """Ask when typing rests."""
        if self._timer is not None:
            self._timer.stop()
        text = event.value.strip()
        if text:
            self._timer = self.set_timer(PAUSE_S, lambda: self.ask(text))
        else:
            self.show_matches(())

    def ask(self, text: str) -> None:
        """Ask the feeds; a newer question ends this one."""
        self._state(f"searching {text} …")
        self._answer(self._desk.market.search(text))

    @work(exclusive=True, group="search", exit_on_error=False)
    async def _answer(self, answer: Future[Sequence[Match]]) -> None:
        try:
            matches = await asyncio.wrap_future(answer)
        except FeedError as error:
            self._state(f"{error.text}; enter adds the symbol as typed")
            return
        self.show_matches(matches)
        self._state("" if matches else "nothing found; enter adds the symbol as typed")

    def show_matches(self, matches: Sequence[Match]) -> None:
        """List the matches, the first one chosen."""
        choices = self.query_one(OptionList)
        choices.clear_options()
        shown = {match.symbol: match for match in matches}.values()
        choices.add_options(Option(_match_line(match), id=match.symbol) for match in shown)
        if choices.option_count:
            choices.highlighted = 0

    def _state(self, text: str) -> None:
        self.query_one("#state", Static).update(plain(text))

    @on(Input.Submitted)
    def take(self, event: Input.Submitted) -> None:
        """Give the chosen match, or what was typed."""
        choices = self.query_one(OptionList)
        chosen = choices.highlighted_option
        try:
            symbol = chosen.id if chosen is not None else plain_symbol(event.value)
        except WatchlistsError as error:
            self._state(str(error))
            return
        self.dismiss(symbol)

    @on(OptionList.OptionSelected)
    def take_clicked(self, event: OptionList.OptionSelected) -> None:
        """Give the clicked match."""
        self.dismiss(event.option_id)

    def action_choice_down(self) -> None:
        """Next match."""
        self.query_one(OptionList).action_cursor_down()

    def action_choice_up(self) -> None:
        """Previous match."""
        self.query_one(OptionList).action_cursor_up()


def _match_line(match: Match) -> Content:
    """Return a match as one line: symbol, name, and where it trades."""
    where = " ".join(plain(part) for part in (match.quote_type.lower(), match.exchange) if part)
    return Content.assemble(
        (f"{plain(match.symbol):<10}", "bold $strong"),
        (plain(match.name), "$text"),
        (f"  {where}", "$text-muted"),
    )
