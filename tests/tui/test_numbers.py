"""`captop get`, `captop metrics` and the lines of `captop snapshot`: named numbers for scripts."""

from __future__ import annotations

import csv
import io
import json
import signal
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from msgspec.structs import replace

from market.clock import SimulatedClock
from market.health import FeedHealth
from market.history import History
from market.keeping import Keeper
from market.metrics.compute import metric_names
from market.scoreboard import LineState
from market.snapshot import Mode, empty_snapshot
from market.story_record import Row, StoryRecord
from tests.clocks import THURSDAY_AFTERNOON
from tests.exchange import Exchange, feed_variables
from tests.tui.fakes import demo_picture
from tui.cli import main
from tui.get import run_get
from tui.headless import documents
from tui.leaving import told_to_end
from tui.metric_document import metric_document
from tui.metric_lines import COLUMNS, csv_of, csv_text, ndjson_text
from tui.metrics_command import metrics_told, run_metrics
from tui.settings import CacheSettings, Settings, read_settings
from tui.status_file import answer_in, ask
from tui.streaming import changed, run_stream
from tui.wiring import STORIES_FILE, cache_path

VIX_LINE = "thesis.small-caps-2026-07.vix"
STATES = (("feed.yahoo.state", "How the feed does."),)
SUNDAY = datetime(2026, 7, 5, 15, 30, tzinfo=UTC)


@pytest.fixture
def offline(tmp_path: Path) -> Settings:
    """Settings that keep nothing in the user's own folders."""
    return Settings(cache=CacheSettings(path=str(tmp_path / "cache")))


def of_exchange(exchange: Exchange, folder: Path) -> Settings:
    kept = {"CAPTOP_CONFIG": str(folder / "none"), "CAPTOP_CACHE__PATH": str(folder / "cache")}
    return read_settings(None, {**kept, **feed_variables(exchange)}).settings


# captop get


def test_one_value_stands_alone_and_several_behind_their_names(
    offline: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    at = THURSDAY_AFTERNOON
    assert run_get(offline, ["rut.last"], demo=True, at=at) == 0
    last = float(capsys.readouterr().out)
    assert last == pytest.approx(demo_picture().reading("rut.last").value, abs=0.01)
    assert run_get(offline, ["rut.last", "crdo.last", "rut.last"], demo=True, at=at) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["rut.last", "crdo.last"]
    assert float(lines[0].split()[1]) == last


def test_values_as_json_have_unit_time_source_and_state(
    offline: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    at = THURSDAY_AFTERNOON
    names = ["sector.health-care.return.1d", "vix.term.state"]
    assert run_get(offline, names, demo=True, at=at, as_json=True) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert list(told) == names
    group, state = told.values()
    assert group["unit"] == "fraction"
    assert group["used"] <= group["total"]
    assert group["as_of"].startswith("2026-07-02T")
    assert (state["value"], state["source"], state["state"]) == ("contango", "demo", "live")


def test_states_of_feeds_and_of_stories_have_names_too(
    offline: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["feed.demo.state", VIX_LINE, "vix.last"]
    code = run_get(offline, names, demo=True, at=THURSDAY_AFTERNOON, as_json=True)
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert told["feed.demo.state"]["value"] == "ok"
    line = told[VIX_LINE]
    assert line["unit"] == "word"
    assert (code, line["value"], line["state"]) == (0, "above", "live")
    assert run_metrics(offline, search="mid-teens official", as_json=True) == 0
    assert json.loads(capsys.readouterr().out)[0]["name"].startswith("thesis.")


def test_the_state_of_a_line_is_that_of_all_closes_not_of_one_that_was_seen(
    afternoon: Exchange, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, clock = of_exchange(afternoon, tmp_path), SimulatedClock(THURSDAY_AFTERNOON, speed=0)
    seen = Row(
        story="small-caps-2026-07",
        line="vix",
        day=date(2026, 7, 1),
        state=LineState.POSSIBLE,
        at=THURSDAY_AFTERNOON,
    )
    settings.cache.folder.mkdir()
    StoryRecord(settings.cache.folder / STORIES_FILE).add((seen,))
    assert run_get(settings, [VIX_LINE], clock=clock) == 0
    assert capsys.readouterr().out == "holds\n"


def test_an_unknown_name_is_refused_with_the_nearest(
    offline: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_get(offline, ["rut.last", "rut.lost"], demo=True) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert (
        told.err
        == 'captop: captop get: no metric is called "rut.lost"; the nearest is "rut.last"\n'
    )


def test_get_asks_for_what_it_needs_then_takes_what_was_kept(
    afternoon: Exchange, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, clock = of_exchange(afternoon, tmp_path), SimulatedClock(THURSDAY_AFTERNOON, speed=0)
    ask(settings.cache.folder, ["rut.last"], THURSDAY_AFTERNOON.timestamp())
    begun = len(afternoon.requests)
    assert run_get(settings, ["rut.last"], clock=clock) == 0
    first = capsys.readouterr().out
    asked = [f"{each.path} {each.params.get('symbols')}" for each in afternoon.requests[begun:]]
    assert asked
    assert all("^RUT" in each for each in asked), asked
    assert not answer_in(settings.cache.folder), "status bars are told by a captop that runs on"

    begun = len(afternoon.requests)
    assert run_get(settings, ["rut.last"], clock=clock) == 0
    assert capsys.readouterr().out == first
    assert len(afternoon.requests) == begun

    assert run_metrics(settings, search="RUT.LAST", as_json=True, clock=clock) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"name": "rut.last", "unit": "points", "value": float(first)}.items() <= found[0].items()


def test_what_is_absent_costs_exit_code_1_and_says_why(
    offline: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    feeds = {f"CAPTOP_FEEDS__{name.upper()}__ENABLED": "0" for name in offline.feeds.enabled}
    off = read_settings(None, {"CAPTOP_CACHE__PATH": str(offline.cache.folder), **feeds}).settings
    clock = SimulatedClock(SUNDAY, speed=0)
    assert run_get(off, ["rut.last"], clock=clock) == 1
    told = capsys.readouterr()
    assert told.out == "--\n"
    assert "rut.last is absent: " in told.err


# captop metrics


def test_metrics_are_found_by_words_of_name_and_meaning(
    offline: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    known = demo_picture()
    found = {each.name: each for each in metrics_told(known, (), STATES, "TERM state")}
    assert "vix.term.state" in found
    assert found["vix.term.state"].text == "contango"
    everything = [each.name for each in metrics_told(known, ("CRDO",), STATES, "")]
    assert everything == [*metric_names(known.cast, ("CRDO",)), "feed.yahoo.state"]
    assert run_metrics(offline, search="no such words") == 1
    assert "no metric has" in capsys.readouterr().err
    assert run_metrics(offline, search="term structure") == 0, "the documents' example"
    assert "vix.term.state" in capsys.readouterr().out
    assert run_metrics(offline, search="biotechnology return.1d") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["name", "unit", "value", "meaning"]
    assert any(line.startswith("subsector.biotechnology.return.1d ") for line in lines)


def test_states_are_told_as_they_were_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, clock = Settings(cache=CacheSettings(path=str(tmp_path))), SimulatedClock(SUNDAY)
    keeper = Keeper(History.open(cache_path(settings)), None)
    earlier = {VIX_LINE: "above", "feed.demo.state": "failing"}
    keeper.save(replace(demo_picture(), mode=Mode.LIVE, kept_states=earlier))
    keeper.close()
    assert run_metrics(settings, search=VIX_LINE, clock=clock) == 0
    assert "  above  " in capsys.readouterr().out
    kept = History.open(cache_path(settings)).load(SUNDAY, settings.cast)
    assert kept is not None
    assert documents(kept, ())["feed.demo.state"]["value"] == "ok"
    assert documents(kept, ())[VIX_LINE]["state"] == "late"
    assert metric_document(empty_snapshot(SUNDAY), VIX_LINE)["value"] is None


def test_all_names_are_told_the_index_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CAPTOP_CONFIG", str(tmp_path / "captop.toml"))
    monkeypatch.setenv("CAPTOP_CACHE__PATH", str(tmp_path / "cache"))
    assert main(["metrics"]) == 0
    names = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert names[1] == "rut.last"
    assert len(names) == len(set(names))
    assert {"vix.term.state", "sector.health-care.return.1d", "feed.yahoo.state"} <= set(names)


# captop snapshot


def test_csv_and_ndjson_tell_what_json_tells() -> None:
    told = documents(demo_picture(), ("CRDO",))
    rows = [*csv.DictReader(io.StringIO(csv_text(told)))]
    lines = [json.loads(line) for line in ndjson_text(told).splitlines()]
    assert [row["name"] for row in rows] == [line["name"] for line in lines] == list(told)
    assert tuple(rows[0]) == COLUMNS
    for row, line, (name, document) in zip(rows, lines, told.items(), strict=True):
        assert line == {"name": name, **document}
        value = document["value"]
        assert row["value"] == ("" if value is None else str(value))


def test_no_word_becomes_a_formula_of_a_spreadsheet() -> None:
    assert csv_of(["a"], [["=1+1"], ["-x"], [-1.5], [None], ["a\x1b[2Jb"]]) == (
        "a\n'=1+1\n'-x\n-1.5\n\"\"\na[2Jb\n"
    )


def test_a_stream_tells_each_metric_once_and_then_when_it_changes() -> None:
    picture = demo_picture()
    first = [json.loads(line) for line in changed(picture, None, ("CRDO",))]
    names = {line["name"] for line in first}
    assert {"rut.last", "crdo.last", "feed.demo.state", VIX_LINE} <= names
    assert first[0]["at"] == "2026-07-02T18:32:07Z"
    assert [*changed(picture.at(picture.now + timedelta(seconds=1)), picture, ())] == []
    other = replace(picture.readings["vix.last"], value=20.0)
    news = replace(picture, readings={**picture.readings, "vix.last": other})
    (line,) = map(json.loads, changed(news, picture, ()))
    assert (line["name"], line["value"]) == ("vix.last", 20)
    silent = replace(picture, feeds={"demo": FeedHealth("demo")})
    (line,) = map(json.loads, changed(silent, picture, ()))
    assert (line["name"], line["value"]) == ("feed.demo.state", None)


def test_a_stream_ends_when_it_is_told_to(
    offline: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = Event()
    ended.set()
    assert run_stream(offline, demo=True, at=THURSDAY_AFTERNOON, ended=ended) == 0
    assert capsys.readouterr().out == ""


def test_a_command_that_lasts_is_told_to_end() -> None:
    before = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGHUP)}
    try:
        for name in before:
            signal.signal(name, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        with told_to_end() as ended:
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN, "nohup has it so"
            signal.raise_signal(signal.SIGTERM)
            assert ended.wait(5)
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
