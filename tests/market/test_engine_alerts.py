"""The engine's alerts from another thread: set, judged, seen; and what they are judged by."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from market.alert_sources import AlertSources
from market.alerts.board import AlertBoard
from market.clock import SimulatedClock
from market.engine import Engine
from market.engine_plan import EnginePlan
from market.instruments import default_cast
from market.quotes import Key, Kind
from tests.clocks import THURSDAY_AFTERNOON
from tests.market.feeds.scripted import ScriptedFeed
from tests.market.test_engine import PATIENCE_S, Told, running

RULE = '[[alert]]\nid = "new"\nrule = { metric = "newco.last", above = 1 }\n'


def engine_of(feed: ScriptedFeed, sources: AlertSources) -> Engine:
    plan = EnginePlan(
        feeds=lambda: {feed.name: feed},
        clock=SimulatedClock(THURSDAY_AFTERNOON, 0.0),
        cast=default_cast(),
        alerts=sources,
        requests_per_minute=10_000,
        seed=1,
    )
    return Engine(plan)


def board_in_time(engine: Engine, count: int) -> AlertBoard:
    """The board once it has so many alerts."""
    pause = Event()
    for _ in range(int(PATIENCE_S / 0.02)):
        board = engine.latest.alerts
        if board is not None and len(board.standings) == count:
            return board
        pause.wait(0.02)
    raise AssertionError("the alerts did not come")


def test_what_an_alert_is_judged_by_is_asked_for_though_nobody_looks(tmp_path: Path) -> None:
    path = tmp_path / "alerts.toml"
    path.write_text(RULE, encoding="utf-8")
    told = Told(Key(Kind.TRACE, "NEWCO"))
    with running(engine_of(ScriptedFeed(reply=told), AlertSources(path=path))):
        assert told.event.wait(PATIENCE_S)


def test_alerts_are_set_and_seen_from_another_thread() -> None:
    with running(engine_of(ScriptedFeed(), AlertSources())) as engine:
        engine.refresh()  # waits until the engine runs
        engine.use_alerts(RULE)
        assert board_in_time(engine, 1).standings[0].alert.id == "new"
        engine.acknowledge(["new", "unknown"])
        engine.use_alerts(RULE + RULE.replace('"new"', '"two"'))
        assert board_in_time(engine, 2).faults == ()
        engine.use_alerts("")
        assert board_in_time(engine, 0).history == ()


def test_one_pass_watches_nothing(tmp_path: Path) -> None:
    path, record = tmp_path / "alerts.toml", tmp_path / "alerts.ndjson"
    path.write_text(RULE, encoding="utf-8")
    engine = engine_of(ScriptedFeed(), AlertSources(path=path, record=record))
    engine.run_once(10)
    assert engine.latest.alerts is None
    assert not record.exists(), "what nobody is told of is not kept either"
