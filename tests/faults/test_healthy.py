"""Nothing is wrong: everything is live from its most trusted source, within the budget."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from market.health import FeedState, Look
from market.interest import INDEX_KEYS
from market.quotes import Phase
from tests.faults.program import Hall, Program, busiest_minute, by_source, started

PER_MINUTE = 30
PRICES = (
    *("rut.last", "rut.change", "rut.return.1m", "rut.range52w.position", "rut.drawdown"),
    *("iwm.last", "rty.last", "spx.last", "psct.last", "psct.change", "xbi.return.1m"),
    *("rut.relative_strength.spx", "crdo.last", "crdo.relative_volume", "hims.last"),
    *("vix.last", "vix.percentile.1y", "vix3m.last", "rvx.last", "skew.last"),
    "iwm.realised_vol.yang_zhang.21d",
)


async def test_the_first_picture_costs_19_requests_and_is_live_everywhere(hall: Hall) -> None:
    async with started(hall.exchange, hall.dial.clock) as program:
        await program.start()
        asked = program.requests
        assert by_source(asked) == {"yahoo": 11, "cboe": 8}
        assert len({(r.path, r.params.get("range"), r.params.get("symbols")) for r in asked}) == 19
        assert program.looks(*PRICES) == dict.fromkeys(PRICES, Look.LIVE)
        sources = {name: program.look(name).source for name in PRICES}
        assert sources["rut.last"] == sources["psct.last"] == sources["crdo.last"] == "yahoo"
        assert sources["vix.last"] == sources["rvx.last"] == "cboe"
        assert {f.state for f in program.snapshot.feeds.values()} == {FeedState.OK}
        assert not program.snapshot.troubles
        assert set(program.snapshot.absences) == INDEX_KEYS, "nobody is asked about members here"
        assert_paid_for(program)
        assert program.look("psct.range52w.position").reason == "closing basis"
        for name in ("xbi.range52w.position", "rut.range52w.position"):
            assert program.look(name).reason == "", "a quote page, a daily chart"


def assert_paid_for(program: Program) -> None:
    """Every request was taken out of its host's budget."""
    asked = by_source(program.requests)
    assert (program.spent("yahoo"), program.spent("cboe")) == (asked["yahoo"], asked["cboe"])


async def test_every_number_that_has_a_price_stays_live_for_five_minutes(hall: Hall) -> None:
    async with started(hall.exchange, hall.dial.clock) as program:
        await program.start()
        since = len(program.requests)
        for _ in range(3):
            await program.run(100, step=5)
            assert program.looks(*PRICES) == dict.fromkeys(PRICES, Look.LIVE)
        asked = program.asked(since=since)
        assert busiest_minute(asked, "yahoo") <= PER_MINUTE
        assert busiest_minute(asked, "cboe") <= PER_MINUTE
        assert by_source(asked)["yahoo"] <= 5 * 16
        assert by_source(asked)["cboe"] <= 5 * 10
        assert not program.asked("getcrumb", since=since), "one crumb is enough"


async def test_the_consent_walk_leads_to_the_details(hall: Hall) -> None:
    hall.exchange.consent = True
    async with started(hall.exchange, hall.dial.clock) as program:
        await program.start()
        assert program.asked("/v2/collectConsent")
        assert_paid_for(program)
        assert program.look("crdo.relative_volume").look is Look.LIVE


PRE = datetime(2026, 7, 2, 12, 30, 4, tzinfo=UTC)
POST = datetime(2026, 7, 2, 21, 10, 4, tzinfo=UTC)
SUNDAY = datetime(2026, 7, 5, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "phase"), [(PRE, Phase.PRE), (POST, Phase.POST), (SUNDAY, Phase.CLOSED)]
)
async def test_outside_the_session_the_last_close_is_live(
    hall: Hall, now: datetime, phase: Phase
) -> None:
    async with started(hall.exchange, hall.at(now)) as program:
        await program.start()
        assert program.snapshot.session.phase is phase
        still = [name for name in PRICES if name != "rty.last"]
        assert program.looks(*still) == dict.fromkeys(still, Look.LIVE)
        is_trading = phase is not Phase.CLOSED
        if is_trading:
            assert program.are(Look.LIVE, "iwm.extended.last", "crdo.extended.last")
            assert program.value("iwm.extended.phase") == phase.value
        await _costs_little(program)


async def _costs_little(program: Program) -> None:
    """A closed market is left in peace, but for what trades outside regular hours."""
    since = len(program.requests)
    await program.run(300, step=5)
    asked = by_source(program.asked(since=since))
    if program.snapshot.session.phase is Phase.CLOSED:
        assert asked == {}
    assert asked["yahoo"] <= 5 * 12
    assert asked["cboe"] <= 5 * 10
    assert program.snapshot.troubles == {}
