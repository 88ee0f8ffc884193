"""What listings, quote pages and daily bars tell of each member's price, the youngest first."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from market.holdings import Listings
from market.metrics.columns import column, divided
from market.metrics.panel import Panel
from market.quotes import Quote
from market.sessions import exchange_date, previous_session
from market.snapshot import Snapshot

if TYPE_CHECKING:
    from market.metrics.columns import Column


class Told(NamedTuple):
    """What listings and pages tell of each member."""

    last: Column
    previous: Column
    volume: Column
    market_cap: Column
    witness: Column
    """The return by another source than the one of the price."""
    as_of: datetime | None
    """When the youngest of them was struck or first seen."""
    from_pages: int = 0


class Page(NamedTuple):
    """A quote page's word of one member."""

    row: int
    quote: Quote
    market_cap: float
    day: date
    """The session its price is of."""


def rows_in(symbols: tuple[str, ...], listings: Listings | None) -> list[int | None]:
    """Return where each member stands in the listings; None for those they lack."""
    at = {} if listings is None else {s: row for row, s in enumerate(listings.symbols)}
    return [at.get(symbol) for symbol in symbols]


def listed_in(listings: Listings | None, rows: list[int | None]) -> Told:
    """Return what the listings tell of the members that stand in these rows of them."""
    import numpy as np

    if listings is None:
        nothing = np.full(len(rows), np.nan)
        return Told(*(nothing.copy() for _ in range(5)), as_of=None)
    at = np.array([-1 if row is None else row for row in rows], dtype=np.int64)

    def taken(values: Column) -> Column:
        return np.where(at >= 0, np.append(values, np.nan)[at], np.nan)

    last, change = taken(column(listings.last)), taken(column(listings.change))
    return Told(
        last,
        last - change,
        taken(column(listings.volume)),
        taken(column(listings.market_cap)),
        np.full(len(rows), np.nan),
        listings.as_of,
    )


def of_session(listed: Told, listed_day: date | None, day: date) -> Told:
    """Return what listings say of a session: of the one after theirs, the previous closes.

    Listings of no known session (None) say nothing of any but how large the members are.
    """
    import numpy as np

    if listed_day == day:
        return listed
    unknown = np.full(len(listed.last), np.nan)
    is_day_before = listed_day is not None and listed_day == previous_session(day)
    return listed._replace(
        last=unknown,
        previous=listed.last if is_day_before else unknown.copy(),
        volume=unknown.copy(),
        as_of=None,
    )


def pages_of(snapshot: Snapshot, symbols: tuple[str, ...]) -> list[Page]:
    """Return the quote pages that tell a price."""
    import numpy as np

    found: list[Page] = []
    for row, symbol in enumerate(symbols):
        profile = snapshot.profiles.get(symbol)
        if profile is not None and profile.quote is not None:
            quote, cap = profile.quote, profile.details.market_cap or np.nan
            found.append(Page(row, quote, cap, exchange_date(quote.as_of)))
    return found


def with_pages(told: Told, pages: list[Page], day: date) -> Told:
    """Take the quote pages of the session where the listings lack a price or have an older one.

    The other source of a price is then the listings, as far as they tell of the same session.
    """
    import numpy as np

    last, previous, volume, cap, witness = (values.copy() for values in told[:5])
    listed = divided(told.last, told.previous) - 1
    used: list[Page] = []
    for page in (page for page in pages if page.day == day):
        row, quote = page.row, page.quote
        base = quote.reported_previous_close or np.nan
        witness[row] = quote.last / base - 1
        if not np.isnan(last[row]) and told.as_of is not None and quote.as_of <= told.as_of:
            continue
        used.append(page)
        witness[row] = listed[row]
        last[row], cap[row] = quote.last, page.market_cap
        previous[row] = base if np.isnan(previous[row]) else previous[row]
        volume[row] = volume[row] if quote.volume is None else quote.volume
    youngest = max((page.quote.as_of for page in used), default=told.as_of)
    if told.as_of is not None and youngest is not None:
        youngest = max(told.as_of, youngest)
    return Told(last, previous, volume, cap, witness, youngest, len(used))


def filled(told: Told, panel: Panel, row: int) -> Told:
    """Fill what is missing from the completed session's daily bars."""
    import numpy as np

    is_missing = np.isnan(told.last)
    return told._replace(
        last=np.where(is_missing, panel.closes[row], told.last),
        volume=np.where(np.isnan(told.volume), panel.volumes[row], told.volume),
    )
