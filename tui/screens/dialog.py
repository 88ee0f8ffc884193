"""Dialogs: a box over the screen that esc closes."""

from __future__ import annotations

from typing import TypeVar

from textual.screen import ModalScreen

from tui.bindings import bindings_of
from tui.keys import Scope

R = TypeVar("R")


class Dialog(ModalScreen[R], inherit_bindings=False):
    """A box over the screen."""

    BINDINGS = bindings_of(Scope.DIALOG)

    def action_close(self) -> None:
        """Close without a result."""
        self.dismiss()

    def action_choice_down(self) -> None:
        """Next line."""

    def action_choice_up(self) -> None:
        """Previous line."""
