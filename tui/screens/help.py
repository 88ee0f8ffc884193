"""The help: what the keys do here, made from KEYS."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from textwrap import wrap

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.bindings import bindings_named, bindings_of
from tui.keys import KEYS, KeyLine, Scope, keys_in_words, keys_of, told_lines
from tui.screens.dialog import Dialog
from tui.screens.rows import LIST_ACTIONS
from tui.short_forms import SHORT_FORMS
from widgets.palette import app_of, ascii_of
from widgets.strips import ascii_text

ORDER = (
    Scope.MEMBERS,
    Scope.MAP,
    Scope.BREADTH,
    Scope.VOLATILITY,
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
    yield Content.assemble(("Short forms on screens", "bold $title"))
    for form, meaning in SHORT_FORMS.items():
        yield from _beside(ascii_text(form) if ascii_only else form, meaning, width)


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
    keys = _fitted(keys_in_words(line, keymap, ascii_only=ascii_only), room)
    yield from _beside(keys, line.help, width)


def _beside(words: str, meaning: str, width: int) -> Iterable[Content]:
    """Yield words in front of what they mean, which is wrapped under itself."""
    room = KEY_WIDTH if width >= LEAST_WIDTH else KEY_WIDTH_NARROW
    head = f"{words:<{room}}"
    for part in wrap(meaning, max(width - room - 1, 12)):
        yield Content.assemble((head, "bold $footer-key-foreground"), (f" {part}", "$foreground"))
        head = " " * room


def _fitted(keys: str, room: int) -> str:
    """Return the main keys of a line, whole, as far as there is room."""
    while len(keys) > room and " " in keys:
        keys = keys.rpartition(" ")[0]
    return keys


SCROLLING = frozenset(
    {"row_down", "row_up", "row_first", "row_last", "half_page_down", "half_page_up"}
)
"""What the keys of a list do on the page; no row can be sorted or found there."""


class HelpScreen(Dialog[None]):
    """A page of keys over the screen, scrolled by the keys of a list."""

    BINDINGS = [*bindings_of(Scope.LIST), *bindings_named("app.help", "app.quit")]  # noqa: RUF012

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
        lines = help_lines(self._active, self._keymap, width, ascii_only=ascii_of(self))
        return Content("\n").join(lines)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Take of a list's keys those that move."""
        if action in LIST_ACTIONS:
            return action in SCROLLING
        return super().check_action(action, parameters)

    @property
    def _page(self) -> VerticalScroll:
        return self.query_one(VerticalScroll)

    def action_choice_down(self) -> None:
        """Scroll down."""
        self._page.scroll_down(animate=False)

    def action_choice_up(self) -> None:
        """Scroll up."""
        self._page.scroll_up(animate=False)

    def action_row_down(self) -> None:
        """Scroll down."""
        self._page.scroll_down(animate=False)

    def action_row_up(self) -> None:
        """Scroll up."""
        self._page.scroll_up(animate=False)

    def action_row_first(self) -> None:
        """Show the first line."""
        self._page.scroll_home(animate=False)

    def action_row_last(self) -> None:
        """Show the last line."""
        self._page.scroll_end(animate=False)

    def action_half_page_down(self) -> None:
        """Scroll down by half a page."""
        self._half_page(1)

    def action_half_page_up(self) -> None:
        """Scroll up by half a page."""
        self._half_page(-1)

    def _half_page(self, direction: int) -> None:
        page = self._page
        page.scroll_relative(y=direction * max(1, page.size.height // 2), animate=False)

    def action_help(self) -> None:
        """Close the page by the key that opened it."""
        self.dismiss()

    def action_quit(self) -> None:
        """Quit, as everywhere."""
        app_of(self).exit()
