"""Chains of sources, crumbs and twin hosts: who serves what while somebody refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from market.health import FeedState, Look
from market.quotes import Key, Kind
from market.reports import ErrorKind
from tests.exchange import Fault, faults
from tests.faults.program import Hall, Program, busiest_minute, by_source, started

YAHOO, CBOE, QUOTES = "/finance/", "/api/global", "/v7/finance/quote"
VOLATILITY = ("vix.last", "vix9d.last", "vix3m.last", "vix6m.last", "vvix.last", "skew.last")
CHARTS = ("rut.last", "iwm.last", "psct.last", "xbi.last", "crdo.last", "rut.change")


@pytest.mark.parametrize("fault", [faults.limited(), faults.html_200()])
async def test_the_index_comes_from_cboe_while_yahoo_refuses(hall: Hall, fault: Fault) -> None:
    hall.exchange.fault(YAHOO, fault)
    async with started(hall.exchange, hall.dial.clock) as program:
        await program.start()
        for name in ("rut.last", "rut.change", "rut.return.1m", "rut.drawdown"):
            shown = program.look(name)
            assert (shown.look, shown.source, shown.delay_s) == (Look.LIVE, "cboe", 900)
        assert program.look("iwm.last").look is Look.ABSENT
        hall.exchange.heal()
        await program.until(lambda: program.look("rut.last").source == "yahoo", 200)
        assert program.look("rut.last").look is Look.LIVE


async def test_an_older_price_never_takes_the_place_of_a_younger(hall: Hall) -> None:
    first = await hall.picture()
    async with started(hall.exchange, hall.dial.clock, first=first) as program:
        before = program.value("rut.last")
        hall.exchange.fault(YAHOO, faults.limited())
        await program.run(180, step=5)
        assert program.asked("_RUT"), "Cboe is asked instead"
        shown = program.look("rut.last")
        assert (program.value("rut.last"), shown.source) == (before, "yahoo")
        assert (shown.look, shown.age) == (Look.LIVE, timedelta(seconds=180))
        assert shown.reason == "younger than what cboe gives now, which is 15 m behind"


async def test_volatility_comes_from_yahoo_while_cboe_refuses(hall: Hall) -> None:
    hall.exchange.fault(CBOE, faults.limited())
    async with started(hall.exchange, hall.dial.clock) as program:
        await program.start()
        await program.run(5)
        for name in VOLATILITY:
            shown = program.look(name)
            assert (shown.look, shown.source, shown.delay_s) == (Look.LIVE, "yahoo", 0)
        assert program.look("vix.percentile.1y").look is Look.LIVE
        rvx = program.look("rvx.last")
        assert rvx.look is Look.ABSENT
        assert "Cboe says there were too many requests" in rvx.reason
        assert not [r for r in program.requests if "RVX" in str(r.params)], "Yahoo has none"


async def test_volatility_comes_home_to_cboe(hall: Hall) -> None:
    hall.exchange.fault(CBOE, faults.limited())
    async with started(hall.exchange, hall.dial.clock) as program:
        await program.run(5)
        hall.exchange.heal()
        await program.until(lambda: program.look("rvx.last").look is Look.LIVE, 120)
        await program.run(300, step=5)
        for name in VOLATILITY:
            shown = program.look(name)
            assert (shown.look, shown.source, shown.delay_s) == (Look.LIVE, "yahoo", 0)
            assert shown.age is not None
            assert shown.age >= timedelta(seconds=300)
            assert "younger than what cboe gives now" in shown.reason
        await _skip_a_quarter_of_an_hour(program)
        assert program.are(Look.LIVE, *VOLATILITY)
        assert {program.look(name).source for name in VOLATILITY} == {"cboe"}


async def _skip_a_quarter_of_an_hour(program: Program) -> None:
    """Let Cboe's delayed prices overtake Yahoo's; the rest of the program may doze meanwhile."""
    program.focus(is_focused=False, pace=4)
    await program.run(900, step=5)
    program.focus(is_focused=True)
    await program.run(70, step=5)


async def test_a_crumb_that_went_stale_is_renewed_at_once(hall: Hall) -> None:
    async with started(hall.exchange, hall.dial.clock) as program:
        await program.start()
        since = len(program.requests)
        hall.exchange.crumb = "new/crumb.1"
        await program.run(70)
        asked = program.asked(since=since)
        assert len([r for r in asked if r.path.endswith("getcrumb")]) == 1
        assert [r.params["crumb"] for r in program.asked(QUOTES, since=since)][1:] == [
            "new/crumb.1"
        ]
        assert program.look("crdo.relative_volume").look is Look.LIVE
        assert program.snapshot.troubles == {}


async def test_losing_the_crumb_costs_only_details(hall: Hall) -> None:
    async with started(hall.exchange, hall.dial.clock) as program:
        await program.start()
        since, known = len(program.requests), program.value("crdo.relative_volume")
        hall.exchange.fault(QUOTES, faults.unauthorized())
        hall.exchange.fault("getcrumb", faults.unauthorized())
        await program.run(130, step=5)
        assert program.are(Look.LIVE, *CHARTS, "iwm.relative_volume", *VOLATILITY)
        for name in ("crdo.relative_volume", "crdo.volume", "crdo.high"):
            shown = program.look(name)
            assert shown.look is Look.FAILING, "what only the quote page tells"
            assert "crumb" in shown.reason
            assert shown.age is not None
            assert shown.age >= timedelta(seconds=130), "its own age, not the price's"
        trouble = program.snapshot.troubles[Key(Kind.DETAILS, "CRDO")]
        assert (trouble.kind, trouble.feed) == (ErrorKind.REFUSED, "yahoo")
        assert "crumb" in trouble.text
        assert program.value("crdo.relative_volume") == known
        assert len(program.asked("crumb", since=since)) <= 2, "a walk in vain is not repeated soon"
        assert program.snapshot.feeds["yahoo"].state is FeedState.OK


async def test_without_a_crumb_from_the_start_the_charts_are_live(hall: Hall) -> None:
    hall.exchange.fault("getcrumb", faults.limited())
    async with started(hall.exchange, hall.dial.clock) as program:
        await program.start()
        assert program.are(Look.LIVE, *CHARTS, *VOLATILITY)
        shown = program.look("crdo.relative_volume")
        assert shown.look is Look.ABSENT
        assert "crumb" in shown.reason
        assert not program.asked(QUOTES)


async def test_the_other_host_serves_while_one_refuses(hall: Hall) -> None:
    hall.exchange.fault(YAHOO, faults.limited())
    with hall.twin() as other:
        async with started(hall.exchange, hall.dial.clock, alternate=other) as program:
            await program.start()
            assert program.are(Look.LIVE, *CHARTS, *VOLATILITY)
            assert program.look("iwm.last").source == "yahoo"
            refused = len(program.asked(YAHOO))
            assert refused <= 4, "what was under way when the first refusal came"
            await program.run(80, step=5)
            assert len(program.asked(YAHOO)) == refused
            other.fault(YAHOO, faults.limited())
            hall.exchange.heal()
            await program.until(lambda: len(program.asked(YAHOO)) > refused, 60)
            await program.run(30, step=5)
            assert program.are(Look.LIVE, *CHARTS)


async def test_two_hosts_that_refuse_get_no_more_than_one(hall: Hall) -> None:
    hall.exchange.fault("*", faults.forbidden())
    with hall.twin() as other:
        other.fault("*", faults.forbidden())
        async with started(hall.exchange, hall.dial.clock, alternate=other) as program:
            await program.run(300, step=5)
            assert by_source(program.requests)["yahoo"] + len(other.requests) <= 60
            assert busiest_minute(program.requests, "yahoo") <= 30
            assert program.look("iwm.last").look is Look.ABSENT


async def test_a_redirect_to_a_foreign_host_is_never_followed(hall: Hall) -> None:
    hall.exchange.fault("*", faults.foreign_redirect())
    async with started(hall.exchange, hall.dial.clock) as program:
        await program.run(60)
        assert program.requests
        assert not program.asked("/foreign")
        assert "foreign host localhost" in program.look("rvx.last").reason
