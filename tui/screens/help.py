"""The help: what the keys do here, made from KEYS."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from textwrap import wrap

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.keys import KEYS, KeyLine, Scope, keys_in_words, keys_of, told_lines
from tui.node import app_of, is_ascii_only
from tui.screens.dialog import Dialog

ORDER = (
    Scope.MEMBERS,
    Scope.MAP,
    Scope.BREADTH,
    Scope.WATCHLIST,
    Scope.SYMBOL,
    Scope.LIST,
    Scope.SCREEN,
    Scope.APP,
)
"""What is closest to the user stands first."""
KEY_WIDTH, KEY_WIDTH_NARROW = 22, 12
LEAST_WIDTH = 60
"""Narrower pages give the keys less room."""
PAGE_WIDTH = 76
"""Width of a dialog, as the style sheet says."""


def help_lines(
    active: Collection[str], keymap: Mapping[str, str], width: int, *, ascii_only: bool = False
) -> Iterable[Content]:
    """Yield the lines of the help for the ids of lines that work now, by where they work."""
    keymap = _left_over(active, keymap)
    for scope in ORDER:
        lines = [line for line in told_lines(KEYS) if line.scope is scope and line.id in active]
        if lines:
            yield Content.assemble((scope.value.capitalize(), "bold $title"))
            for line in lines:
                yield from _help_line(line, keymap, width, ascii_only=ascii_only)
            yield Content("")


def _left_over(active: Collection[str], keymap: Mapping[str, str]) -> Mapping[str, str]:
    """Return the keymap without the keys that something closer to the user has taken."""
    taken: set[str] = set()
    found = dict(keymap)
    for scope in ORDER:
        lines = [line for line in KEYS if line.scope is scope and line.id in active]
        for line in lines:
            given = keys_of(line, keymap)
            if not taken.isdisjoint(given):
                found[line.id] = ",".join(key for key in given if key not in taken)
        taken |= {key for line in lines for key in keys_of(line, keymap)}
    return found


def _help_line(
    line: KeyLine, keymap: Mapping[str, str], width: int, *, ascii_only: bool
) -> Iterable[Content]:
    """Yield the keys and, beside them, the sentence, wrapped under itself."""
    room = KEY_WIDTH if width >= LEAST_WIDTH else KEY_WIDTH_NARROW
    keys = f"{_fitted(keys_in_words(line, keymap, ascii_only=ascii_only), room):<{room}}"
    for part in wrap(line.help, max(width - room - 1, 12)):
        yield Content.assemble((keys, "bold $footer-key-foreground"), (f" {part}", "$foreground"))
        keys = " " * room


def _fitted(keys: str, room: int) -> str:
    """Return the main keys of a line, whole, as far as there is room."""
    while len(keys) > room and " " in keys:
        keys = keys.rpartition(" ")[0]
    return keys


class HelpScreen(Dialog[None]):
    """A page of keys over the screen."""

    def __init__(self, active: Collection[str], keymap: Mapping[str, str]) -> None:
        """Tell of the lines whose ids are `active`, as `keymap` rebinds them."""
        super().__init__()
        self._active = active
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """Lay out one scrolling page."""
        with VerticalScroll(id="page") as page:
            page.border_title = "Keys"
            page.border_subtitle = "esc closes"
            yield Static(self._text(app_of(self).size.width), id="lines")

    def on_resize(self, event: events.Resize) -> None:
        """Wrap the sentences to the width there is."""
        text, page = self._text(event.size.width), self.query_one("#lines", Static)
        if page.content != text:
            page.update(text)

    def _text(self, terminal_width: int) -> Content:
        width = min(PAGE_WIDTH, terminal_width) - 6
        lines = help_lines(self._active, self._keymap, width, ascii_only=is_ascii_only(self))
        return Content("\n").join(lines)

    def action_choice_down(self) -> None:
        """Scroll down."""
        self.query_one(VerticalScroll).scroll_down(animate=False)

    def action_choice_up(self) -> None:
        """Scroll up."""
        self.query_one(VerticalScroll).scroll_up(animate=False)
