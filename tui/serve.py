"""`captop serve-metrics`: all named metrics for Prometheus, Grafana and scripts, read only.

Two pages: `/metrics` in Prometheus' own text form, `/metrics.json` as `captop snapshot --json`.
Nothing can be changed through it, and unless it is said in so many words only this computer can
reach it. This is the only place of captop that listens.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from socketserver import TCPServer, ThreadingMixIn
from threading import Event, Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from market.clock import Clock, WallClock
from market.health import FeedState, Look
from market.named_states import state_told
from market.rules.rule import FEED
from market.snapshot import Snapshot
from tui.headless import documents, snapshot_json
from tui.leaving import told_to_end
from tui.output import OK, WRONG, complain, say
from tui.served_market import ServedMarket
from tui.settings import Settings
from tui.watchlists import Watchlists
from widgets.strips import plain

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from prometheus_client import Metric

LOOK_S = 5.0
"""How often it is looked whether another captop runs."""
TEXT = "text/plain; version=0.0.4; charset=utf-8"
"""Prometheus' text form."""
Answer = tuple[str, str, bytes]
"""Status, content type, body."""


def run_serve(
    settings: Settings,
    *,
    host: str,
    port: int,
    demo: bool,
    at: datetime | None,
    is_open: bool = False,
    clock: Clock | None = None,
    ended: Event | None = None,
) -> int:
    """Serve until told to end, and return the exit code.

    Args:
        settings: The settings.
        host: The address to listen at.
        port: The port; 0 lets the system choose one.
        demo: Serve the simulated market.
        at: The demo's first instant.
        is_open: Whether other computers may reach it.
        clock: Where time comes from.
        ended: Set when it is to end; by default by the system's signals.
    """
    if not is_open and not is_loopback(host):
        own = "127.0.0.1, ::1 and localhost are this computer's own"
        complain(f"{own}, {plain(host)} is not; if others are to be let in, add --open.")
        return WRONG
    wall = clock if clock is not None else WallClock()
    watched = Watchlists.from_settings(settings, None).symbols
    market = ServedMarket(settings, wall, at, watched, demo=demo)
    try:
        server = server_at(host, port, application(market.latest, watched, is_open=is_open))
    except OSError as error:
        complain(f"{plain(host)}:{port} cannot be listened at: {error.strerror or error}.")
        return WRONG
    market.look()
    Thread(target=server.serve_forever, name="captop metrics", daemon=True).start()
    say(f"http://{_address(host, server.server_port)}/metrics\n")
    _look_until(ended, market, server)
    return OK


def _look_until(ended: Event | None, market: ServedMarket, server: WSGIServer) -> None:
    """Look after the market as long as it is served, and end both."""
    with told_to_end(ended) as end:
        try:
            while not end.wait(LOOK_S):
                market.look()
        finally:
            server.shutdown()
            server.server_close()
            market.stop()


def is_loopback(host: str) -> bool:
    """Return whether only this computer can reach an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class _Server(ThreadingMixIn, WSGIServer):
    """Answers each request in a thread of its own."""

    daemon_threads = True

    def server_bind(self) -> None:
        """Bind without asking the name of the address, which may take long."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]
        self.setup_environ()


class _Server6(_Server):
    """The same at an address of version 6."""

    address_family = socket.AF_INET6


class _Quiet(WSGIRequestHandler):
    """Logs nothing; a client that says nothing is not waited for."""

    timeout = 10

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""


def server_at(host: str, port: int, served: WSGIApplication) -> WSGIServer:
    """Return a server that listens but does not answer yet; OSError if it cannot."""
    server = (_Server6 if ":" in host else _Server)((host, port), _Quiet)
    server.set_app(served)
    return server


def application(
    latest: Callable[[], Snapshot], watched: Iterable[str], *, is_open: bool = False
) -> WSGIApplication:
    """Return what answers requests about the newest snapshot.

    Args:
        latest: Gives the snapshot.
        watched: Symbols outside the cast whose metrics are told too.
        is_open: Whether it may be asked by a name that is not this computer's own.
    """
    symbols = tuple(watched)

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        method, path = environ.get("REQUEST_METHOD", ""), environ.get("PATH_INFO", "")
        if is_open or _is_meant(environ.get("HTTP_HOST", "")):
            status, form, body = _answer(method, path, latest, symbols)
        else:
            status, form, body = "403 Forbidden", "text/plain", b"captop is not called so\n"
        length = ("Content-Length", str(len(body)))
        start(status, [("Content-Type", form), length, ("Cache-Control", "no-store")])
        return [] if method == "HEAD" else [body]

    return answer


def _is_meant(host: str) -> bool:
    """Whether a request is meant for this computer.

    A page of the web can have its own name lead here, and then read what its reader's browser gets.
    """
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    return name is None or is_loopback(name)


def _answer(
    method: str, path: str, latest: Callable[[], Snapshot], watched: Iterable[str]
) -> Answer:
    if method not in {"GET", "HEAD"}:
        return "405 Method Not Allowed", "text/plain", b"captop can only be read\n"
    if path == "/metrics":
        return "200 OK", TEXT, prometheus_text(latest(), watched)
    if path == "/metrics.json":
        return "200 OK", "application/json", snapshot_json(latest(), watched).encode()
    return "404 Not Found", "text/plain", b"captop serves /metrics and /metrics.json\n"


def prometheus_text(snapshot: Snapshot, watched: Iterable[str]) -> bytes:
    """Return a snapshot in Prometheus' text form."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_OfSnapshot(snapshot, watched))
    return generate_latest(registry)


class _OfSnapshot(Collector):
    """The families of one snapshot: values, their times, words, and how the feeds do."""

    def __init__(self, snapshot: Snapshot, watched: Iterable[str]) -> None:
        self._snapshot = snapshot
        self._watched = watched

    def describe(self) -> Iterable[Metric]:
        """Yield nothing: what there is is found out when it is asked for."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Yield the families."""
        values = _family("captop_metric", "A named metric in its own unit.", "name", "unit")
        words = _family("captop_word", "1 for the word that a metric or state is.", "name", "word")
        live = _family("captop_metric_live", "1 while it is as young as it should be.", "name")
        times = _family("captop_metric_time_seconds", "When it was struck, since 1970.", "name")
        for name, told in documents(self._snapshot, self._watched).items():
            value, as_of = told["value"], told["as_of"]
            if value is None:
                continue  # what is absent is left out, as Prometheus has it
            if isinstance(value, str):
                words.add_metric((name, plain(value)), 1)
            else:
                values.add_metric((name, str(told["unit"])), value)
            live.add_metric((name,), float(told["state"] == Look.LIVE))
            if isinstance(as_of, str):
                times.add_metric((name,), datetime.fromisoformat(as_of).timestamp())
        yield from (values, words, live, times, self._feeds())

    def _feeds(self) -> GaugeMetricFamily:
        family = _family("captop_feed_ok", "0 while a feed fails, else 1.", "feed")
        for name in sorted(self._snapshot.feeds):
            seen = state_told(self._snapshot, f"{FEED}.{name}.state")
            family.add_metric((name,), float(seen is None or seen.value != FeedState.FAILING))
        return family


def _family(name: str, meaning: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, meaning, labels=labels)
