"""`captop snapshot` over the local server, and the form of what it prints."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from market.clock import SimulatedClock
from market.metrics.compute import metric_names
from market.snapshot import Mode, empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON
from tests.exchange.faults import server_error
from tests.exchange.server import Exchange
from tui.headless import run_snapshot, snapshot_json
from tui.settings import Settings, load_settings
from tui.snapshot_text import snapshot_text

SUNDAY = datetime(2026, 7, 5, 15, 30, tzinfo=UTC)


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    with Exchange(now=THURSDAY_AFTERNOON) as running:
        yield running


def settings_for(exchange: Exchange, folder: Path) -> Settings:
    return load_settings(
        None,
        {
            "CAPTOP_CONFIG": str(folder / "none.toml"),
            "CAPTOP_FEEDS__YAHOO__BASE_URL": exchange.url,
            "CAPTOP_FEEDS__CBOE__BASE_URL": exchange.cboe_url,
            "CAPTOP_FEEDS__ISHARES__BASE_URL": exchange.ishares_url,
            "CAPTOP_FEEDS__NASDAQ__BASE_URL": exchange.nasdaq_url,
            "CAPTOP_CACHE__PATH": str(folder / "cache"),
        },
    )


def taken(settings: Settings, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    clock = SimulatedClock(THURSDAY_AFTERNOON, speed=0)
    code = run_snapshot(settings, demo=False, at=None, as_json=True, clock=clock)
    return code, json.loads(capsys.readouterr().out)


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
