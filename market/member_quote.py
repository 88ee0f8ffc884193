"""What the census tells of one member's price, as the source gave it."""

from __future__ import annotations

import math
from collections.abc import Mapping

from market.census import Members
from market.quotes import Profile, Quote
from market.sessions import exchange_date


def told_of_member(members: Members, row: int, profiles: Mapping[str, Profile]) -> Quote | None:
    """Return a member's price in the census as the source gave it: its quote page, or listings.

    None without a price.
    """
    symbol, last = members.symbols[row], members.last[row]
    if not math.isfinite(last):
        return None
    profile = profiles.get(symbol)
    page = None if profile is None else profile.quote
    if page is not None and page.last == last and exchange_date(page.as_of) == members.day:
        return page
    is_listed = members.listed == members.day
    return Quote(
        symbol=symbol,
        last=last,
        as_of=members.as_of,
        source=members.source.split("+")[0] if is_listed else members.source,
        volume=_known(members.volume[row]),
        reported_previous_close=_known(members.previous_close[row]),
        is_first_seen=is_listed,
    )


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
