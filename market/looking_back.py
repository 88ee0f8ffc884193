"""Looking back: what metrics were at the closes since a day, found out in portions.

A metric whose history has grown is looked back upon anew, the others are left alone; until all its
closes are known its former course stands. Where several days count, a first course stands as soon
as it reaches back to one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from market.instruments import TRACKER
from market.interest import INDEX_KEYS
from market.interest_metrics import metric_keys
from market.metrics.compute import metric_named
from market.metrics.hindsight import has_past, values_at_close
from market.quotes import Key, Kind
from market.scoreboard import FARTHEST, Courses
from market.sessions import last_completed_session, sessions_between
from market.snapshot import Snapshot

PORTION = 5
"""Closes that are looked back upon at a time."""
MadeOf: TypeAlias = frozenset[tuple[Key, int]]
"""The series behind a metric, and how far back each reaches."""


class LookBack:
    """Finds the courses of some metrics."""

    def __init__(self, metrics: Iterable[str], *firsts: date) -> None:
        """Look back upon the closes since the earliest of some days."""
        self._metrics = tuple(metrics)
        self._firsts = firsts
        self._made_of: dict[str, MadeOf] = {}
        self._due: dict[str, list[date]] = {}
        """Closes that are still to be looked at, the newest last."""
        self._found: dict[str, dict[date, float]] = {}
        """Values of courses that are not complete yet."""
        self._until = date.min
        self.courses: Courses = {}
        """The courses that stand."""

    def step(self, snapshot: Snapshot) -> bool:
        """Look at the next few closes, newest first; return whether a course stands anew."""
        self._notice(snapshot)
        told: dict[str, Mapping[date, float]] = {}
        for _ in range(PORTION):
            day = max((days[-1] for days in self._due.values() if days), default=None)
            if day is None:
                break
            told |= self._look_at(snapshot, day)
        for name in [name for name, days in self._due.items() if not days]:
            del self._due[name]
            told[name] = self._found.pop(name)
        self.courses = {**self.courses, **told}
        return bool(told)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to be looked at."""
        return not self._due

    @property
    def awaited(self) -> frozenset[str]:
        """Metrics that have a past, of which no course stands yet."""
        return frozenset(self._due.keys() - self.courses.keys())

    def _look_at(self, snapshot: Snapshot, day: date) -> Courses:
        """Look at one close; return the first courses that now reach back to a day that counts."""
        names = [name for name, days in self._due.items() if days and days[-1] == day]
        for name in names:
            self._due[name].pop()
        for name, value in values_at_close(snapshot, names, day).items():
            self._found[name][day] = value
        return {
            name: dict(self._found[name])
            for name in names
            if name not in self.courses and self._reaches(day, self._due[name])
        }

    def _reaches(self, day: date, due: Sequence[date]) -> bool:
        """Whether a close that was looked at is the earliest that counts since one of the days."""
        return bool(due) and any(due[-1] < first <= day for first in self._firsts)

    def _notice(self, snapshot: Snapshot) -> None:
        """Begin anew with metrics whose history has grown, and go on to a new close."""
        until = last_completed_session(snapshot.now)
        for name in self._metrics:
            if not has_past(name, snapshot):
                continue
            made_of = made_of_history(snapshot, name)
            if made_of and self._made_of.get(name) != made_of:
                self._made_of[name] = made_of
                self._begin(name, max(min(self._firsts), until - FARTHEST), until, {})
            elif until > self._until and name in self._due:
                self._due[name] += sessions_between(self._until, until)
            elif until > self._until and name in self.courses:
                self._begin(name, self._until, until, self.courses[name])
        self._until = until

    def _begin(self, name: str, first: date, until: date, known: Mapping[date, float]) -> None:
        self._found[name] = dict(known)
        self._due[name] = [*sessions_between(first, until)]


def made_of_history(snapshot: Snapshot, name: str) -> MadeOf:
    """Return the series behind a metric, and how far back each reaches; empty without any."""
    keys = metric_keys((name,), snapshot)
    if INDEX_KEYS & keys and snapshot.reading(name).value is None:
        return frozenset()  # too few members are known for a figure, then as now
    found = {(key, 0) for key in keys if key in snapshot.documents}
    for key in _with_closes(keys, name, snapshot):
        bars = snapshot.bars.get(key)
        if bars is not None and len(bars):
            found.add((key, bars.times[0]))
    if INDEX_KEYS & keys and snapshot.census is not None and snapshot.census.breadth.times:
        found.add((_BREADTH, snapshot.census.breadth.times[0]))
        found.add((_MEMBERS, round(20 * (snapshot.reading(name).coverage or 0.0))))
    return frozenset(found)


_BREADTH = Key(Kind.PAST, TRACKER)
"""Stands for breadth by session, which is made of the members' past."""


_MEMBERS = Key(Kind.MEMBER, TRACKER)
"""Stands for how much of the weight of its members is known, in steps of a twentieth."""


def _with_closes(keys: Iterable[Key], name: str, snapshot: Snapshot) -> Iterator[Key]:
    """The daily series of all symbols: what is asked for may be one kind or the other."""
    own = metric_named(name, snapshot.cast)
    symbols = {key.symbol for key in keys}
    if own is not None:
        symbols.add(own[1].symbol)
    for symbol in symbols:
        yield Key(Kind.DAILY, symbol)
        yield Key(Kind.CLOSES, symbol)
