"""`captop serve-metrics`: what is served, to whom, and that it can only be read."""

from __future__ import annotations

import http.client
import json
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from msgspec.structs import replace
from prometheus_client.parser import text_string_to_metric_families

from market.health import FeedHealth, FeedState, Trouble
from market.history import History
from market.keeping import Keeper
from market.reports import ErrorKind
from market.snapshot import Mode, Snapshot, empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON, ManualClock
from tests.tui.fakes import demo_picture
from tui.cli import main
from tui.headless import documents, snapshot_json
from tui.serve import application, is_loopback, prometheus_text, run_serve, server_at
from tui.served_market import ServedMarket
from tui.settings import CacheSettings, Settings, read_settings
from tui.status_store import StatusStore
from tui.wiring import cache_path

VIX_LINE = "thesis.small-caps-2026-07.vix"
Samples = dict[tuple[str, str], float]


def samples(snapshot: Snapshot, label: str = "name") -> Samples:
    """The served samples by family and name."""
    text = prometheus_text(snapshot, ("CRDO",)).decode()
    families = text_string_to_metric_families(text)
    return {
        (family.name, sample.labels.get(label, "")): sample.value
        for family in families
        for sample in family.samples
    }


@contextmanager
def serving(snapshot: Snapshot, *, is_open: bool = False) -> Generator[http.client.HTTPConnection]:
    pages = application(lambda: snapshot, ("CRDO",), is_open=is_open)
    server = server_at("127.0.0.1", 0, pages)
    thread = Thread(target=lambda: server.serve_forever(0.01))
    thread.start()
    client = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    try:
        yield client
    finally:
        client.close()
        server.shutdown()
        server.server_close()
        thread.join()


def test_values_times_words_and_feeds_are_families_of_their_own() -> None:
    picture = demo_picture()
    told = samples(picture)
    known = documents(picture, ("CRDO",))
    assert {"rut.last", "crdo.return.1d", "feed.demo.state", VIX_LINE} <= known.keys()
    for name, document in known.items():
        value = document["value"]
        number = None if isinstance(value, str) else value
        assert told.get(("captop_metric", name)) == number
        assert (("captop_word", name) in told) == isinstance(value, str)
    assert told["captop_metric_time_seconds", "rut.last"] == THURSDAY_AFTERNOON.timestamp()
    assert told["captop_metric_live", "rut.last"] == 1
    assert samples(picture, "word")["captop_word", "contango"] == 1


@pytest.mark.parametrize(
    ("state", "is_ok"), [(FeedState.OK, 1), (FeedState.WAITING, 1), (FeedState.FAILING, 0)]
)
def test_a_feed_of_which_nothing_is_due_is_well(state: FeedState, is_ok: float) -> None:
    refused = Trouble(ErrorKind.LIMITED, "too many requests", "yahoo", THURSDAY_AFTERNOON)
    health = FeedHealth(
        "yahoo",
        trouble=refused if state is FeedState.FAILING else None,
        answers=int(state is FeedState.OK),
    )
    assert health.state is state
    picture = replace(empty_snapshot(THURSDAY_AFTERNOON), feeds={"yahoo": health})
    assert samples(picture, "feed")["captop_feed_ok", "yahoo"] == is_ok


def test_what_is_late_says_so_and_what_is_absent_is_left_out() -> None:
    picture = demo_picture()
    left = {name: r for name, r in picture.readings.items() if name != "vix.last"}
    late = replace(picture, readings=left).at(picture.now.replace(hour=19))
    told = samples(late)
    assert told["captop_metric_live", "rut.last"] == 0
    assert ("captop_metric", "rut.last") in told
    assert not [name for _, name in told if name == "vix.last"]
    assert not [name for _, name in samples(empty_snapshot(THURSDAY_AFTERNOON)) if name]


def test_two_pages_that_can_only_be_read() -> None:
    picture = demo_picture()
    with serving(picture) as client:
        answers = {}
        for method, path in (
            *(("GET", "/metrics"), ("GET", "/metrics.json"), ("HEAD", "/metrics")),
            *(("GET", "/"), ("POST", "/metrics"), ("DELETE", "/metrics.json")),
        ):
            client.request(method, path)
            answer = client.getresponse()
            answers[method, path] = (answer.status, answer.getheader("Content-Type"), answer.read())
            client.close()
    assert answers["GET", "/metrics"][0] == 200
    assert answers["GET", "/metrics"][2] == prometheus_text(picture, ("CRDO",))
    assert answers["GET", "/metrics.json"][1] == "application/json"
    assert json.loads(answers["GET", "/metrics.json"][2]) == json.loads(
        snapshot_json(picture, ("CRDO",))
    )
    assert answers["HEAD", "/metrics"][2] == b""
    codes = [answer[0] for answer in answers.values()]
    assert codes == [200, 200, 200, 404, 405, 405]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:9178", 200),
        ("localhost", 200),
        ("[::1]:1", 200),
        ("evil.example.com", 403),
        ("[x", 403),
    ],
)
def test_a_foreign_name_that_leads_here_is_refused(host: str, status: int) -> None:
    with serving(empty_snapshot(THURSDAY_AFTERNOON)) as client:
        client.request("GET", "/metrics", headers={"Host": host})
        assert client.getresponse().status == status
    with serving(empty_snapshot(THURSDAY_AFTERNOON), is_open=True) as client:
        client.request("GET", "/metrics", headers={"Host": host})
        assert client.getresponse().status == 200


@pytest.mark.parametrize(
    ("host", "is_own"),
    [
        *(("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True)),
        *(("0.0.0.0", False), ("::", False), ("192.168.1.4", False), ("example.com", False)),  # noqa: S104
        *(("", False), ("localhost.example.com", False)),
    ],
)
def test_only_this_computer_is_let_in_unless_it_is_said(host: str, is_own: bool) -> None:
    assert is_loopback(host) == is_own


def test_another_address_is_refused_before_anything_starts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["serve-metrics", "--demo", "--host", "0.0.0.0"]) == 2  # noqa: S104
    said = capsys.readouterr().err
    assert "0.0.0.0 is not; if others are to be let in, add --open." in said


def test_it_says_where_it_listens_and_a_taken_port(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(cache=CacheSettings(path=str(tmp_path)))
    ended = Event()
    ended.set()

    def serve(port: int) -> int:
        return run_serve(
            settings, host="127.0.0.1", port=port, demo=True, at=THURSDAY_AFTERNOON, ended=ended
        )

    assert serve(0) == 0
    assert capsys.readouterr().out.startswith("http://127.0.0.1:")
    with serving(demo_picture()) as client:
        assert serve(client.port) == 2
    assert "cannot be listened at: Address already in use" in capsys.readouterr().err


def test_what_another_captop_keeps_is_served_while_it_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    off = {f"CAPTOP_FEEDS__{name.upper()}__ENABLED": "0" for name in Settings().feeds.enabled}
    settings = read_settings(None, {"CAPTOP_CACHE__PATH": str(tmp_path), **off}).settings
    told = replace(demo_picture(), mode=Mode.LIVE, kept_states={VIX_LINE: "holds"})
    keeper = Keeper(History.open(cache_path(settings)), None)
    keeper.save(told)
    keeper.close()
    clock = ManualClock(THURSDAY_AFTERNOON)
    market = ServedMarket(settings, clock, None, ("CRDO",), demo=False)
    other = [StatusStore(tmp_path)]
    other[0].publish(told)
    market.look()
    assert not market.is_own
    shared, owned = samples(market.latest()), samples(told)
    for name in ("rut.last", "crdo.return.1d", "sector.health-care.return.1d"):
        assert shared["captop_metric", name] == owned["captop_metric", name]
        assert shared["captop_metric_live", name] == owned["captop_metric_live", name], name
    assert shared["captop_word", VIX_LINE] == shared["captop_word", "feed.demo.state"] == 1
    assert samples(market.latest(), "feed")["captop_feed_ok", "demo"] == 1
    other.clear()  # it ends
    cache_path(settings).write_bytes(b"no database" * 1000)
    market.look()
    market.look()
    assert market.is_own
    assert capsys.readouterr().err.count("captop.db is damaged") == 1
    StatusStore(tmp_path, claims=False).publish(told)
    market.look()
    assert market.is_own, "what it tells status bars itself is no captop beside it"
    other.append(StatusStore(tmp_path))
    other[0].publish(told)
    market.look()
    assert not market.is_own, "its own engine ends for one that has come"
