"""What changed between two snapshots, in the order in which one asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from math import isfinite

import msgspec

from market.agenda import Release
from market.alerts.events import AlertEvent
from market.census import Census, Mark
from market.health import FeedState
from market.scoreboard import LineState
from market.snapshot import Snapshot
from market.tape.occasions import fired, flips

MOVERS = 3
"""Members that are named on either side."""


class Move(msgspec.Struct, frozen=True):
    """A number then and now; None where it was not known."""

    before: float | None
    after: float | None

    @property
    def change(self) -> float | None:
        """Now over then, less one."""
        if self.before is None or self.after is None or not self.before:
            return None
        return self.after / self.before - 1


class Mover(msgspec.Struct, frozen=True):
    """A member by what it did to the index."""

    symbol: str
    name: str
    change: float
    """Its price now over that then, less one."""
    contribution: float
    """Its weight then times that: a fraction of the index."""


class Flip(msgspec.Struct, frozen=True):
    """A line of a story that official closes have turned."""

    story: str
    line: str
    was: LineState
    now: LineState


class FeedTrouble(msgspec.Struct, frozen=True):
    """A feed that fails now."""

    name: str
    reason: str
    since: datetime | None


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """What changed between two instants."""

    since: datetime
    until: datetime
    index: Move
    vix: Move
    advances: Move
    declines: Move
    rising: tuple[Mover, ...] = ()
    """Who lifted the index most, the first most."""
    falling: tuple[Mover, ...] = ()
    """Who weighed on it most."""
    flips: tuple[Flip, ...] = ()
    alerts: tuple[AlertEvent, ...] = ()
    """Those that fired, oldest first."""
    releases: tuple[Release, ...] = ()
    """Those that were due meanwhile, oldest first."""
    worst_feed: FeedTrouble | None = None
    """Of the feeds that fail now, the one that has longest."""


def digest(before: Snapshot, after: Snapshot) -> Digest:
    """Return what changed from one snapshot to another."""
    movers = sorted(_movers(before.census, after.census), key=lambda mover: mover.contribution)
    return Digest(
        since=before.now,
        until=after.now,
        index=_move(before, after, "rut.last"),
        vix=_move(before, after, "vix.last"),
        advances=_move(before, after, "breadth.advances"),
        declines=_move(before, after, "breadth.declines"),
        rising=tuple(m for m in reversed(movers[-MOVERS:]) if m.contribution > 0),
        falling=tuple(m for m in movers[:MOVERS] if m.contribution < 0),
        flips=tuple(
            Flip(story, now.line.title, was.state, now.state)
            for story, was, now in flips(before.scoreboard, after.scoreboard)
        ),
        alerts=tuple(fired(before.alerts, after.alerts)),
        releases=tuple(_releases(after, before.now)),
        worst_feed=_worst_feed(after),
    )


def _move(before: Snapshot, after: Snapshot, name: str) -> Move:
    return Move(*(_number(snapshot, name) for snapshot in (before, after)))


def _number(snapshot: Snapshot, name: str) -> float | None:
    value = snapshot.reading(name).value
    return None if value is None or isinstance(value, str) else float(value)


def _movers(before: Census | None, after: Census | None) -> Iterator[Mover]:
    """Members whose price was known and believed both times, by symbol."""
    if before is None or after is None:
        return
    then, now = before.members, after.members
    for row, symbol in enumerate(now.symbols):
        old = before.row_of(symbol)
        if old is None or not {now.marks[row], then.marks[old]} <= _BELIEVED:
            continue
        was, last, weight = then.last[old], now.last[row], then.weight[old]
        if was > 0 and all(map(isfinite, (was, last, weight))):
            change = last / was - 1
            yield Mover(symbol, now.names[row], change, weight * change)


_BELIEVED = frozenset({Mark.FINE})


def _releases(snapshot: Snapshot, since: datetime) -> Iterable[Release]:
    agenda = snapshot.studies.agenda
    if agenda is None:
        return ()
    dated = ((r.at, r.title, r) for day in agenda.days for r in day.releases if r.at is not None)
    due = sorted((at, title, r) for at, title, r in dated if since < at <= snapshot.now)
    return [release for _, _, release in due]


def _worst_feed(snapshot: Snapshot) -> FeedTrouble | None:
    failing = (f for f in snapshot.feeds.values() if f.state is FeedState.FAILING)
    found = [FeedTrouble(f.name, f.reason, f.failing_since) for f in failing]
    return min(
        found, key=lambda f: (f.since is None, f.since or snapshot.now, f.name), default=None
    )
