"""One feed's health, and the four looks a datum can have on screen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from market.reports import Arrived, ErrorKind, Failed


class Look(StrEnum):
    """How a value is shown."""

    LIVE = "live"
    """Younger than its cadence asks."""
    LATE = "late"
    """Older than its cadence asks: dimmed, with its age."""
    FAILING = "failing"
    """The newest attempts to renew it failed: reason and next try are named."""
    ABSENT = "absent"
    """Never known: an em dash, with the reason on drill-down."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a datum could not be renewed."""

    kind: ErrorKind
    text: str
    feed: str
    since: datetime
    retry_at: datetime | None = None


class FeedState(StrEnum):
    """One word for a feed."""

    WAITING = "waiting"
    """Not asked yet."""
    OK = "ok"
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """What a feed did lately."""

    name: str
    last_ok: datetime | None = None
    failing_since: datetime | None = None
    """Set by the first failure after a good answer, cleared by the next good one."""
    trouble: Trouble | None = None
    failures: int = 0
    """Consecutive failures."""
    answers: int = 0
    """Good answers since the program started."""
    refusals: int = 0
    """Failures since the program started."""
    elapsed: timedelta = timedelta(0)
    """How long the newest good answer took."""

    @property
    def state(self) -> FeedState:
        """One word for it."""
        if self.trouble is not None:
            return FeedState.FAILING
        return FeedState.OK if self.last_ok is not None else FeedState.WAITING

    @property
    def reason(self) -> str:
        """Why it fails, in a sentence, or nothing."""
        return self.trouble.text if self.trouble is not None else ""

    def after(self, report: Arrived | Failed) -> FeedHealth:
        """Return the health that follows from one more report of this feed."""
        return self._recovered(report) if isinstance(report, Arrived) else self._failed(report)

    def _recovered(self, report: Arrived) -> FeedHealth:
        newest = max(report.at, self.last_ok) if self.last_ok is not None else report.at
        return replace(
            self,
            last_ok=newest,
            failing_since=None,
            trouble=None,
            failures=0,
            answers=self.answers + 1,
            elapsed=timedelta(seconds=report.elapsed_s),
        )

    def _failed(self, report: Failed) -> FeedHealth:
        if report.kind is ErrorKind.ABSENT:
            return replace(self, last_ok=report.at, answers=self.answers + 1)
        since = self.failing_since if self.failing_since is not None else report.at
        return replace(
            self,
            failing_since=since,
            trouble=Trouble(report.kind, report.text, report.feed, since, report.retry_at),
            failures=self.failures + 1,
            refusals=self.refusals + 1,
        )
