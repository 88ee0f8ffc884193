"""The paint beat: when there is something to be painted, and when to look for it again."""

from __future__ import annotations

from datetime import datetime

import msgspec

from market.quotes import Phase
from market.reports import ErrorKind
from market.snapshot import Mode, Snapshot

STILL_BEAT_S = 30
"""How often ages are looked at again while the market is closed and nothing fails."""
TROUBLED_BEAT_S = 5
"""The same while something fails, whose next try is counted down."""
BLURRED_BEAT_S = 5
"""How often ages are looked at again while nobody looks."""
LIVELY_S, QUIET_S, BLURRED_S = 0.1, 0.5, 1.0
"""Seconds between two looks for news: while it comes, while none does, and while nobody looks."""


class Beat(msgspec.Struct, frozen=True):
    """What one paint beat brings."""

    snapshot: Snapshot
    is_news: bool
    """Whether more than the clock moved."""


class PaintBeat:
    """Knows what was painted last, and how long that may stand."""

    def __init__(self) -> None:
        self._seen: Snapshot | None = None
        self._second = 0
        self._news_second = 0
        self._is_lively = False
        """Whether the last look found something new to be shown."""

    def rest_s(self, *, is_focused: bool) -> float:
        """Return the seconds until the next look for news."""
        if not is_focused:
            return BLURRED_S
        return LIVELY_S if self._is_lively else QUIET_S

    def next(
        self, latest: Snapshot, now: datetime, *, is_focused: bool, is_held: bool
    ) -> Beat | None:
        """Return what is new since the last beat; None if not even the second is.

        Args:
            latest: What is known.
            now: The instant that it is seen at.
            is_focused: Whether somebody looks.
            is_held: Whether another picture is held still, so that nothing of this is shown.
        """
        second = int(now.timestamp())
        is_same = latest is self._seen
        self._is_lively = not is_same and not is_held
        if 0 <= second - self._second < _least_rest(is_same=is_same, is_focused=is_focused):
            return None
        snapshot = latest.at(now)
        is_news = not is_same or self._ages(snapshot, second)
        self._seen, self._second = latest, second
        if is_news:
            self._news_second = second
        return Beat(snapshot, is_news and not is_held)

    def _ages(self, snapshot: Snapshot, second: int) -> bool:
        """Whether time alone may change what panels say."""
        if snapshot.session.phase is not Phase.CLOSED or snapshot.mode is Mode.REPLAY:
            return True
        rest = TROUBLED_BEAT_S if _is_troubled(snapshot) else STILL_BEAT_S
        return abs(second - self._news_second) >= rest


def _least_rest(*, is_same: bool, is_focused: bool) -> int:
    """Seconds that pass at least until the next paint."""
    if is_focused:
        return 1 if is_same else 0
    return BLURRED_BEAT_S if is_same else 1


def _is_troubled(snapshot: Snapshot) -> bool:
    """Whether something fails that may come back: what a source knows nothing of stays so."""
    return any(each.kind is not ErrorKind.ABSENT for each in snapshot.troubles.values())
