"""Dialogs: a box over the screen that esc closes."""

from __future__ import annotations

from functools import partial
from typing import TypeVar

from textual import events
from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen
from textual.widgets import Input

from tui.bindings import bindings_of
from tui.keys import Scope
from tui.screens.leaving import leave_once

R = TypeVar("R")


def take_early(screen: ModalScreen[R], event: events.Key) -> None:
    """Type a letter that came before the screen's input was there to take it."""
    if event.is_printable and event.character:
        for line in screen.query(Input):
            event.stop()
            line.insert_text_at_cursor(event.character)


class Dialog(ModalScreen[R], inherit_bindings=False):
    """A box over the screen."""

    CSS_PATH = "../styles/dialog.tcss"
    BINDINGS = bindings_of(Scope.DIALOG)

    def dismiss(self, result: R | None = None) -> AwaitComplete:
        """Go back to the screen below, once."""
        return leave_once(self, partial(super().dismiss, result))

    def action_close(self) -> None:
        """Close without a result."""
        self.dismiss()

    def action_choice_down(self) -> None:
        """Next line."""

    def action_choice_up(self) -> None:
        """Previous line."""
