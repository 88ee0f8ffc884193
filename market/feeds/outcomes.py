"""What came of a query: what the slots of its data learn from it, and what is reported."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import timedelta
from random import Random

from msgspec.structs import replace

from market.clock import Clock
from market.feeds.feed import Query
from market.feeds.gate import Gate, jitter
from market.feeds.roster import Roster
from market.feeds.slots import Slot
from market.quotes import ARCHIVED, Key, Kind
from market.reports import NOBODY, Absent, Arrived, Blame, Budget, ErrorKind, Failed, FeedError
from market.spellings import is_stock

JITTER = 0.1


class Outcomes:
    """Tells the roster and whoever listens how queries ended."""

    def __init__(
        self,
        roster: Roster,
        clock: Clock,
        random: Random,
        report: Callable[[Arrived | Failed], None],
    ) -> None:
        self._roster = roster
        self._clock = clock
        self._random = random
        self._report = report

    def arrived(self, query: Query, report: Arrived, *, gate: Gate | None) -> None:
        """Learn of an answer; what it has nothing of is left alone for a while.

        Args:
            query: What was asked.
            report: What came.
            gate: Of the host that the feed would ask now.
        """
        self._roster.note(query.feed, answered=True)
        now, factor = self._clock.monotonic(), jitter(self._random)
        misled: list[Key] = []
        stretch = self._random.uniform(1 - JITTER, 1 + JITTER)
        lacking = {absent.key: absent.reason for absent in report.absent}
        for slot in self._slots(query):
            if slot.key in lacking:
                gone = FeedError(ErrorKind.ABSENT, lacking[slot.key])
                slot.note_failure(query.feed, gone, now, factor)
                misled += [slot.key] if _is_misleading(slot, now) else []
            else:
                slot.note_answer(query.feed, self._clock.now(), stretch)
        unsaid = {slot.key for slot in self._slots(query) if slot.is_stand_in} & lacking.keys()
        told = _without(report, unsaid.union(misled))
        self._report(replace(told, is_host_shut=_is_shut(gate, now), budget=_left(gate, now)))
        if misled:
            gone = FeedError(ErrorKind.ABSENT, lacking[misled[0]])
            rest = replace(query, keys=tuple(misled))
            self._report(replace(self._failure(rest, gone, misled), was_asked=False))

    def unserved(self, keys: Iterable[Key]) -> None:
        """Say of data that no feed can be asked for them."""
        absent = tuple(Absent(key, _nobody_has(key)) for key in keys)
        if absent:
            told = tuple(each.key for each in absent)
            self._report(Arrived(feed=NOBODY, at=self._clock.now(), keys=told, absent=absent))

    def failed(
        self, query: Query, error: FeedError, *, next_gate: Gate | None, has_moved: bool
    ) -> None:
        """Learn of a failure.

        Args:
            query: What was asked.
            error: Why there is no answer.
            next_gate: Of the host that the feed would ask now.
            has_moved: Whether that is another host than the one that failed.
        """
        self._roster.note(query.feed, answered=error.kind is ErrorKind.ABSENT)
        now, factor = self._clock.monotonic(), jitter(self._random)
        exhausted: list[Key] = []
        for slot in self._slots(query):
            slot.note_failure(query.feed, error, now, factor)
            if has_moved:
                slot.try_other_host(query.feed, now)
            if next_gate is not None:
                _hold_back(slot, query.feed, next_gate, now)
            if not slot.candidates(now):
                exhausted += [] if slot.is_stand_in else [slot.key]
                slot.rest()
        failure = self._failure(query, error, exhausted)
        is_shut, left = _is_shut(next_gate, now), _left(next_gate, now)
        self._report(replace(failure, is_host_shut=is_shut, budget=left))

    def held_up(self, query: Query, gate: Gate) -> None:
        """Let data go on to the next feed of their chain while a host is left alone."""
        now = self._clock.monotonic()
        stuck: list[Key] = []
        for slot in self._slots(query):
            _hold_back(slot, query.feed, gate, now)
            slot.source(query.feed).error = gate.error
            if not slot.candidates(now) and not slot.is_stand_in:
                stuck.append(slot.key)
        if stuck and gate.error is not None:
            waiting = replace(query, keys=tuple(stuck))
            failure = self._failure(waiting, gate.error, stuck)
            left = gate.left(now)
            self._report(replace(failure, was_asked=False, is_host_shut=True, budget=left))

    def _slots(self, query: Query) -> Iterable[Slot]:
        return (self._roster[key] for key in query.keys)

    def _failure(self, query: Query, error: FeedError, exhausted: Iterable[Key]) -> Failed:
        now, at = self._clock.monotonic(), self._clock.now()
        retry = min(slot.source(query.feed).not_before for slot in self._slots(query))
        without = tuple(exhausted)
        blames = (self._blame(self._roster[key]) for key in without)
        return Failed(
            feed=query.feed,
            at=at,
            keys=query.keys,
            kind=error.kind,
            text=error.text,
            retry_at=at + timedelta(seconds=max(0.0, retry - now)),
            exhausted=without,
            blames=tuple(blame for blame in blames if blame is not None),
        )

    def _blame(self, slot: Slot) -> Blame | None:
        source = slot.blamed()
        if source is None or source.error is None:
            return None
        wait = max(0.0, slot.earliest() - self._clock.monotonic())
        retry_at = self._clock.now() + timedelta(seconds=wait)
        return Blame(slot.key, source.feed, source.error.kind, source.error.text, retry_at)


def _is_misleading(slot: Slot, now: float) -> bool:
    """Whether the last feed of a chain knows nothing of a datum, but a better one broke."""
    blamed = slot.blamed()
    error = blamed.error if blamed is not None else None
    is_broken = error is not None and error.kind is not ErrorKind.ABSENT
    return is_broken and not slot.is_stand_in and not slot.candidates(now)


def _without(report: Arrived, keys: Collection[Key]) -> Arrived:
    """Return an answer that says nothing of some data."""
    if not keys:
        return report
    absent = tuple(each for each in report.absent if each.key not in keys)
    return replace(report, keys=tuple(k for k in report.keys if k not in keys), absent=absent)


def _is_shut(gate: Gate | None, now: float) -> bool:
    return gate is not None and gate.pause_s(now) > 0


def _left(gate: Gate | None, now: float) -> Budget | None:
    return None if gate is None else gate.left(now)


WANTS_CONTACT = (
    "the SEC wants to know who asks: set feeds.sec.contact to your name and mail address"
)
"""Why there are no filings while their feed is off."""


def _nobody_has(key: Key) -> str:
    if key.kind is Kind.FILINGS and is_stock(key.symbol):
        return WANTS_CONTACT
    what = f"{key.kind.value} of {key.symbol}" if key.kind in ARCHIVED else key.symbol
    return f"no feed that is switched on can be asked for {what}"


def _hold_back(slot: Slot, feed: str, gate: Gate, now: float) -> None:
    """A feed is not asked before its host's gate opens."""
    source = slot.source(feed)
    source.not_before = max(source.not_before, now + gate.pause_s(now))
