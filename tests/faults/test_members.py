"""The whole index over real sockets: members, prices and past come in, and what can go wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime
from math import fsum, isfinite

import pytest

from market.census import Census, Mark
from market.health import FeedState
from market.instruments import TRACKER
from market.quotes import Key, Kind
from market.sessions import exchange_date
from market.snapshot import Snapshot
from tests.exchange import Fault, faults
from tests.exchange.members import (
    CLASS,
    COUNT,
    HALTED,
    JOINER,
    LEAVER,
    MISPRINTED,
    NEW_SYMBOL,
    RENAMED,
    SPLITTER,
    UNLISTED,
    members,
)
from tests.faults.program import Hall, Program, busiest_minute, started

MONDAY_MORNING = datetime(2026, 7, 6, 14, 30, 7, tzinfo=UTC)
SCREENER, FILE = "/screener/stocks", "/latest-holdings.csv"
PER_MINUTE = 30
YEAR = 252
_pictures: dict[Hall, Snapshot] = {}


async def picture(hall: Hall) -> Snapshot:
    """Return what is known of the index with its members' past, asked for without the budget."""
    if hall not in _pictures:
        async with started(hall.exchange, hall.dial.clock, members=True) as program:
            await program.start()
            yahoo, now = program.engine.asking.feeds["yahoo"], program.clock.now()
            for kind in (Kind.PAST, Kind.PROFILE):
                symbols = census(program).members.symbols
                for query in yahoo.plan([Key(kind, symbol) for symbol in symbols]):
                    program.engine.note(yahoo.parse(query, await yahoo.fetch(query), now))
            await program.run(60, step=30)
            _pictures[hall] = program.engine.latest
    return _pictures[hall]


def census(program: Program) -> Census:
    found = program.engine.latest.census
    assert found is not None
    return found


def with_a_year(known: Snapshot) -> int:
    return sum(len(bars) >= YEAR for bars in known.past.values())


def mark_of(found: Census, place: int) -> Mark:
    return found.members.marks[row_of(found, place)]


def assert_left_out(found: Census) -> None:
    """Fail unless the same are left out as before any quote page was known."""
    assert mark_of(found, MISPRINTED) is Mark.SUSPECT
    assert mark_of(found, HALTED) is Mark.IDLE


def row_of(found: Census, place: int) -> int:
    row = found.row_of(members()[place].symbol)
    assert row is not None
    return row


async def test_the_first_two_answers_make_a_census(hall: Hall) -> None:
    async with started(hall.exchange, hall.dial.clock, members=True) as program:
        await program.start()
        found = census(program)
        counted = program.engine.latest.reading("breadth.advances")
        assert counted.used == COUNT - 3, "all but the misprinted, the halted and the unlisted"
        assert counted.total == COUNT
        assert counted.coverage is not None
        assert counted.coverage > 0.98
        assert_left_out(found)
        assert mark_of(found, UNLISTED) is Mark.MISSING
        assert members()[CLASS].symbol.endswith("-A"), "a class without a separator in the file"
        assert mark_of(found, CLASS) is Mark.FINE
        assert "Communication Services" in found.members.sectors
        assert program.engine.latest.holdings[TRACKER].day == date(2026, 7, 1)


async def test_the_past_comes_in_the_background_within_the_budget(hall: Hall) -> None:
    async with started(hall.exchange, hall.dial.clock, members=True) as program:
        await program.start()
        await program.until(lambda: with_a_year(program.engine.latest) >= 40, 300)
        await program.until(lambda: mark_of(census(program), UNLISTED) is Mark.FINE, 300)
        assert_left_out(census(program))
        assert busiest_minute(program.requests, "yahoo") <= PER_MINUTE


async def test_with_their_past_the_members_explain_the_index(hall: Hall) -> None:
    known = await picture(hall)
    found = known.census
    assert found is not None
    assert with_a_year(known) == COUNT
    assert_left_out(found)
    residual = known.reading("attribution.residual.1d")
    assert isinstance(residual.value, float)
    assert abs(residual.value) < 15
    assert known.reading("breadth.above_200dma").used == COUNT - 2


BAD_SCREENERS = {
    "empty": (faults.empty_screener(), "lists no stocks"),
    "short": (faults.short_screener(), "and the one before had"),
    "page": (faults.html_200(), "web page"),
    "limited": (faults.limited(), "too many requests"),
}


@pytest.mark.parametrize("name", BAD_SCREENERS)
async def test_a_bad_screener_costs_nothing_that_was_known(hall: Hall, name: str) -> None:
    fault, words = BAD_SCREENERS[name]
    async with started(hall.exchange, hall.dial.clock, members=True) as program:
        await program.start()
        before = program.value("breadth.advances")
        hall.exchange.fault(SCREENER, fault)
        await program.run(70, step=35)
        health = program.snapshot.feeds["nasdaq"]
        assert health.state is not FeedState.OK
        assert words in health.reason
        assert program.value("breadth.advances") == before


@pytest.mark.parametrize("fault", [faults.html_200(), faults.cut_body()])
async def test_without_its_file_the_members_come_from_the_pages_behind(
    hall: Hall, fault: Fault
) -> None:
    hall.exchange.fault(FILE, fault)
    async with started(hall.exchange, hall.dial.clock, members=True) as program:
        await program.run(20, step=20)
        assert program.asked("/varnish-api/")
        assert len(census(program).members) == COUNT


async def test_over_night_the_members_change(hall: Hall) -> None:
    first = await picture(hall)
    async with started(
        hall.exchange, hall.at(MONDAY_MORNING), first=first, members=True
    ) as program:
        await program.start()
        await program.run(20, step=5)
        found = census(program)
        changed = {(c.symbol, c.is_addition, c.renamed_to) for c in found.changes}
        symbols = {place: members()[place].symbol for place in (JOINER, LEAVER, RENAMED)}
        assert changed == {
            (symbols[JOINER], True, ""),
            (symbols[LEAVER], False, ""),
            (symbols[RENAMED], False, NEW_SYMBOL),
        }
        assert found.members.day == date(2026, 7, 6)
        assert found.row_of(NEW_SYMBOL) is not None
        assert found.row_of(symbols[LEAVER]) is None
        assert_left_out(found)


async def test_a_split_is_seen_and_the_past_asked_for_anew(hall: Hall) -> None:
    first = await picture(hall)
    async with started(
        hall.exchange, hall.at(MONDAY_MORNING), first=first, members=True
    ) as program:
        await program.start()
        assert mark_of(census(program), SPLITTER) is Mark.SPLIT
        day = census(program).members.returns["1D"][row_of(census(program), SPLITTER)]
        assert abs(day) < 0.15
        await program.until(lambda: mark_of(census(program), SPLITTER) is Mark.FINE, 900)
        assert_left_out(census(program))
        odd = {members()[place].symbol for place in (MISPRINTED, HALTED)}
        pages = program.engine.latest.fetched.keys() & {Key(Kind.MEMBER, each) for each in odd}
        assert {key.symbol for key in pages} == odd, "a second source is asked about them"
        week = census(program).members.returns["5D"][row_of(census(program), SPLITTER)]
        assert abs(week) < 0.3


@pytest.mark.parametrize("has_past", [True, False])
async def test_a_screener_of_the_day_before_is_told_by_its_closes(
    hall: Hall, has_past: bool
) -> None:
    """By the members' past, or on a first start by the closes in the holdings file."""
    first = await picture(hall) if has_past else None
    clock = hall.at(MONDAY_MORNING)
    hall.exchange.fault(SCREENER, faults.stale(3.5 * 86_400))
    async with started(hall.exchange, clock, first=first, members=True) as program:
        await program.start()
        await program.until(lambda: is_held_against_the_index_of(program, date(2026, 7, 2)), 60)
        hall.exchange.heal()
        await program.until(lambda: is_held_against_the_index_of(program, date(2026, 7, 6)), 300)


def is_held_against_the_index_of(program: Program, day: date) -> bool:
    """Whether the index of the members' own session is what they are held against."""
    members, known = census(program).members, program.engine.latest
    index = known.reading("attribution.index.1d")
    if members.day != day or index.value is None:
        return False
    assert isinstance(index.value, float)
    assert index.as_of is not None
    assert exchange_date(index.as_of) == day
    returns = [value for value in members.returns["1D"] if isfinite(value)]
    gains = fsum(value for value in members.contributions["1D"] if isfinite(value))
    mean = fsum(returns) / len(returns)
    assert program.value("attribution.equal_less_cap.1d") == pytest.approx(
        1e4 * (mean - index.value)
    )
    assert program.value("attribution.residual.1d") == pytest.approx(1e4 * (index.value - gains))
    assert abs(index.value - gains) < 20e-4, "of two sessions they would be far apart"
    share = sum(value > index.value for value in returns) / len(returns)
    assert program.value("attribution.participation.1d") == pytest.approx(share)
    return True
