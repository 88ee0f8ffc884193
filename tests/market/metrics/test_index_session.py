"""What is held against the index ends with the members' session, whichever price came first."""

from __future__ import annotations

from array import array
from datetime import datetime
from math import isnan

import pytest
from msgspec.structs import replace

from market.census import WINDOWS, Census, Mark
from market.errands import next_errands
from market.fold import fold
from market.holdings import Holdings, Listings
from market.instruments import INDEX, TRACKER
from market.metrics.index_session import index_session
from market.metrics.listed_session import NO_SESSION, NOT_YET
from market.quotes import Bars, Key, Kind, Quote
from market.reading import Reading
from market.reckoning import Reckoner, Reckoning
from market.sessions import previous_session, session_of, sessions_back
from market.snapshot import Snapshot
from tests.market.metrics.pictures import quote_at
from tests.market.metrics.small_index import (
    COUNT,
    DAY,
    MINUTE,
    NOON,
    census_of,
    closes_of,
    holdings,
    listings,
    past_of,
    snapshot,
    symbols,
)

YESTERDAY = previous_session(DAY)
CLOSES = Key(Kind.DAILY, INDEX)
LEVEL = 2299.0
"""The index's close of yesterday; of each session before, one point less."""
HELD = ("index", "equal_less_cap", "participation", "residual")


def with_index(picture: Snapshot, *quotes: Quote, bars: Bars | None = None) -> Snapshot:
    """The picture with a price of the index, and with other daily bars of it."""
    known = picture.bars if bars is None else {**picture.bars, CLOSES: bars}
    return replace(picture, quotes={q.symbol: q for q in quotes}, bars=known)


def index_bars(until: int = 0) -> Bars:
    """The index's daily bars without the newest few."""
    bars = snapshot().bars[CLOSES]
    return bars.between(0, len(bars) - until)


def listed(back: int) -> Listings:
    """Settled listings of a session so many before DAY, first seen today."""
    ends = [closes_of(row)[-back - 1 :][:2] for row in range(COUNT)]
    return replace(
        listings(),
        last=array("d", (new for _, new in ends)),
        change=array("d", (new - old for old, new in ends)),
    )


def held(census: Census, window: str = "1d") -> list[Reading]:
    return [census.readings[f"attribution.{name}.{window}"] for name in HELD]


def quote_of(move: float, at: datetime = NOON, source: str = "yahoo") -> Quote:
    return quote_at(INDEX, LEVEL * (1 + move), at, source)


def test_a_live_index_is_held_against_members_of_the_same_session() -> None:
    census = census_of(with_index(snapshot(), quote_of(0.004)))
    index, spread, beating, residual = (reading.value for reading in held(census))
    returns = census.members.returns["1D"]
    explained = sum(census.members.contributions["1D"])
    assert index == pytest.approx(0.004)
    assert spread == pytest.approx(1e4 * (sum(returns) / COUNT - 0.004))
    assert beating == sum(r > 0.004 for r in returns) / COUNT
    assert residual == pytest.approx(1e4 * (0.004 - explained))
    assert census.readings["breadth.participation"].value == beating
    assert census.breadth.columns["index"][-1] == pytest.approx(LEVEL * 1.004)
    assert census.trails


def test_members_of_yesterday_are_held_against_yesterdays_index() -> None:
    """The index already trades; the screener still shows the day before."""
    stale = snapshot(lists=listed(1))
    census = census_of(with_index(stale, quote_of(0.02)))
    alone = census_of(with_index(stale))
    assert census.members.day == YESTERDAY
    assert held(census)[0].value == pytest.approx(LEVEL / (LEVEL - 1) - 1)
    base = dict(zip((t // 86_400 for t in index_bars().times), index_bars().close, strict=True))
    opened = session_of(sessions_back(YESTERDAY, 5)).open.timestamp()
    assert held(census, "5d")[0].value == pytest.approx(LEVEL / base[int(opened) // 86_400] - 1)
    assert census.readings == alone.readings
    assert census.members.momentum == alone.members.momentum
    assert census.breadth.columns["index"][-1] == LEVEL
    assert held(census)[0].as_of == session_of(YESTERDAY).close


BEHIND = {
    "daily bars only": ((), "the index's price is of Mon, the members' of Tue"),
    "an old quote": (
        (quote_of(-0.01, session_of(YESTERDAY).close),),
        "the index's price is of Mon, the members' of Tue",
    ),
}


@pytest.mark.parametrize("name", BEHIND)
def test_without_the_index_of_the_session_nothing_is_held_against_it(name: str) -> None:
    quotes, words = BEHIND[name]
    census = census_of(with_index(snapshot(), *quotes))
    for window in WINDOWS:
        for reading in held(census, window.lower()):
            assert (reading.value, reading.as_of, reading.reason) == (None, None, words)
    assert census.readings["breadth.participation"].reason == words
    assert census.readings["attribution.equal_weight.1d"].value is not None
    assert all(isnan(each) for each in census.members.momentum[21])
    assert isnan(census.breadth.columns["index"][-1])
    assert census.breadth.columns["index"][-2] == LEVEL
    assert census.trails == ()


def test_an_index_that_is_ahead_without_the_members_day_is_none_either() -> None:
    picture = with_index(snapshot(lists=listed(1)), quote_of(0.02), bars=index_bars(1))
    for reading in held(census_of(picture)):
        assert reading.value is None
        assert reading.reason == "the index's price is of Tue, the members' of Mon"
    far = replace(picture, bars={CLOSES: index_bars(12)}, quotes={})
    words = index_session(far, DAY, NOON).returns["1D"].reason
    assert words == "the index's price is of 16 Jul 2026, the members' of 4 Aug 2026"
    nothing = index_session(replace(far, bars={}), DAY, NOON).returns["1D"].reason
    assert nothing == "waiting for the index's own return"


def test_a_figure_is_as_old_as_the_older_of_the_two() -> None:
    older = NOON - 2 * MINUTE
    census = census_of(with_index(snapshot(), quote_of(0.004, older, "cboe")))
    for reading in held(census):
        assert (reading.as_of, reading.delay_s) == (older, 900)
        assert reading.source == "cboe+nasdaq+yahoo", "the index's closes are from yahoo"
    plain = census.readings["attribution.equal_weight.1d"]
    assert (plain.as_of, plain.source) == (NOON, "nasdaq")
    young = census_of(with_index(snapshot(), quote_of(0.004, NOON + MINUTE)))
    assert {reading.as_of for reading in held(young)} == {NOON}


def test_an_index_that_is_minutes_younger_is_taken_as_of_the_members_prices() -> None:
    """The screener hangs: its prices of 12:00 and the index of 12:10 together never were."""
    late = NOON + 10 * MINUTE
    young = with_index(replace(snapshot(), now=late), quote_of(0.02, late))
    for reading in held(census_of(young)):
        words = "the index's price is of 12:10, the members' of 12:00"
        assert (reading.value, reading.reason) == (None, words)
    minutes = Bars(
        key=Key(Kind.INTRADAY, INDEX),
        interval_s=60,
        source="yahoo",
        as_of=late,
        times=array("q", (int(NOON.timestamp()) + 60 * n for n in range(-9, 11))),
        close=array("d", (LEVEL * (1 + n / 1e4) for n in range(-9, 11))),
    )
    told = held(census_of(replace(young, bars={**young.bars, minutes.key: minutes})))
    assert told[0].value == pytest.approx(-1 / 1e4), "the minute that ended at 12:00"
    assert {reading.as_of for reading in told} == {NOON}
    assert all(isinstance(reading.value, float) for reading in told)
    begun = replace(young, bars={**young.bars, minutes.key: minutes.between(12, 20)})
    assert held(census_of(begun))[0].value is None


def test_an_index_that_is_minutes_older_is_none_either() -> None:
    early = NOON - 15 * MINUTE
    for reading in held(census_of(with_index(snapshot(), quote_of(0.02, early, "cboe")))):
        words = "the index's price is of 11:45, the members' of 12:00"
        assert (reading.value, reading.reason) == (None, words)


def test_the_order_in_which_members_and_index_arrive_does_not_matter() -> None:
    early, late = quote_of(0.003), quote_of(0.005, NOON + MINUTE)
    picture = snapshot()
    counted = Reckoning(at=NOON, symbols=frozenset(), members=True)
    ticked = Reckoning(at=NOON, symbols=frozenset({INDEX}))
    at_once = Reckoner().reckon(with_index(picture, late), counted)
    assert at_once.census is not None
    reckoner, now = Reckoner(), picture
    now = fold(now, reckoner.reckon(now, counted), NOON)
    assert now.reading("attribution.residual.1d").value is None
    for quote in (early, late):
        now = replace(now, quotes={**now.quotes, INDEX: quote})
        before = now.census
        now = fold(now, reckoner.reckon(now, ticked), NOON)
        assert now.census is not None
        assert before is not None
        has_come = quote is early
        assert (now.census.members is before.members) is not has_come, "a tick counts nobody anew"
    assert now.census is not None
    assert {name: now.readings[name] for name in at_once.census.readings} == at_once.census.readings
    assert now.census.readings == at_once.census.readings
    assert len(now.census.trails) == len(at_once.census.trails) > 0
    again = reckoner.reckon(now, ticked)
    other = reckoner.reckon(now, replace(ticked, symbols=frozenset({"XBI"})))
    assert (again.census, other.census) == (None, None), "nothing new"


# Of which session the listings are


def with_file(day_back: int) -> Holdings:
    """The tracker's file of an earlier session with that day's closes."""
    price = array("d", (closes_of(row)[-day_back] for row in range(COUNT)))
    return replace(holdings(sessions_back(DAY, day_back)), price=price)


def test_listings_of_weeks_ago_are_dated_by_the_whole_past() -> None:
    """The past goes on, so its newest session counts, and the listings complete nothing."""
    picture = with_index(snapshot(lists=listed(15)), quote_of(0.02))
    members = census_of(picture).members
    assert members.listed == sessions_back(DAY, 15)
    assert (members.day, members.source) == (YESTERDAY, "yahoo")
    assert members.as_of == session_of(YESTERDAY).close
    assert members.returns["1D"][3] == pytest.approx(closes_of(3)[-1] / closes_of(3)[-2] - 1)
    short = {
        s: past_of(s, closes_of(row)).between(0, 300 - (15 if row > 40 else 0))
        for row, s in enumerate(symbols())
    }
    members = census_of(replace(picture, past=short)).members
    assert (members.day, members.listed) == (sessions_back(DAY, 15),) * 2
    assert members.source == "nasdaq"


def test_listings_of_no_known_session_tell_no_price() -> None:
    lists = listed(1)
    strange = [2.5 + row % 7 for row in range(COUNT)]
    odd = replace(
        lists,
        last=array("d", (p * k for p, k in zip(lists.last, strange, strict=True))),
        change=array("d", (c * k for c, k in zip(lists.change, strange, strict=True))),
    )
    picture = with_index(snapshot(lists=odd), quote_of(0.004))
    census = census_of(picture)
    members = census.members
    asked = next_errands(replace(picture, census=census), NOON)
    assert sum(key.kind is Kind.MEMBER for key in asked) == COUNT, "they are as good as none"
    assert (members.listed, members.note, members.day) == (None, NO_SESSION, YESTERDAY)
    assert set(members.marks) == {Mark.FINE}
    assert members.last[5] == closes_of(5)[-1]
    advances = census.readings["breadth.advances"]
    assert (advances.as_of, advances.reason) == (session_of(YESTERDAY).close, NO_SESSION)
    few = {s: b for row, (s, b) in enumerate(snapshot().past.items()) if row >= 40}
    blank = census_of(replace(snapshot(lists=odd), past=few)).readings["breadth.advances"]
    assert blank.value is None
    assert blank.reason.endswith(f"; {NO_SESSION}")


@pytest.mark.parametrize("days", [1, 2])
def test_before_there_is_a_past_the_holdings_tell_the_session(days: int) -> None:
    """A first start in the morning: the file is of yesterday, the screener of then or of now."""
    file = with_file(1)
    lists = listings() if days == 1 else listed(1)
    picture = replace(snapshot(lists=lists), past={}, holdings={TRACKER: file})
    census = census_of(with_index(picture, quote_of(0.004)))
    assert census.members.day == (DAY if days == 1 else YESTERDAY)
    expected = 0.004 if days == 1 else LEVEL / (LEVEL - 1) - 1
    assert held(census)[0].value == pytest.approx(expected)


def test_while_nothing_tells_the_session_nothing_is_held_against_the_index() -> None:
    picture = replace(snapshot(lists=listed(1)), past={}, holdings={TRACKER: with_file(9)})
    census = census_of(with_index(picture, quote_of(0.004)))
    for reading in held(census):
        assert (reading.value, reading.reason) == (None, NOT_YET)
    assert census.readings["breadth.advances"].value is not None


def test_a_previous_close_that_no_split_explains_is_left_out_and_counted() -> None:
    def told(factor: float) -> Census:
        lists = listings([0.01] * COUNT)
        change = array("d", lists.change)
        change[4] = lists.last[4] - (lists.last[4] - lists.change[4]) * factor
        return census_of(snapshot(lists=replace(lists, change=change)))

    near, wide = told(1.03), told(1.4)
    assert (near.members.marks[4], near.readings["breadth.suspect"].value) == (Mark.FINE, 0)
    assert near.members.returns["1D"][4] == pytest.approx(0.01)
    assert (wide.members.marks[4], wide.readings["breadth.suspect"].value) == (Mark.SUSPECT, 1)
    assert wide.readings["breadth.advances"].used == COUNT - 1
    assert wide.members.previous_close[4] == closes_of(4)[-1]
    assert wide.readings["attribution.equal_weight.1d"].value == pytest.approx(0.01)
    month = near.members.returns["1M"][4]
    assert month == pytest.approx(told(1.0).members.returns["1M"][4])
