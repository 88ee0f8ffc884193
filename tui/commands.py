"""The command palette: all that keys do, every symbol and list by name, and the themes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Protocol, cast

from textual import events
from textual.await_complete import AwaitComplete
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.style import Style

from tui.desk import Desk
from tui.keys import KEYS, Scope, keys_in_words, line_of, told_lines
from tui.screens.dialog import take_early
from tui.screens.leaving import leave_once
from tui.themes import theme_names
from widgets.strips import plain

UNTOLD = frozenset({"app.commands", "app.interrupt", "list.down", "list.up"}) | {
    line.id for line in KEYS if line.scope is Scope.MAP
}
"""Keys that make no sense as a command."""
_MOST_SCORE = 1e4
"""More than any score of letters that match: these decide only between names equally near."""


class Host(Protocol):
    """What commands need of the app."""

    desk: Desk
    key_overrides: dict[str, str]
    ascii_only: bool

    def open_symbol(self, symbol: str) -> None:
        """Show a symbol."""
        ...

    def choose_list(self, name: str) -> None:
        """Show a watchlist."""
        ...

    def begin_list(self) -> None:
        """Ask for a name and begin a list of it."""
        ...

    def rename_list(self) -> None:
        """Ask for another name for the shown list."""
        ...

    def delete_list(self) -> None:
        """Give the shown list up."""
        ...

    def choose_theme(self, name: str) -> None:
        """Change the colours."""
        ...

    def toggle_red_up(self) -> None:
        """Exchange the colours of up and down."""
        ...

    def do_line(self, key_id: str) -> None:
        """Do what a key does."""
        ...


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the palette."""

    name: str
    help: str
    run: Callable[[], None]
    is_told: bool = False
    """Whether it is shown before anything is typed."""
    word: str = ""
    """What the footer calls it, which finds it too."""


def commands_of(host: Host, active: frozenset[str]) -> Iterator[Command]:
    """Yield all commands: keys whose ids are `active` now, lists, symbols, themes."""
    for line in told_lines(KEYS):
        if line.id in active and line.id not in UNTOLD and not line.group:
            keys = keys_in_words(line, host.key_overrides, ascii_only=host.ascii_only)
            title = line.help.rstrip(".").partition("; ")[0]
            run = partial(host.do_line, line.id)
            yield Command(title, f"key {keys}", run, is_told=True, word=line.label)
    yield from _list_edits(host)
    yield from _places(host)
    for name in theme_names():
        yield Command(f"Theme {name}", "Colours.", partial(host.choose_theme, name))
    yield Command("Red for rising", "Exchange the colours of up and down.", host.toggle_red_up)


def _list_edits(host: Host) -> Iterator[Command]:
    name = host.desk.watchlists.active
    line, is_ascii = line_of("watch.undo"), host.ascii_only
    undo = keys_in_words(line, host.key_overrides, ascii_only=is_ascii)
    yield Command("New list", "Begin an empty watchlist.", host.begin_list, is_told=True)
    yield Command(f"Rename list {name}", "Give it another name.", host.rename_list, is_told=True)
    yield Command(f"Delete list {name}", f"{undo} brings it back.", host.delete_list, is_told=True)


def _places(host: Host) -> Iterator[Command]:
    lists = host.desk.watchlists
    for name in lists.names:
        yield Command(f"Watchlist {name}", "Show this list.", partial(host.choose_list, name))
    instruments = host.desk.settings.cast
    symbols = dict.fromkeys((*instruments.by_symbol, *lists.symbols))
    for symbol in symbols:
        name = instruments[symbol].name
        yield Command(f"{symbol} {name}".strip(), "Show it.", partial(host.open_symbol, symbol))


class Palette(CommandPalette):
    """Textual's palette, plainer."""

    CSS_PATH = "styles/palette.tcss"

    def on_key(self, event: events.Key) -> None:
        """Take what was typed right behind the key that opened this."""
        take_early(self, event)

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Go back to the screen below, once."""
        return leave_once(self, partial(super().dismiss, result))

    def _action_command_list(self, action: str) -> None:
        """Move in the list; one that is not laid out yet has no pages, which Textual looks up."""
        with suppress(LookupError):
            super()._action_command_list(action)


class Commands(Provider):
    """The commands as the palette asks for them."""

    def _all(self) -> Iterator[Command]:
        active = frozenset(a.binding.id or "" for a in self.screen.active_bindings.values())
        return commands_of(cast("Host", self.app), active)

    async def discover(self) -> Hits:
        """Yield what can be done here, before anything is typed."""
        for command in self._all():
            if command.is_told:
                name = plain(command.name)
                yield DiscoveryHit(Content(name), command.run, text=name, help=command.help)

    async def search(self, query: str) -> Hits:
        """Yield the commands whose names match."""
        matcher = self.matcher(query)
        for command in self._all():
            name = plain(command.name)
            score, places = matcher.fuzzy_search.match(query, name)
            rank = max(rank_of(query, name), rank_of(query, command.word))
            if score > 0 or rank:
                shown = _marked(name, places, matcher.match_style)
                yield Hit(
                    rank + score / _MOST_SCORE, shown, command.run, text=name, help=command.help
                )


def rank_of(query: str, name: str) -> int:
    """Return how near a name is to what was typed; scattered letters are the last resort.

    4 is the name itself, 3 its beginning, 2 the beginning of a word, 1 within a word.
    """
    typed, told = " ".join(query.casefold().split()), name.casefold()
    if typed == told:
        return 4
    if told.startswith(typed):
        return 3
    if re.search(rf"\b{re.escape(typed)}", told):
        return 2
    return 1 if typed in told else 0


def _marked(name: str, places: Sequence[int], style: Style) -> Content:
    """Return a name with the letters that match marked: as text, whatever brackets are in it."""
    shown = Content(name)
    for place in places:
        shown = shown.stylize(style, place, place + 1)
    return shown
