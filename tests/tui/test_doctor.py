"""`captop doctor` over the local server, healthy and not."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from market.clock import SimulatedClock, WallClock
from tests.clocks import THURSDAY_AFTERNOON
from tests.exchange import Exchange, feed_variables
from tests.exchange.faults import (
    Fault,
    forbidden,
    html_200,
    limited,
    no_bars,
    server_error,
    stale,
    unauthorized,
)
from tui.doctor import proxy, run_doctor, terminal, verdict
from tui.findings import Finding, Verdict
from tui.probes import PROBES, probe_stream
from tui.settings import Settings, read_settings
from tui.settings_salvage import salvaged_settings
from tui.wiring import live_feeds, live_streams

FEEDS = tuple(live_feeds(Settings(), WallClock()))


@pytest.fixture
def exchange(afternoon: Exchange, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Exchange:
    monkeypatch.setenv("CAPTOP_CONFIG", str(tmp_path / "captop.toml"))
    monkeypatch.setenv("CAPTOP_CACHE__PATH", str(tmp_path / "cache"))
    for name, url in feed_variables(afternoon).items():
        monkeypatch.setenv(name, url)
    return afternoon


@pytest.fixture
def door(exchange: Exchange) -> Iterator[Callable[[str, object], None]]:
    """Sets how the stream behaves; it is healthy again afterwards."""

    def behave(name: str, value: object) -> None:
        exchange.in_stream(lambda player: setattr(player, name, value))

    yield behave
    behave("status", None)
    behave("is_stalled", False)


def examined(
    capsys: pytest.CaptureFixture[str], ahead: timedelta = timedelta(0)
) -> tuple[int, dict[str, Any]]:
    clock = SimulatedClock(THURSDAY_AFTERNOON + ahead, speed=0)
    code = run_doctor(None, as_json=True, clock=clock)
    return code, json.loads(capsys.readouterr().out)


def found(document: dict[str, Any], part: str, name: str) -> dict[str, Any]:
    return next(f for f in document["findings"] if (f["part"], f["name"]) == (part, name))


def test_all_well(exchange: Exchange, capsys: pytest.CaptureFixture[str]) -> None:
    before = len(exchange.requests)
    code, document = examined(capsys)
    assert (code, document["verdict"]) == (0, "well")
    asked = [(f["part"], f["name"]) for f in document["findings"] if "ms" in f]
    questions = [(feed, probe.name) for feed in FEEDS for probe in PROBES[feed]]
    assert asked == [*questions, ("yahoo_stream", "first price")]
    words = found(document, "yahoo_stream", "first price")["words"]
    assert re.fullmatch(r"connected, \S+ [\d,.]+, \d+ ms", words)
    chart = found(document, "yahoo", "chart")
    assert chart["bytes"] > 1000
    assert "IWM " in chart["words"]
    assert found(document, "clock", "skew")["skew_s"] == 0
    assert found(document, "transport", "http")["words"].startswith(("httpx ", "curl_cffi "))
    assert 0 < len(exchange.requests) - before <= 24
    assert found(document, "tape", "days")["words"].endswith("tape, no day yet, 0.0 of 512 MB")


def test_every_feed_has_its_questions() -> None:
    assert set(PROBES) == {*FEEDS, "sec"}, "without a contact the SEC is not asked"


def test_a_lost_crumb_degrades_only_what_needs_it(
    exchange: Exchange, capsys: pytest.CaptureFixture[str]
) -> None:
    exchange.fault("v7/finance/quote", unauthorized())
    code, document = examined(capsys)
    assert (code, document["verdict"]) == (1, "degraded")
    broken = [(f["part"], f["name"]) for f in document["findings"] if f["verdict"] == "broken"]
    assert broken == [("yahoo", "crumb and quote")]
    assert found(document, "yahoo", "crumb and quote")["kind"] == "refused"


def test_a_feed_that_is_not_asked_is_named_with_the_reason(
    exchange: Exchange, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert exchange.url
    monkeypatch.setenv("CAPTOP_FEEDS__FRED__ENABLED", "false")
    code, document = examined(capsys)
    fred, sec = found(document, "fred", "off"), found(document, "sec", "off")
    assert (fred["verdict"], fred["enabled"], sec["enabled"]) == ("well", False, True)
    assert fred["words"] == "the settings say feeds.fred.enabled = false"
    assert "set feeds.sec.contact" in sec["words"]
    assert code == 0, "what nobody wants to be asked lacks nothing"


def test_a_host_that_wants_fewer_requests_is_asked_nothing_more(
    exchange: Exchange, capsys: pytest.CaptureFixture[str]
) -> None:
    exchange.fault("finance", limited())
    before = len(exchange.requests)
    code, document = examined(capsys)
    asked = [request.path for request in exchange.requests[before:] if "finance" in request.path]
    assert (code, asked) == (1, ["/v8/finance/chart/IWM"])
    for probe in PROBES["yahoo"][1:]:
        words = found(document, "yahoo", probe.name)["words"]
        assert words.startswith("not asked any more: Yahoo says there were too many requests")


def test_a_dead_network_is_unusable(
    exchange: Exchange,
    capsys: pytest.CaptureFixture[str],
    door: Callable[[str, object], None],
) -> None:
    door("status", HTTPStatus.FORBIDDEN)
    exchange.fault("finance", server_error())
    exchange.fault("api/global", html_200())
    exchange.fault("*", forbidden())
    code, document = examined(capsys)
    assert (code, document["verdict"]) == (2, "broken")
    assert found(document, "clock", "skew")["verdict"] == "well"
    stream = found(document, "yahoo_stream", "first price")
    assert (stream["verdict"], stream["kind"]) == ("broken", "refused")
    assert re.fullmatch(
        r"prices are polled: Yahoo's stream at 127.0.0.1 answers with status 403, \d+ ms",
        stream["words"],
    )


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (
            THURSDAY_AFTERNOON,
            ("degraded", "connected: no price within 0.1 s though trading is on"),
        ),
        (
            THURSDAY_AFTERNOON + timedelta(hours=4),
            ("well", "connected, no price within 0.1 s: it is not regular hours"),
        ),
        (
            THURSDAY_AFTERNOON + timedelta(days=2),
            ("well", "connected, no price within 0.1 s: the market is closed"),
        ),
    ],
)
def test_a_stream_that_is_silent_is_not_well_while_trading_is_on(
    exchange: Exchange,
    monkeypatch: pytest.MonkeyPatch,
    door: Callable[[str, object], None],
    *,
    at: datetime,
    expected: tuple[str, str],
) -> None:
    monkeypatch.setattr("tui.probes.PATIENCE_S", 0.1)
    door("is_stalled", True)
    clock = SimulatedClock(at, speed=0)
    (stream,) = live_streams(read_settings(None).settings, clock)
    finding = asyncio.run(probe_stream(stream, clock))
    assert (finding.verdict, finding.words.rpartition(", ")[0]) == expected
    assert exchange.stream.heard[-1] == {"subscribe": ["^RUT", "IWM", "RTY=F"]}


def test_proxies_are_named_without_their_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://me:secret@proxy.local:3128/")
    monkeypatch.setenv("no_proxy", "localhost")
    found = proxy()
    assert found.words == "https through proxy.local:3128"
    assert found.facts == {"https_proxy": "proxy.local:3128"}
    monkeypatch.delenv("https_proxy")
    assert proxy().words == "none is set"


def test_a_wrong_clock_is_told(exchange: Exchange, capsys: pytest.CaptureFixture[str]) -> None:
    assert exchange.url
    code, document = examined(capsys, timedelta(minutes=7))
    skew = found(document, "clock", "skew")
    assert (code, skew["verdict"], skew["skew_s"]) == (1, "degraded", 420.0)
    assert skew["words"].startswith("7 m ahead of the feeds")


def test_broken_settings_are_unusable_but_the_rest_is_examined(
    exchange: Exchange, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "captop.toml"
    file.write_text("[feeds]\ntimeout_s = 0\n", encoding="utf-8")
    before = len(exchange.requests)
    code, document = examined(capsys)
    assert code == 2
    config = found(document, "config", "settings")
    assert config["verdict"] == "broken"
    assert f"feeds.timeout_s in {file} line 2 must be a number" in config["words"]
    assert found(document, "terminal", "characters")
    assert "mend those first" in found(document, "feeds", "not asked")["words"]
    assert len(exchange.requests) == before


@pytest.mark.parametrize("text", ["windw = 1\n", 'theme = "none"\n'])
def test_feeds_are_asked_where_the_environment_says_though_the_file_is_broken(
    exchange: Exchange, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    (tmp_path / "captop.toml").write_text(text, encoding="utf-8")
    before = len(exchange.requests)
    code, document = examined(capsys)
    assert (code, found(document, "config", "settings")["verdict"]) == (2, "broken")
    assert {f["verdict"] for f in document["findings"] if "ms" in f} == {"well"}
    assert len(exchange.requests) > before


SOMEWHERE = "http://127.0.0.1:8900"


@pytest.mark.parametrize(
    ("text", "environ", "is_certain"),
    [
        (f'windw = 1\n[feeds.yahoo]\nbase_url = "{SOMEWHERE}"', {}, True),
        (f'[watchlists]\nactive = "b"\na = []\n[feeds.yahoo]\nbase_url="{SOMEWHERE}"', {}, True),
        ('window = "9D"', {"CAPTOP_FEEDS__YAHOO__BASE_URL": SOMEWHERE}, True),
        ("", {"CAPTOP_WINDW": "1", "CAPTOP_FEEDS__YAHOO__BASE_URL": SOMEWHERE}, True),
        ("[feeds]\ntimeout_s = 0", {}, False),
        (f'[feed.yahoo]\nbase_url = "{SOMEWHERE}"', {}, False),
        (f'base_url = "{SOMEWHERE}"', {}, False),
        ("not TOML", {}, False),
        ("", {"CAPTOP_FEEDS__YAHO__BASE_URL": SOMEWHERE}, False),
    ],
)
def test_what_is_whole_of_broken_settings_is_kept(
    tmp_path: Path, text: str, environ: dict[str, str], *, is_certain: bool
) -> None:
    file = tmp_path / "captop.toml"
    file.write_text(text, encoding="utf-8")
    salvaged = salvaged_settings(file, environ)
    assert salvaged.are_feeds_certain is is_certain
    if is_certain:
        assert salvaged.settings.feeds.yahoo.base_url == SOMEWHERE


def test_a_cache_that_cannot_be_kept_degrades(
    exchange: Exchange, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exchange.url
    (tmp_path / "cache").write_text("a file in the way", encoding="utf-8")
    code, document = examined(capsys)
    picture = found(document, "cache", "picture")
    assert (code, picture["verdict"], picture["writable"]) == (1, "degraded", False)
    assert picture["words"] == (
        "nothing is kept between runs (file exists): make room or set another cache.path than"
        f" {tmp_path / 'cache'}"
    )
    day = found(document, "tape", "days")
    assert (day["verdict"], day["writable"]) == ("degraded", False)
    assert day["words"].startswith("nothing is recorded (not a directory): make room, or see to /")


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell limits the files' size")
def test_a_disk_without_room_is_found_by_writing(tmp_path: Path) -> None:
    environ = {
        **os.environ,
        **{f"CAPTOP_FEEDS__{feed.upper()}__ENABLED": "0" for feed in FEEDS},
        "CAPTOP_CONFIG": str(tmp_path / "captop.toml"),
        "CAPTOP_CACHE__PATH": str(tmp_path / "cache"),
    }
    line = f'ulimit -f 500 && exec "{sys.executable}" -m tui doctor --json'
    done = subprocess.run(["sh", "-c", line], capture_output=True, check=False, env=environ)
    picture = found(json.loads(done.stdout), "cache", "picture")
    assert (picture["verdict"], picture["writable"]) == ("degraded", False)
    assert picture["words"].startswith("nothing is kept between runs (file too large): make room")
    assert [file.name for file in (tmp_path / "cache").iterdir() if "doctor" in file.name] == []


@pytest.mark.parametrize(
    ("path", "fault", "asked", "said"),
    [
        ("chart/IWM", no_bars(), ("yahoo", "chart"), ": it answers without bars"),
        ("finance/spark", no_bars(), ("yahoo", "spark"), ": it answers without "),
        ("chart/IWM", stale(7200), ("yahoo", "chart"), ": its price is 2 h 0 m of trading old"),
        ("quotes/_VIX", stale(7200), ("cboe", "quote"), ": its price is 2 h "),
    ],
)
def test_an_empty_or_old_answer_is_not_well(
    exchange: Exchange,
    capsys: pytest.CaptureFixture[str],
    *,
    path: str,
    fault: Fault,
    asked: tuple[str, str],
    said: str,
) -> None:
    exchange.fault(path, fault)
    code, document = examined(capsys)
    finding = found(document, *asked)
    assert (code, finding["verdict"]) == (1, "degraded"), finding
    assert said in finding["words"]
    assert finding["fault"]


def test_feeds_that_are_all_switched_off_are_a_failure(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAPTOP_CONFIG", str(tmp_path / "captop.toml"))
    monkeypatch.setenv("CAPTOP_CACHE__PATH", str(tmp_path / "cache"))
    for feed in FEEDS:
        monkeypatch.setenv(f"CAPTOP_FEEDS__{feed.upper()}__ENABLED", "false")
    assert run_doctor(None, as_json=False) == 2
    lines = capsys.readouterr().out.splitlines()
    broken = [line for line in lines if line.startswith("broken")]
    assert len(broken) == 1
    assert "all are switched off in the settings" in broken[0]
    assert lines[-1] == "captop is broken: it cannot be used as things are."


def test_the_table_names_every_part(exchange: Exchange, capsys: pytest.CaptureFixture[str]) -> None:
    assert exchange.url
    clock = SimulatedClock(THURSDAY_AFTERNOON, speed=0)
    assert run_doctor(None, as_json=False, clock=clock) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "captop is well: everything answers."
    parts = [line.split()[1] for line in lines[:-2]]
    assert list(dict.fromkeys(parts)) == [
        *("config", "terminal", "cache", "tape", "transport", "clock"),
        *FEEDS,
        "yahoo_stream",
        "sec",
    ]
    assert all(line.startswith("well  ") for line in lines[:-2])


def test_the_terminal_is_described_from_its_environment() -> None:
    environ = {"TERM": "tmux-256color", "TMUX": "yes", "NO_COLOR": "1", "COLORTERM": "truecolor"}
    colours = next(f for f in terminal(environ) if f.name == "colours")
    assert colours.words.startswith("TERM tmux-256color, COLORTERM truecolor, in tmux, NO_COLOR")
    assert colours.facts["tmux"] is True


WELL = Finding("config", "settings", Verdict.WELL, "")


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([WELL], Verdict.BROKEN),
        ([WELL, Finding("yahoo", "chart", Verdict.WELL, "", {"ms": 1})], Verdict.WELL),
        (
            [
                Finding("yahoo", "chart", Verdict.WELL, "", {"ms": 1}),
                Finding("cboe", "quote", Verdict.BROKEN, "", {"ms": 1}),
            ],
            Verdict.DEGRADED,
        ),
        ([WELL, Finding("yahoo", "chart", Verdict.BROKEN, "", {"ms": 1})], Verdict.BROKEN),
    ],
)
def test_the_verdict_on_the_whole(findings: list[Finding], expected: Verdict) -> None:
    assert verdict(findings) is expected
