"""Places of a tape that are remembered, so that going back costs little."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from market.reckoning import Reckoner
from market.reports import Computed
from market.snapshot import Snapshot

EVERY = timedelta(minutes=1)
"""How much of the tape lies between two places that are remembered for longer."""
MOST = 32
"""How many of them: a picture's worth of readings each. Older ones are thinned out."""
RECENT = 32
"""How many steps one may go back without playing any again."""


class Place(msgspec.Struct, frozen=True):
    """Where one may go on from: a place of the tape, and the state there."""

    frame: int
    """The frame whose entries are played."""
    next: int
    """The next entry of it."""
    latest: Snapshot
    reckoner: Reckoner
    reckoned: Computed | None = None
    """What was worked out and not folded in yet."""

    @property
    def at(self) -> datetime:
        """The instant of the state."""
        return self.latest.now

    def copied(self) -> Place:
        """Return the same place, which playing on from this one does not change."""
        return replace(self, reckoner=self.reckoner.copied())


class Places:
    """Those of one player."""

    def __init__(self) -> None:
        self._kept: list[Place] = []
        self._recent: deque[Place] = deque(maxlen=RECENT)

    def keep(self, place: Place) -> None:
        """Remember a place for a while, and for longer if none of the minute before is."""
        if place.reckoned is not None:
            return
        here = place.copied()
        self._recent.append(here)
        if any(timedelta(0) <= here.at - kept.at < EVERY for kept in self._kept):
            return
        self._kept.append(here)
        if len(self._kept) > MOST:
            del self._kept[: MOST // 2 : 2]

    def best(self, at: datetime, beside: Iterable[Place]) -> Place | None:
        """Return the last place up to an instant, of these and others."""
        known = [p for p in (*beside, *self._recent, *self._kept) if p.at <= at]
        return max(known, key=lambda p: (p.frame, p.next), default=None)
