"""The schedule of one datum: which feed is next in its chain, and when asking is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from market.feeds.gate import BELIEVED, FIRST_PAUSE_S, backoff_s
from market.instruments import Instrument
from market.quotes import Key, Kind
from market.reports import ErrorKind, FeedError

NOT_BEFORE_S = {
    ErrorKind.LIMITED: (60.0, 1800.0),
    ErrorKind.REFUSED: (60.0, 1800.0),
    ErrorKind.UNREACHABLE: (10.0, 300.0),
    ErrorKind.GARBLED: (30.0, 600.0),
    ErrorKind.ABSENT: (3600.0, 14_400.0),
}
"""First and longest pause of one feed for one datum, by the kind of its failure."""

GONE_S = (60.0, 1800.0)
"""The same for a datum that must exist, or did before: it may well come back."""

URGENCY = (
    Kind.INTRADAY,
    Kind.QUOTE,
    Kind.LISTINGS,
    Kind.TRACE,
    Kind.DAILY,
    Kind.CLOSES,
    Kind.HOLDINGS,
    Kind.PUBLISHED,
    Kind.HALTS,
    Kind.CHART,
    Kind.DAY,
    Kind.CHAIN,
    Kind.FUND,
    Kind.EARNINGS,
    Kind.RELEASES,
    Kind.FILINGS,
    Kind.HEADLINES,
    Kind.DETAILS,
    Kind.MEMBER,
    Kind.PAST,
    Kind.PROFILE,
    Kind.PAST_BARS,
)
"""The order in which a scarce budget is spent on what was never answered, or at one time."""

FUTURE_TOLERANCE = timedelta(seconds=60)
"""An answer from further in the future than this tells that the clock was set back."""

STAND_INS = {Kind.INTRADAY: Kind.TRACE, Kind.DAILY: Kind.CLOSES}
"""What tells the same price in fewer words, by another road: asked for while the first fails."""


Urgency = tuple[bool, bool, bool, bool, bool, float, int, str]


class Source(msgspec.Struct):
    """One feed of a chain, as this datum knows it."""

    feed: str
    failures: int = 0
    not_before: float = 0.0
    """Monotonic seconds."""
    error: FeedError | None = None
    """Its newest failure, until it answers."""


class Slot(msgspec.Struct):
    """One wanted datum."""

    key: Key
    sources: list[Source]
    instrument: Instrument
    is_expected: bool = False
    """Whether it must exist, as an instrument of the cast does: to be absent is a fault."""
    visible: bool = True
    is_at_first_look: bool = False
    """Whether the first picture waits for it."""
    is_errand: bool = False
    """Fetched when nobody waits for anything."""
    is_stand_in: bool = False
    """Wanted only while another fails: of its own failures nobody need hear."""
    answered: datetime | None = None
    """When it was last answered, wall time; None until then."""
    in_flight: bool = False
    stretch: float = 1.0
    """Jitter: a factor near 1 on the beat, so that requests do not bunch."""
    forced: bool = False
    """Asked for by the user, or by a jump of the clock: due now whatever the beat says."""
    foreseen: tuple[tuple[datetime, float, datetime], datetime] | None = None
    """When asking again can bring news, and when it was answered, at which pace, in which minute
    that was worked out."""
    tried: set[str] = msgspec.field(default_factory=set[str])
    """Feeds that failed since the datum became due."""

    @property
    def urgency(self) -> Urgency:
        """Sort key: what is missing on screen or of the cast first, errands last and by kind.

        The watchlist waits for the cast, what failed for what has not, and what was answered
        lately for what was not: a list too long for the budget is renewed in turn, all of it.
        """
        kind = URGENCY.index(self.key.kind)
        if self.is_errand:
            return True, False, False, False, False, 0.0, kind, self.key.symbol
        has_failed = any(source.failures for source in self.sources)
        is_missing = self.answered is None and (self.visible or self.is_expected)
        return (
            False,
            has_failed or not is_missing,
            not self.visible,
            not self.is_expected,
            has_failed,
            self.answered.timestamp() if self.answered is not None else 0.0,
            kind,
            self.key.symbol,
        )

    def is_stuck(self, now: float) -> bool:
        """Return whether no feed has it and none may be asked now.

        That a strange symbol is unknown is no reason to look for it elsewhere.
        """
        if any(s.error is None or s.not_before <= now for s in self.sources):
            return False
        kinds = {s.error.kind for s in self.sources if s.error is not None}
        return bool(kinds - {ErrorKind.ABSENT}) or (self.is_expected and bool(kinds))

    def is_lacking(self, now: float) -> bool:
        """Return whether every feed of the chain said that it has none, and none is asked yet."""
        return all(
            s.error is not None and s.error.kind is ErrorKind.ABSENT and s.not_before > now
            for s in self.sources
        )

    def source(self, feed: str) -> Source:
        """Return what is known of one feed of the chain."""
        return next(s for s in self.sources if s.feed == feed)

    def candidates(self, now: float) -> Sequence[Source]:
        """Return the feeds that may be asked now, most trusted first."""
        return [s for s in self.sources if s.not_before <= now and s.feed not in self.tried]

    def pick(self, now: float) -> Source | None:
        """Return the most trusted feed that may be asked; a chain tried through begins anew."""
        candidates = self.candidates(now)
        if not candidates and self.tried:
            self.rest()
            candidates = self.candidates(now)
        return candidates[0] if candidates else None

    def earliest(self) -> float:
        """Return when the first feed of the chain may be asked again, monotonic seconds."""
        return min((s.not_before for s in self.sources), default=float("inf"))

    def blamed(self) -> Source | None:
        """Return the most trusted feed that broke, or else the one that lacks the datum."""
        failed = [s for s in self.sources if s.error is not None]
        broken = (s for s in failed if s.error and s.error.kind is not ErrorKind.ABSENT)
        return next(broken, failed[0] if failed else None)

    def note_answer(self, feed: str, at: datetime, stretch: float) -> None:
        """Learn of a good answer."""
        self.stretch = stretch
        source = self.source(feed)
        source.failures = 0
        source.not_before = 0.0
        source.error = None
        self.answered = at
        self.forced = False
        self.tried.clear()

    def note_failure(self, feed: str, error: FeedError, now: float, jitter: float) -> None:
        """Learn of a failure; the feed is left alone for a while, growing with each failure.

        Args:
            feed: The feed that failed.
            error: Its failure.
            now: Monotonic seconds.
            jitter: A factor on the pause, the same for all data of one request: what failed
                together is asked for together again, not one by one.
        """
        source = self.source(feed)
        source.failures += 1
        source.error = error
        is_known = self.is_expected or self.answered is not None
        is_gone = error.kind is ErrorKind.ABSENT and is_known
        first, longest = GONE_S if is_gone else NOT_BEFORE_S[error.kind]
        pause = backoff_s(first, longest, source.failures) * jitter
        if error.retry_after_s is not None:
            # The same answer time and again: then the longer of both pauses.
            own = pause if source.failures > BELIEVED and error.kind in FIRST_PAUSE_S else 1.0
            pause = max(own, error.retry_after_s)
        source.not_before = now + pause
        self.tried.add(feed)

    def try_other_host(self, feed: str, now: float) -> None:
        """A feed that has gone on to its other host may be asked there at once, but only once.

        A second failure in a row counts in full, so two hosts that refuse get no more than one.
        """
        source = self.source(feed)
        if source.failures == 1:
            source.not_before = now
            self.tried.discard(feed)

    def rest(self) -> None:
        """End a round in which every feed failed: the next round begins when one may be asked."""
        self.tried.clear()
        self.forced = False
