"""What panels of the whole index have in common: its figures, and how old its prices are."""

from __future__ import annotations

from datetime import timedelta

from market.freshness import Freshness
from market.health import Look, Trouble
from market.holdings import WHOLE_MARKET
from market.instruments import TRACKER
from market.metrics.compute import metric_named
from market.metrics.metric import Unit
from market.quotes import Key, Kind, Phase
from market.reading import Reading
from market.snapshot import Mode, Snapshot
from market.staleness import stale_limit
from market.venues import Venue, trading_time_between
from widgets.mark import Mark, mark_of
from widgets.strips import plain, share
from widgets.values import OLD, Value, number_of

NEEDED = (Key(Kind.HOLDINGS, TRACKER), Key(Kind.LISTINGS, WHOLE_MARKET))
"""What the census cannot do without: the members and their prices."""

BASIS_POINTS = 1e4
"""How many of them are one."""


def census_mark(snapshot: Snapshot) -> Mark:
    """Return source and age of the members' prices, or why they could not be renewed."""
    return mark_of(census_freshness(snapshot), snapshot.now, demo=snapshot.mode is Mode.DEMO)


def census_freshness(snapshot: Snapshot) -> Freshness:
    """Return how fresh the census is: live until its prices missed a few minutes of trading."""
    census = snapshot.census
    if census is None:
        trouble = _trouble(snapshot, *NEEDED)
        reason = trouble.text if trouble else "waiting for the members and their prices"
        return Freshness(Look.ABSENT, "", None, None, 0, reason, trouble)
    as_of = census.members.as_of
    trouble = _trouble(snapshot, NEEDED[1])
    passed = trading_time_between(Venue.XNYS, as_of, snapshot.now)
    late = passed > stale_limit(Venue.XNYS)
    look = Look.FAILING if trouble else Look.LATE if late else Look.LIVE
    return Freshness(
        look,
        census.members.source,
        max(snapshot.now - as_of, timedelta(0)),
        as_of,
        0,
        trouble.text if trouble else "",
        trouble,
        still=snapshot.session.phase is not Phase.REGULAR,
    )


def _trouble(snapshot: Snapshot, *keys: Key) -> Trouble | None:
    return next((t for key in keys if (t := snapshot.troubles.get(key)) is not None), None)


def census_reading(snapshot: Snapshot, name: str) -> Reading:
    """Return a figure of the census by its metric name; one it has not worked out has a reason."""
    census = snapshot.census
    if census is None:
        return Reading(None, reason=census_freshness(snapshot).reason)
    return census.readings.get(name) or snapshot.reading(name)


def census_value(snapshot: Snapshot, name: str, *, old: bool) -> Value:
    """Return a figure of the census as panels show it; `old` says that its prices are late.

    What is told in basis points comes as a fraction, as the members' own columns do.
    """
    reading = census_reading(snapshot, name)
    number = number_of(reading)
    if number is not None and _is_in_basis_points(snapshot, name):
        number /= BASIS_POINTS
    return Value(number, old=old, reason=plain(reading.reason))


def _is_in_basis_points(snapshot: Snapshot, name: str) -> bool:
    found = metric_named(name, snapshot.cast)
    return found is not None and found[0].unit is Unit.BASIS_POINTS


def is_census_old(snapshot: Snapshot) -> bool:
    """Return whether figures of the census are shown dimmed."""
    return census_freshness(snapshot).look in OLD


def coverage_in_words(reading: Reading) -> str:
    """Return `1,911 of 1,936 members, 98.7 % of weight`, as far as it is known."""
    if reading.used is None or reading.total is None:
        return ""
    words = f"{reading.used:,} of {reading.total:,} members"
    return words if reading.coverage is None else f"{words}, {share(reading.coverage, 1)} of weight"
