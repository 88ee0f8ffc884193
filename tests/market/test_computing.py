"""When it is worked out what follows from ticks, and how much of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import product

from msgspec.structs import replace

from market.computing import WHOLE_EVERY_S, Computing
from market.fold import fold
from market.judge import Judge
from market.metrics.catalogue import METRICS
from market.metrics.compute import WITH_A_TICK, compute
from market.reports import Arrived, Computed
from market.snapshot import Snapshot
from tests.clocks import ManualClock, settle
from tests.market.at_once import AtOnce
from tests.market.metrics.pictures import full_picture
from tests.widgets.censuses import census

TICK_S = 0.1
LONG = "iwm.return.1m"


class Stage:
    """An engine's computing, the picture it works on, and what it worked out."""

    def __init__(self) -> None:
        known = full_picture()
        self.clock = ManualClock(known.now)
        self.latest: Snapshot = fold(
            known, Computed(at=known.now, readings=compute(known)), known.now
        )
        self.found: list[Computed] = []
        self.computing = Computing(
            self.clock, Judge(()), None, latest=lambda: self.latest, note=self.note
        )

    def note(self, report: Computed, *, is_reckoned: bool) -> None:
        assert is_reckoned
        self.found.append(report)
        self.latest = fold(self.latest, report, report.at)

    async def tick(self, like: str, factor: float, symbol: str = "") -> None:
        """Let a price like another's come by itself, and a tenth of a second pass."""
        now, known = self.clock.now(), self.latest.quotes[like]
        quote = replace(
            known,
            symbol=symbol or like,
            last=known.last * factor,
            as_of=now - timedelta(milliseconds=10),
        )
        arrived = Arrived(feed="yahoo_stream", at=now, keys=(), quotes=(quote,))
        self.latest = fold(self.latest, arrived, now)
        self.computing.hear(arrived, is_streamed=True)
        await settle()
        await self.clock.push(TICK_S, TICK_S)

    def value(self, name: str) -> float | str | None:
        return self.latest.reading(name).value


async def test_ticks_move_the_price_at_once_and_all_else_within_a_second() -> None:
    asyncio.get_running_loop().set_default_executor(AtOnce(1))
    stage = Stage()
    task = asyncio.create_task(stage.computing.run())
    await settle()
    await stage.tick("IWM", 1.01)
    assert stage.value(LONG) == compute(stage.latest)[LONG].value, "the first one moves all"
    before = stage.value(LONG)
    for count in range(1, 6):
        await stage.tick("IWM", 1.01)
        told = stage.found[-1].readings
        assert told["iwm.last"].value == stage.latest.quotes["IWM"].last
        assert not {"iwm.return.1m", "iwm.average.50d", "iwm.relative.1y"} & told.keys()
        assert "iwm.relative.1d" in told
        assert len(stage.found) == 1 + count
    assert stage.value(LONG) == before
    await stage.clock.push(WHOLE_EVERY_S, TICK_S)
    whole = compute(stage.latest)
    assert len(stage.found) == 7
    assert {name: stage.value(name) for name in whole} == {n: r.value for n, r in whole.items()}
    await stage.clock.push(600, 1)
    assert len(stage.found) == 7, "nothing is worked out while nothing comes"
    task.cancel()


async def test_of_ticks_beside_the_census_nothing_is_worked_out() -> None:
    asyncio.get_running_loop().set_default_executor(AtOnce(1))
    stage = Stage()
    stage.latest = replace(stage.latest, census=census(60, stage.latest.now))
    task = asyncio.create_task(stage.computing.run())
    await settle()
    member = census(60, stage.latest.now).members.symbols[0]
    await stage.tick("IWM", 1.01, symbol=member)
    assert member in stage.latest.ticks
    await stage.clock.push(2 * WHOLE_EVERY_S, TICK_S)
    assert not stage.found
    task.cancel()


def test_a_tick_works_out_no_more_than_it_moves_visibly() -> None:
    known = full_picture()
    evening = known.at(known.session.until + timedelta(hours=1))
    for snapshot, symbol in product((known, evening), ("IWM", "^RUT", "^VIX")):
        part, all_ = compute(snapshot, [symbol], of_a_tick=True), compute(snapshot, [symbol])
        assert part.items() <= all_.items()
        slug = known.cast[symbol].slug
        visible = {line.replace("{slug}", slug) for line in WITH_A_TICK}
        if snapshot is known:
            visible = {name for name in visible if ".extended." not in name}
        assert part.keys() == visible & all_.keys() > {f"{slug}.last", f"{slug}.return.1d"}


def test_what_a_tick_moves_are_lines_of_metrics() -> None:
    assert {metric.name for metric in METRICS} >= WITH_A_TICK
