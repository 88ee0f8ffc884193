"""`captop snapshot` over the local server, and the form of what it prints."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from array import array
from datetime import UTC, datetime
from math import nan
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from market.clock import SimulatedClock
from market.fold import fold
from market.health import FeedState, Trouble
from market.instruments import PRICED
from market.interest_rooms import day_curve_keys, one_pass_keys
from market.metrics.compute import metric_names
from market.quotes import Key, Kind
from market.reckoning import Reckoner, Reckoning
from market.reports import Computed, ErrorKind
from market.snapshot import Mode, Snapshot, empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON
from tests.exchange import Exchange, feed_variables
from tests.exchange.faults import server_error
from tests.market.feeds.demo_asked import asked, new_feed
from tests.market.metrics.small_index import listings
from tests.market.metrics.small_index import snapshot as members
from tui.headless import NOT_ASKED, explained, passed, run_snapshot, snapshot_json
from tui.metric_document import rounded
from tui.settings import Settings, read_settings
from tui.snapshot_text import snapshot_text
from tui.watchlists import Watchlists
from tui.wiring import demo_engine

SUNDAY = datetime(2026, 7, 5, 15, 30, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
SEED = 7
WATCHED = Watchlists.from_settings(Settings(), None).symbols


NOT_IN_ONE_PASS = {"nasdaq_rss", "yahoo_rss", "yahoo_stream"}
"""Feeds of what only a room shows."""


@pytest.fixture(scope="module")
def demo() -> Snapshot:
    """One pass over a simulated market on a Thursday afternoon."""
    clock = SimulatedClock(THURSDAY_AFTERNOON, speed=0.0)
    engine = demo_engine(Settings(), clock, WATCHED, SEED)
    first = engine.latest
    engine.want(one_pass_keys(first) | day_curve_keys(first))
    return explained(passed(engine), WATCHED)


def settings_for(exchange: Exchange, folder: Path) -> Settings:
    return read_settings(
        None,
        {
            "CAPTOP_CONFIG": str(folder / "none.toml"),
            **feed_variables(exchange),
            "CAPTOP_CACHE__PATH": str(folder / "cache"),
        },
    ).settings


def taken(settings: Settings, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    clock = SimulatedClock(THURSDAY_AFTERNOON, speed=0)
    code = run_snapshot(settings, demo=False, at=None, form="json", clock=clock)
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (-28.01000000000022, "-28.01"),
        (2996.11, "2996.11"),
        (0.1 + 0.2, "0.3"),
        (1.2345e-9, "1.2345e-09"),
        (9_113_000_000.0, "9113000000.0"),
        (41, "41"),
        ("contango", '"contango"'),
        (None, "null"),
    ],
)
def test_a_number_ends_where_its_meaning_ends(value: float | str | None, told: str) -> None:
    assert json.dumps(rounded(value)) == told


def test_one_pass_over_live_feeds(
    afternoon: Exchange, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_for(afternoon, tmp_path)
    code, document = taken(settings, capsys)
    assert code == 0
    assert set(document) == {"as_of", "mode", "session", "feeds", "metrics"}
    assert (document["as_of"], document["mode"]) == ("2026-07-02T18:32:07Z", "live")
    assert [(f["name"], f["state"], f["last_ok"]) for f in document["feeds"]] == [
        (feed, "ok", "2026-07-02T18:32:07Z")
        for feed in sorted(set(settings.feeds.enabled) - NOT_IN_ONE_PASS)
    ]
    last, vix = document["metrics"]["rut.last"], document["metrics"]["vix.last"]
    assert (last["unit"], last["source"], last["state"]) == ("points", "yahoo", "live")
    assert 1000 < last["value"] < 10_000
    assert (vix["source"], vix["state"]) == ("cboe", "live")
    assert document["metrics"]["crdo.last"]["state"] == "live"
    assert document["metrics"]["feed.cboe.state"]["value"] == "ok"
    assert document["metrics"]["thesis.small-caps-2026-07.vix"]["value"] == "holds"
    busy = document["metrics"]["iwm.relative_volume"]
    assert "usual part of the day" in busy["reason"], "as a captop that runs tells it"
    reasons = {metric["reason"] for metric in document["metrics"].values()}
    assert NOT_ASKED.reason in reasons
    assert not [text for text in reasons if text.startswith("waiting") or "no answer" in text]


def test_a_dead_exchange_gives_exit_code_1_with_reasons(
    afternoon: Exchange, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_for(afternoon, tmp_path)
    afternoon.fault("*", server_error())
    code, document = taken(settings, capsys)
    assert code == 1
    assert {f["state"] for f in document["feeds"]} == {"failing"}
    assert all(f["reason"] for f in document["feeds"])
    rut = document["metrics"]["rut.last"]
    assert (rut["value"], rut["state"]) == (None, "absent")
    assert rut["reason"]


def test_the_form_of_the_json() -> None:
    snapshot = empty_snapshot(SUNDAY, Mode.DEMO)
    text = snapshot_json(snapshot, ["CRDO", "BRK-B"])
    document = json.loads(text)
    assert document["session"] == {
        "phase": "closed",
        "reason": "weekend",
        "day": "2026-07-02",
        "until": "2026-07-06T08:00:00Z",
        "next_open": "2026-07-06T13:30:00Z",
        "words": "closed, weekend, opens Mon 09:30 ET in 22 h 0 m",
    }
    assert (document["mode"], document["feeds"]) == ("demo", [])
    names = metric_names(snapshot.cast, ["CRDO", "BRK-B"])
    assert list(document["metrics"]) == sorted(names)
    assert {"crdo.last", "brk-b.last", "rut.return.ytd", "vix.percentile.1y"} <= set(names)
    for metric in document["metrics"].values():
        assert list(metric) == ["as_of", "reason", "source", "state", "unit", "value"]
        assert (metric["value"], metric["state"]) == (None, "absent")
        assert metric["unit"]
        assert metric["reason"]


def test_every_figure_made_of_members_tells_of_how_many() -> None:
    lists = listings()
    few = array("d", [nan if row < 60 else price for row, price in enumerate(lists.last)])
    for picture, used in ((members(), 100), (members(lists=replace(lists, last=few)), 40)):
        report = Reckoner().reckon(picture, Reckoning(at=picture.now, members=True))
        document = json.loads(snapshot_json(fold(picture, report, picture.now), ["M070"]))
        told = document["metrics"]
        assert isinstance(report, Computed)
        assert report.census is not None
        aggregates = [name for name in report.census.readings if name in told]
        assert len(aggregates) > 500
        for name in (*aggregates, "basket.made-up.return.1d"):
            assert {"used", "total", "coverage"} <= set(told[name]), name
        advances = told["breadth.advances"]
        assert (advances["used"], advances["total"]) == (used, 100)
        assert 0 < advances["coverage"] <= 1
        assert (advances["value"] is None) == (used == 40)
        assert ("known (40 of 100 members), 80 % needed" in advances["reason"]) == (used == 40)
        assert "used" not in told["rut.last"]
        assert "used" not in told["m070.index.weight"]


def test_an_empty_table_still_names_everything() -> None:
    snapshot = empty_snapshot(SUNDAY)
    text = snapshot_text(snapshot, ["CRDO"])
    assert text.startswith("captop  Sun 5 Jul 2026 11:30:00 ET  closed, weekend, opens Mon")
    assert "DEMO" not in text
    for symbol in (*(i.symbol for i in snapshot.cast.of(*PRICED)), "CRDO"):
        assert re.search(rf"^  {re.escape(symbol)} .*—.*absent", text, re.MULTILINE), symbol


def test_one_pass_knows_everything_and_its_numbers(demo: Snapshot) -> None:
    assert demo.mode is Mode.DEMO
    assert demo.reading("rut.last").value is not None
    assert demo.reading("crdo.return.1d").value is not None
    assert demo.feeds["demo"].state is FeedState.OK
    assert not demo.troubles


def test_after_one_pass_nothing_is_waited_for(demo: Snapshot) -> None:
    reasons = {name: demo.reading(name).reason for name in metric_names(demo.cast, WATCHED)}
    assert not [name for name, reason in reasons.items() if reason.startswith("waiting")]
    unasked = {name for name, reason in reasons.items() if reason == NOT_ASKED.reason}
    assert {"xbi.flow.1d", "options.iwm.iv.1m", "vix.futures.first"} < unasked
    assert not [name for name in unasked if demo.reading(name).value is not None]
    silent = replace(empty_snapshot(SUNDAY), wanted=demo.wanted)
    told = explained(silent, WATCHED)
    assert told.reading("rut.last").reason == "no answer came within the 60 s of one pass"
    assert told.reading("xbi.flow.1d") == NOT_ASKED
    today = Key(Kind.EARNINGS, "US", "2026-07-06")
    gone = Trouble(ErrorKind.UNREACHABLE, "no connection to Nasdaq", "nasdaq", SUNDAY)
    told = explained(replace(silent, troubles={today: gone}), WATCHED)
    assert told.reading("calendar.earnings.today").reason == gone.text


def test_the_table_of_the_demo(demo: Snapshot) -> None:
    lines = snapshot_text(demo, WATCHED).splitlines()
    assert lines[0] == (
        "captop  DEMO  simulated market, no real prices  Thu 2 Jul 2026 14:32:07 ET"
        "  open, 1 h 27 m left"
    )
    rows = [line for line in lines if line.startswith("  ") and " demo 0s" in line]
    assert len(rows) >= 50
    assert len({row.index("demo 0s") for row in rows}) == 1


def test_the_demo_is_the_same_byte_for_byte_in_another_process(
    demo: Snapshot, tmp_path: Path
) -> None:
    """And that process has loaded neither a screen nor a network, and keeps nothing."""
    program = (
        "import sys; from tui.cli import main; code = main(sys.argv[1:]);"
        " sys.stderr.write(' '.join(sys.modules)); sys.exit(code)"
    )
    options = ("snapshot", "--json", "--demo", "--at", "2026-07-02T14:32:07", "--seed", str(SEED))
    done = subprocess.run(
        [sys.executable, "-c", program, *options],
        capture_output=True,
        check=True,
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONHASHSEED": "1",
            "TZ": "Asia/Tokyo",
            "LC_ALL": "C.UTF-8",
            "CAPTOP_CACHE__PATH": str(tmp_path / "cache"),
        },
    )
    assert done.stdout.decode() == snapshot_json(demo, WATCHED)
    assert json.loads(done.stdout)["mode"] == "demo"
    (loaded,) = done.stderr.decode().splitlines()
    assert not {"textual", "rich", "plotext", "httpx", "tomlkit"} & set(loaded.split())
    assert not (tmp_path / "cache").exists()


def test_another_seed_is_another_demo(demo: Snapshot) -> None:
    (other,) = asked(THURSDAY_AFTERNOON, Key(Kind.QUOTE, "^RUT"), feed=new_feed(39)).arrived.quotes
    (same,) = asked(THURSDAY_AFTERNOON, Key(Kind.QUOTE, "^RUT"), feed=new_feed(SEED)).arrived.quotes
    assert demo.quotes["^RUT"].last == same.last != other.last
