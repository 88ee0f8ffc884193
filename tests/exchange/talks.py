"""The connections of the local server: HTTP as it is heard and written, healthy or with faults."""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.exchange.faults import Fault, Manner, Reply
from tests.exchange.ledger import Ledger
from tests.exchange.routes import Request, Routes

_PACK_FROM = 1000


class Talks:
    """All connections of one server. Its methods belong to the server's loop."""

    def __init__(self, routes: Routes, ask: Callable[[], datetime], ledger: Ledger) -> None:
        self._routes = routes
        self._ask = ask
        self._ledger = ledger
        self._gate = asyncio.Event()
        self._end = asyncio.Event()
        self._open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    def release(self) -> None:
        """Let answers go that are kept back, now and later."""
        self._gate.set()

    async def end(self) -> None:
        """Cut all connections."""
        self.release()
        self._end.set()
        for writer in list(self._open.values()):
            writer.transport.abort()
        await asyncio.gather(*self._open)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer whatever is asked by one connection, until it ends."""
        task = asyncio.current_task()
        assert task is not None
        self._open[task] = writer
        try:
            while await self._answer(await self._heard(reader), writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has gone, or the server ends
        finally:
            del self._open[task]
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
        fault = self._ledger.noted(request)
        if fault.manner is Manner.RESET:
            _reset(writer)
            return False
        if fault.manner is Manner.HANG:
            await self._end.wait()
            return False
        if fault.manner is Manner.HELD:
            await self._held(fault)
        wire = self._wire(request, fault, writer)
        writer.write(wire if fault.manner is not Manner.CUT else wire[: -len(wire) // 3])
        await writer.drain()
        return fault.manner is not Manner.CUT

    async def _held(self, fault: Fault) -> None:
        try:
            await asyncio.wait_for(self._gate.wait(), fault.seconds)
        except TimeoutError:
            return

    def _wire(self, request: Request, fault: Fault, writer: asyncio.StreamWriter) -> bytes:
        now = self._ask()
        target = fault.target
        if fault.name == "foreign_redirect" and not target:
            target = f"http://localhost:{writer.get_extra_info('sockname')[1]}/foreign"
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
