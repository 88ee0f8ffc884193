"""Each way in which a source can refuse: right looks, nothing lost, few requests, recovery."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import pytest

from market.freshness import Freshness
from market.health import Look
from tests.exchange import Fault, Request, faults
from tests.exchange.faults import Reply
from tests.faults.program import Hall, Program, busiest_minute, by_source, started

OF_YAHOO = ("iwm.last", "iwm.return.1m", "psct.last", "psct.change", "xbi.last", "crdo.last")
OF_CBOE = ("vix.last", "vix.percentile.1y", "vix3m.last", "rvx.last")
YAHOO, CBOE = "/finance/", "/api/global"
HEALTHY_PER_MINUTE = {"yahoo": 14, "cboe": 8}
"""Requests in the steady state of a session; no trouble may lead to more than one retry of it."""

BROKEN = Fault("broken", reply=Reply(500, b"<html>Internal Server Error</html>", "text/html"))
BARRED = Fault("barred", reply=Reply(403, b"<html>Access denied</html>", "text/html"))

REFUSALS = {
    "429": (faults.limited(), "says there were too many requests"),
    "429 with Retry-After": (faults.limited(90), "says there were too many requests"),
    "401": (faults.unauthorized(), "refuses"),
    "403": (BARRED, "refuses to answer (HTTP 403)"),
    "404": (faults.absent(), "has no such data (HTTP 404)"),
    "500": (BROKEN, "is out of order (HTTP 500)"),
    "503 with a short Retry-After": (faults.server_error(1), "is out of order (HTTP 503)"),
    "hang": (faults.hang(), "did not answer within"),
    "cut body": (faults.cut_body(), "broke off in the middle of its answer"),
    "connection reset": (faults.connection_reset(), "closed the connection without an answer"),
    "HTML with status 200": (faults.html_200(), "web page instead of data"),
    "gzip bomb": (faults.gzip_bomb(), "is larger than 2 MB"),
    "foreign redirect": (faults.foreign_redirect(), "redirected to the foreign host localhost"),
    "empty body": (faults.empty(), "empty"),
}


@pytest.mark.parametrize("name", REFUSALS)
async def test_yahoo_refuses(hall: Hall, name: str) -> None:
    fault, words = REFUSALS[name]
    first = await hall.picture()
    async with started(hall.exchange, hall.dial.clock, first=first) as program:
        before, since = Known(program), len(program.requests)
        hall.exchange.fault(YAHOO, fault)
        with _patience(program, name, "yahoo"):
            await program.run(150, step=5)
        for metric in OF_YAHOO:
            shown = program.look(metric)
            assert (shown.look, shown.source) == (Look.FAILING, "yahoo")
            assert words in shown.reason
            _require_retry(program, shown, "yahoo")
        assert program.are(Look.LIVE, *OF_CBOE), "Cboe is well"
        assert before.values(*OF_YAHOO) == {m: program.value(m) for m in OF_YAHOO}
        before.require_nothing_lost(program)
        _require_few(program.asked(since=since), 2.5)
        assert by_source(program.asked(since=since))["yahoo"] < 2.5 * HEALTHY_PER_MINUTE["yahoo"]
        assert not program.asked("/foreign")
        await _recovers(program)


@pytest.mark.parametrize("name", ["429", "403", "hang", "HTML with status 200"])
async def test_cboe_refuses(hall: Hall, name: str) -> None:
    fault, words = REFUSALS[name]
    first = await hall.picture()
    async with started(hall.exchange, hall.dial.clock, first=first) as program:
        before, since = Known(program), len(program.requests)
        hall.exchange.fault(CBOE, fault)
        with _patience(program, name, "cboe"):
            await program.run(90, step=5)
        assert program.are(Look.LIVE, *OF_YAHOO), "Yahoo is well"
        shown = program.look("rvx.last")
        assert (shown.look, shown.source) == (Look.FAILING, "cboe")
        assert words in shown.reason
        assert program.value("rvx.last") == before.values("rvx.last")["rvx.last"]
        for metric in ("vix.last", "vix3m.last"):
            assert (program.look(metric).look, program.look(metric).source) == (Look.LIVE, "yahoo")
        before.require_nothing_lost(program)
        _require_few(program.asked(since=since), 1.5)
        await _recovers(program, "rvx.last")


async def test_a_first_start_against_a_wall_is_absent_and_says_why(hall: Hall) -> None:
    hall.exchange.fault("*", faults.connection_reset())
    async with started(hall.exchange, hall.dial.clock) as program:
        await program.run(60)
        for metric in ("rut.last", "vix.last", "crdo.last"):
            shown = program.look(metric)
            assert shown.look is Look.ABSENT
            assert "closed the connection" in shown.reason
            _require_retry(program, shown)
        _require_few(program.requests, 1)
        await _recovers(program)


async def test_a_429_from_both_at_once_is_answered_by_silence(hall: Hall) -> None:
    first = await hall.picture()
    async with started(hall.exchange, hall.dial.clock, first=first) as program:
        since = len(program.requests)
        hall.exchange.fault("*", faults.limited())
        await program.run(900, step=5)
        asked = by_source(program.asked(since=since))
        assert asked["yahoo"] <= 10
        assert asked["cboe"] <= 10


async def test_retry_after_is_kept_to_the_second(hall: Hall) -> None:
    first = await hall.picture()
    async with started(hall.exchange, hall.dial.clock, first=first) as program:
        hall.exchange.fault(YAHOO, faults.limited(120))
        await program.run(30)
        refused = program.asked(YAHOO)[-1].at
        hall.exchange.heal()
        await program.run(130)
        later = [r.at for r in program.asked(YAHOO) if r.at > refused]
        assert 120 <= (later[0] - refused).total_seconds() <= 126
        assert program.are(Look.LIVE, *OF_YAHOO)


async def test_a_hang_holds_few_connections(hall: Hall) -> None:
    first = await hall.picture()
    async with started(hall.exchange, hall.dial.clock, first=first) as program:
        since = len(program.requests)
        hall.exchange.fault("*", faults.hang())
        with program.impatient("yahoo", "cboe"):
            await program.run(15)
        asked = by_source(program.asked(since=since))
        assert asked["yahoo"] <= 4
        assert asked["cboe"] <= 4


class Known:
    """What was known before the trouble began."""

    def __init__(self, program: Program) -> None:
        self.snapshot = program.snapshot

    def values(self, *names: str) -> dict[str, float | str | None]:
        """Return the values of metrics as they were."""
        return {name: self.snapshot.reading(name).value for name in names}

    def require_nothing_lost(self, program: Program) -> None:
        """Everything known then is known now, and nothing of it is older."""
        now = program.snapshot
        assert self.snapshot.quotes.keys() <= now.quotes.keys()
        assert self.snapshot.details.keys() <= now.details.keys()
        assert self.snapshot.bars.keys() <= now.bars.keys()
        assert all(now.quotes[s].as_of >= q.as_of for s, q in self.snapshot.quotes.items())
        assert all(len(now.bars[key]) >= len(bars) for key, bars in self.snapshot.bars.items())
        for name, reading in self.snapshot.readings.items():
            assert reading.value is None or now.reading(name).value is not None, name


def _require_retry(program: Program, shown: Freshness, *feeds: str) -> None:
    """The trouble names the feed and when it is asked again: not in the past by much."""
    assert shown.trouble is not None
    assert shown.trouble.feed in (feeds or ("yahoo", "cboe"))
    assert shown.trouble.retry_at is not None
    assert (shown.trouble.retry_at - program.clock.now()).total_seconds() > -10


def _patience(program: Program, name: str, feed: str) -> AbstractContextManager[None]:
    return program.impatient(feed) if name == "hang" else nullcontext()


def _require_few(asked: list[Request], minutes: float) -> None:
    """Trouble costs no more than good health does, and what a fallback adds stays in budget."""
    for source, usual in HEALTHY_PER_MINUTE.items():
        assert by_source(asked)[source] <= minutes * (usual + 9)
        assert busiest_minute(asked, source) <= 30


async def _recovers(program: Program, *names: str) -> None:
    """Once the exchange is well, everything is live again, from its most trusted source."""
    program.exchange.heal()
    metrics = names or ("rut.last", *OF_YAHOO)

    def is_well() -> bool:
        trusted = names or {program.look(metric).source for metric in metrics} == {"yahoo"}
        return bool(trusted) and program.are(Look.LIVE, *metrics)

    await program.until(is_well, 300)
