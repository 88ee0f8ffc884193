"""Errands: what to fetch next about the index's members, when nobody waits for anything.

A few data at a time, the heaviest members first, so that the roster stays small. What is known
already is not asked for again, so an errand interrupted today is taken up where it was left.
A host that refuses is left alone with all errands of the kind it refused.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import chain, islice
from weakref import WeakKeyDictionary

from market.census import Census, Mark
from market.holdings import Holdings, Listings, rows_of
from market.instruments import TRACKER
from market.metrics.day_curve import DAY_CURVE, lacks_day_curve
from market.quotes import Bars, Key, Kind
from market.reports import ErrorKind
from market.sessions import (
    exchange_date,
    last_completed_session,
    previous_session,
    session_of,
    session_on_or_before,
)
from market.snapshot import Snapshot
from market.spellings import respelled

AT_ONCE = {Kind.MEMBER: 250, Kind.PAST: 20, Kind.PROFILE: 250, Kind.PAST_BARS: 2}
"""As many as one or two requests bring."""
WITHOUT_LISTINGS = 2500
"""While there are no listings of the session every member's page is asked for, ten requests a
round."""
OLD_LISTINGS = timedelta(minutes=15)
"""Listings that are older, or of an earlier session so long after the open, are as good as none."""
ONCE = timedelta(hours=12)
"""What a source could not complete is asked for again after this."""
AT_A_SPLIT = timedelta(hours=1)
"""A source adjusts the past of a split share at some time of the day."""
ON_ITS_BEAT = timedelta(0)
ROLLED_BY = timedelta(hours=5)
"""By then after a close the listings have completed the members' past, if they are going to."""
GAPS, LOOKED_AT = 5, 60
"""So many sessions without volume, of so many looked at, are worth a request of their own."""
SAME = 5e-4
"""Two sources agree on a close within five basis points."""
MOST_RESTATED = 50
"""With more members whose closes disagree it is not their past that is wrong."""
DAY_S = 86_400
_OF_THE_HOST = frozenset({ErrorKind.REFUSED, ErrorKind.LIMITED, ErrorKind.UNREACHABLE})
"""Failures that another request of the same kind would meet as well."""


def next_errands(snapshot: Snapshot, now: datetime) -> tuple[Key, ...]:
    """Return the next data about members worth asking for, none while nothing is missing.

    Pages of members that the listings lack, or that only a second source can confirm, stay among
    them, to be renewed on their own beat.
    """
    file = snapshot.holdings.get(TRACKER)
    if file is None:
        return ()
    members = _by_weight(member_symbols(file, snapshot.listings), snapshot.census)
    may_ask = _permission(snapshot, now)
    keys = [DAY_CURVE] if lacks_day_curve(snapshot, now) and may_ask(DAY_CURVE, ONCE) else []
    for kind, symbols, rest in _wanted(snapshot, members, now):
        most = AT_ONCE[kind]
        if kind is Kind.MEMBER and _has_old_listings(snapshot, now):
            most = WITHOUT_LISTINGS
        named = (Key(kind, symbol) for symbol in symbols)
        keys += islice((key for key in named if may_ask(key, rest)), most)
    return tuple(dict.fromkeys(keys))


@lru_cache(maxsize=1)
def member_symbols(file: Holdings, listings: Listings | None) -> tuple[str, ...]:
    """Return the members' symbols in the file's order, read beside the list of what is traded."""
    if listings is None:
        return file.symbols
    return respelled(file.symbols, rows_of(listings))


@lru_cache(maxsize=1)
def _by_weight(symbols: tuple[str, ...], census: Census | None) -> tuple[str, ...]:
    """The members by what they weigh in the census; those of unknown weight after them."""
    if census is None:
        return symbols
    told = zip(census.members.symbols, census.members.weight, strict=True)
    weights = {symbol: weight for symbol, weight in told if weight > 0}
    return tuple(sorted(symbols, key=lambda symbol: -weights.get(symbol, 0.0)))


def _wanted(
    snapshot: Snapshot, members: tuple[str, ...], now: datetime
) -> Iterator[tuple[Kind, Iterable[str], timedelta]]:
    """Yield what is missing, the most urgent first, and how long to rest between two asks."""
    past, census = snapshot.past, snapshot.census
    opened = session_of(_complete_until(now)).open
    opened_s = opened.timestamp()
    listings = None if _has_old_listings(snapshot, now) else snapshot.listings
    yield Kind.MEMBER, _unconfirmed(members, listings), ON_ITS_BEAT
    yield Kind.PAST, _split(census), AT_A_SPLIT
    short = (s for s in members if _ends_before(past.get(s), opened_s))
    yield Kind.PAST, chain(_restated(snapshot), short), ONCE
    yield Kind.PROFILE, (s for s in members if _lacks_page(snapshot, s, opened)), ONCE
    yield Kind.PAST_BARS, (s for s in members if _lacks_volume(past.get(s))), ONCE


def _permission(snapshot: Snapshot, now: datetime) -> Callable[[Key, timedelta], bool]:
    """Return the test whether a datum may be asked for now, if it was not within a time."""
    waiting = {
        key: trouble.kind
        for key, trouble in snapshot.troubles.items()
        if trouble.retry_at is None or trouble.retry_at > now
    }
    resting = {key.kind for key, why in waiting.items() if why in _OF_THE_HOST}

    def may_ask(key: Key, rest: timedelta) -> bool:
        if key.kind in resting or key in waiting or key in snapshot.absences:
            return False
        asked = snapshot.fetched.get(key)
        return asked is None or not timedelta(0) <= now - asked < rest

    return may_ask


def _complete_until(now: datetime) -> date:
    """The session that everything should be known of: the last one the listings had time for."""
    return last_completed_session(now - ROLLED_BY)


def _has_old_listings(snapshot: Snapshot, now: datetime) -> bool:
    """Whether there are no listings, or in a session none of it, of late or of a known age."""
    listings, day = snapshot.listings, session_on_or_before(exchange_date(now))
    if listings is None:
        return True
    session = session_of(day)
    if not session.open + OLD_LISTINGS <= now < session.close:
        return False
    if now - listings.as_of > OLD_LISTINGS:
        return True
    members = None if snapshot.census is None else snapshot.census.members
    if members is None or members.listed is None:
        return members is not None and bool(members.note)
    return members.listed < day


@lru_cache(maxsize=1)
def _unconfirmed(members: tuple[str, ...], listings: Listings | None) -> tuple[str, ...]:
    """The members that the listings lack, or of which they tell nothing that counts by itself."""
    if listings is None:
        return members
    rows = rows_of(listings)
    return tuple(s for s in members if (row := rows.get(s)) is None or _needs_page(listings, row))


def _needs_page(listings: Listings, row: int) -> bool:
    """Whether a row has no price, no trade, or a price more than doubled or halved."""
    last = listings.last[row]
    before = last - listings.change[row]
    return math.isnan(last) or listings.volume[row] == 0 or last > 2 * before or 2 * last < before


def _split(census: Census | None) -> Iterator[str]:
    """The members whose past is of another scale than their price."""
    if census is not None:
        members = zip(census.members.symbols, census.members.marks, strict=True)
        yield from (symbol for symbol, mark in members if mark is Mark.SPLIT)


def _restated(snapshot: Snapshot) -> Sequence[str]:
    """The members whose last known close is not what the listings say it was."""
    census, listings = snapshot.census, snapshot.listings
    if census is None or listings is None:
        return ()
    rows = rows_of(listings)
    before = session_of(previous_session(census.members.day)).open.timestamp() // DAY_S
    found: list[str] = []
    for symbol in census.members.symbols:
        past, row = snapshot.past.get(symbol), rows.get(symbol)
        if past and row is not None and past.times[-1] // DAY_S == before:
            told = listings.last[row] - listings.change[row]
            if abs(told / past.close[-1] - 1) > SAME:
                found.append(symbol)
    return found if len(found) <= MOST_RESTATED else ()


def _ends_before(past: Bars | None, opened_s: float) -> bool:
    return not past or past.times[-1] < opened_s


def _lacks_page(snapshot: Snapshot, symbol: str, opened: datetime) -> bool:
    profile = snapshot.profiles.get(symbol)
    return profile is None or profile.details.as_of < opened


def _lacks_volume(past: Bars | None) -> bool:
    """Whether a past, if there is one, has closes without volume; each is looked at once."""
    if not past:
        return False
    if past not in _GAPPED:
        _GAPPED[past] = sum(map(math.isnan, past.volume[-LOOKED_AT:])) > GAPS
    return _GAPPED[past]


_GAPPED: WeakKeyDictionary[Bars, bool] = WeakKeyDictionary()
