"""The day of a group out of its members' own: what nobody has seen of it together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from market.metrics.columns import ENOUGH
from market.metrics.member_prices import Prices
from market.quotes import Bars, Key, Kind
from market.sessions import session_of

if TYPE_CHECKING:
    from market.metrics.columns import Column, Rows


class Holders(NamedTuple):
    """The members of a group, and what they are worth together at the previous close."""

    rows: Rows
    parts: Column
    """What each is worth then, in any unit."""
    before: float
    """The group's level then."""


def levels_at(
    slots: Sequence[int], group: Holders, prices: Prices, known: Mapping[Key, Bars]
) -> Mapping[int, float]:
    """Return a group's levels in five-minute slots; none where too few members' days are known.

    Who has not traded yet stands at its previous close. Members whose day is not known move
    like those whose day is.

    Args:
        slots: When they begin, Unix seconds, rising.
        group: Whose levels.
        prices: The members' last prices, of the session the slots are in.
        known: Series by key, the members' days among them.
    """
    import numpy as np

    opened = int(session_of(prices.day).open.timestamp())
    days = [
        (float(part), float(prices.previous[row]), bars)
        for row, part in zip(group.rows.tolist(), group.parts.tolist(), strict=True)
        if (bars := known.get(Key(Kind.DAY, prices.symbols[row]))) is not None
        and len(bars)
        and bars.times[0] >= opened
        and prices.usable[row]
        and prices.previous[row] > 0
    ]
    whole = sum(part for part, _, _ in days)
    if not days or whole < ENOUGH * group.parts.sum():
        return {}
    newest = max(bars.times[-1] for _, _, bars in days)
    told = np.array([slot for slot in slots if slot <= newest], dtype=np.int64)
    gained = np.zeros(len(told))
    for part, previous, bars in days:
        closes = np.concatenate(([previous], bars.close))
        gained += part * (closes[np.searchsorted(bars.times, told, "right")] / previous - 1)
    levels = group.before * (1 + gained / whole)
    return dict(zip(told.tolist(), levels.tolist(), strict=True))
