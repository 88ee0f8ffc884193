"""Yahoo's stream on a real socket of this machine: kept, lost, opened again, and told of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from http import HTTPStatus
from random import Random

import pytest

from market.feeds.yahoo_stream import YahooStream
from market.feeds.yahoo_stream.places import LINGER_S, Places
from market.feeds.yahoo_stream.talk import HEARTBEAT_S, SILENCE_S
from market.health import FeedHealth, FeedState
from market.reports import Arrived, ErrorKind, Failed
from tests.clocks import THURSDAY_AFTERNOON, ManualClock
from tests.exchange.stream import StreamPlayer, frame

SATURDAY = datetime(2026, 7, 11, 15, 0, tzinfo=UTC)
PATIENCE_S = 5.0


class Listening:
    """A stream that runs, the server it listens to, and what came of it."""

    def __init__(self, stream: YahooStream, player: StreamPlayer, clock: ManualClock) -> None:
        self.stream = stream
        self.player = player
        self.clock = clock
        self.reports: list[Arrived | Failed] = []
        self.streamed: frozenset[str] = frozenset()
        self.missed: list[str] = []

    def report(self, report: Arrived | Failed) -> None:
        self.reports.append(report)

    def stream_(self, symbols: Iterable[str]) -> None:
        self.streamed = frozenset(symbols)

    def catch_up(self, symbols: Iterable[str]) -> None:
        self.missed.extend(symbols)

    @property
    def last(self) -> dict[str, float]:
        """The newest price of each symbol, folded as the engine would."""
        quotes = (q for r in self.reports if isinstance(r, Arrived) for q in r.quotes)
        return {q.symbol: q.last for q in quotes}

    @property
    def health(self) -> FeedHealth:
        health = FeedHealth("yahoo_stream")
        for report in self.reports:
            health = health.after(report, self.clock.now())
        return health

    def tell(self, **prices: float) -> None:
        """Have the server tell prices of this instant."""
        self.player.send(*(self.frame_of(symbol, price) for symbol, price in prices.items()))

    def frame_of(self, symbol: str, price: float, later_s: float = 0.0) -> str:
        time = int((self.clock.now().timestamp() + later_s) * 1000)
        return frame(id=symbol, price=price, time=time, market_hours=1, price_hint=2)

    async def until(self, comes: Callable[[], bool]) -> None:
        """Let the sockets work until something has come; no time passes meanwhile."""
        async with asyncio.timeout(PATIENCE_S):
            while not comes():
                await self._turn()

    async def told(self, **prices: float) -> None:
        """Tell prices, and wait until they are reported."""
        self.tell(**prices)
        await self.push_until(lambda: prices.items() <= self.last.items())

    async def push_until(self, comes: Callable[[], bool], step: float = 0.1) -> None:
        """Let the clock run too, in small steps."""
        async with asyncio.timeout(PATIENCE_S):
            while not comes():
                await self.clock.push(step, step)
                await self._turn()

    async def _turn(self) -> None:
        """Let the sockets bring what is on its way."""
        await asyncio.sleep(0.001)

    async def connected(self, times: int = 1) -> None:
        await self.until(lambda: self.player.opened == times and bool(self.player.subscribed))


@asynccontextmanager
async def listening(
    *symbols: str, now: datetime = THURSDAY_AFTERNOON, connections: int = 1
) -> AsyncGenerator[Listening]:
    before = asyncio.all_tasks()
    clock, player = ManualClock(now), StreamPlayer()
    async with player.served() as url:
        stream = YahooStream(base_url=url, connections=connections, clock=clock, random=Random(3))
        stage = Listening(stream, player, clock)
        stream.want(symbols)

        class Polled:
            stream = staticmethod(stage.stream_)
            catch_up = staticmethod(stage.catch_up)

        task = asyncio.create_task(stream.run(stage.report, Polled()))
        try:
            yield stage
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            assert stage.streamed == frozenset(), "who polls must know that nothing comes any more"
    await asyncio.sleep(0)
    assert not {t for t in asyncio.all_tasks() - before if t.get_name() == "yahoo_stream"}


async def test_it_subscribes_and_reports_ticks_as_they_come() -> None:
    async with listening("^RUT", "IWM", "USDJPY=X") as stage:
        await stage.connected()
        assert stage.player.heard == [{"subscribe": ["^RUT", "IWM", "JPY=X"]}]
        await stage.told(IWM=200.25)
        stage.player.send(stage.frame_of("JPY=X", 159.35), stage.frame_of("NOBODY", 5.0))
        await stage.push_until(lambda: "USDJPY=X" in stage.last)
        assert stage.last == {"IWM": 200.25, "USDJPY=X": 159.35}
        assert stage.streamed == {"IWM", "USDJPY=X"}
        assert stage.health.state is FeedState.OK
        told = "2 prices come by themselves, and are polled a quarter as often if at all"
        assert stage.health.note == told


async def test_a_burst_is_one_report_with_the_last_values() -> None:
    async with listening("IWM", "SPY") as stage:
        await stage.connected()
        await stage.told(IWM=1.0)
        before = len(stage.reports)
        for n in range(2000):
            stage.player.send(stage.frame_of("IWM", 100 + n / 100, n / 1000))
        stage.player.send(stage.frame_of("SPY", 700.0))
        await stage.push_until(lambda: stage.last.get("SPY") == 700.0)
        assert stage.last["IWM"] == 119.99
        assert len(stage.reports) - before <= 30


async def test_reports_keep_to_the_paint_beat_of_who_looks() -> None:
    async with listening("IWM") as stage:
        await stage.connected()
        await stage.told(IWM=1.0)
        stage.stream.set_focused(False)
        await stage.told(IWM=2.0)
        stage.tell(IWM=3.0)
        await stage.clock.push(0.8, 0.1)
        assert stage.last["IWM"] == 2.0
        await stage.push_until(lambda: stage.last["IWM"] == 3.0)


async def test_duplicates_late_frames_and_garbage_change_nothing() -> None:
    async with listening("IWM") as stage:
        await stage.connected()
        newest = stage.frame_of("IWM", 201.0, -1)
        stage.player.send(
            stage.frame_of("IWM", 200.0, -3),
            newest,
            newest,
            stage.frame_of("IWM", 199.0, -2),
            "no json",
            b"\xff\xfe",
            '{"type":"pricing","message":"!!"}',
            '{"type":"pricing","message":"CgRB"}',
            '{"message":null}',
            "[1]",
        )
        await stage.push_until(lambda: stage.last.get("IWM") == 201.0)
        await stage.told(IWM=202.0)
        assert stage.player.opened == 1


@pytest.mark.parametrize(
    "code",
    [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999],
)
async def test_a_closed_stream_is_told_and_opened_again(code: int) -> None:
    async with listening("IWM") as stage:
        await stage.connected()
        await stage.told(IWM=200.0)
        assert stage.streamed == {"IWM"}
        await stage.player.close(code, "bye")
        await stage.push_until(lambda: stage.health.state is FeedState.FAILING, 0.01)
        trouble = stage.health.trouble
        assert trouble is not None
        assert trouble.kind is ErrorKind.UNREACHABLE
        assert trouble.text == f"prices are polled: Yahoo closed the stream (code {code}: bye)"
        assert stage.streamed == frozenset()
        await stage.push_until(lambda: stage.health.state is FeedState.OK)
        assert stage.player.opened == 2
        assert stage.missed == [], "nothing is known to be missed while nothing trades"
        await stage.told(IWM=201.0)
        assert stage.missed == ["IWM"]
        await stage.told(IWM=202.0)
        assert stage.missed == ["IWM"], "one gap is filled once"


async def test_a_connection_that_breaks_off_again_and_again_is_tried_ever_more_seldom() -> None:
    async with listening("IWM") as stage:
        await stage.connected()
        stage.player.status = HTTPStatus.BAD_GATEWAY
        stage.player.drop()
        waits: list[float] = []
        for failures in range(1, 7):
            await stage.push_until(lambda n=failures: stage.health.refusals == n, 0.5)
            failed = next(r for r in reversed(stage.reports) if isinstance(r, Failed))
            assert failed.retry_at is not None
            waits.append((failed.retry_at - failed.at).total_seconds())
        for wait, own in zip(waits, (1, 2, 4, 8, 16, 32), strict=True):
            assert 0.8 * own <= wait <= 1.2 * own
        assert "answers with status 502" in stage.health.reason
        stage.player.status = None
        await stage.push_until(lambda: stage.health.state is FeedState.OK, 1)
        await stage.told(IWM=201.0)
        stage.player.drop()
        await stage.push_until(lambda: stage.health.refusals == 7, 0.1)
        failed = next(r for r in reversed(stage.reports) if isinstance(r, Failed))
        assert failed.retry_at is not None
        assert (failed.retry_at - failed.at).total_seconds() <= 1.2, "a price ends the row"


async def test_a_refused_connection_is_left_alone_as_any_host_is() -> None:
    async with listening() as stage:
        stage.player.status = HTTPStatus.TOO_MANY_REQUESTS
        stage.stream.want(("IWM",))
        await stage.push_until(lambda: stage.health.refusals == 1)
        trouble = stage.health.trouble
        assert trouble is not None
        assert trouble.kind is ErrorKind.LIMITED
        assert trouble.retry_at is not None
        assert (trouble.retry_at - stage.clock.now()).total_seconds() > 40


async def test_silence_in_regular_hours_is_death_and_a_closed_market_s_is_not() -> None:
    async with listening("IWM", now=SATURDAY) as stage:
        await stage.connected()
        await stage.clock.push(20 * SILENCE_S, HEARTBEAT_S)
        assert stage.player.opened == 1
        assert stage.health.state is FeedState.OK
    async with listening("IWM") as stage:
        await stage.connected()
        await stage.clock.push(SILENCE_S - HEARTBEAT_S, HEARTBEAT_S)
        await stage.told(IWM=200.0)
        await stage.clock.push(SILENCE_S - HEARTBEAT_S, HEARTBEAT_S)
        assert stage.player.opened == 1
        stage.player.is_stalled = True
        await stage.push_until(lambda: stage.player.opened == 2, HEARTBEAT_S)
        failed = next(r for r in stage.reports if isinstance(r, Failed))
        assert failed.text == "prices are polled: Yahoo's stream told no price for 60 s"


async def test_the_first_minute_of_a_session_is_not_blamed_for_the_night() -> None:
    before_the_open = datetime(2026, 7, 2, 13, 29, 50, tzinfo=UTC)
    async with listening("IWM", now=before_the_open) as stage:
        await stage.connected()
        await stage.clock.push(SILENCE_S, HEARTBEAT_S)
        assert stage.player.opened == 1


async def test_a_stream_of_garbage_alone_is_given_up() -> None:
    async with listening("IWM") as stage:
        await stage.connected()
        stage.player.send("garbage", "{}" * 30)
        await stage.push_until(lambda: stage.health.refusals == 1, HEARTBEAT_S)
        assert stage.health.trouble is not None
        assert stage.health.trouble.kind is ErrorKind.GARBLED


async def test_after_a_sleep_it_is_opened_anew() -> None:
    async with listening("IWM", now=SATURDAY) as stage:
        await stage.connected()
        stage.clock.jump(3600)
        await stage.push_until(lambda: stage.player.opened == 2, 1)


async def test_the_set_is_sent_again_with_each_heartbeat() -> None:
    async with listening("IWM", now=SATURDAY) as stage:
        await stage.connected()
        await stage.clock.push(3 * HEARTBEAT_S + 1, HEARTBEAT_S)
        await stage.until(lambda: len(stage.player.heard) == 4)
        assert stage.player.heard == [{"subscribe": ["IWM"]}] * 4


async def test_what_left_the_screen_is_let_go_after_a_while_only() -> None:
    async with listening("IWM", "SPY") as stage:
        await stage.connected()
        stage.stream.want(("IWM", "XBI"))
        await stage.until(lambda: len(stage.player.heard) == 2)
        assert stage.player.subscribed == {"IWM", "SPY", "XBI"}
        await stage.told(SPY=700.0)
        await stage.clock.push(LINGER_S - 1, 5)
        assert stage.player.subscribed == {"IWM", "SPY", "XBI"}
        await stage.push_until(lambda: stage.player.subscribed == {"IWM", "XBI"}, 5)
        assert {"unsubscribe": ["SPY"]} in stage.player.heard


async def test_nothing_is_opened_while_nothing_is_wanted() -> None:
    async with listening() as stage:
        await stage.clock.push(60, 5)
        assert stage.player.opened == 0
        stage.stream.want(("IWM",))
        await stage.connected()
        stage.stream.want(())
        await stage.push_until(lambda: not stage.player.subscribed, 5)
        assert not any(isinstance(report, Failed) for report in stage.reports)


async def test_what_a_connection_begins_with_does_not_come_by_itself() -> None:
    async with listening("IWM", "SPY") as stage:
        await stage.until(lambda: len(stage.player.subscribed) == 2)
        stage.player.send(
            stage.frame_of("SPY", 6.0, later_s=-3 * 86_400), stage.frame_of("IWM", 2.0)
        )
        await stage.push_until(lambda: stage.streamed == frozenset({"IWM"}))


async def test_a_hundred_symbols_go_over_a_connection() -> None:
    symbols = [f"S{n}" for n in range(250)]
    async with listening(*symbols, connections=2) as stage:
        await stage.until(lambda: len(stage.player.subscribed) == 200)
        assert stage.player.opened == 2
        assert stage.player.subscribed == set(symbols[:200])
        stage.tell(S0=1.0, S199=2.0)
        await stage.push_until(lambda: stage.streamed == frozenset({"S0", "S199"}))
        assert stage.health.note.startswith("2 prices come by themselves over 2 connections, and")


# Places, without a socket


def test_places_are_kept_and_the_first_line_is_filled_first() -> None:
    places = Places(lines=2, size=3)
    places.want("ABCD", 0)
    assert (places.on(0, 0), places.on(1, 0)) == (("A", "B", "C"), ("D",))
    places.want("DBE", 10)
    assert (places.on(0, 10), places.on(1, 10)) == (("A", "B", "C"), ("D", "E"))
    assert (places.on(0, 10 + LINGER_S), places.on(1, 10 + LINGER_S)) == (("B",), ("D", "E"))


def test_who_left_first_makes_room_for_who_comes() -> None:
    places = Places(lines=1, size=3)
    places.want("ABC", 0)
    places.want("BC", 1)
    places.want("C", 2)
    places.want("CX", 3)
    assert set(places.on(0, 3)) == set("BCX")
    places.want("XYZ", 4)
    assert set(places.on(0, 4)) == set("XYZ")


def test_who_comes_back_in_time_has_never_left() -> None:
    places = Places(lines=1)
    places.want("AB", 0)
    places.want("A", 10)
    places.want("AB", 20)
    assert places.on(0, 1000) == ("A", "B")


def test_the_most_urgent_have_the_places_there_are() -> None:
    places = Places(lines=1, size=2)
    places.want("ABCA", 0)
    assert places.on(0, 0) == ("A", "B")
