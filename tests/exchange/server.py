"""A real HTTP server on 127.0.0.1 that plays the sources, healthy or with faults."""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from http import HTTPStatus
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.exchange.faults import Fault, Manner, Order, Reply
from tests.exchange.routes import ROOTS, Request, Routes
from tests.exchange.stream import STREAM, StreamPlayer

SOURCES = tuple(ROOTS)
"""Every one is played on a port of its own; all ports answer all paths."""
PATIENCE_S = 10.0
"""How long the thread may take to start and to end."""
_PACK_FROM = 1000


class Exchange:
    """The server in its own thread: `with Exchange(now=...) as exchange: ... exchange.url`.

    `now` is an instant of any zone that stands still, or a function that is asked at every request.
    All methods may be called from any thread.
    """

    def __init__(
        self, *, now: datetime | Callable[[], datetime], seed: int = 7, port: int = 0
    ) -> None:
        self._ask = lambda: (now() if callable(now) else now).astimezone(UTC)
        self._routes = Routes(seed, self._ask())
        self._ports = [port + place if port else 0 for place in range(len(SOURCES) + 1)]
        self.stream = StreamPlayer(lambda symbols: self._routes.rows(symbols, self._ask()))
        """The player of Yahoo's stream, which has the last port; see `in_stream`."""
        self._lock = threading.Lock()
        self._requests: list[Request] = []
        self._orders: list[Order] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="exchange", daemon=True)
        self._started: Future[list[int]] = Future()
        self._stop = asyncio.Event()
        self._gate = asyncio.Event()
        self._talks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    def __enter__(self) -> Self:
        self._thread.start()
        self._ports = self._started.result(PATIENCE_S)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(PATIENCE_S)

    @property
    def url(self) -> str:
        """The base address for Yahoo; every source has a port of its own, as it has a host."""
        return self._address("yahoo")

    @property
    def cboe_url(self) -> str:
        """The base address for Cboe."""
        return self._address("cboe")

    @property
    def ishares_url(self) -> str:
        """The base address for iShares."""
        return self._address("ishares")

    @property
    def nasdaq_url(self) -> str:
        """The base address for Nasdaq."""
        return self._address("nasdaq")

    @property
    def addresses(self) -> dict[str, str]:
        """The base address of each source by name."""
        played = {source: self._address(source) for source in SOURCES}
        return {**played, STREAM: f"ws://127.0.0.1:{self._ports[-1]}"}

    def _address(self, source: str) -> str:
        return f"http://127.0.0.1:{self._ports[SOURCES.index(source)]}{ROOTS[source]}"

    @property
    def requests(self) -> list[Request]:
        """Everything asked so far, oldest first."""
        with self._lock:
            return list(self._requests)

    def asked(self, part: str) -> list[Request]:
        """Return the requests whose path has `part` in it."""
        return [request for request in self.requests if part in request.path]

    def fault(self, pattern: str, fault: Fault, times: int | None = None) -> None:
        """Answer paths that contain or match `pattern` ("*" is all) wrongly, `times` times.

        The newest order wins.
        """
        with self._lock:
            self._orders.insert(0, Order(pattern, fault, times))

    def in_stream(self, work: Callable[[StreamPlayer], None]) -> None:
        """Have something done to the stream, on its own loop."""
        self._loop.call_soon_threadsafe(work, self.stream)

    def heal(self) -> None:
        """Answer well from now on."""
        with self._lock:
            self._orders.clear()

    def release(self) -> None:
        """Let answers go that `held` keeps back, now and later."""
        self._loop.call_soon_threadsafe(self._gate.set)

    @property
    def consent(self) -> bool:
        """Whether the way to the cookie leads over a consent form."""
        return self._routes.consent

    @consent.setter
    def consent(self, value: bool) -> None:
        self._routes.consent = value

    @property
    def crumb(self) -> str:
        """The crumb that is taken; setting another makes those given out invalid."""
        return self._routes.crumb

    @crumb.setter
    def crumb(self, value: str) -> None:
        self._routes.crumb = value

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        try:
            async with self.stream.served(self._ports[-1]):
                await self._serve_paths()
        except OSError as error:
            self._started.set_exception(error)

    async def _serve_paths(self) -> None:
        doors = [
            await asyncio.start_server(self._talk, "127.0.0.1", port) for port in self._ports[:-1]
        ]
        ports = [int(door.sockets[0].getsockname()[1]) for door in doors]
        self._started.set_result([*ports, self.stream.port])
        await self._stop.wait()
        for door in doors:
            door.close()
        self._gate.set()
        for writer in list(self._talks.values()):
            writer.transport.abort()
        await asyncio.gather(*self._talks)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks[task] = writer
        try:
            while await self._answer(await self._heard(reader), writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has gone, or the server ends
        finally:
            del self._talks[task]
            writer.close()

    async def _heard(self, reader: asyncio.StreamReader) -> Request:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        pairs = (line.partition(":") for line in lines if line)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        url = urlsplit(target)
        params = dict(parse_qsl(url.query, keep_blank_values=True))
        form = dict(parse_qsl(body.decode("latin-1")))
        return Request(method, unquote(url.path), params, headers, self._ask(), form)

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; return whether the connection goes on."""
        fault = self._noted(request)
        if fault.manner is Manner.RESET:
            _reset(writer)
            return False
        if fault.manner is Manner.HANG:
            await self._stop.wait()
            return False
        if fault.manner is Manner.HELD:
            await self._held(fault)
        wire = self._wire(request, fault)
        writer.write(wire if fault.manner is not Manner.CUT else wire[: -len(wire) // 3])
        await writer.drain()
        return fault.manner is not Manner.CUT

    async def _held(self, fault: Fault) -> None:
        try:
            await asyncio.wait_for(self._gate.wait(), fault.seconds)
        except TimeoutError:
            return

    def _noted(self, request: Request) -> Fault:
        with self._lock:
            self._requests.append(request)
            order = next((o for o in self._orders if o.meets(request.path)), None)
            if order is None:
                return Fault("")
            if order.left is not None:
                order.left -= 1
            return order.fault

    def _wire(self, request: Request, fault: Fault) -> bytes:
        now = self._ask()
        target = fault.target
        if fault.name == "foreign_redirect" and not target:
            target = f"http://localhost:{self._ports[0]}/foreign"
        if target:
            reply = Reply(307, b"", "text/html", (("Location", target),))
        else:
            good = self._routes.answer(request, now - timedelta(seconds=fault.age_s))
            reply = fault.applied(request.path, good)
        return _written(_packed(reply, request), now)


@lru_cache(maxsize=64)
def _squeezed(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=1, mtime=0)


def _packed(reply: Reply, request: Request) -> Reply:
    wanted = "gzip" in request.headers.get("accept-encoding", "")
    if not wanted or len(reply.body) < _PACK_FROM or dict(reply.headers).get("Content-Encoding"):
        return reply
    headers = (*reply.headers, ("Content-Encoding", "gzip"))
    return replace(reply, body=_squeezed(reply.body), headers=headers)


def _written(reply: Reply, now: datetime) -> bytes:
    headers = [
        ("Date", format_datetime(now, usegmt=True)),
        ("Content-Type", reply.content_type),
        ("Content-Length", str(len(reply.body))),
        *reply.headers,
    ]
    first = f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}"
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + reply.body


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with a reset instead of a goodbye."""
    made: socket.socket | None = writer.get_extra_info("socket")
    if made is not None:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
