"""The name of a watchlist, typed on one line."""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tui.screens.dialog import Dialog, take_early
from tui.watchlists import Watchlists, WatchlistsError
from widgets.strips import plain


class ListNameScreen(Dialog[str]):
    """Type, enter: gives a name that no other list has."""

    def __init__(self, lists: Watchlists, title: str, name: str = "") -> None:
        """Ask for a name.

        Args:
            lists: The lists there are.
            title: What the name is for.
            name: The name the list has now, which may stay; empty for a new list.
        """
        super().__init__()
        self._lists = lists
        self._title = title
        self._name_now = name

    def compose(self) -> ComposeResult:
        """Lay out the input and one line for what is wrong with the name."""
        with Vertical(id="page") as page:
            page.border_title = Content(plain(self._title))
            page.border_subtitle = "enter takes the name, esc closes"
            yield Input(self._name_now, placeholder="name of the list", compact=True)
            yield Static(id="state", markup=False)

    def on_key(self, event: events.Key) -> None:
        """Take what was typed right behind the key that opened this."""
        take_early(self, event)

    @on(Input.Submitted)
    def take(self, event: Input.Submitted) -> None:
        """Give the name, or say why it cannot be used."""
        name = event.value.strip()
        try:
            self.dismiss(name if name == self._name_now else self._lists.free_name(name))
        except WatchlistsError as error:
            self.query_one("#state", Static).update(plain(str(error)))
