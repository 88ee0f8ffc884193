"""Ticks of members that nobody asks about: beside the census, and never older than it."""

from __future__ import annotations

from array import array
from datetime import timedelta
from functools import reduce

import pytest
from msgspec.structs import replace

from market.census import Census, Mark
from market.first_look import first_look
from market.first_readings import with_first_readings
from market.fold import fold
from market.interest import symbol_keys
from market.metrics.census import CensusTaker
from market.quotes import Key, Kind, Quote
from market.reports import Arrived
from market.row_prices import moved, own_price
from market.sessions import session_of
from market.snapshot import Snapshot
from tests.market.metrics.pictures import quote_at
from tests.market.metrics.small_index import (
    DAY,
    MINUTE,
    NOON,
    census_of,
    days,
    listings,
    snapshot,
)

SYMBOL, ROW = "M005", 5


def counted() -> Snapshot:
    picture = snapshot()
    return replace(picture, census=census_of(picture))


def tick(factor: float = 1.02, age: timedelta = timedelta(0), symbol: str = SYMBOL) -> Arrived:
    """The member's price by the census times a factor, as a stream tells it by itself."""
    last = census().members.last[ROW] * factor
    quote = quote_at(symbol, last, NOON - age, "yahoo_stream")
    return Arrived(feed="yahoo_stream", at=NOON, keys=(), quotes=(quote,))


def census() -> Census:
    found = counted().census
    assert found is not None
    return found


def after(*reports: Arrived) -> Snapshot:
    return reduce(lambda known, report: fold(known, report, NOON), reports, counted())


def price(picture: Snapshot) -> float | None:
    own = own_price(picture, ROW)
    return None if own is None else own.last


def test_a_tick_of_a_row_in_sight_makes_no_instrument_of_the_member() -> None:
    before, told = counted(), tick()
    picture = fold(before, told, NOON)
    assert picture.ticks == {SYMBOL: told.quotes[0]}
    assert picture.quotes == before.quotes
    assert SYMBOL not in picture.serving
    assert price(picture) == told.quotes[0].last
    late = tick(1.5, MINUTE)
    assert price(fold(picture, late, NOON)) == told.quotes[0].last, "the younger one counts"


def test_whoever_is_watched_asked_for_or_no_member_has_its_ticks_as_ever() -> None:
    told = tick()
    (own,) = told.quotes
    known = replace(counted(), quotes={SYMBOL: replace(own, as_of=NOON - MINUTE)})
    seen = fold(known, told, NOON)
    assert (seen.quotes[SYMBOL].last, seen.ticks) == (own.last, {})
    assert price(seen) == own.last, "its row tells the same price as the watchlist"
    asked = fold(counted(), replace(told, keys=(Key(Kind.TRACE, SYMBOL),)), NOON)
    assert (asked.quotes[SYMBOL].last, asked.ticks) == (own.last, {})
    wished = replace(counted(), wanted=frozenset({Key(Kind.TRACE, SYMBOL)}))
    first = fold(wished, told, NOON)
    assert (first.quotes[SYMBOL].last, first.ticks) == (own.last, {}), "no feed has answered yet"
    stranger = fold(counted(), tick(symbol="AAPL"), NOON)
    assert (stranger.quotes["AAPL"].symbol, stranger.ticks) == ("AAPL", {})


@pytest.mark.parametrize(("minutes", "is_kept"), [(1, True), (2, True), (3, False)])
def test_it_gives_way_to_a_census_that_is_younger(minutes: int, is_kept: bool) -> None:
    """When a listed price was struck is known to two minutes, as of any member."""
    assert bool(after(tick(age=minutes * MINUTE)).ticks) is is_kept
    later = NOON + minutes * MINUTE
    seen = replace(after(tick()), listings=listings(as_of=later), now=later)
    report = CensusTaker().take(seen, later)
    assert report is not None
    assert bool(fold(seen, report, later).ticks) is is_kept


def test_what_counts_as_no_price_of_the_row() -> None:
    picture = after(tick())
    members = census().members
    assert price(after(tick(2.5))) is None, "more than twice the previous close needs a witness"
    for mark in (Mark.SUSPECT, Mark.MISSING):
        marks = (*members.marks[:ROW], mark, *members.marks[ROW + 1 :])
        other = replace(census(), members=replace(members, marks=marks))
        assert price(replace(picture, census=other)) is None
    of_before = replace(census(), members=replace(members, day=days()[-1]))
    assert price(replace(picture, census=of_before)) is None, "it is of another session"
    assert price(counted()) is None


def test_the_close_that_a_print_has_changed_from_is_no_tick() -> None:
    (own,) = tick().quotes
    close: Quote = replace(own, is_first_seen=True, as_of=session_of(DAY).close)
    assert not fold(counted(), replace(tick(), quotes=(close,)), NOON).ticks


@pytest.mark.parametrize("window", ["1D", "1M"])
def test_the_row_s_numbers_follow_from_its_price(window: str) -> None:
    """As the census itself would tell them at that price, but for the weight of all others."""
    members = census().members
    last = members.last[ROW] * 1.02
    change, added = moved(members, ROW, window, last)
    base = members.last[ROW] / (1 + members.returns[window][ROW])
    assert change == pytest.approx(last / base - 1)
    before = members.contributions[window][ROW] / members.returns[window][ROW]
    assert added == pytest.approx(before * change)
    same = moved(members, ROW, window, members.last[ROW])
    assert same == (members.returns[window][ROW], members.contributions[window][ROW])


def test_who_has_not_moved_yet_adds_by_its_weight() -> None:
    members = census().members
    nothing = {"1D": array("d", [0.0] * len(members))}
    still = replace(members, returns=nothing, contributions=nothing)
    change, added = moved(still, ROW, "1D", members.last[ROW] * 1.02)
    assert (change, added) == pytest.approx((0.02, members.weight[ROW] * 0.02))


def test_whoever_opens_the_member_sees_what_its_row_showed() -> None:
    picture = after(tick())
    seen = with_first_readings(picture, SYMBOL)
    last, change = (seen.readings[f"m005.{name}"] for name in ("last", "return.1d"))
    assert (last.value, last.source) == (price(picture), "yahoo_stream")
    assert change.value == pytest.approx(1.02 * (1 + census().members.returns["1D"][ROW]) - 1)
    keys = symbol_keys(SYMBOL, "1M", picture.cast, compare=False)
    report = first_look(picture, keys, NOON)
    assert report is not None
    assert fold(picture, report, NOON).quotes[SYMBOL].last == price(picture)
