"""A watched member's own price enters the census where it is clearly the younger one."""

from __future__ import annotations

from datetime import timedelta
from math import nan

import pytest
from msgspec.structs import replace

from market.census import Mark, Members
from market.quotes import Details, Profile, Quote
from tests.market.metrics.small_index import (
    COUNT,
    DAY,
    NOON,
    census_of,
    closes_of,
    listings,
    snapshot,
)

LATER = NOON + timedelta(minutes=10)
"""Nothing came from the listings since noon."""
BEFORE = closes_of(0)[-1]


def own(minutes: float, move: float = 0.05) -> Quote:
    """The heaviest member's own price, so long after the listings."""
    at = NOON + timedelta(minutes=minutes)
    return Quote(symbol="M000", last=BEFORE * (1 + move), as_of=at, source="yahoo", volume=7.0)


def members_with(quote: Quote, page: Quote | None = None, moves: float = 0.0) -> Members:
    """The census ten minutes after the listings."""
    known = replace(snapshot(LATER, listings([moves] * COUNT)), quotes={"M000": quote})
    if page is not None:
        details = Details(symbol="M000", as_of=page.as_of, source="yahoo")
        known = replace(
            known, profiles={"M000": Profile(symbol="M000", quote=page, details=details)}
        )
    return census_of(known).members


def test_it_counts_and_makes_the_others_no_younger() -> None:
    members = members_with(own(2.5))
    assert members.last[0] == pytest.approx(BEFORE * 1.05)
    assert members.returns["1D"][0] == pytest.approx(0.05)
    assert members.volume[0] == 7.0
    assert members.returns["1D"][1] == pytest.approx(0.0)
    assert (members.as_of, members.day) == (NOON, DAY)
    assert members.contributions["1D"][0] > 0


@pytest.mark.parametrize("minutes", [-300, 0, 1.5, 2])
def test_one_that_is_as_young_as_the_listings_does_not(minutes: float) -> None:
    assert members_with(own(minutes)).returns["1D"][0] == pytest.approx(0.0)


def test_what_only_the_listings_told_and_what_another_session_told_is_none() -> None:
    assert members_with(replace(own(8), is_first_seen=True)).returns["1D"][0] == pytest.approx(0.0)
    tomorrow = own(24 * 60)
    assert members_with(tomorrow).returns["1D"][0] == pytest.approx(0.0)


def test_of_it_and_the_member_s_page_the_younger_counts() -> None:
    page = replace(own(5, 0.03), reported_previous_close=BEFORE)
    assert members_with(own(4), page).returns["1D"][0] == pytest.approx(0.03)
    assert members_with(own(6), page).returns["1D"][0] == pytest.approx(0.05)


def test_it_fills_what_the_listings_lack_and_is_doubted_like_any() -> None:
    lists = listings([0.0] * COUNT)
    lists.last[0] = lists.change[0] = nan
    known = replace(snapshot(LATER, lists), quotes={"M000": own(3)})
    assert census_of(known).members.marks[0] is Mark.FINE
    assert members_with(own(3, 2.5)).marks[0] is Mark.SUSPECT, "nobody confirms so much"
    assert members_with(own(3, 2.5), moves=2.5).marks[0] is Mark.FINE
