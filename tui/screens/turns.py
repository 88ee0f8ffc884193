"""How panels come to a new picture: one a turn of the loop, so that keys come between."""

from __future__ import annotations

from asyncio import get_running_loop
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import ExitStack

from textual.screen import Screen

from market.snapshot import Snapshot
from widgets.palette import app_of
from widgets.panel import Panel


class Turns:
    """Hands a snapshot on to panels. Nothing is painted before all have it: a paint is of one."""

    def __init__(self, screen: Screen[None], done: Callable[[], None]) -> None:
        """Hand on to the panels of `screen`, and call `done` once all have it."""
        self._screen, self._done = screen, done
        self._left = deque[Panel]()
        self._snapshot: Snapshot | None = None
        self._unpainted = ExitStack()

    @property
    def are_left(self) -> bool:
        """Whether some panel still has its turn to come."""
        return bool(self._left)

    def begin(self, panels: Iterable[Panel], snapshot: Snapshot | None) -> None:
        """Hand a snapshot on from the next turn of the loop; an older one is forgotten."""
        self.stop()
        self._left.extend(panels)
        self._snapshot = snapshot
        if self._left:
            self._unpainted.enter_context(app_of(self._screen).batch_update())
            self._go_on()

    def finish(self) -> None:
        """Hand on to all that are left now."""
        while self._left:
            self._next()

    def stop(self) -> None:
        """Forget whose turn is still to come, as when the screen is gone."""
        self._left.clear()
        self._unpainted.close()

    def _go_on(self) -> None:
        get_running_loop().call_soon(self._screen.call_next, self._take_turn)

    def _take_turn(self) -> None:
        """Hand on to the next panel, unless all were handed on to meanwhile."""
        if self._left:
            self._next()
            self._go_on()

    def _next(self) -> None:
        self._left.popleft().snapshot = self._snapshot
        if not self._left:
            self.stop()
            self._done()
