"""How a screen is left, however fast the keys come.

Keys typed in one go come before what the ones before them have done: a second escape finds a
screen that was left already, and one right behind enter a screen that is still being made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import Screen

R = TypeVar("R")


def leave_once(screen: Screen[R], leave: Callable[[], AwaitComplete]) -> AwaitComplete:
    """Leave a screen when it is there; do nothing if it is not on top any more."""

    def again() -> None:
        leave_once(screen, leave)

    if not screen.is_mounted:
        screen.call_later(again)
    elif screen.is_active:
        return leave()
    return AwaitComplete()
