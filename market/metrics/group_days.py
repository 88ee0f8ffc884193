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


def days_of_members(prices: Prices, known: Mapping[Key, Bars]) -> Mapping[int, Bars]:
    """Return the members' own days of the prices' session, by row, where they can be used.

    Args:
        prices: The members' last prices.
        known: Series by key, the members' days among them.
    """
    opened = int(session_of(prices.day).open.timestamp())
    days = [bars for key, bars in known.items() if key.kind is Kind.DAY]
    row_of = {symbol: row for row, symbol in enumerate(prices.symbols)} if days else {}
    return {
        row: bars
        for bars in days
        if (row := row_of.get(bars.key.symbol)) is not None
        and len(bars)
        and bars.times[0] >= opened
        and prices.usable[row]
        and prices.previous[row] > 0
    }


def levels_at(
    slots: Sequence[int], group: Holders, prices: Prices, days: Mapping[int, Bars]
) -> Mapping[int, float]:
    """Return a group's levels in five-minute slots; none where too few members' days are known.

    Who has not traded yet stands at its previous close. Members whose day is not known move
    like those whose day is.

    Args:
        slots: When they begin, Unix seconds, rising.
        group: Whose levels.
        prices: The members' last prices, of the session the slots are in.
        days: What `days_of_members` returns.
    """
    import numpy as np

    if not days:
        return {}
    told_of = [
        (float(part), float(prices.previous[row]), days[row])
        for row, part in zip(group.rows.tolist(), group.parts.tolist(), strict=True)
        if row in days
    ]
    whole = sum(part for part, _, _ in told_of)
    if not told_of or whole < ENOUGH * group.parts.sum():
        return {}
    newest = max(bars.times[-1] for _, _, bars in told_of)
    told = np.array([slot for slot in slots if slot <= newest], dtype=np.int64)
    gained = np.zeros(len(told))
    for part, previous, bars in told_of:
        closes = np.concatenate(([previous], bars.close))
        gained += part * (closes[np.searchsorted(bars.times, told, "right")] / previous - 1)
    levels = group.before * (1 + gained / whole)
    return dict(zip(told.tolist(), levels.tolist(), strict=True))
