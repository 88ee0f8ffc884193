"""Answers that look well and are not: old, absurd, of another type, without bars."""

from __future__ import annotations

from datetime import timedelta

from market.health import Look
from tests.exchange import faults
from tests.faults.program import Hall, started

CHANGES = (
    "rut.change",
    "rut.return.1d",
    "iwm.change",
    "psct.return.1d",
    "crdo.change",
    "vix.change",
)
PRICES = ("rut.last", "iwm.last", "psct.last", "crdo.last", "vix.last", "rvx.last")


async def test_an_absurd_previous_close_shows_nowhere(hall: Hall) -> None:
    began = hall.dial.clock.now()
    async with started(hall.exchange, hall.dial.clock) as program:
        await program.start()
        right = {name: program.value(name) for name in CHANGES}
    clock = hall.at(began)
    hall.exchange.fault("*", faults.absurd_previous_close())
    async with started(hall.exchange, clock) as program:
        await program.start()
        assert program.are(Look.LIVE, *CHANGES)
        assert {name: program.value(name) for name in CHANGES} == right
        absurd = [
            (name, reading.value)
            for name, reading in program.snapshot.readings.items()
            if isinstance(reading.value, float)
            and (".return.1d" in name or ".extended.return" in name or ".from_open" in name)
            and abs(reading.value) > 0.5
        ]
        assert absurd == []


async def test_old_data_are_late_from_the_first_with_their_age(hall: Hall) -> None:
    hall.exchange.fault("*", faults.stale(1200))
    async with started(hall.exchange, hall.dial.clock) as program:
        await program.start()
        for name in PRICES:
            shown = program.look(name)
            assert shown.look is Look.LATE
            assert shown.age is not None
            assert shown.age >= timedelta(seconds=1200)
            assert shown.reason.startswith("no newer price for ")


async def test_old_data_never_take_the_place_of_younger(hall: Hall) -> None:
    first = await hall.picture()
    async with started(hall.exchange, hall.dial.clock, first=first) as program:
        before = {name: program.look(name).as_of for name in PRICES}
        hall.exchange.fault("*", faults.stale(1200))
        await program.run(150, step=5)
        assert program.are(Look.LATE, *PRICES)
        assert {name: program.look(name).as_of for name in PRICES} == before
        hall.exchange.heal()
        await program.until(lambda: program.are(Look.LIVE, *PRICES), 80)


async def test_answers_of_another_type_cost_their_freshness_only(hall: Hall) -> None:
    first = await hall.picture()
    async with started(hall.exchange, hall.dial.clock, first=first) as program:
        before = {name: program.value(name) for name in PRICES}
        hall.exchange.fault("*", faults.wrong_type())
        await program.run(180, step=5)
        assert {name: program.value(name) for name in PRICES} == before
        assert Look.LIVE not in program.looks(*PRICES).values()
        for name in ("iwm.last", "rvx.last"):
            assert program.look(name).look is Look.FAILING
            assert "Expected `object`, got `int`" in program.look(name).reason
        hall.exchange.heal()
        await program.until(lambda: program.are(Look.LIVE, "iwm.last", "psct.last"), 200)


async def test_charts_without_bars_keep_the_bars_known(hall: Hall) -> None:
    first = await hall.picture()
    async with started(hall.exchange, hall.dial.clock, first=first) as program:
        before = program.snapshot
        hall.exchange.fault("/v8/finance/chart/", faults.no_bars())
        await program.run(60, step=5)
        after = program.snapshot
        assert all(len(after.bars[key]) == len(bars) for key, bars in before.bars.items()
                   if key.symbol in {"^RUT", "IWM"})  # fmt: skip
        assert program.are(Look.LIVE, "rut.last", "rut.change", "iwm.last")
