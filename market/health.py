"""One feed's health, and the four looks a datum can have on screen."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from msgspec.structs import replace

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


class Trouble(msgspec.Struct, frozen=True):
    """Why a datum could not be renewed."""

    kind: ErrorKind
    text: str
    feed: str
    since: datetime
    retry_at: datetime | None = None


class FeedState(StrEnum):
    """One word for a feed."""

    WAITING = "waiting"
    """Without an answer in this run."""
    OK = "ok"
    FAILING = "failing"


class FeedHealth(msgspec.Struct, frozen=True):
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
    lacks: int = 0
    """Times it knew nothing of what was asked. A feed that does nothing else is not well."""
    refusals: int = 0
    """Failures since the program started."""
    elapsed: timedelta = timedelta(0)
    """How long the newest good answer took."""

    @property
    def state(self) -> FeedState:
        """One word for it."""
        if self.trouble is not None:
            return FeedState.FAILING
        if self.answers:
            return FeedState.OK
        return FeedState.FAILING if self.lacks else FeedState.WAITING

    @property
    def reason(self) -> str:
        """Why it fails, in a sentence, or nothing."""
        if self.trouble is None:
            return "it knows nothing of what was asked" if self.lacks and not self.answers else ""
        return self.trouble.text

    def after(self, report: Arrived | Failed, now: datetime) -> FeedHealth:
        """Return the health that follows from one more report of this feed, at `now`.

        That a source knows nothing of a datum ends a failure too: it has answered.
        """
        if isinstance(report, Arrived):
            told = replace(self._answered(report.at, now), answers=self.answers + 1)
            return replace(told, elapsed=_seconds(report.elapsed_s))
        if report.kind is ErrorKind.ABSENT:
            return replace(self._answered(report.at, now), lacks=self.lacks + 1)
        return self._refused(report, now)

    def _answered(self, at: datetime, now: datetime) -> FeedHealth:
        last_ok = self.last_ok if is_overtaken(at, self.last_ok, now) else at
        counted = replace(self, last_ok=last_ok)
        if is_overtaken(at, self.failing_since, now):
            return counted
        return replace(counted, failing_since=None, trouble=None, failures=0)

    def _refused(self, report: Failed, now: datetime) -> FeedHealth:
        counted = replace(self, refusals=self.refusals + 1)
        if is_overtaken(report.at, self.last_ok, now):
            return counted
        since = first_of(report.at, self.failing_since)
        return replace(
            counted,
            failing_since=since,
            trouble=Trouble(report.kind, report.text, report.feed, since, report.retry_at),
            failures=self.failures + 1,
        )


def is_overtaken(at: datetime, known: datetime | None, now: datetime) -> bool:
    """Return whether something later than `at` is known already.

    What is known from the future overtakes nothing: somebody has set the clock back since.
    """
    return known is not None and at < known <= now


def first_of(at: datetime, known: datetime | None) -> datetime:
    """Return the earlier of two instants."""
    return at if known is None else min(at, known)


def _seconds(elapsed_s: float) -> timedelta:
    return timedelta(seconds=elapsed_s)
