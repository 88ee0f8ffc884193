"""The members' prices of one session: holdings, listings, quote pages and the past joined.

The listings tell no time. Which session they speak of is found out by holding their previous
closes against the members' past; where that cannot be found out they tell no price.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from market.census import Mark
from market.holdings import Holdings, Listings
from market.metrics.closes import midnight
from market.metrics.columns import ENOUGH, column
from market.metrics.listed_session import (
    NO_SESSION,
    WITNESSES,
    Closes,
    ListedSession,
    listed_session,
)
from market.metrics.own_prices import Own, Since, with_own
from market.metrics.panel import DAY_S, Panel
from market.metrics.previous_closes import PreviousCloses, previous_closes
from market.metrics.suspects import guarded_previous, suspect_moves
from market.metrics.told_prices import (
    Pages,
    Told,
    filled,
    listed_in,
    of_another_session,
    rows_in,
    struck_in_the_middle,
    with_pages,
)
from market.quotes import Bars, Quote
from market.sessions import (
    exchange_date,
    is_session,
    next_session,
    previous_session,
    session_of,
    session_on_or_before,
)

if TYPE_CHECKING:
    from market.metrics.columns import Column, Flags

IDLE_AFTER = timedelta(minutes=30)
"""A member that has not traded so long after the open is idle."""


_USABLE = frozenset({Mark.FINE, Mark.SPLIT})
_MARKS = (Mark.FINE, Mark.MISSING, Mark.SUSPECT, Mark.IDLE, Mark.SPLIT)


class Prices(NamedTuple):
    """Last prices of one session, a value per member."""

    symbols: tuple[str, ...]
    """As Yahoo spells them, read beside the list of what is traded."""
    day: date
    listed: date | None
    """The session that the listings speak of; None without any, or if that cannot be known."""
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
    taken: Column
    """These last prices; NaN for the other members."""
    scale: Column
    """What prices of the past must be multiplied by: 0.5 after a 2:1 split, else 1."""
    note: str = ""
    """What should be known of all of them."""
    is_dated: bool = True
    """Whether their session is known, not only taken for the newest one."""


class Known(NamedTuple):
    """What goes into the members' prices and changes less often than they do."""

    symbols: tuple[str, ...]
    panel: Panel
    pages: Pages
    splits: tuple[tuple[int, int, float], ...]
    """As `splits_in` returns them."""
    own: Own = ()
    """What the feeds of single members tell."""


def prices_of(
    listings: Listings | None, file: Holdings, known: Known, now: datetime
) -> Prices | None:
    """Return the members' prices; None while there are neither listings nor a past.

    Args:
        listings: The screener's last answer.
        file: The holdings.
        known: What changes less often than prices.
        now: The present instant, UTC.
    """
    import numpy as np

    symbols, panel, count = known.symbols, known.panel, len(known.symbols)
    rows = rows_in(symbols, listings)
    whole = listed_in(listings, rows)
    spoken = _spoken_of(listings, whole, panel, file, now)
    day = _day(spoken.day, known.pages, panel, count)
    if day is None:
        return None
    is_heard = spoken.day == day and not _is_better_known(listings, day, panel)
    heard = listings if is_heard else None
    told = _told_of(day, whole if is_heard else of_another_session(whole), known, heard)
    very, older = _closes_before(panel, day, count)
    splits = _splits_on(day, known.splits, count)
    previous = previous_closes(told.previous, very, told.last, splits, older)
    marks = _marks(told, previous, now >= session_of(day).open + IDLE_AFTER)
    usable = np.array([mark in _USABLE for mark in marks], dtype=np.bool_)
    return Prices(
        symbols=symbols,
        day=day,
        listed=spoken.day,
        as_of=_as_of(struck_in_the_middle(told, column(file.market_value)), day, now),
        source=_source(heard, known.pages.quotes if told.from_pages else ()),
        last=told.last,
        previous=previous.closes,
        volume=told.volume,
        market_cap=told.market_cap,
        names=file.names,
        industries=_industries(listings, rows),
        marks=marks,
        usable=usable,
        taken=np.where(usable, told.last, np.nan),
        scale=previous.scale,
        note=NO_SESSION if listings is not None and spoken.day is None else "",
        is_dated=spoken.is_certain or spoken.day != day,
    )


def _told_of(day: date, told: Told, known: Known, heard: Listings | None) -> Told:
    """What is told of a session: by the listings, then by pages, by single feeds, by the past."""
    pages, panel = known.pages, known.panel
    since = Since(None if heard is None else heard.as_of, pages)
    told = with_own(with_pages(told, pages, day), known.own, since, day)
    today = panel.row_on_or_before(day)
    if today is None or panel.days[today] != day:
        return told
    return filled(told, panel, today)


def _industries(listings: Listings | None, rows: Sequence[int | None]) -> tuple[str, ...]:
    return tuple("" if r is None or listings is None else listings.industries[r] for r in rows)


def _closes_before(panel: Panel, day: date, count: int) -> tuple[Column, Column]:
    """The closes of the very session before, and the newest of any session before."""
    import numpy as np

    before = previous_session(day)
    row = panel.row_on_or_before(before)
    unknown = np.full(count, np.nan)
    if row is None:
        return unknown, unknown
    very = panel.closes[row] if panel.days[row] == before else unknown
    return very, panel.closes_at(row)


def _source(listings: Listings | None, pages: tuple[Quote, ...]) -> str:
    """Who gave the prices, the listings first: `nasdaq+yahoo`."""
    first = listings.source if listings is not None else ""
    others = sorted({quote.source for quote in pages} - {first})
    return "+".join(word for word in (first, *others) if word) or "yahoo"


def _day(listed: date | None, pages: Pages, panel: Panel, count: int) -> date | None:
    """The newest session that is told of: by the listings, or by most pages, or by the past."""
    needed = max(WITNESSES, int(ENOUGH * count))
    newest = sorted(pages.days, reverse=True)
    told = newest[needed - 1] if len(newest) >= needed else None
    past = _newest_with(panel, WITNESSES if listed is None else needed)
    known = (listed, past, told if told is not None and is_session(told) else None)
    return max((day for day in known if day is not None), default=None)


def _is_better_known(listings: Listings | None, listed: date, panel: Panel) -> bool:
    """Whether the past tells the closes of the listings' session, and they perhaps do not.

    What is seen for the first time in a later session may have been struck in mid-session.
    """
    if listings is None or listings.as_of < session_of(next_session(listed)).open:
        return False
    return _newest_with(panel, int(ENOUGH * len(panel.symbols))) == listed


def _newest_with(panel: Panel, count: int) -> date | None:
    """The newest session of the past of which so many closes are known."""
    import numpy as np

    newest_first = zip(reversed(panel.days), panel.closes[::-1], strict=True)
    known = (day for day, closes in newest_first if np.count_nonzero(~np.isnan(closes)) >= count)
    return next(known, None)


def _spoken_of(
    listings: Listings | None, told: Told, panel: Panel, file: Holdings, now: datetime
) -> ListedSession:
    """The session the listings speak of, by the past or by the closes that holdings tell."""
    if listings is None:
        return ListedSession(None)
    held = Closes((file.day,), guarded_previous(column(file.price))[None, :])
    newest = min(_begun(now), _begun(listings.as_of))
    return listed_session(told.last, told.previous, panel, newest, (held,))


def _begun(now: datetime) -> date:
    """The newest session whose regular trading has begun."""
    day = session_on_or_before(exchange_date(now))
    return day if session_of(day).open <= now else previous_session(day)


def splits_in(
    past: Mapping[str, Bars], symbols: tuple[str, ...]
) -> tuple[tuple[int, int, float], ...]:
    """Return the splits on record: a member's row, the day's number, new shares for one old."""
    known = ((row, past.get(symbol)) for row, symbol in enumerate(symbols))
    return tuple(
        (row, time // DAY_S, ratio)
        for row, bars in known
        if bars is not None
        for time, ratio in bars.splits
        if ratio > 0
    )


def _splits_on(day: date, splits: tuple[tuple[int, int, float], ...], count: int) -> Column:
    """New shares for one old by the records of a day; NaN where there is none."""
    import numpy as np

    found, number = np.full(count, np.nan), midnight(day) // DAY_S
    for row, told_on, ratio in splits:
        if told_on == number:
            found[row] = ratio
    return found


def _marks(told: Told, previous: PreviousCloses, has_had_time: bool) -> tuple[Mark, ...]:
    import numpy as np

    missing = np.isnan(told.last) | np.isnan(previous.closes)
    is_suspect = suspect_moves(told.last, previous.closes, told.witness) | previous.is_odd
    idle = (told.volume == 0) & has_had_time
    marks = np.select(
        [missing, is_suspect, idle, previous.scale != 1.0],
        range(1, len(_MARKS)),
        0,
    )
    return tuple(map(_MARKS.__getitem__, marks.tolist()))


def _as_of(struck: datetime | None, day: date, now: datetime) -> datetime:
    """When the prices were struck at the latest: a completed session's at its close."""
    session = session_of(day)
    if struck is None or now >= session.close or struck >= session.close:
        return min(session.close, now)
    return struck
