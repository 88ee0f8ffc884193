"""Laptops that sleep and clocks that are wrong: one refetch of each datum, never a burst."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from market.health import Look
from market.quotes import Kind
from tests.clocks import THURSDAY_AFTERNOON
from tests.exchange import faults
from tests.faults.program import Hall, Program, by_source, started

PRICES = ("rut.last", "iwm.last", "psct.last", "crdo.last", "vix.last", "rvx.last")
MORNING = THURSDAY_AFTERNOON - timedelta(hours=4, minutes=30)
SLEEP_S = 3 * 3600.0


def asked_for(program: Program, since: int) -> Counter[str]:
    """Count what was asked for, symbol by symbol within a batch."""
    return Counter(
        f"{request.path} {request.params.get('range', '')} {symbol}"
        for request in program.asked(since=since)
        for symbol in request.params.get("symbols", "").split(",")
    )


async def test_a_sleep_of_three_hours_costs_one_refetch_of_each_datum(hall: Hall) -> None:
    async with started(hall.exchange, hall.at(MORNING)) as program:
        await program.run(20)
        since = len(program.requests)
        program.clock.jump(SLEEP_S)
        assert program.are(Look.LATE, *PRICES), "nothing is live that slept"
        await program.run(6)
        asked = asked_for(program, since)
        assert set(asked.values()) == {1}
        assert by_source(program.asked(since=since)) == {"yahoo": 5, "cboe": 1}
        assert program.are(Look.LIVE, *PRICES)


async def test_a_sleep_ends_the_pauses_of_before(hall: Hall) -> None:
    async with started(hall.exchange, hall.at(MORNING)) as program:
        await program.start()
        hall.exchange.fault("*", faults.connection_reset())
        await program.run(120, step=5)
        hall.exchange.heal()
        program.clock.jump(SLEEP_S)
        await program.run(6)
        assert program.are(Look.LIVE, "rut.last", "iwm.last", "psct.last", "rvx.last")


async def test_a_clock_that_is_set_back_is_told_of_and_does_not_stop_the_polling(
    hall: Hall,
) -> None:
    first = await hall.picture()
    async with started(hall.exchange, hall.dial.clock, first=first) as program:
        program.clock.jump(-1800)
        hall.dial.ahead = timedelta(seconds=1800)
        since = len(program.requests)
        await program.run(60, step=5)
        assert 10 <= by_source(program.asked(since=since))["yahoo"] <= 30
        shown = program.look("iwm.last")
        assert shown.look is Look.LATE
        assert shown.reason.startswith("clock differs from the source by ")
        program.clock.jump(1800)
        hall.dial.ahead = timedelta(0)
        await program.run(75, step=5)
        assert program.are(Look.LIVE, *PRICES)


async def test_an_unfocused_terminal_asks_less_and_comes_back_at_once(hall: Hall) -> None:
    first = await hall.picture()
    async with started(hall.exchange, hall.dial.clock, first=first) as program:
        program.focus(is_focused=False)
        since = len(program.requests)
        await program.run(120, step=5)
        assert by_source(program.asked(since=since))["yahoo"] <= 10
        program.focus(is_focused=True)
        await program.run(2)
        assert program.are(Look.LIVE, "rut.last", "iwm.last", "psct.last")
        assert {key.kind for key in program.snapshot.fetched} >= {Kind.TRACE, Kind.INTRADAY}
