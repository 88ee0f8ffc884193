"""What listings, quote pages and daily bars tell of each member's price, the youngest first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple

from market.holdings import Listings, rows_of
from market.metrics.columns import column, divided
from market.metrics.panel import Panel
from market.metrics.suspects import suspect_moves
from market.quotes import Profile, Quote
from market.sessions import exchange_date

if TYPE_CHECKING:
    from market.metrics.columns import Column, Rows


class Told(NamedTuple):
    """What listings and pages tell of each member."""

    last: Column
    previous: Column
    volume: Column
    market_cap: Column
    witness: Column
    """The return by another source than the one of the price."""
    struck: Column
    """When their prices were struck or first seen, Unix seconds; NaN without one."""
    from_pages: int = 0


class Pages(NamedTuple):
    """What quote pages tell, a value per page that tells a price."""

    rows: Rows
    """Of the members they are about."""
    quotes: tuple[Quote, ...]
    days: tuple[date, ...]
    """The sessions their prices are of."""
    struck: Column
    """When, Unix seconds."""
    last: Column
    base: Column
    """Previous closes as they tell them; NaN where they do not."""
    volume: Column
    market_cap: Column


def rows_in(symbols: tuple[str, ...], listings: Listings | None) -> list[int | None]:
    """Return where each member stands in the listings; None for those they lack."""
    if listings is None:
        return [None] * len(symbols)
    at = rows_of(listings)
    return [at.get(symbol) for symbol in symbols]


def listed_in(listings: Listings | None, rows: list[int | None]) -> Told:
    """Return what the listings tell of the members that stand in these rows of them."""
    import numpy as np

    if listings is None:
        nothing = np.full(len(rows), np.nan)
        return Told(nothing, nothing, nothing, nothing, nothing, nothing)
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
        np.where(np.isnan(last), np.nan, listings.as_of.timestamp()),
    )


def of_another_session(listed: Told) -> Told:
    """Return what listings say of any session but their own: how large the members are.

    Their last prices are not even previous closes: they may have been struck in mid-session.
    """
    import numpy as np

    unknown = np.full(len(listed.last), np.nan)
    return listed._replace(last=unknown, previous=unknown, volume=unknown, struck=unknown)


def pages_of(profiles: Mapping[str, Profile], symbols: tuple[str, ...]) -> Pages:
    """Return the quote pages that tell a price."""
    import numpy as np

    known = ((row, profiles.get(symbol)) for row, symbol in enumerate(symbols))
    told = [(row, page, page.quote) for row, page in known if page is not None and page.quote]
    quotes = tuple(quote for _, _, quote in told)
    return Pages(
        np.array([row for row, _, _ in told], dtype=np.int64),
        quotes,
        tuple(exchange_date(quote.as_of) for quote in quotes),
        column(quote.as_of.timestamp() for quote in quotes),
        column(quote.last for quote in quotes),
        column(quote.reported_previous_close or np.nan for quote in quotes),
        column(np.nan if quote.volume is None else quote.volume for quote in quotes),
        column(page.details.market_cap or np.nan for _, page, _ in told),
    )


def with_pages(told: Told, pages: Pages, day: date) -> Told:
    """Take the quote pages of the session where the listings lack a price or have an older one.

    The other source of a price is then the listings, as far as they tell of the same session. A
    listing without a trade tells the price of another session, whatever its age. One that tells
    an absurd move stays the price, which the page confirms or not: pages are asked for at other
    times than listings, and what is suspect must not follow from which of the two is younger.
    """
    import numpy as np

    last, previous, volume, cap, witness, struck = (values.copy() for values in told[:6])
    listed = divided(told.last, told.previous) - 1
    of_day = np.array([each == day for each in pages.days], dtype=np.bool_)
    witness[pages.rows[of_day]] = (pages.last / pages.base - 1)[of_day]
    is_absurd = suspect_moves(told.last, told.previous)[pages.rows]
    is_untraded = np.isnan(last[pages.rows]) | (volume[pages.rows] == 0)
    taken = of_day & (is_untraded | ((pages.struck > struck[pages.rows]) & ~is_absurd))
    rows = pages.rows[taken]
    witness[rows] = listed[rows]
    last[rows], cap[rows] = pages.last[taken], pages.market_cap[taken]
    previous[rows] = np.where(np.isnan(previous[rows]), pages.base[taken], previous[rows])
    volume[rows] = np.fmax(volume[rows], pages.volume[taken])
    struck[rows] = pages.struck[taken]
    return Told(last, previous, volume, cap, witness, struck, len(rows))


def struck_in_the_middle(told: Told, worth: Column) -> datetime | None:
    """Return when the price in the middle of the weight was struck; None without any.

    Half of the weight is at least as young. The youngest price says nothing of the others.

    Args:
        told: The members' prices.
        worth: What each member weighs, in any unit; NaN is nothing.
    """
    import numpy as np

    known = np.flatnonzero(np.isfinite(told.struck))
    if not len(known):
        return None
    oldest_first = known[np.argsort(told.struck[known])]
    weight = np.nan_to_num(worth[oldest_first]).cumsum()
    middle = oldest_first[np.searchsorted(weight, weight[-1] / 2)]
    return datetime.fromtimestamp(float(told.struck[middle]), UTC)


def filled(told: Told, panel: Panel, row: int) -> Told:
    """Fill what is missing from the completed session's daily bars."""
    import numpy as np

    is_missing = np.isnan(told.last)
    return told._replace(
        last=np.where(is_missing, panel.closes[row], told.last),
        volume=np.where(np.isnan(told.volume), panel.volumes_at(row), told.volume),
    )
