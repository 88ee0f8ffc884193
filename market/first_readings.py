"""The figures that the census has of a member, until its own metrics are worked out.

Working them out takes a thread a moment. The screen of a member that was in a table just now
shows at once what its row showed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from msgspec.structs import replace

from market.census import WINDOWS, Members
from market.instruments import INDEX
from market.member_quote import told_of_member
from market.reading import Reading
from market.row_prices import moved, own_price
from market.sessions import exchange_date
from market.snapshot import Snapshot

_BP = 1e4
_SPANS = ("1D", "1M", "YTD")
"""The windows of which a member's contribution is told."""


def with_first_readings(snapshot: Snapshot, symbol: str) -> Snapshot:
    """Return the picture with the census's figures of a member that has no metrics yet.

    The same picture for what is no member, has no price there, or has been worked out.
    """
    census, slug = snapshot.census, snapshot.cast[symbol].slug
    row = None if census is None else census.row_of(symbol)
    if census is None or row is None or f"{slug}.last" in snapshot.readings:
        return snapshot
    own = own_price(snapshot, row)
    quote = own or told_of_member(census.members, row, snapshot.profiles)
    if quote is None:
        return snapshot
    found = {
        f"{slug}.{name}": Reading(value, quote.as_of, quote.source, quote.delay_s)
        for name, value in _figures(snapshot, census.members, row, quote.last)
        if isinstance(value, str) or math.isfinite(value)
    }
    return replace(
        snapshot,
        quotes={symbol: quote, **snapshot.quotes},
        readings={**snapshot.readings, **found},
    )


def _figures(
    snapshot: Snapshot, members: Members, row: int, last: float
) -> Iterator[tuple[str, float | str]]:
    """Yield what the columns tell at a price, by the last part of its name; NaN is not known."""
    before = members.previous_close[row]
    yield from (("last", last), ("previous_close", before), ("change", last - before))
    yield from (("volume", members.volume[row]), ("relative_volume", members.relative_volume[row]))
    for window in WINDOWS:
        (change, added), over = moved(members, row, window, last), window.lower()
        yield f"return.{over}", change
        yield f"relative.{over}", change - _of_the_index(snapshot, members, over)
        if window in _SPANS:
            yield f"index.contribution.{over}", _BP * added
    yield "index.weight", members.weight[row]
    yield "index.dollar_volume", members.dollar_volume[row]
    yield "index.amihud", members.amihud[row]
    words = (members.sectors[row], members.subsectors[row] or "unmapped")
    yield "index.sector", " · ".join(words)


def _of_the_index(snapshot: Snapshot, members: Members, over: str) -> float:
    """The index's return over a window that ends in the members' session; NaN without it."""
    reading = snapshot.reading(f"{snapshot.cast[INDEX].slug}.return.{over}")
    value, struck = reading.value, reading.as_of
    if isinstance(value, str) or value is None or struck is None:
        return math.nan
    return value if exchange_date(struck) == members.day else math.nan
