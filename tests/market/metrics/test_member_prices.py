"""Whose price of a member counts: listings, quote pages, old listings, and what the past says."""

from __future__ import annotations

from array import array
from datetime import timedelta
from math import isnan, log, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from market.census import Mark, Members
from market.holdings import Listings
from market.instruments import INDEX, TRACKER
from market.membership import accepted_splits
from market.metrics.census import CensusTaker
from market.quotes import Details, Profile, Quote
from market.sessions import previous_session, session_of
from tests.market.metrics.small_index import (
    COUNT,
    DAY,
    MINUTE,
    NOON,
    census_of,
    closes_of,
    holdings,
    listings,
    snapshot,
    symbols,
)

YESTERDAY = previous_session(DAY)


def pages(move: float, count: int = COUNT, age: timedelta = MINUTE) -> dict[str, Profile]:
    """Quote pages of the heaviest members, struck so long before NOON."""
    found: dict[str, Profile] = {}
    for row, symbol in enumerate(symbols()[:count]):
        before, struck = closes_of(row)[-1], NOON - age
        quote = Quote(
            symbol=symbol,
            last=before * (1 + move),
            as_of=struck,
            source="yahoo",
            volume=7e4,
            reported_previous_close=before,
        )
        details = Details(symbol=symbol, as_of=struck, source="yahoo", market_cap=2e9)
        found[symbol] = Profile(symbol=symbol, quote=quote, details=details)
    return found


def of_yesterday() -> Listings:
    """A screener that was first seen today and still tells of the session before."""
    ends = [closes_of(row)[-2:] for row in range(COUNT)]
    return replace(
        listings(),
        last=array("d", (new for _, new in ends)),
        change=array("d", (new - old for old, new in ends)),
    )


def members_of(lists: Listings | None, profiles: dict[str, Profile]) -> Members:
    picture = replace(snapshot(), listings=lists, profiles=profiles)
    return census_of(picture).members


@pytest.mark.parametrize(("age", "expected"), [(-MINUTE, 0.05), (MINUTE, 0.01)])
def test_of_one_session_the_younger_price_counts(age: timedelta, expected: float) -> None:
    lists = listings([0.01] * COUNT)
    members = members_of(lists, pages(0.05, 1, age))
    assert members.returns["1D"][0] == pytest.approx(expected)
    assert members.returns["1D"][1] == pytest.approx(0.01)
    assert members.source == ("nasdaq+yahoo" if expected > 0.01 else "nasdaq")
    assert members.as_of == lists.as_of, "one page does not make all of them younger"


@pytest.mark.parametrize(("count", "is_young"), [(40, False), (60, True)])
def test_the_prices_are_as_old_as_the_one_in_the_middle_of_the_weight(
    count: int, is_young: bool
) -> None:
    """Listings of ten minutes ago, and pages of the heaviest members of one minute ago."""
    members = members_of(listings(as_of=NOON - 10 * MINUTE), pages(0.02, count))
    assert sum(members.weight[:40]) < 0.5 < sum(members.weight[:60])
    assert members.as_of == NOON - (1 if is_young else 10) * MINUTE


def test_pages_of_today_stand_before_listings_of_yesterday() -> None:
    members = members_of(of_yesterday(), pages(0.02))
    assert (members.day, members.listed) == (DAY, YESTERDAY)
    assert (members.source, members.as_of) == ("yahoo", NOON - MINUTE)
    assert list(members.returns["1D"]) == pytest.approx([0.02] * COUNT)
    assert (members.volume[0], members.market_cap[0]) == (7e4, 2e9)


def test_of_yesterday_in_mid_session_they_tell_no_previous_close() -> None:
    """A screener may be a day old to the minute; the pages' own previous closes count then."""
    lists = of_yesterday()
    moved = array("d", (p * 1.03 for p in lists.last))
    change = array("d", (c + p * 0.03 for c, p in zip(lists.change, lists.last, strict=True)))
    picture = replace(snapshot(), listings=replace(lists, last=moved, change=change))
    file = {TRACKER: holdings(YESTERDAY)}
    assert CensusTaker().take(replace(picture, past={}, holdings=file), NOON) is None
    few = {symbol: picture.past[symbol] for symbol in symbols()[:60]}
    for past in ({}, few, picture.past):
        told = replace(picture, past=past, holdings=file, profiles=pages(0.02))
        members = census_of(told).members
        assert members.day == DAY
        assert list(members.returns["1D"]) == pytest.approx([0.02] * COUNT)
    before = census_of(replace(picture, holdings=file)).members
    assert (before.day, before.source) == (YESTERDAY, "yahoo")
    assert list(before.last) == [closes_of(row)[-1] for row in range(COUNT)]


def test_a_session_seen_first_in_a_later_one_completes_no_past() -> None:
    past = {s: bars.between(0, len(bars) - 1) for s, bars in snapshot().past.items()}
    for seen, grown in ((session_of(YESTERDAY).close, COUNT), (NOON, 0)):
        picture = replace(snapshot(), past=past, listings=replace(of_yesterday(), as_of=seen))
        report = CensusTaker().take(picture, NOON)
        assert report is not None
        assert len(report.past) == grown


def test_a_member_without_a_page_is_then_missing_but_has_its_previous_close() -> None:
    members = members_of(of_yesterday(), pages(0.02, 85))
    assert members.marks[:85] == (Mark.FINE,) * 85
    assert members.marks[85:] == (Mark.MISSING,) * 15
    assert isnan(members.last[90])
    assert members.previous_close[90] == pytest.approx(closes_of(90)[-1])


def test_a_few_pages_do_not_make_a_session() -> None:
    members = members_of(of_yesterday(), pages(0.02, 60))
    assert (members.day, members.source) == (YESTERDAY, "yahoo")
    assert members.as_of == session_of(YESTERDAY).close


def test_without_listings_the_pages_of_the_session_are_the_prices() -> None:
    members = members_of(None, pages(-0.03))
    assert (members.day, members.listed, members.source) == (DAY, None, "yahoo")
    assert list(members.returns["1D"]) == pytest.approx([-0.03] * COUNT)


def test_a_page_that_is_the_price_cannot_confirm_itself() -> None:
    alone = members_of(None, pages(1.5))
    assert set(alone.marks) == {Mark.SUSPECT}
    younger = pages(1.5, 1, -MINUTE)
    assert members_of(listings([0.0] * COUNT), younger).marks[0] is Mark.SUSPECT
    moved = [1.5 if row == 0 else 0.0 for row in range(COUNT)]
    assert members_of(listings(moved), younger).marks[0] is Mark.FINE


@given(
    listed=st.sampled_from([9.0, 1.5, -0.6, 0.3, 0.0]),
    told=st.sampled_from([1.5, 0.3, 0.0, -0.6]),
    shares=st.sampled_from([0.0, 5e4]),
    age=st.integers(-14, 90),
)
@settings(max_examples=12, deadline=None)
def test_who_is_left_out_does_not_follow_from_when_a_page_was_asked_for(
    listed: float, told: float, shares: float, age: int
) -> None:
    """Which is younger counts for the price only; a page of another session counts for nothing."""
    moves = [listed if row == 0 else 0.0 for row in range(COUNT)]
    lists = replace(listings(moves), volume=array("d", [shares, *([5e4] * (COUNT - 1))]))
    early, late = (members_of(lists, pages(told, 1, each * MINUTE)) for each in (90, age))
    old = members_of(lists, pages(told, 1, timedelta(days=1)))
    is_absurd_alone = abs(log(1 + told)) > log(2) and abs(log(1 + listed)) <= log(2)
    assert early.marks[0] is late.marks[0] or is_absurd_alone
    absurd = abs(log(1 + listed)) > log(2)
    assert old.marks[0] is (Mark.SUSPECT if absurd else Mark.FINE if shares else Mark.IDLE)
    if absurd and shares:
        assert early.last[0] == late.last[0] == old.last[0]
        assert late.marks[0] is (Mark.FINE if listed == told else Mark.SUSPECT)
    if not shares:
        assert late.last[0] == pytest.approx(closes_of(0)[-1] * (1 + told))


def test_ranks_by_momentum_come_with_the_members() -> None:
    """Who is too cheap to lead has no place among the leaders, and one among all."""
    lists = listings()
    cheap = replace(lists, last=array("d", [0.9, *lists.last[1:]]))
    index = Quote(symbol=INDEX, last=2100.0, as_of=NOON, source="yahoo", open=None)
    members = census_of(replace(snapshot(lists=cheap), quotes={INDEX: index})).members
    for sessions in (21, 63, 126):
        momentum, ranks = members.momentum[sessions], members.ranks[sessions]
        assert isnan(ranks[0])
        assert ranks[1] == 1 + sum(other > momentum[1] for other in momentum[1:])
        everyone = members.ranks_with_thin[sessions]
        assert everyone[0] == 1 + sum(other > momentum[0] for other in momentum)


def test_shares_held_at_a_windows_start_are_told_in_todays_shares() -> None:
    """A share that was split since then weighs at the start what it weighed."""
    today, start = holdings(), holdings(DAY - timedelta(days=200))
    before = replace(
        start,
        quantity=array("d", (q / 4 if row == 3 else q for row, q in enumerate(start.quantity))),
        price=array("d", (p * 4 if row == 3 else p for row, p in enumerate(start.price))),
    )
    assert accepted_splits(before, today) == {"M003": 4.0}
    plain = census_of(replace(snapshot(), earlier_holdings=(start,))).members
    split = census_of(replace(snapshot(), earlier_holdings=(before,))).members
    assert list(split.contributions["6M"]) == pytest.approx(list(plain.contributions["6M"]))
    assert not isnan(split.contributions["6M"][3])


def test_a_price_that_listings_lack_and_no_page_tells_is_missing() -> None:
    lists = listings()
    gone = array("d", [nan, *lists.last[1:]])
    assert members_of(replace(lists, last=gone), {}).marks[0] is Mark.MISSING
