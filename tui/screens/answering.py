"""What is said of a key that can do nothing where the user is: no key is silent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from textual import events
from textual.widgets import Input

from tui.keys import KEYS, KeyLine, Scope, key_in_words, keys_of
from tui.screens.strip_screen import StripScreen
from tui.screens.way_down import is_group
from widgets.leaders_view import RowKind
from widgets.palette import app_of, ascii_of

_EVERYWHERE = frozenset({Scope.APP, Scope.SCREEN})
_ELSEWHERE = frozenset({Scope.DIALOG, Scope.FILTER})


def why_not(key: str, lines: Sequence[KeyLine], *, ascii_only: bool = False) -> str:
    """Return where a key would do something, or that there is nothing for it to do here."""
    scopes = dict.fromkeys(line.scope.value for line in lines if line.scope not in _EVERYWHERE)
    if len(scopes) == len({line.scope for line in lines}):
        return f"{key_in_words(key, ascii_only=ascii_only)} works {_listed(tuple(scopes))}"
    (line, *_) = (line for line in lines if line.scope in _EVERYWHERE)
    return f"{line.label}: nothing to do here"


def _listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence: `a, b and c`."""
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def lines_of_key(key: str, keymap: Mapping[str, str]) -> list[KeyLine]:
    """Return the lines of a key outside dialogs, as it may be rebound."""
    return [line for line in KEYS if line.scope not in _ELSEWHERE and key in keys_of(line, keymap)]


class AnsweringScreen(StripScreen):
    """The part of a market screen that answers keys which nothing else takes."""

    _offered: tuple[bool, bool] = (True, True)
    """Whether the row under the cursor was last offered to be opened, and to be watched."""

    def on_key(self, event: events.Key) -> None:
        """Say why a key of the table does nothing here."""
        if self.is_strip or isinstance(self.focused, Input) or event.key in self._taken:
            return
        keymap: Mapping[str, str] = getattr(app_of(self), "key_overrides", {})
        if lines := lines_of_key(event.key, keymap):
            event.stop()
            why = next(filter(None, (self.why_idle(line.action) for line in lines)), "")
            self.say(why or why_not(event.key, lines, ascii_only=ascii_of(self)))

    def why_idle(self, action: str) -> str:
        """Return why an action that belongs here would change nothing now, or nothing."""
        if action == "watch" and is_group(self.cursor_symbol or ""):
            return "a group is no symbol to watch; open it and watch its members"
        return ""

    @property
    def opens(self) -> bool:
        """Whether the cursor is on something to go into: what no member explains is nothing."""
        board = self.focused_board
        if board is None:
            return self.cursor_symbol is not None
        return board.cursor_key not in (None, RowKind.UNATTRIBUTED)

    def on_board_highlighted(self) -> None:
        """Offer what can be done with the row that the cursor came to."""
        self.offer_row()

    def offer_row(self) -> None:
        """Offer to open and to watch a row, or no longer, when another one is under the cursor."""
        can_watch = bool(self.check_action("watch", ()))
        if (self.opens, can_watch) != self._offered:
            self._offered = (self.opens, can_watch)
            self.refresh_bindings()

    @property
    def _taken(self) -> Collection[str]:
        """The keys that do something now."""
        return {key for key, active in self.active_bindings.items() if active.enabled}

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what would change anything: no other panel where there is one only."""
        match action:
            case "open":
                return self.opens
            case "zoom" | "next_panel" | "previous_panel":
                return len(self.panels) > 1
            case _:
                return super().check_action(action, parameters)
