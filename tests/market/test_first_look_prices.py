"""A member that somebody looks at: of its own feed's price and the census's the younger counts."""

from __future__ import annotations

from datetime import timedelta
from functools import cache, reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from market.census import Mark
from market.fold import fold
from market.freshness import freshness
from market.health import Look
from market.metrics.census import CensusTaker
from market.quotes import Details, Key, Kind, Profile, Quote
from market.reckoning import Reckoner, Reckoning
from market.reports import Arrived, Computed, ErrorKind, Failed, Report
from market.sessions import session_of
from market.snapshot import Snapshot
from tests.market.metrics.pictures import quote_at
from tests.market.metrics.small_index import DAY, MINUTE, NOON, closes_of, days, snapshot

SYMBOL, ROW = "M005", 5
THE_DAY_BEFORE = session_of(days()[-1]).close


def own(last: float, age: timedelta) -> Arrived:
    """What the member's own feed says."""
    quote = quote_at(SYMBOL, last, NOON - age)
    return Arrived(feed="yahoo", at=NOON, keys=(Key(Kind.TRACE, SYMBOL),), quotes=(quote,))


@cache
def picture() -> Snapshot:
    """The index before anybody has looked at the member."""
    return snapshot()


@cache
def counted() -> Computed:
    """Its census."""
    report = CensusTaker().take(picture(), NOON)
    assert report is not None
    return report


def after(*reports: Report) -> Snapshot:
    return reduce(lambda known, report: fold(known, report, NOON), reports, picture())


def told() -> float:
    """The member's price by the census."""
    census = counted().census
    assert census is not None
    return census.members.last[ROW]


@pytest.mark.parametrize(
    ("age", "is_own"),
    [
        (timedelta(0), True),
        (MINUTE, True),
        (2 * MINUTE, True),
        (3 * MINUTE, False),
        (timedelta(days=1), False),
    ],
)
def test_the_younger_price_counts_with_the_source_that_gave_it(
    age: timedelta, is_own: bool
) -> None:
    """When a listed price was struck is known to two minutes: a feed's own is as good as that."""
    quote = after(own(1.0, age), counted()).quotes[SYMBOL]
    assert (quote.last, quote.source) == ((1.0, "yahoo") if is_own else (told(), "nasdaq"))


ANSWERS = st.lists(
    st.builds(
        own,
        st.integers(1, 9).map(float),
        st.sampled_from([0, 1, 2, 3, 30, 60 * 24]).map(lambda count: count * MINUTE),
    ),
    max_size=3,
)


@given(ANSWERS, st.data())
def test_the_order_of_arrival_does_not_matter(answers: list[Arrived], data: st.DataObject) -> None:
    reports: list[Report] = [*answers, counted()]
    shuffled = data.draw(st.permutations(reports))
    assert after(*shuffled).quotes == after(*reports).quotes


def test_what_only_the_older_one_told_of_the_session_stays() -> None:
    quote = after(own(1.0, 5 * MINUTE), counted()).quotes[SYMBOL]
    assert (quote.open, quote.high) == (0.995, 1.01)
    yesterday = after(own(1.0, timedelta(days=1)), counted()).quotes[SYMBOL]
    assert (yesterday.open, yesterday.high) == (None, None)


def test_readings_follow_with_the_census() -> None:
    """A feed that has been late since yesterday shows the change of today all the same."""
    late = after(Arrived(feed="yahoo", at=NOON, keys=(), quotes=(
        quote_at(SYMBOL, closes_of(ROW)[-1], THE_DAY_BEFORE),
    )))  # fmt: skip
    report = Reckoner().reckon(late, Reckoning(at=NOON, symbols=frozenset(), members=True))
    assert report.census is not None
    seen = fold(late, report, NOON)
    last = seen.reading("m005.last")
    assert (last.value, last.source, last.as_of) == (told(), "nasdaq", report.census.members.as_of)
    assert last.value == report.census.members.last[ROW]


def test_a_feed_that_fails_does_not_make_the_listings_price_fail() -> None:
    key = Key(Kind.TRACE, SYMBOL)
    failed = Failed(
        feed="yahoo",
        at=NOON - MINUTE,
        keys=(key,),
        kind=ErrorKind.REFUSED,
        text="yahoo refuses",
        exhausted=(key,),
    )
    old = after(own(1.0, timedelta(days=1)), failed)
    report = Reckoner().reckon(old, Reckoning(at=NOON, members=True))
    assert freshness(fold(old, report, NOON), "m005.last").look is Look.LIVE


def test_a_price_that_nobody_confirms_takes_no_part() -> None:
    report = counted()
    assert report.census is not None
    marks = list(report.census.members.marks)
    marks[ROW] = Mark.SUSPECT
    members = replace(report.census.members, marks=tuple(marks))
    doubtful = replace(report, census=replace(report.census, members=members))
    assert after(own(1.0, timedelta(days=1)), doubtful).quotes[SYMBOL].last == 1.0


def test_a_members_page_is_told_with_its_own_source_and_time() -> None:
    page = Quote(symbol=SYMBOL, last=7.0, as_of=NOON - MINUTE, source="yahoo")
    details = Details(symbol=SYMBOL, as_of=NOON, source="yahoo")
    report = counted()
    assert report.census is not None
    last = report.census.members.last[:]
    last[ROW] = 7.0
    found = replace(
        report, census=replace(report.census, members=replace(report.census.members, last=last))
    )
    known = replace(
        picture(), profiles={SYMBOL: Profile(symbol=SYMBOL, quote=page, details=details)}
    )
    quote = fold(fold(known, own(1.0, 9 * MINUTE), NOON), found, NOON).quotes[SYMBOL]
    assert (quote.last, quote.as_of, quote.source) == (7.0, page.as_of, "yahoo")
    assert report.census.members.day == DAY
