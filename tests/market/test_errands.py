"""What is fetched about members when nobody waits for anything."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from market.census import Mark
from market.errands import AT_ONCE, DAY_CURVE, MOST_RESTATED, WITHOUT_LISTINGS, next_errands
from market.health import Trouble
from market.instruments import TRACKER
from market.past import with_session
from market.quotes import Key, Kind
from market.reports import ErrorKind
from market.sessions import session_of
from market.snapshot import Snapshot, empty_snapshot
from tests.market.day_charts import five_days
from tests.market.memberships import (
    NAN,
    NOW,
    THURSDAY,
    WEDNESDAY,
    census,
    holdings,
    kept,
    known_in_full,
    listings,
    past,
    profile,
    symbols,
)

TUESDAY = date(2026, 6, 30)
MANY = symbols(600)
FEW = symbols(5)


def asked(snapshot: Snapshot, now: datetime = NOW) -> dict[Kind, list[str]]:
    """Symbols of members by kind, in their order."""
    found: dict[Kind, list[str]] = {}
    for key in next_errands(snapshot, now):
        if key != DAY_CURVE:
            found.setdefault(key.kind, []).append(key.symbol)
    return found


def without(snapshot: Snapshot, *missing: str) -> Snapshot:
    """The same without the past of some members."""
    left = {symbol: bars for symbol, bars in snapshot.past.items() if symbol not in missing}
    return replace(snapshot, past=left)


# Nothing to do


def test_before_the_members_are_known_there_are_no_errands() -> None:
    assert next_errands(empty_snapshot(NOW), NOW) == ()


def test_when_everything_is_known_there_are_no_errands() -> None:
    assert next_errands(known_in_full(FEW), NOW) == ()


# What is missing


def test_the_heaviest_are_those_of_the_census_not_of_the_file() -> None:
    counted = census(FEW, [Mark.FINE] * len(FEW))
    weights = array("d", [0.1, 0.4, NAN, 0.3, 0.2])
    counted = replace(counted, members=replace(counted.members, weight=weights))
    snapshot = replace(known_in_full(FEW), past={}, census=counted)
    assert asked(snapshot)[Kind.PAST] == ["M1", "M3", "M4", "M0", "M2"]


def test_at_first_the_heaviest_members_come_first_a_few_at_a_time() -> None:
    snapshot = replace(
        empty_snapshot(NOW), holdings={TRACKER: holdings(MANY)}, listings=listings(MANY)
    )
    found = asked(snapshot)
    assert found == {
        Kind.PAST: list(MANY[: AT_ONCE[Kind.PAST]]),
        Kind.PROFILE: list(MANY[: AT_ONCE[Kind.PROFILE]]),
    }, "volumes are asked for where there are closes"


def test_what_is_known_is_not_asked_for_again() -> None:
    snapshot = without(known_in_full(FEW), "M1", "M3")
    assert asked(snapshot) == {Kind.PAST: ["M1", "M3"]}


def test_closes_without_volume_are_worth_a_request() -> None:
    known = known_in_full(FEW)
    bare = {symbol: kept(past(symbol), with_volume=False) for symbol in FEW[2:]}
    snapshot = replace(known, past={**known.past, **bare})
    assert asked(snapshot) == {Kind.PAST_BARS: ["M2", "M3"]}


def test_a_few_sessions_without_volume_are_not() -> None:
    known = known_in_full(FEW)
    gapped = replace(known.past["M2"], volume=array("d", [NAN, NAN, *([1e6] * 8)]))
    assert asked(replace(known, past={**known.past, "M2": gapped})) == {}


def test_a_page_is_asked_for_once_a_session() -> None:
    known = known_in_full(FEW)
    of_wednesday = profile("M1", session_of(WEDNESDAY).close)
    of_tuesday = profile("M2", session_of(TUESDAY).close)
    snapshot = replace(known, profiles={**known.profiles, "M1": of_wednesday, "M2": of_tuesday})
    assert asked(snapshot) == {Kind.PROFILE: ["M2"]}, "the last completed session is Wednesday"


def test_a_past_that_the_listings_could_not_complete_is_asked_for() -> None:
    known = known_in_full(FEW)
    old = replace(known, past={**known.past, "M4": kept(past("M4", TUESDAY))})
    assert asked(old) == {Kind.PAST: ["M4"]}


def test_on_an_ordinary_evening_nothing_is_asked_for() -> None:
    evening = session_of(THURSDAY).close + timedelta(hours=4, minutes=30)
    night = session_of(THURSDAY).close + timedelta(hours=5, minutes=30)
    known = known_in_full(FEW)
    assert asked(known, evening) == {}, "the listings may complete it yet"
    opened = session_of(THURSDAY).open
    rolled = {s: with_session(bars, opened, 101.0, 5e5) for s, bars in known.past.items()}
    assert asked(replace(known, past=rolled), night) == {}
    assert asked(known, night) == {Kind.PAST: list(FEW)}


def test_on_a_weekend_nothing_is_asked_for() -> None:
    sunday = datetime(2026, 7, 5, 15, tzinfo=UTC)
    assert next_errands(known_in_full(FEW, THURSDAY), sunday) == ()


# Members that the listings lack


def test_members_that_the_listings_lack_are_asked_for_on_their_own_beat() -> None:
    known = known_in_full(FEW)
    lacking = replace(known, listings=listings(FEW[:3]))
    assert asked(lacking) == {Kind.MEMBER: ["M3", "M4"]}
    key = Key(Kind.MEMBER, "M3")
    renewed = replace(lacking, fetched={key: NOW})
    assert asked(renewed) == {Kind.MEMBER: ["M3", "M4"]}, "they stay wanted"


def test_a_listed_member_without_a_price_is_lacking() -> None:
    known = known_in_full(FEW)
    blank = replace(known, listings=listings(FEW, last=NAN))
    assert asked(blank) == {Kind.MEMBER: list(FEW)}


@pytest.mark.parametrize(
    ("last", "change", "shares", "is_asked"),
    [(101.0, 1.0, 5e5, False), (101.0, 1.0, 0.0, True), (190.0, 95.0, 5e5, False),
     (190.0, 96.0, 5e5, True), (50.0, -49.0, 5e5, False), (50.0, -51.0, 5e5, True),
     (50.0, NAN, NAN, False)],
)  # fmt: skip
def test_what_the_listings_cannot_tell_alone_is_asked_for_however_old_the_page(
    last: float, change: float, shares: float, is_asked: bool
) -> None:
    """No trade, or more than doubled or halved: the same with a page of before and without."""
    known = known_in_full(FEW)
    told = replace(listings(FEW, last=last, change=change), volume=array("d", [shares] * len(FEW)))
    for pages in (known.profiles, {}):
        found = asked(replace(known, listings=told, profiles=pages)).get(Kind.MEMBER, [])
        assert found == (list(FEW) if is_asked else [])


def test_so_many_lacking_members_are_asked_for_the_heaviest() -> None:
    known = known_in_full(MANY)
    lacking = replace(known, listings=listings(["AAPL"]))
    assert asked(lacking) == {Kind.MEMBER: list(MANY[: AT_ONCE[Kind.MEMBER]])}


def test_without_any_listings_all_members_are_asked_for() -> None:
    everybody = symbols(1950)
    snapshot = replace(known_in_full(everybody), listings=None)
    assert asked(snapshot) == {Kind.MEMBER: list(everybody)}
    assert len(everybody) <= WITHOUT_LISTINGS


@pytest.mark.parametrize(
    ("age", "listed", "at", "is_old"),
    [
        (timedelta(minutes=14), THURSDAY, NOW, False),
        (timedelta(minutes=16), THURSDAY, NOW, True),
        (timedelta(0), WEDNESDAY, NOW, True),
        (timedelta(0), WEDNESDAY, datetime(2026, 7, 2, 13, 44, tzinfo=UTC), False),
        (timedelta(hours=9), WEDNESDAY, datetime(2026, 7, 2, 13, 29, tzinfo=UTC), False),
        (timedelta(hours=9), THURSDAY, datetime(2026, 7, 2, 20, 1, tzinfo=UTC), False),
    ],
)
def test_in_a_session_old_listings_are_as_good_as_none(
    age: timedelta, listed: date, at: datetime, is_old: bool
) -> None:
    counted = census(MANY, [Mark.FINE] * len(MANY))
    counted = replace(counted, members=replace(counted.members, listed=listed))
    snapshot = replace(
        known_in_full(MANY), listings=listings(MANY, at=at - age), census=counted
    ).at(at)
    expected = {Kind.MEMBER: list(MANY)} if is_old else {}
    assert asked(snapshot, at) == expected


def test_symbols_are_read_beside_the_list_of_what_is_traded() -> None:
    snapshot = replace(
        empty_snapshot(NOW), holdings={TRACKER: holdings(["ABCA"])}, listings=listings(["ABC-A"])
    )
    assert asked(snapshot) == {Kind.PAST: ["ABC-A"], Kind.PROFILE: ["ABC-A"]}


# Closes that are not what they were


def with_marks(snapshot: Snapshot, marks: Sequence[Mark]) -> Snapshot:
    file = snapshot.holdings[TRACKER]
    return replace(snapshot, census=census(file.symbols, marks))


def test_the_past_of_a_split_share_is_asked_for_every_hour() -> None:
    known = with_marks(known_in_full(FEW), [Mark.FINE, Mark.SPLIT, *([Mark.FINE] * 3)])
    assert asked(known) == {Kind.PAST: ["M1"]}
    key = Key(Kind.PAST, "M1")
    for minutes, is_asked in ((30, False), (61, True)):
        then = replace(known, fetched={key: NOW - timedelta(minutes=minutes)})
        assert (key in next_errands(then, NOW)) is is_asked


def test_a_close_that_was_restated_is_asked_for_twice_a_day() -> None:
    fine = [Mark.FINE] * 5
    known = with_marks(known_in_full(FEW), fine)
    restated = replace(known, past={**known.past, "M2": kept(past("M2", closes=[100.1] * 10))})
    assert asked(restated) == {Kind.PAST: ["M2"]}
    key = Key(Kind.PAST, "M2")
    for hours, is_asked in ((11, False), (13, True)):
        then = replace(restated, fetched={key: NOW - timedelta(hours=hours)})
        assert (key in next_errands(then, NOW)) is is_asked


def test_a_close_within_five_basis_points_is_the_same() -> None:
    known = with_marks(known_in_full(FEW), [Mark.FINE] * 5)
    close = kept(past("M2", closes=[100.04] * 10))
    assert asked(replace(known, past={**known.past, "M2": close})) == {}


def test_where_all_closes_disagree_the_listings_are_of_another_day() -> None:
    members = symbols(MOST_RESTATED + 1)
    known = with_marks(known_in_full(members), [Mark.FINE] * len(members))
    of_another_day = replace(known, listings=listings(members, last=110.0))
    assert asked(of_another_day) == {}
    one_fewer = symbols(MOST_RESTATED)
    known = with_marks(known_in_full(one_fewer), [Mark.FINE] * len(one_fewer))
    told = replace(known, listings=listings(one_fewer, last=110.0))
    assert asked(told) == {Kind.PAST: list(one_fewer[: AT_ONCE[Kind.PAST]])}


# How a session's volume usually comes


MINUTE = timedelta(minutes=1)
HALF_DAY = session_of(date(2026, 11, 27))


@pytest.mark.parametrize(
    ("until", "at", "is_asked"),
    [
        (None, NOW, True),
        (TUESDAY, NOW, True),
        (WEDNESDAY, NOW, False),
        (None, session_of(THURSDAY).open - MINUTE, False),
        (None, session_of(THURSDAY).open, True),
        (None, session_of(THURSDAY).close, False),
        (None, HALF_DAY.open + MINUTE, False),
    ],
)
def test_the_course_of_usual_days_is_asked_for_once_a_session(
    until: date | None, at: datetime, is_asked: bool
) -> None:
    bars = {} if until is None else {DAY_CURVE: five_days(until)}
    snapshot = replace(known_in_full(FEW), bars=bars)
    assert (DAY_CURVE in next_errands(snapshot, at)) is is_asked
    answered = replace(snapshot, fetched={DAY_CURVE: at - MINUTE})
    assert DAY_CURVE not in next_errands(answered, at), "not twice, whatever came of it"


# What cannot be had now


def test_what_a_source_knows_nothing_of_is_left_alone() -> None:
    snapshot = replace(
        without(known_in_full(FEW), "M1", "M3"), absences={Key(Kind.PAST, "M1"): "no such symbol"}
    )
    assert asked(snapshot) == {Kind.PAST: ["M3"]}


def test_what_was_asked_for_today_is_left_alone() -> None:
    key = Key(Kind.PAST, "M1")
    snapshot = without(known_in_full(FEW), "M1", "M3")
    fresh = replace(snapshot, fetched={key: NOW - timedelta(hours=1)})
    assert asked(fresh) == {Kind.PAST: ["M3"]}
    clock_set_back = replace(snapshot, fetched={key: NOW + timedelta(days=1)})
    assert asked(clock_set_back) == {Kind.PAST: ["M1", "M3"]}


def troubled(kind: ErrorKind, *keys: Key, wait: timedelta = timedelta(minutes=1)) -> Snapshot:
    trouble = Trouble(kind, "it went wrong", "yahoo", NOW, NOW + wait)
    snapshot = replace(without(known_in_full(FEW), *FEW), profiles={})
    return replace(snapshot, troubles=dict.fromkeys(keys, trouble))


@pytest.mark.parametrize("kind", [ErrorKind.REFUSED, ErrorKind.LIMITED, ErrorKind.UNREACHABLE])
def test_a_host_that_refuses_is_left_alone_with_that_kind(kind: ErrorKind) -> None:
    assert asked(troubled(kind, Key(Kind.PROFILE, "M0"))) == {Kind.PAST: list(FEW)}
    assert asked(troubled(kind, Key(Kind.PAST, "M0"))) == {Kind.PROFILE: list(FEW)}


def test_an_answer_that_could_not_be_read_costs_what_it_was_about() -> None:
    keys = (Key(Kind.PAST, "M0"), Key(Kind.PAST, "M1"))
    found = asked(troubled(ErrorKind.GARBLED, *keys))
    assert found[Kind.PAST] == ["M2", "M3", "M4"]


def test_when_the_pause_is_over_it_is_asked_for_again() -> None:
    over = troubled(ErrorKind.LIMITED, Key(Kind.PAST, "M0"), wait=timedelta(seconds=-1))
    assert asked(over)[Kind.PAST] == list(FEW)


def test_trouble_with_a_symbol_of_the_screen_stops_no_errand() -> None:
    found = asked(troubled(ErrorKind.LIMITED, Key(Kind.INTRADAY, "^RUT")))
    assert found == {Kind.PAST: list(FEW), Kind.PROFILE: list(FEW)}
