"""How old the calendar is, and whose marks companies have that report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from weakref import WeakKeyDictionary

from market.census import Census, GroupKind
from market.freshness import Freshness
from market.health import Look, Trouble
from market.quotes import Kind
from market.snapshot import Snapshot
from market.staleness import CALENDAR_STALE_AFTER
from widgets.mark import Mark, mark_of

CALENDARS = (Kind.EARNINGS, Kind.RELEASES)
SIGNS = {"basket.ai": "AI", "basket.biotech": "bio"}
"""What marks members of a basket that is picked out."""


def calendar_mark(snapshot: Snapshot, *kinds: Kind) -> Mark:
    """Return source and age of the agenda, or why it could not be renewed.

    Args:
        snapshot: What is known.
        kinds: The calendars it is about; all of them by default.
    """
    freshness = calendar_freshness(snapshot, *(kinds or CALENDARS))
    return mark_of(freshness, snapshot.now, mode=snapshot.mode)


def calendar_freshness(snapshot: Snapshot, *kinds: Kind) -> Freshness:
    """Return how fresh the agenda is: as old as the oldest of the days ahead."""
    trouble = _trouble(snapshot, *kinds)
    agenda = snapshot.studies.agenda
    if agenda is None:
        reason = trouble.text if trouble else "waiting for the calendar"
        return Freshness(Look.ABSENT, "", None, None, 0, reason, trouble)
    as_of, source = agenda.schedule_as_of, agenda.schedule_source
    if Kind.EARNINGS in kinds and (agenda.as_of is not None or Kind.RELEASES not in kinds):
        as_of, source = agenda.as_of, agenda.source
    if as_of is None:
        reason = trouble.text if trouble else "waiting for the calendar"
        return Freshness(Look.ABSENT, "", None, None, 0, reason, trouble)
    age = max(snapshot.now - as_of, timedelta(0))
    look = Look.FAILING if trouble else Look.LATE if age > CALENDAR_STALE_AFTER else Look.LIVE
    reason = trouble.text if trouble else ""
    return Freshness(look, source, age, as_of, 0, reason, trouble)


def _trouble(snapshot: Snapshot, *kinds: Kind) -> Trouble | None:
    """The trouble that began first, of the calendars' days and weeks."""
    found = (t for key, t in snapshot.troubles.items() if key.kind in kinds)
    return min(found, key=lambda trouble: trouble.since, default=None)


def signs_of(census: Census | None) -> Mapping[str, str]:
    """Return the marks of the members that stand in a basket that is picked out."""
    if census is None:
        return {}
    if census not in _SIGNS:
        _SIGNS[census] = _signs(census)
    return _SIGNS[census]


def _signs(census: Census) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for group in census.groups:
        if group.kind is GroupKind.BASKET and (sign := SIGNS.get(group.slug)):
            for row in group.rows:
                symbol = census.members.symbols[row]
                found[symbol] = f"{found[symbol]} {sign}" if symbol in found else sign
    return found


_SIGNS: WeakKeyDictionary[Census, Mapping[str, str]] = WeakKeyDictionary()


@lru_cache(maxsize=64)
def short_sector(sector: str) -> str:
    """Return a sector in at most 13 cells: `Cons. Staples`."""
    return _SHORT.get(sector, sector) or "no sector"


_SHORT = {
    "Information Technology": "Technology",
    "Communication Services": "Communication",
    "Consumer Discretionary": "Cons. Discr.",
    "Consumer Staples": "Cons. Staples",
}
