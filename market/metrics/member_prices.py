"""The members' prices of one session: holdings, listings, quote pages and the past joined.

The listings tell no time. Which session they speak of is found out by holding their previous
closes against the members' past.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from market.census import Mark
from market.holdings import Holdings, Listings
from market.metrics.columns import column, divided
from market.metrics.panel import Panel
from market.metrics.suspects import guarded_previous, suspect_moves
from market.sessions import exchange_date, previous_session, session_of, session_on_or_before
from market.snapshot import Snapshot

if TYPE_CHECKING:
    from market.metrics.columns import Column, Flags

WITNESSES = 50
"""So many members' past must be known to find out which session the listings speak of."""
SAME = 5e-4
"""Two sources agree on a close within five basis points."""
SPLIT = 0.02
"""A previous close that differs by more than this from the past tells of a split."""
OLDEST = 4
"""So many sessions back listings may speak of; older ones are taken for today's."""
HALT_AFTER = timedelta(minutes=30)
"""A member that has not traded so long after the open is taken for halted."""


class Prices(NamedTuple):
    """Last prices of one session, a value per member."""

    symbols: tuple[str, ...]
    """As Yahoo spells them, read beside the list of what is traded."""
    day: date
    as_of: datetime
    source: str
    last: Column
    previous: Column
    volume: Column
    market_cap: Column
    names: tuple[str, ...]
    industries: tuple[str, ...]
    marks: tuple[Mark, ...]

    usable: Flags
    """Members whose last price takes part in aggregates."""
    scale: Column
    """What prices of the past must be multiplied by: 0.5 after a 2:1 split, else 1."""


class _Told(NamedTuple):
    """What listings and pages tell of each member."""

    last: Column
    previous: Column
    volume: Column
    market_cap: Column
    from_pages: int


def prices_of(
    snapshot: Snapshot, file: Holdings, symbols: tuple[str, ...], panel: Panel, now: datetime
) -> Prices | None:
    """Return the members' prices; None while there are neither listings nor a past."""
    import numpy as np

    listings = snapshot.listings
    rows = _rows(symbols, listings)
    day = _day(listings, rows, panel, now)
    if day is None:
        return None
    told = _with_pages(snapshot, symbols, _listed(listings, rows), day)
    yesterday = panel.row_on_or_before(previous_session(day))
    known = panel.closes_at(yesterday) if yesterday is not None else np.full(len(symbols), np.nan)
    previous, scale = _previous(told.previous, known)
    today = panel.row_on_or_before(day)
    if today is not None and panel.days[today] == day:
        told = _filled(told, panel, today)
    is_suspect = suspect_moves(told.last, previous, _witnessed(snapshot, symbols, day))
    marks = _marks(
        told, previous, is_suspect, scale != 1.0, now >= session_of(day).open + HALT_AFTER
    )
    words = (listings.source if listings is not None else "", *_sources_of(snapshot, told))
    return Prices(
        symbols=symbols,
        day=day,
        as_of=_as_of(listings, day, now),
        source="+".join(word for word in words if word) or "yahoo",
        last=told.last,
        previous=previous,
        volume=told.volume,
        market_cap=told.market_cap,
        names=file.names,
        industries=tuple(
            "" if r is None or listings is None else listings.industries[r] for r in rows
        ),
        marks=marks,
        usable=np.array([mark in {Mark.FINE, Mark.SPLIT} for mark in marks], dtype=np.bool_),
        scale=scale,
    )


def _sources_of(snapshot: Snapshot, told: _Told) -> set[str]:
    """Who gave the quote pages that took part, the listings' own source left out."""
    given = {page.details.source for page in snapshot.profiles.values() if told.from_pages}
    return given - {snapshot.listings.source if snapshot.listings is not None else ""}


def _rows(symbols: tuple[str, ...], listings: Listings | None) -> list[int | None]:
    at = {} if listings is None else {s: row for row, s in enumerate(listings.symbols)}
    return [at.get(symbol) for symbol in symbols]


def _listed(listings: Listings | None, rows: list[int | None]) -> _Told:
    import numpy as np

    if listings is None:
        nothing = np.full(len(rows), np.nan)
        return _Told(nothing, nothing.copy(), nothing.copy(), nothing.copy(), 0)
    at = np.array([-1 if row is None else row for row in rows], dtype=np.int64)

    def taken(values: Column) -> Column:
        return np.where(at >= 0, np.append(values, np.nan)[at], np.nan)

    last = taken(column(listings.last))
    return _Told(
        last,
        last - taken(column(listings.change)),
        taken(column(listings.volume)),
        taken(column(listings.market_cap)),
        0,
    )


def _day(
    listings: Listings | None, rows: list[int | None], panel: Panel, now: datetime
) -> date | None:
    """The session the prices belong to: the newest begun, or an older one that fits better."""
    newest = _begun(now)
    if listings is None:
        return panel.days[-1] if len(panel.days) and _has_closes(panel) else None
    newest = day = min(newest, _begun(listings.as_of))
    told = _listed(listings, rows).previous
    for _ in range(OLDEST):
        before = previous_session(day)
        row = panel.row_on_or_before(before)
        is_known = row is not None and panel.days[row] == before
        # Closes of that very session only: one handed on from earlier would agree with anything.
        agreeing = _agreement(told, panel.closes[row]) if is_known else None
        if agreeing is not None and agreeing >= 0.5:
            return day
        day = before
    return newest


def _begun(now: datetime) -> date:
    """The newest session whose regular trading has begun."""
    day = session_on_or_before(exchange_date(now))
    return day if session_of(day).open <= now else previous_session(day)


def _has_closes(panel: Panel) -> bool:
    import numpy as np

    return bool((~np.isnan(panel.closes[-1])).sum() >= WITNESSES)


def _agreement(told: Column, known: Column) -> float | None:
    """The part of the members whose previous close is the known one; None with too few."""
    import numpy as np

    both = ~(np.isnan(told) | np.isnan(known))
    if int(both.sum()) < WITNESSES:
        return None
    return float(np.mean(np.abs(told[both] / known[both] - 1) < SAME))


def _with_pages(snapshot: Snapshot, symbols: tuple[str, ...], told: _Told, day: date) -> _Told:
    """Fill what the listings lack from quote pages of the same session."""
    import numpy as np

    last, previous, volume, cap = (values.copy() for values in told[:4])
    count = 0
    for row in np.flatnonzero(np.isnan(last)):
        profile = snapshot.profiles.get(symbols[row])
        quote = None if profile is None else profile.quote
        if profile is None or quote is None or exchange_date(quote.as_of) != day:
            continue
        count += 1
        last[row] = quote.last
        previous[row] = quote.reported_previous_close or np.nan
        volume[row] = np.nan if quote.volume is None else quote.volume
        cap[row] = profile.details.market_cap or np.nan
    return _Told(last, previous, volume, cap, count)


def _filled(told: _Told, panel: Panel, row: int) -> _Told:
    """Fill what is missing from the completed session's daily bars."""
    import numpy as np

    is_missing = np.isnan(told.last)
    return told._replace(
        last=np.where(is_missing, panel.closes[row], told.last),
        volume=np.where(np.isnan(told.volume), panel.volumes[row], told.volume),
    )


def _previous(told: Column, known: Column) -> tuple[Column, Column]:
    """The previous closes, from daily bars where they are known, and the scale of the past.

    Only after a split do both differ widely: then the exchange's own is the right one, since
    it is adjusted on the day, and the past must be multiplied by what the two differ by.
    """
    import numpy as np

    told, known = guarded_previous(told), guarded_previous(known)
    ratio = divided(told, known)
    is_split = np.abs(ratio - 1) > SPLIT
    return np.where(np.isnan(known) | is_split, told, known), np.where(is_split, ratio, 1.0)


def _witnessed(snapshot: Snapshot, symbols: tuple[str, ...], day: date) -> Column:
    """The members' returns of the day by their quote pages, a second source; NaN unknown."""
    import numpy as np

    returns = np.full(len(symbols), np.nan)
    for row, symbol in enumerate(symbols):
        profile = snapshot.profiles.get(symbol)
        quote = None if profile is None else profile.quote
        if (
            quote is not None
            and quote.reported_previous_close
            and exchange_date(quote.as_of) == day
        ):
            returns[row] = quote.last / quote.reported_previous_close - 1
    return returns


def _marks(
    told: _Told, previous: Column, is_suspect: Flags, is_split: Flags, has_had_time: bool
) -> tuple[Mark, ...]:
    import numpy as np

    missing = np.isnan(told.last) | np.isnan(previous)
    halted = (told.volume == 0) & has_had_time
    marks = np.select(
        [missing, is_suspect, halted, is_split],
        [Mark.MISSING, Mark.SUSPECT, Mark.HALTED, Mark.SPLIT],
        Mark.FINE,
    )
    return tuple(Mark(str(mark)) for mark in marks)


def _as_of(listings: Listings | None, day: date, now: datetime) -> datetime:
    """When the prices were struck at the latest: a completed session's at its close."""
    session = session_of(day)
    if listings is None or now >= session.close or listings.as_of >= session.close:
        return min(session.close, now)
    return listings.as_of
