"""What keys and commands do to the watchlists wherever one is."""

from __future__ import annotations

from collections.abc import Callable

from tui.rooms import RoomApp


class ListApp(RoomApp):
    """The part of the app that shows, begins, renames and deletes watchlists and adds to them."""

    def say(self, text: str) -> None:
        """Tell the user one sentence."""
        if (screen := self.market_screen) is not None and text:
            screen.say(text)

    def show_lists(self) -> None:
        """Show the watchlists as they are now, and ask for what they need."""
        if (screen := self.market_screen) is not None:
            screen.lists_changed()
            screen.show_again()

    def choose_list(self, name: str) -> None:
        """Show a watchlist."""
        self._edited(self.desk.watching.choose(name))

    def begin_list(self) -> None:
        """Ask for a name and begin a list of it."""
        self._ask_name("New list", "", self.desk.watching.create)

    def rename_list(self) -> None:
        """Ask for another name for the shown list."""
        name = self.desk.watchlists.active
        self._ask_name(f"Rename list {name}", name, self.desk.watching.rename)

    def delete_list(self) -> None:
        """Give the shown list up; undo brings it back."""
        self._edited(self.desk.watching.delete())

    def _ask_name(self, title: str, name: str, use: Callable[[str], str]) -> None:
        from tui.screens.list_name import ListNameScreen

        def named(answer: str | None) -> None:
            if answer is not None:
                self._edited(use(answer))

        self.push_screen(ListNameScreen(self.desk.watchlists, title, name), named)

    def _edited(self, sentence: str) -> None:
        self.say(sentence)
        self.show_lists()

    def action_add_symbol(self) -> None:
        """Search a symbol and put it into the watchlist."""
        from tui.screens.search import SearchScreen

        self.push_screen(SearchScreen(self.desk), self._add)

    def _add(self, symbol: str | None) -> None:
        if symbol is not None:
            self._edited(self.desk.watching.add(symbol))
            if (screen := self.market_screen) is not None:
                screen.go_to_watched(symbol)
