"""What rules read of a picture: metrics and named states, and the closes before it."""

from __future__ import annotations

from market.named_states import state_seen
from market.rules.judging import Seen
from market.scoreboard import Courses
from market.scoring import SnapshotValues
from market.snapshot import Snapshot

NO_COURSES: Courses = {}


class NamedValues(SnapshotValues):
    """What alerts and marks read: metrics, and states of feeds and stories' lines."""

    def __init__(self, snapshot: Snapshot, courses: Courses = NO_COURSES) -> None:
        super().__init__(snapshot, courses)

    def now(self, metric: str) -> Seen:
        """Return the newest value of a metric or of a named state."""
        if metric not in self._seen and (state := state_seen(self.snapshot, metric)) is not None:
            self._seen[metric] = state
        return super().now(metric)
