"""Prices of members that are younger than the census, as rows tell them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple, TypeAlias

from market.census import Members
from market.row_prices import moved, own_price
from market.snapshot import Snapshot
from widgets.census_mark import has_missed_trading


class RowPrice(NamedTuple):
    """The price of a member that counts in place of the census's."""

    last: float
    is_old: bool
    """Whether it is late all the same."""


PriceOf: TypeAlias = Callable[[int], RowPrice | None]
"""Gives it by the member's place in the columns of the census."""


def by_census(place: int) -> None:
    """Know no younger price."""
    del place


def prices_of(snapshot: Snapshot, *, old: bool) -> PriceOf:
    """Return what gives the prices of a snapshot, each worked out once.

    Args:
        snapshot: What is known.
        old: Whether the census is late: while it is young every price in place of it is.
    """

    def price_of(place: int) -> RowPrice | None:
        own = own_price(snapshot, place)
        if own is None:
            return None
        return RowPrice(own.last, old and has_missed_trading(own.as_of, snapshot))

    return cache(price_of)


def at_price(members: Members, place: int, window: str, last: float) -> Mapping[str, float]:
    """Return the values of a member that follow from a price, by the names of MemberValues."""
    chosen, contribution = moved(members, place, window, last)
    day, _ = moved(members, place, "1D", last)
    return {"last": last, "day": day, "chosen": chosen, "contribution": contribution}
