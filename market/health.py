"""One feed's health, and the four looks a datum can have on screen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from market.reports import Arrived, Budget, ErrorKind, Failed

RECENT = 15
"""So many answers tell how long a feed usually takes."""
BUDGET_LASTS = timedelta(seconds=61)
"""After as long without a request a host's budget is whole again: a minute, and one to spare."""


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
    is_asked: bool = False
    """Whether it was asked in this run; a stream never is."""
    last_ok: datetime | None = None
    """When it told something last."""
    heard: datetime | None = None
    """When it answered last, if only that it knows nothing of what was asked."""
    failing_since: datetime | None = None
    """Set by the first failure after an answer, cleared by the next answer of an open host."""
    trouble: Trouble | None = None
    failures: int = 0
    """Consecutive failures."""
    answers: int = 0
    """Good answers since the program started."""
    lacks: int = 0
    """Times it knew nothing of what was asked. A feed that does nothing else is not well."""
    lack: str = ""
    """What it knew nothing of last, in a sentence."""
    refusals: int = 0
    """Requests that failed since the program started."""
    took: tuple[timedelta, ...] = ()
    """How long the newest good answers took, oldest first; nothing of what comes by itself."""
    note: str = ""
    """What it says of itself while it is well, in a sentence."""
    last_refusal: Trouble | None = None
    """Why it failed last, though it may be well since."""
    budget: Budget | None = None
    """Of its host, when it was heard of last; None where there is no bound."""
    budget_at: datetime | None = None

    @property
    def state(self) -> FeedState:
        """One word for it."""
        if self.trouble is not None:
            return FeedState.FAILING
        if self.answers:
            return FeedState.OK
        return FeedState.FAILING if self.lacks else FeedState.WAITING

    @property
    def is_awaited(self) -> bool:
        """Whether it was asked and has not answered in this run, nor failed."""
        return self.is_asked and self.state is FeedState.WAITING

    @property
    def reason(self) -> str:
        """Why it fails, in a sentence, or nothing."""
        if self.trouble is None:
            told = self.lack or "it knows nothing of what was asked"
            return told if self.lacks and not self.answers else ""
        return self.trouble.text

    @property
    def elapsed(self) -> timedelta | None:
        """How long the newest good answer took."""
        return self.took[-1] if self.took else None

    @property
    def latency(self) -> timedelta | None:
        """How long a good answer takes: the median of the newest ones."""
        return sorted(self.took)[len(self.took) // 2] if self.took else None

    def budget_left(self, now: datetime) -> Budget | None:
        """Return what its host may still be asked, at least."""
        if self.budget is None or self.budget_at is None:
            return None
        is_whole = not self.budget_at <= now < self.budget_at + BUDGET_LASTS
        return replace(self.budget, left=self.budget.per_minute) if is_whole else self.budget

    def after(self, report: Arrived | Failed, now: datetime) -> FeedHealth:
        """Return the health that follows from one more report of this feed, at `now`.

        That a source knows nothing of a datum ends a failure too: it has answered. An answer
        that was under way when another request had the host shut does not.
        """
        after = self._after(report, now)
        if report.budget is None or is_overtaken(report.at, self.budget_at, now):
            return after
        return replace(after, budget=report.budget, budget_at=report.at)

    def _after(self, report: Arrived | Failed, now: datetime) -> FeedHealth:
        if isinstance(report, Failed) and report.kind is not ErrorKind.ABSENT:
            return self._refused(report, now)
        if isinstance(report, Failed) and not report.was_asked:
            return self
        heard = self._heard(report, now)
        if isinstance(report, Failed) or not _tells_something(report):
            return replace(heard, lacks=self.lacks + 1, lack=_lack(report))
        last_ok = self.last_ok if is_overtaken(report.at, self.last_ok, now) else report.at
        answers, note = self.answers + 1, report.note
        took = self.took
        if report.elapsed_s > 0:
            took = (*took[1 - RECENT :], timedelta(seconds=report.elapsed_s))
        return replace(heard, last_ok=last_ok, answers=answers, took=took, note=note)

    def _heard(self, report: Arrived | Failed, now: datetime) -> FeedHealth:
        heard = self.heard if is_overtaken(report.at, self.heard, now) else report.at
        counted = replace(self, heard=heard)
        if report.is_host_shut or is_overtaken(report.at, self.failing_since, now):
            return counted
        return replace(counted, failing_since=None, trouble=None, failures=0)

    def _refused(self, report: Failed, now: datetime) -> FeedHealth:
        asked = int(report.was_asked)
        since = first_of(report.at, self.failing_since)
        trouble = Trouble(report.kind, report.text, report.feed, since, report.retry_at)
        refusal = replace(trouble, since=report.at) if asked else self.last_refusal
        counted = replace(self, refusals=self.refusals + asked, last_refusal=refusal)
        if is_overtaken(report.at, self.heard, now):
            return counted
        return replace(
            counted,
            failing_since=since,
            trouble=trouble,
            failures=self.failures + asked,
        )


class FeedCount(msgspec.Struct, frozen=True):
    """How many feeds there are in each state."""

    ok: int
    failing: int
    waiting: int
    awaited: int
    """Of those waiting, how many were asked."""

    @property
    def heard(self) -> int:
        """How many answered or failed in this run."""
        return self.ok + self.failing

    @property
    def known(self) -> int:
        """How many were asked in this run or heard of in an earlier one."""
        return self.heard + self.waiting


def counted(feeds: Iterable[FeedHealth]) -> FeedCount:
    """Return how many feeds there are in each state."""
    every = tuple(feeds)
    states = [feed.state for feed in every]
    return FeedCount(
        states.count(FeedState.OK),
        states.count(FeedState.FAILING),
        states.count(FeedState.WAITING),
        sum(feed.is_awaited for feed in every),
    )


def is_overtaken(at: datetime, known: datetime | None, now: datetime) -> bool:
    """Return whether something later than `at` is known already.

    What is known from the future overtakes nothing: somebody has set the clock back since.
    """
    return known is not None and at < known <= now


def first_of(at: datetime, known: datetime | None) -> datetime:
    """Return the earlier of two instants."""
    return at if known is None else min(at, known)


def _lack(report: Arrived | Failed) -> str:
    if isinstance(report, Failed):
        return report.text
    return next((absent.reason for absent in report.absent), "")


def _tells_something(report: Arrived) -> bool:
    """Return whether an answer holds anything but the word that nothing is known."""
    return len(report.absent) < len(report.keys) or bool(
        report.quotes or report.bars or report.note
    )
