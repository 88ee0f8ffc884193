"""Folding ticks of members that nobody asks about: they stand beside the census, and are younger.

A member whose row is in sight ticks, but is no instrument for that: it has no readings, and no
feed is asked for it. Its ticks are kept for as long as the census tells nothing younger.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from market.census import Census
from market.member_quote import told_of_member
from market.merging import merged_quote, younger_quote
from market.quotes import TICKED, Key, Profile, Quote
from market.reports import NOBODY, Arrived
from market.snapshot import Snapshot


def sorted_out(
    snapshot: Snapshot, report: Arrived
) -> tuple[tuple[Quote, ...], Mapping[str, Quote]]:
    """Return an answer's quotes of instruments, and the ticks of members after it.

    What comes by itself serves no key. A member that somebody looks at or watches is an instrument
    even while no feed has told a price of it.
    """
    census, known = snapshot.census, snapshot.ticks
    if census is None or report.keys or report.feed == NOBODY:
        return report.quotes, known
    strangers = (quote for quote in report.quotes if quote.symbol not in snapshot.quotes)
    members = (quote for quote in strangers if census.row_of(quote.symbol) is not None)
    aside = {q.symbol: q for q in members if not _is_asked_about(q.symbol, snapshot.wanted)}
    if not aside:
        return report.quotes, known
    merged = {s: merged_quote(known[s], q) if s in known else q for s, q in aside.items()}
    told = tuple(quote for quote in report.quotes if quote.symbol not in aside)
    return told, {**known, **dict(_younger(merged, census, snapshot.profiles))}


def _is_asked_about(symbol: str, wanted: Collection[Key]) -> bool:
    """Whether feeds are asked for a symbol's price."""
    return any(Key(kind, symbol) in wanted for kind in TICKED)


def ticks_beside(census: Census, snapshot: Snapshot) -> Mapping[str, Quote]:
    """Return the ticks that a new census does not overtake."""
    left = {s: tick for s, tick in snapshot.ticks.items() if s not in snapshot.quotes}
    return dict(_younger(left, census, snapshot.profiles))


def _younger(
    ticks: Mapping[str, Quote], census: Census, profiles: Mapping[str, Profile]
) -> Iterator[tuple[str, Quote]]:
    """Yield the ticks that are younger than what the census tells of the same member.

    Outside regular hours a stream tells the close that a print has changed from, which is no news.
    """
    for symbol, tick in ticks.items():
        row = census.row_of(symbol)
        if row is None or tick.is_first_seen:
            continue
        told = told_of_member(census.members, row, profiles)
        if told is None or younger_quote(told, tick) is tick:
            yield symbol, tick
