"""One road of a source is out of order: the same number comes by another, or says why not."""

from __future__ import annotations

from market.health import FeedState, Look
from market.interest import Wishes, watch_keys
from market.quotes import Key, Kind
from tests.exchange import faults
from tests.faults.program import WATCHED, Hall, started

CHARTS = "/chart/"


async def test_daily_charts_without_bars_are_asked_for_elsewhere(hall: Hall) -> None:
    hall.exchange.fault(CHARTS, faults.no_bars())
    async with started(hall.exchange, hall.dial.clock) as program:
        await program.run(5)
        rut, iwm = program.look("rut.return.1m"), program.look("iwm.return.1m")
        assert (rut.look, rut.source) == (Look.LIVE, "cboe+yahoo"), "the price is still Yahoo's"
        assert (iwm.look, iwm.source) == (Look.LIVE, "yahoo"), "closes, by another road"


async def test_the_tracker_comes_by_another_road_while_charts_are_limited(hall: Hall) -> None:
    hall.exchange.fault(CHARTS, faults.limited())
    async with started(hall.exchange, hall.dial.clock) as program:
        await program.until(lambda: program.look("iwm.return.1m").look is Look.LIVE, 600)
        shown = program.look("iwm.last")
        assert (shown.look, shown.source) == (Look.LIVE, "yahoo")
        assert Key(Kind.TRACE, "IWM") in program.snapshot.bars
        assert not {(k.kind, k.symbol) for k in program.snapshot.troubles} & {(Kind.TRACE, "IWM")}


async def test_a_feed_whose_host_is_shut_is_not_well_though_others_were_answered(
    hall: Hall,
) -> None:
    hall.exchange.fault("/chart/IWM", faults.limited())
    async with started(hall.exchange, hall.dial.clock) as program:
        await program.start()
        health = program.snapshot.feeds["yahoo"]
        assert health.answers > 0
        assert (health.state, health.failures) == (FeedState.FAILING, health.refusals)
        refused = [r for r in program.requests if r.path == "/v8/finance/chart/IWM"]
        assert health.refusals == len(refused), "what waits for the host was not refused"
        hall.exchange.heal()
        await program.run(150, step=5)
        assert program.snapshot.feeds["yahoo"].state is FeedState.OK


async def test_the_trusted_source_is_blamed_when_the_next_one_lacks_it(hall: Hall) -> None:
    hall.exchange.fault("*", faults.wrong_type())
    async with started(hall.exchange, hall.dial.clock) as program:
        await program.run(5)
        shown = program.look("vix.last")
        assert shown.look is Look.ABSENT
        assert shown.reason.startswith("Cboe's answer for the list of indices is not what")


async def test_a_symbol_that_no_feed_can_be_asked_for_says_so(hall: Hall) -> None:
    async with started(hall.exchange, hall.dial.clock) as program:
        watched = (*WATCHED, "..")
        wanted = program.visible | watch_keys(watched, program.snapshot.cast)
        program.engine.obey(Wishes(wanted, watched))
        await program.start()
        shown = program.look(f"{program.snapshot.cast['..'].slug}.last")
        assert shown.look is Look.ABSENT
        assert shown.reason == "no feed that is switched on can be asked for .."


async def test_a_long_watchlist_leaves_the_panels_their_data(hall: Hall) -> None:
    watched = (*(f"ZZ{n:03}" for n in range(400)), *WATCHED)
    async with started(hall.exchange, hall.dial.clock) as program:
        wanted = program.visible | watch_keys(watched, program.snapshot.cast)
        program.engine.obey(Wishes(wanted, watched))
        await program.start()
        panels = ("rut.last", "iwm.return.1m", "psct.return.1m", "spx.return.1m", "rty.change")
        assert program.looks(*panels) == dict.fromkeys(panels, Look.LIVE)
        await program.run(300, step=5)
        assert program.looks(*panels) == dict.fromkeys(panels, Look.LIVE)
