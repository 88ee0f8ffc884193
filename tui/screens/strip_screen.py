"""What a terminal of one to three lines can do: a strip that says why the rest must wait."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events
from textual.widget import Widget

from tui.keys import KEYS, Scope, keys_of
from tui.screens.pointing import PointingScreen
from widgets.palette import app_of
from widgets.panel import Panel

STRIP_HEIGHT = 3
"""Terminals of at most this height show a strip instead of panels."""
NEEDS_ROOM = f"that key needs a pane of {STRIP_HEIGHT + 1} lines"
"""What is said when a key can do nothing in a strip."""
IN_STRIP = frozenset(
    {
        *("up", "next_window", "previous_window", "undo", "next_list", "previous_list"),
        *("acknowledge", "hold", "refresh_data", "faster", "slower", "demo", "live"),
        *("tape_step", "tape_jump"),
        *("quit", "interrupt", "suspend_process"),
    }
)
"""Actions that make sense where there is no panel."""
_ELSEWHERE = frozenset({Scope.DIALOG, Scope.FILTER})


class StripScreen(PointingScreen):
    """The part of a market screen that knows that it may be too low for panels."""

    _kept: Widget | None = None
    """What had the keys last: it gets them back when a strip grows into a pane."""

    @property
    def is_strip(self) -> bool:
        """Whether the terminal is too low for panels."""
        return self.size.height <= STRIP_HEIGHT

    def on_descendant_focus(self) -> None:
        """Remember who has the keys."""
        self._kept = self.focused

    def restore_focus(self) -> None:
        """Give the keys back to whom a smaller size took them from, else to the first panel.

        A panel that has no room any more keeps them full screen.
        """
        kept = self._kept
        if self.focused is not None or self.is_strip:
            return
        if kept is None or kept not in self.query():
            self.first_panel.focus()
        elif _is_shown(kept):
            self.set_focus(kept)
        else:
            self.go_to(next(n for n in kept.ancestors_with_self if isinstance(n, Panel)))

    def on_key(self, event: events.Key) -> None:
        """Say so when a key does nothing here for want of room."""
        if self.is_strip and self._needs_room(event.key):
            event.stop()
            event.prevent_default()
            self.say(NEEDS_ROOM)

    def _needs_room(self, key: str) -> bool:
        keymap: Mapping[str, str] = getattr(app_of(self), "key_overrides", {})
        meant = {
            line.action_name
            for line in KEYS
            if line.scope not in _ELSEWHERE and key in keys_of(line, keymap)
        }
        return bool(meant) and meant.isdisjoint(IN_STRIP)


def _is_shown(widget: Widget) -> bool:
    return all(node.display for node in widget.ancestors_with_self if isinstance(node, Widget))
