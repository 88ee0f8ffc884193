"""The days of a group's members: which to ask for, so that the group's own becomes whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from market.census import Census, Group, GroupKind
from market.quotes import Bars, Key, Kind
from market.sessions import session_of
from market.snapshot import Snapshot

ASKED = 0.85
"""Share of a group's weight whose days are asked for: some more than is enough."""
ENOUGH = 0.8
"""Share of it that speaks for all."""
MOST = 200
"""Members that are asked for: ten requests."""
SEEN_WITHIN_S = 600
"""A day seen from so long after the open on was seen from its beginning."""


class Cover(NamedTuple):
    """How much of a group its members' known days stand for."""

    used: int
    total: int
    share: float
    """Of the weight; of a basket, whose members weigh the same, of their number."""


def day_keys(snapshot: Snapshot, symbol: str) -> frozenset[Key]:
    """Return the days to ask for, the heaviest members'; none where nothing of the day is missing.

    Nor where more members would have to be asked for than is fair to the source.
    """
    census = snapshot.census
    group = None if census is None else census.group(symbol)
    if census is None or group is None or not _is_cut(snapshot.series(symbol, Kind.TRACE)):
        return frozenset()
    keys: list[Key] = []
    share = 0.0
    for key, weight in _days(census, group):
        if share >= ASKED:
            break
        if key not in snapshot.absences:
            keys.append(key)
            share += weight
    if share < ENOUGH or len(keys) > MOST:
        return frozenset()
    return frozenset(key for key in keys if not _is_known(snapshot, census, key))


def day_cover(snapshot: Snapshot, symbol: str) -> Cover | None:
    """Return how much of a group the known days of its members are; None if that is too little."""
    census = snapshot.census
    group = None if census is None else census.group(symbol)
    if census is None or group is None:
        return None
    known = [w for key, w in _days(census, group) if _is_known(snapshot, census, key)]
    share = sum(known)
    return Cover(len(known), len(group.rows), share) if share >= ENOUGH else None


def _days(census: Census, group: Group) -> Iterator[tuple[Key, float]]:
    """The members' days, the heaviest first, with their share of the group."""
    members = census.members
    is_equal = group.kind is GroupKind.BASKET
    weights = [1.0 if is_equal else members.weight[row] for row in group.rows]
    whole = sum(weights) or 1.0
    for row, weight in zip(group.rows, weights, strict=True):
        yield Key(Kind.DAY, members.symbols[row]), weight / whole


def _is_known(snapshot: Snapshot, census: Census, key: Key) -> bool:
    bars = snapshot.bars.get(key)
    opened = session_of(census.members.day).open.timestamp()
    return bars is not None and len(bars) > 0 and bars.times[0] >= opened


def _is_cut(trace: Bars | None) -> bool:
    """Whether a day begins with the previous close at the open, and goes on much later."""
    return trace is not None and len(trace) > 1 and trace.times[1] > trace.times[0] + SEEN_WITHIN_S
