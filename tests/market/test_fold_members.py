"""What is known of members, folded: the younger wins whichever comes first."""

from __future__ import annotations

from array import array
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from market.census import Group, GroupKind
from market.fold import fold
from market.fold_members import KEPT_FILES, with_completed, with_groups, younger_listings
from market.holdings import WHOLE_MARKET, Holdings
from market.instruments import TRACKER, Role, default_cast
from market.past import with_session
from market.quotes import Key, Kind
from market.reports import Arrived, Report, Restored
from market.sessions import session_of
from market.snapshot import Snapshot, empty_snapshot
from tests.market.memberships import (
    NAN,
    NOW,
    THURSDAY,
    WEDNESDAY,
    holdings,
    kept,
    listings,
    past,
    profile,
    symbols,
)

TUESDAY = date(2026, 6, 30)
US = Key(Kind.LISTINGS, WHOLE_MARKET)
IWM = Key(Kind.HOLDINGS, TRACKER)
LATER = NOW + timedelta(minutes=1)


def folded(*reports: Report, onto: Snapshot | None = None) -> Snapshot:
    snapshot = onto or empty_snapshot(NOW)
    for report in reports:
        snapshot = fold(snapshot, report, LATER)
    return snapshot


def a_file(file: Holdings, at: datetime = NOW) -> Arrived:
    return Arrived(feed="ishares", at=at, keys=(Key(Kind.HOLDINGS, file.fund),), holdings=(file,))


def days_of(snapshot: Snapshot) -> list[date]:
    files = (snapshot.holdings[TRACKER], *snapshot.earlier_holdings)
    return [file.day for file in files]


# Holdings


FILES = [holdings(symbols(3), day) for day in (TUESDAY, WEDNESDAY, THURSDAY)]


@given(st.permutations(FILES))
def test_the_newest_file_counts_and_earlier_ones_are_remembered(files: list[Holdings]) -> None:
    snapshot = folded(*map(a_file, files))
    assert days_of(snapshot) == [THURSDAY, WEDNESDAY, TUESDAY]


def test_a_second_file_of_a_day_takes_the_place_of_the_first() -> None:
    first, second = holdings(symbols(3)), holdings(symbols(4))
    snapshot = folded(a_file(first), a_file(second, LATER))
    assert snapshot.holdings[TRACKER] is second
    assert snapshot.earlier_holdings == ()
    assert days_of(folded(a_file(FILES[2]), onto=snapshot)) == [THURSDAY, WEDNESDAY]


def test_other_funds_keep_their_newest_file_alone() -> None:
    old, new = (holdings(symbols(3), day, fund="IGV") for day in (TUESDAY, WEDNESDAY))
    snapshot = folded(a_file(new), a_file(old))
    assert (snapshot.holdings["IGV"], snapshot.earlier_holdings) == (new, ())


def test_so_many_files_are_remembered() -> None:
    begin = date(2020, 1, 1)
    files = [holdings(symbols(1), begin + timedelta(days=n)) for n in range(KEPT_FILES + 5)]
    kept_files = folded(Restored(holdings=tuple(reversed(files))))
    assert len(kept_files.earlier_holdings) == KEPT_FILES
    assert kept_files.earlier_holdings[0].day == files[-2].day


# Listings


def test_listings_that_say_the_same_are_no_news() -> None:
    known = listings(symbols(3), at=NOW)
    again = listings(symbols(3), at=LATER)
    assert younger_listings(known, again) is known
    assert younger_listings(again, known) is known


def test_a_missing_number_is_like_a_missing_number() -> None:
    known, again = (listings(symbols(3), last=NAN, at=at) for at in (NOW, LATER))
    assert younger_listings(known, again) is known


def test_of_two_listings_the_younger_wins_whichever_comes_first() -> None:
    old, new = listings(symbols(3)), listings(symbols(3), last=102.0, at=LATER)
    for pair in ((old, new), (new, old)):
        reports = (Arrived(feed="nasdaq", at=x.as_of, keys=(US,), listings=x) for x in pair)
        assert folded(*reports).listings is new


# Pages and the past go where nobody's own quotes are


def test_a_members_page_is_no_quote_of_the_screen() -> None:
    arrived = Arrived(
        feed="yahoo", at=NOW, keys=(Key(Kind.PROFILE, "M0"),), profiles=(profile("M0"),)
    )
    snapshot = folded(arrived)
    assert (snapshot.quotes, snapshot.details) == ({}, {})
    assert snapshot.profiles["M0"].details.name == "M0 Corp"


def test_a_page_without_a_price_keeps_the_price_that_is_known() -> None:
    pages = [profile("M0"), profile("M0", LATER, last=None)]
    key = Key(Kind.MEMBER, "M0")
    reports = [Arrived(feed="yahoo", at=NOW, keys=(key,), profiles=(page,)) for page in pages]
    for order in (reports, reports[::-1]):
        known = folded(*order).profiles["M0"]
        assert known.quote is not None
        assert (known.quote.last, known.details.as_of) == (100.0, LATER)


def test_closes_and_bars_of_a_member_are_one_past() -> None:
    pieces = (past(), past(kind=Kind.PAST_BARS))
    reports = [Arrived(feed="yahoo", at=NOW, keys=(b.key,), bars=(b,)) for b in pieces]
    for order in (reports, reports[::-1]):
        snapshot = folded(*order)
        assert snapshot.bars == {}
        assert list(snapshot.past) == ["M0"]
        assert set(snapshot.past["M0"].volume) == {1e6}


# The session that the listings completed


def test_the_completed_session_is_taken_over() -> None:
    before = kept(past(count=30))
    on = with_session(before, session_of(THURSDAY).open, 105.0, 7e5)
    assert with_completed({"M0": before}, [on])["M0"] is on
    assert with_completed({}, [on])["M0"] is on


def test_bars_that_came_while_it_was_worked_out_are_kept() -> None:
    before = kept(past(count=30), with_volume=False)
    on = with_session(before, session_of(THURSDAY).open, 105.0, 7e5)
    arrived = kept(past(count=30, kind=Kind.PAST_BARS))
    joined = with_completed({"M0": arrived}, [on])["M0"]
    assert (len(joined), joined.close[-1], joined.volume[-1]) == (31, 105.0, 7e5)
    assert joined.volume[0] == 1e6


def test_the_same_session_twice_is_there_once() -> None:
    on = with_session(kept(past(count=30)), session_of(THURSDAY).open, 105.0, 7e5)
    assert with_completed({"M0": on}, [on])["M0"].times == on.times


# What the archive kept


def test_what_was_kept_gives_way_to_what_a_feed_has_said() -> None:
    known = folded(
        a_file(holdings(symbols(4))),
        Arrived(feed="nasdaq", at=NOW, keys=(US,), listings=listings(symbols(4))),
        Arrived(feed="yahoo", at=NOW, keys=(Key(Kind.PROFILE, "M0"),), profiles=(profile("M0"),)),
    )
    restored = Restored(
        holdings=(holdings(symbols(3)), holdings(symbols(3), TUESDAY)),
        listings=listings(symbols(3), at=NOW - timedelta(days=1)),
        profiles={"M0": profile("M0", NOW - timedelta(days=1)), "M1": profile("M1")},
        past={"M1": kept(past("M1"))},
        fetched={IWM: NOW - timedelta(days=1), Key(Kind.HOLDINGS, "IGV"): NOW},
    )
    snapshot = folded(restored, onto=known)
    assert snapshot.holdings[TRACKER] is known.holdings[TRACKER]
    assert days_of(snapshot) == [WEDNESDAY, TUESDAY]
    assert snapshot.listings is known.listings
    assert snapshot.profiles["M0"] is known.profiles["M0"]
    assert {"M0", "M1"} == snapshot.profiles.keys()
    assert snapshot.past.keys() == {"M1"}
    assert snapshot.fetched[IWM] == NOW
    assert Key(Kind.HOLDINGS, "IGV") in snapshot.fetched


def test_of_an_empty_archive_nothing_changes() -> None:
    known = folded(a_file(holdings(symbols(4))))
    after = folded(Restored(), onto=known)
    assert (after.holdings, after.listings, after.past) == (known.holdings, None, {})


# Groups


def a_group(name: str) -> Group:
    return Group(
        symbol=f"@{name.lower()}",
        slug=f"subsector.{name.lower()}",
        name=name,
        kind=GroupKind.SUBSECTOR,
        sector="Health Care",
        rows=array("q", [0, 1]),
    )


def test_groups_of_a_census_are_instruments_of_no_feed() -> None:
    cast = with_groups(default_cast(), [a_group("Biotechnology")])
    (group,) = cast.of(Role.GROUP)
    assert (group.symbol, group.sources, group.sector) == ("@biotechnology", (), "Health Care")
    assert with_groups(cast, [a_group("Biotechnology")]) is cast
    assert [g.symbol for g in with_groups(cast, [a_group("Pharma")]).of(Role.GROUP)] == ["@pharma"]
