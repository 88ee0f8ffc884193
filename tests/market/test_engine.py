"""The engine: feeds in, one snapshot out, with and without a thread."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event

import pytest

from market.clock import SimulatedClock
from market.engine import Engine
from market.engine_plan import EnginePlan
from market.feeds.feed import Answer, Feed, Query
from market.feeds.stream import Stream
from market.feeds.yahoo_stream import YahooStream
from market.health import FeedState
from market.history import History, HistoryError
from market.instruments import Cast, default_cast
from market.keeping import Keeper
from market.quotes import Key, Kind
from market.reports import ErrorKind, FeedError
from market.snapshot import Mode, Snapshot
from tests.clocks import THURSDAY_AFTERNOON
from tests.exchange import Exchange
from tests.market.feeds.scripted import ScriptedFeed, good

CAST = default_cast()
STILL = SimulatedClock(THURSDAY_AFTERNOON, 0.0)
PATIENCE_S = 20.0


def engine_of(
    *feeds: Feed,
    history: History | None = None,
    mode: Mode = Mode.LIVE,
    streams: Sequence[Stream] = (),
) -> Engine:
    plan = EnginePlan(
        feeds=lambda: {feed.name: feed for feed in feeds},
        streams=lambda: streams,
        clock=STILL,
        cast=CAST,
        mode=mode,
        symbols=("CRDO",),
        requests_per_minute=10_000,
        seed=1,
    )
    return Engine(plan, Keeper(history, None))


@contextmanager
def running(engine: Engine) -> Generator[Engine]:
    engine.start()
    try:
        yield engine
    finally:
        engine.stop()


class Told:
    """A reply that sets an event when a condition on the query holds."""

    def __init__(self, wanted: Key) -> None:
        self.wanted = wanted
        self.event = Event()

    def __call__(self, query: Query) -> Answer:
        if self.wanted in query.keys:
            self.event.set()
        return good(query)


def refuse(query: Query) -> FeedError:
    return FeedError(ErrorKind.UNREACHABLE, "no network")


def test_a_running_engine_asks_for_what_the_screen_wants() -> None:
    told = Told(Key(Kind.CHART, "CRDO", "5D"))
    with running(engine_of(ScriptedFeed(reply=told))) as engine:
        engine.want([told.wanted])
        assert told.event.wait(PATIENCE_S)


def test_a_running_engine_follows_the_watchlist() -> None:
    told = Told(Key(Kind.TRACE, "NEWCO"))
    with running(engine_of(ScriptedFeed(reply=told))) as engine:
        engine.watch(["NEWCO"])
        assert told.event.wait(PATIENCE_S)


def test_refresh_answers_from_another_thread() -> None:
    told = Told(Key(Kind.INTRADAY, "^RUT"))
    with running(engine_of(ScriptedFeed(reply=told))) as engine:
        assert told.event.wait(PATIENCE_S)
        assert engine.refresh().asked >= 0


def test_the_demo_is_offered_only_when_nothing_is_known_and_all_fails() -> None:
    dead = engine_of(ScriptedFeed(reply=refuse), ScriptedFeed("cboe", refuse, host="c"))
    assert not dead.can_offer_demo
    dead.run_once(10)
    assert dead.can_offer_demo
    half = engine_of(ScriptedFeed(), ScriptedFeed("cboe", refuse, host="c"))
    half.run_once(10)
    assert not half.can_offer_demo


def test_the_last_picture_is_there_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "captop.db"
    feed = ScriptedFeed()
    engine = engine_of(feed, history=History.open(path))
    engine.run_once(10)
    engine.stop()
    again = engine_of(ScriptedFeed(reply=refuse), history=History.open(path))
    assert again.latest.quotes["^RUT"].last == 100.0
    assert again.latest.restored_at is not None
    again.stop()


class FullDisk(History):
    """A store that takes nothing."""

    def __init__(self) -> None:
        """Open nothing."""

    def load(self, now: datetime, cast: Cast) -> None:
        """Know nothing."""

    def save(self, snapshot: Snapshot) -> None:
        raise HistoryError("the disk is full")

    def close(self) -> None:
        """Nothing to close."""


def test_a_full_disk_is_told_once_and_costs_nothing_else() -> None:
    engine = engine_of(ScriptedFeed(), history=FullDisk())
    engine.run_once(10)
    engine.run_once(10)
    assert engine.notices == ["the disk is full"]
    assert engine.latest.quotes["^RUT"].last == 100.0


def test_stopping_gives_the_connections_back() -> None:
    feed = ScriptedFeed()
    with running(engine_of(feed)):
        pass
    assert feed.closed


def test_searching_before_the_start_is_refused_in_words() -> None:
    with pytest.raises(RuntimeError, match="must be started"):
        engine_of(ScriptedFeed()).search("biotech")


def comes(true: Callable[[], bool]) -> bool:
    """Wait until something holds that other threads bring about."""
    never = Event()
    return any(true() or never.wait(0.01) for _ in range(int(PATIENCE_S * 100)))


def test_ticks_come_into_the_picture_and_their_loss_is_told() -> None:
    with Exchange(now=THURSDAY_AFTERNOON) as exchange:
        stream = YahooStream(base_url=exchange.addresses["yahoo_stream"], clock=STILL)
        with running(engine_of(ScriptedFeed(reply=refuse), streams=(stream,))) as engine:
            assert comes(lambda: {"^RUT", "CRDO"} <= engine.latest.quotes.keys())
            quote = engine.latest.quotes["^RUT"]
            assert (quote.source, quote.as_of) == ("yahoo_stream", THURSDAY_AFTERNOON)
            assert engine.latest.serving["^RUT"].feed == "yahoo_stream"
            assert "come by themselves" in engine.latest.feeds["yahoo_stream"].note
            assert comes(lambda: engine.latest.reading("rut.last").value == quote.last)
            engine.watch(["MSFT"])
            assert comes(lambda: "MSFT" in exchange.stream.subscribed)
            exchange.in_stream(lambda player: player.drop())
            assert comes(lambda: engine.latest.feeds["yahoo_stream"].state is FeedState.FAILING)
            assert engine.latest.quotes["^RUT"] == quote
            told = engine.latest.feeds["yahoo_stream"].reason
            assert told == "prices are polled: Yahoo's stream broke off"
