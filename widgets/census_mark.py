"""What panels of the whole index have in common: its figures, and how old its prices are."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TypeAlias

from market.census import Mark as MemberMark
from market.freshness import Freshness, weighed
from market.health import Look, Trouble
from market.holdings import WHOLE_MARKET
from market.holdings_age import day_in_words, why_holdings_late
from market.instruments import TRACKER
from market.metrics.compute import metric_named
from market.metrics.metric import Unit
from market.quotes import Key, Kind, Phase
from market.reading import Reading
from market.sessions import exchange_date, sessions_back
from market.snapshot import Snapshot
from market.staleness import stale_limit
from market.venues import Venue, trading_time_between
from widgets.mark import CAUSES, Mark, mark_of, source_in_words
from widgets.strips import MISSING, plain, share
from widgets.values import OLD, Value, number_of

NEEDED = (Key(Kind.HOLDINGS, TRACKER), Key(Kind.LISTINGS, WHOLE_MARKET))
"""What the census cannot do without: the members and their prices."""

SIGNS = {
    MemberMark.FINE: "",
    MemberMark.MISSING: MISSING,
    MemberMark.IDLE: "I",
    MemberMark.SUSPECT: "!",
    MemberMark.SPLIT: "S",
}
"""What stands beside a member whose price is not taken at its word."""
HALTED = "H"
"""What stands beside a stock whose trading an exchange has halted now. It is left out of nothing
for that: who has traded today is counted."""
Counts: TypeAlias = tuple[tuple[int, str], ...]
"""How many members, and what about them."""
UNMAPPED = "unmapped"
"""Members of no sub-sector."""
TOLD_FOR = 5
"""Sessions for which a change of members is news."""
BASIS_POINTS = 1e4
"""How many of them are one."""


def census_mark(snapshot: Snapshot) -> Mark:
    """Return source and age of the members' prices, or why they could not be renewed."""
    return mark_of(census_freshness(snapshot), snapshot.now, mode=snapshot.mode)


def census_freshness(snapshot: Snapshot) -> Freshness:
    """Return how fresh the census is: that of its prices, or of its weights if they are older."""
    prices = prices_freshness(snapshot)
    return weighed(snapshot, prices) if prices.look is Look.LIVE else prices


def prices_freshness(snapshot: Snapshot) -> Freshness:
    """Return how fresh the members' prices are: live until they missed minutes of trading."""
    census = snapshot.census
    if census is None:
        trouble = _trouble(snapshot, *NEEDED)
        reason = trouble.text if trouble else "waiting for the members and their prices"
        return Freshness(Look.ABSENT, "", None, None, 0, reason, trouble)
    as_of = census.members.as_of
    trouble = _trouble(snapshot, NEEDED[1])
    late = has_missed_trading(as_of, snapshot)
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


def has_missed_trading(as_of: datetime, snapshot: Snapshot) -> bool:
    """Return whether a member's price is late: its market has traded on for minutes since."""
    passed = trading_time_between(Venue.XNYS, as_of, snapshot.now)
    return passed > stale_limit(Venue.XNYS)


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
    colour = snapshot.colours.get(name, "")
    return Value(number, old=old, reason=plain(reading.reason), colour=colour)


def _is_in_basis_points(snapshot: Snapshot, name: str) -> bool:
    found = metric_named(name, snapshot.cast)
    return found is not None and found[0].unit is Unit.BASIS_POINTS


def is_census_old(snapshot: Snapshot) -> bool:
    """Return whether figures of the census, which are made of weights, are shown dimmed."""
    return census_freshness(snapshot).look in OLD


def are_prices_old(snapshot: Snapshot) -> bool:
    """Return whether the members' own prices are shown dimmed."""
    return prices_freshness(snapshot).look in OLD


def holdings_in_words(snapshot: Snapshot) -> str:
    """Return of which day the members and their weights are: `holdings 1 Jul`; empty if unknown."""
    census = snapshot.census
    if census is None:
        return ""
    return f"holdings {day_in_words(census.members.holdings_day, snapshot.now)}"


def holdings_mark(snapshot: Snapshot) -> Mark:
    """Return source and day of the index's holdings, or why they could not be renewed."""
    file, trouble = snapshot.holdings.get(TRACKER), _trouble(snapshot, NEEDED[0])
    if file is None:
        reason = "waiting for the members"
        fresh = Freshness(Look.ABSENT, "", None, None, 0, reason, trouble)
        return mark_of(fresh, snapshot.now, mode=snapshot.mode)
    day = day_in_words(file.day, snapshot.now)
    source = source_in_words(file.source, snapshot.mode)
    look = Look.LATE if why_holdings_late(file.day, snapshot.now) else Look.LIVE
    look = Look.FAILING if trouble is not None else look
    late = " late" if look is Look.LATE else ""
    failing = f", {CAUSES[trouble.kind].word}" if trouble is not None else ""
    return Mark(
        look, (f"{source}{late} {day}{failing}", f"{day}{failing}", day), bool(snapshot.mode.badge)
    )


def changes_in_words(snapshot: Snapshot) -> str:
    """Return `12 came, 9 left on 29 Jun` for some sessions after it happened, else nothing."""
    changes = () if snapshot.census is None else snapshot.census.changes
    newest = max((change.day for change in changes), default=None)
    if newest is None or newest < sessions_back(exchange_date(snapshot.now), TOLD_FOR):
        return ""
    kinds = Counter(
        "renamed" if c.renamed_to else "came" if c.is_addition else "left"
        for c in changes
        if c.day == newest
    )
    told = [f"{kinds[kind]:,} {kind}" for kind in ("came", "left", "renamed") if kinds[kind]]
    return f"{', '.join(told)} on {day_in_words(newest, snapshot.now)}"


def are_holdings_late(snapshot: Snapshot) -> bool:
    """Return whether a newer holdings file is missed."""
    census = snapshot.census
    return census is not None and bool(why_holdings_late(census.members.holdings_day, snapshot.now))


def coverage_in_words(reading: Reading) -> str:
    """Return `1,911 of 1,936 members, 98.7 % of weight`, and what else should be known of it."""
    if reading.used is None or reading.total is None:
        return ""
    words = f"{reading.used:,} of {reading.total:,} members"
    if reading.coverage is not None:
        words = f"{words}, {share(reading.coverage, 1)} of weight"
    note = plain(reading.reason) if reading.value is not None else ""
    return f"{words}; {note}" if note else words


def left_out(snapshot: Snapshot) -> Counts:
    """Return how many members are suspect, missing, idle or in no sub-sector, if any are."""
    census = snapshot.census
    if census is None:
        return ()
    marks = (MemberMark.SUSPECT, MemberMark.MISSING, MemberMark.IDLE)
    counts = [(census.members.marks.count(mark), mark.value) for mark in marks]
    return tuple(each for each in (*counts, (census.unmapped, UNMAPPED)) if each[0])


def left_out_in_words(snapshot: Snapshot, room: int) -> str:
    """Return `1 suspect, 2 missing, 13 unmapped`, or with less room `3 left out, 13 unmapped`."""
    counts = left_out(snapshot)
    ways = [in_words(way) for way in (counts, *summed(counts))]
    is_known = room > 0  # a panel has no size before it is laid out
    return next((words for words in ways if len(words) <= room or not is_known), ways[-1])


def summed(counts: Counts) -> tuple[Counts, Counts]:
    """Return how many members are left out of all figures, with the unmapped and without them."""
    others = sum(count for count, word in counts if word != UNMAPPED)
    unmapped = tuple(each for each in counts if each[1] == UNMAPPED)
    left = ((others, "left out"),) if others else ()
    return (*left, *unmapped), left or unmapped


def in_words(counts: Counts) -> str:
    """Return counts of members as words."""
    return ", ".join(f"{count:,} {word}" for count, word in counts)
