"""What the census and the past tell of one member that somebody looks at.

Whoever opens a member sees its price, change and daily closes at once, with the source and the
time they are of. From then on its own feed and the census compete: the younger price counts.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Mapping
from datetime import datetime

from market.census import Census, Mark, Members
from market.member_quote import told_of_member
from market.merging import merged_quote
from market.quotes import ARCHIVED, Bars, Details, Key, Kind, Profile, Quote
from market.reports import NOBODY, Arrived
from market.snapshot import Snapshot

DAY_S = 86_400


def first_look(snapshot: Snapshot, keys: Iterable[Key], at: datetime) -> Arrived | None:
    """Return what the census knows of symbols that no feed has told a price of yet.

    None where there is nothing to add. The report serves no key: all of them are still asked for.
    """
    census = snapshot.census
    if census is None:
        return None
    asked = dict.fromkeys(key.symbol for key in keys if key.kind not in ARCHIVED)
    strangers = (symbol for symbol in asked if symbol not in snapshot.quotes)
    rows = {s: row for s in strangers if (row := census.row_of(s)) is not None}
    if not rows:
        return None
    members = census.members
    unnamed = {s: row for s, row in rows.items() if s not in snapshot.details}
    return Arrived(
        feed=NOBODY,
        at=at,
        keys=(),
        quotes=tuple(
            q for row in rows.values() if (q := _price(snapshot, members, row)) is not None
        ),
        details=tuple(_details(snapshot, members, row) for row in unnamed.values()),
        bars=tuple(bars for s in rows if (bars := _closes(snapshot, s)) is not None),
    )


def prices_of_members(
    census: Census, quotes: Mapping[str, Quote], profiles: Mapping[str, Profile]
) -> dict[str, Quote]:
    """Return what the census tells of the members among these quotes, joined with them.

    Whichever comes first, the younger price counts. One that nobody confirms takes no part.
    """
    found: dict[str, Quote] = {}
    for symbol, known in quotes.items():
        row = census.row_of(symbol)
        if row is None or census.members.marks[row] is Mark.SUSPECT:
            continue
        told = told_of_member(census.members, row, profiles)
        if told is not None:
            found[symbol] = merged_quote(known, told)
    return found


def _price(snapshot: Snapshot, members: Members, row: int) -> Quote | None:
    """What the census tells of a member, or the younger tick that its row showed."""
    told = told_of_member(members, row, snapshot.profiles)
    tick = snapshot.ticks.get(members.symbols[row])
    return merged_quote(told, tick) if told is not None and tick is not None else told or tick


def _details(snapshot: Snapshot, members: Members, row: int) -> Details:
    """The member's quote page, else its name in the holdings file."""
    symbol = members.symbols[row]
    profile = snapshot.profiles.get(symbol)
    if profile is not None:
        return profile.details
    name, source = members.names[row], members.source
    return Details(symbol=symbol, as_of=members.as_of, source=source, name=name)


def _closes(snapshot: Snapshot, symbol: str) -> Bars | None:
    """The member's past as a series that charts and returns read; volumes if all are known."""
    past, key = snapshot.past.get(symbol), Key(Kind.CLOSES, symbol)
    if not past or key in snapshot.bars:
        return None
    volumes = past.volume[:]
    return Bars(
        key=key,
        interval_s=DAY_S,
        source=past.source,
        as_of=past.as_of,
        times=past.times,
        close=past.close[:],
        volume=volumes if all(map(math.isfinite, volumes)) else array("d"),
        splits=past.splits,
        dividends=past.dividends,
    )
