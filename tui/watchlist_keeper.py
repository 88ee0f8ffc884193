"""Keeps edits of watchlists in the user's file, away from the loop that paints.

A disk may take its time, a sleeping or distant one seconds. So the lists on screen change at
once, and a thread of its own makes the same edits, one after another, in the file.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from tui.watchlists import Watchlists, WatchlistsError

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

PATIENCE_S = 10.0
"""How long the end of the program waits for a disk."""
EditOf: TypeAlias = Callable[[Watchlists], object]
"""Makes one edit of some lists."""


class WatchlistKeeper:
    """Makes edits of lists with a file in the order they came; the thread begins with the first."""

    def __init__(self, lists: Watchlists) -> None:
        """Take the lists of the file over: from now on only this thread may touch them."""
        self._lists = lists
        self._pool: ThreadPoolExecutor | None = None
        self._due: deque[Future[str]] = deque()
        self._trouble = ""
        """Why the newest edit could not be saved; empty when it was."""
        self._notice = ""

    def keep(self, edit: EditOf, name: str) -> None:
        """Make an edit of the list `name` in the file soon; returns at once."""

        def kept(lists: Watchlists) -> None:
            lists.activate(name)
            edit(lists)

        self._submit(kept)

    def _submit(self, edit: EditOf) -> None:
        if self._pool is None:
            from concurrent.futures import ThreadPoolExecutor

            self._pool = ThreadPoolExecutor(1, thread_name_prefix="watchlists")
        self._due.append(self._pool.submit(self._made, edit))

    def _made(self, edit: EditOf) -> str:
        try:
            edit(self._lists)
        except WatchlistsError as error:
            return str(error)
        return ""

    def settled(self, active: str) -> Watchlists | None:
        """Take in what became of edits; return the lists as the file has them after the last one.

        Returns:
            A copy that shows `active`; None while an edit is on its way, or if none was.
        """
        if not (outcomes := self._outcomes()):
            return None
        for trouble in outcomes:
            self._notice = trouble if trouble != self._trouble else self._notice
            self._trouble = trouble
        return None if self._due else self._lists.without_file(active)

    def _outcomes(self) -> list[str]:
        """Return what became of edits since the last time, oldest first; empty is well."""
        found: list[str] = []
        while self._due and self._due[0].done():
            found.append(self._due.popleft().result())
        return found

    def next_notice(self) -> str:
        """Return once why edits could not be saved, or nothing."""
        notice, self._notice = self._notice, ""
        return notice

    def finish(self) -> None:
        """Wait until the last edit is in the file; what could not be saved is tried once more."""
        if self._pool is None and self._lists.is_saved:
            return
        from concurrent.futures import wait

        self._submit(Watchlists.save)
        wait(self._due, PATIENCE_S)
        if self._pool is not None:
            self._pool.shutdown(wait=False)
            self._pool = None
