"""Prices that members' own feeds tell, of those that somebody watches or looks at.

They come every few seconds, and what the listings tell within the minute is as good. Where the
listings have stood still for longer, a member's own price is the younger one and counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from market.merging import SEEN_WITHIN
from market.metrics.columns import divided
from market.quotes import Quote
from market.sessions import exchange_date

if TYPE_CHECKING:
    from market.metrics.told_prices import Pages, Told

Own = tuple[tuple[int, Quote], ...]
"""Rows of members, and the prices that their own feeds tell of them."""


def own_prices(quotes: Mapping[str, Quote], symbols: Iterable[str]) -> Own:
    """Return the members' own prices; what only the listings told of them is none."""
    known = ((row, quotes.get(symbol)) for row, symbol in enumerate(symbols))
    return tuple((row, own) for row, own in known if own is not None and not own.is_first_seen)


class Since(NamedTuple):
    """How young the prices of all members are."""

    listed: datetime | None
    """The listings of the session; None without any."""
    pages: Pages

    def stamps(self) -> Mapping[int, float]:
        """Return when the quote pages were struck, by member's row, Unix seconds."""
        return dict(zip(self.pages.rows.tolist(), self.pages.struck.tolist(), strict=True))


def with_own(told: Told, own: Own, since: Since, day: date) -> Told:
    """Take the own prices of a session that are clearly younger than what is told of it.

    Whatever a few members tell, the prices of all are no younger for it: `as_of` stays.

    Args:
        told: What listings and pages tell.
        own: As `own_prices` returns them.
        since: How young that is.
        day: The session.
    """
    import numpy as np

    younger = _younger(own, since, day)
    if not younger:
        return told
    last, previous, volume, witness = (
        values.copy() for values in (told.last, told.previous, told.volume, told.witness)
    )
    listed = divided(told.last, told.previous) - 1
    for row, quote in younger:
        last[row], witness[row] = quote.last, listed[row]
        volume[row] = volume[row] if quote.volume is None else quote.volume
        if np.isnan(previous[row]):
            previous[row] = quote.reported_previous_close or np.nan
    return told._replace(last=last, previous=previous, volume=volume, witness=witness)


def _younger(own: Own, since: Since, day: date) -> Own:
    """The own prices of the session that neither the listings nor the member's page overtake."""
    found = tuple(each for each in own if exchange_date(each[1].as_of) == day)
    if since.listed is not None:
        found = tuple(each for each in found if each[1].as_of - since.listed > SEEN_WITHIN)
    if not found:
        return ()
    struck = since.stamps()
    return tuple(
        (row, quote) for row, quote in found if quote.as_of.timestamp() > struck.get(row, -inf)
    )
