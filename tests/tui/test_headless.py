"""`captop snapshot` over the local server, and the form of what it prints."""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Iterator
from datetime import UTC, datetime
from math import nan
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from market.clock import SimulatedClock
from market.fold import fold
from market.metrics.compute import metric_names
from market.reckoning import Reckoner
from market.reports import Computed
from market.snapshot import Mode, empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON
from tests.exchange import Exchange, feed_variables
from tests.exchange.faults import server_error
from tests.market.metrics.small_index import listings
from tests.market.metrics.small_index import snapshot as members
from tui.headless import rounded, run_snapshot, snapshot_json
from tui.settings import Settings, read_settings
from tui.snapshot_text import snapshot_text

SUNDAY = datetime(2026, 7, 5, 15, 30, tzinfo=UTC)


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    with Exchange(now=THURSDAY_AFTERNOON) as running:
        yield running


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
    code = run_snapshot(settings, demo=False, at=None, as_json=True, clock=clock)
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
    exchange: Exchange, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_for(exchange, tmp_path)
    code, document = taken(settings, capsys)
    assert code == 0
    assert set(document) == {"as_of", "mode", "session", "feeds", "metrics"}
    assert (document["as_of"], document["mode"]) == ("2026-07-02T18:32:07Z", "live")
    assert [(f["name"], f["state"], f["last_ok"]) for f in document["feeds"]] == [
        (feed, "ok", "2026-07-02T18:32:07Z") for feed in sorted(settings.feeds.enabled)
    ]
    last, vix = document["metrics"]["rut.last"], document["metrics"]["vix.last"]
    assert (last["unit"], last["source"], last["state"]) == ("points", "yahoo", "live")
    assert 1000 < last["value"] < 10_000
    assert (vix["source"], vix["state"]) == ("cboe", "live")
    assert document["metrics"]["crdo.last"]["state"] == "live"


def test_a_dead_exchange_gives_exit_code_1_with_reasons(
    exchange: Exchange, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_for(exchange, tmp_path)
    exchange.fault("*", server_error())
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
        report = Reckoner().reckon(picture, None, picture.now, members=True)
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
    for symbol in (*snapshot.cast.by_symbol, "CRDO"):
        assert re.search(rf"^  {re.escape(symbol)} .*—.*absent", text, re.MULTILINE), symbol


def test_the_table_of_the_demo(capsys: pytest.CaptureFixture[str]) -> None:
    code = run_snapshot(Settings(), demo=True, at=THURSDAY_AFTERNOON, as_json=False)
    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert lines[0] == (
        "captop  DEMO  simulated market, no real prices  Thu 2 Jul 2026 14:32:07 ET"
        "  open, 1 h 27 m left"
    )
    rows = [line for line in lines if line.startswith("  ") and " demo 0s" in line]
    assert len(rows) >= 50
    assert len({row.index("demo 0s") for row in rows}) == 1
