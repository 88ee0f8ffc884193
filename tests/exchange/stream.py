"""Yahoo's stream of prices on a real web socket, healthy or with faults."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import cast

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from market.feeds.yahoo_stream.frames import PRICING

STREAM = "yahoo_stream"
BEAT_S = 1.0
"""Seconds between two looks for prices that have changed, as the real stream's grid."""
MOST_SYMBOLS = 100
"""Symbols of a connection; further ones are passed over in silence."""
_HOURS = {"PRE": 0, "REGULAR": 1, "POST": 2}

Row = Mapping[str, object]
Rows = Callable[[Iterable[str]], Iterable[Row]]
"""Gives the rows of v7/finance/quote for symbols, as they are now."""


def frame(**fields: object) -> str:
    """Return a frame as it goes over the wire: the fields of a message, those named alone."""
    message = b64encode(PRICING(**fields).SerializeToString()).decode()
    return json.dumps({"type": "pricing", "message": message})


def fields_of(row: Row) -> dict[str, object]:
    """Return what the stream tells of a row: outside regular hours the print of now."""
    symbol, phase = str(row["symbol"]), "REGULAR"
    for name in ("PRE", "POST"):
        if f"{name.lower()}MarketPrice" in row:
            phase = name
    regular = _number(row, "regularMarketPrice")
    price = _number(row, f"{phase.lower()}MarketPrice")
    base = _number(row, "regularMarketPreviousClose") if phase == "REGULAR" else regular
    told: dict[str, object] = {
        "id": symbol.removeprefix("USD") if symbol.endswith("=X") else symbol,
        "price": price,
        "time": int(_number(row, f"{phase.lower()}MarketTime") * 1000),
        "market_hours": _HOURS[phase],
        "change": price - base,
        "price_hint": 2,
    }
    volume = int(_number(row, "regularMarketVolume"))
    return told | ({"day_volume": volume} if phase == "REGULAR" and volume else {})


def _number(row: Row, name: str) -> float:
    return float(cast("float", row[name]))


class StreamPlayer:
    """The server's side. Its methods belong to the loop that it is served on."""

    def __init__(self, rows: Rows = lambda _: ()) -> None:
        self._rows = rows
        self._talks: dict[ServerConnection, dict[str, dict[str, object]]] = {}
        """What each client was told last, by the symbols it has subscribed to."""
        self._server: Server | None = None
        self.heard: list[dict[str, list[str]]] = []
        """What clients have said, oldest first."""
        self.opened = 0
        """How many connections there have been."""
        self.status: HTTPStatus | None = None
        """With what the door answers in place of opening."""
        self.is_stalled = False
        """Whether connections stand and nothing is told on them."""

    @property
    def subscribed(self) -> set[str]:
        """The symbols of all clients."""
        return {symbol for told in self._talks.values() for symbol in told}

    @property
    def is_behind(self) -> bool:
        """Whether a client has not taken yet what it was told."""
        return any(client.transport.get_write_buffer_size() for client in self._talks)

    @property
    def port(self) -> int:
        """Where it is served."""
        assert self._server is not None
        return int(next(iter(self._server.sockets)).getsockname()[1])

    @asynccontextmanager
    async def served(self, port: int = 0) -> AsyncGenerator[str]:
        """Serve; yields the address."""
        async with serve(
            self._talk,
            "127.0.0.1",
            port,
            process_request=self._door,
            compression=None,
            ping_interval=None,
            close_timeout=0.2,
        ) as self._server:
            ticker = asyncio.create_task(self._tick())
            try:
                yield f"ws://127.0.0.1:{self.port}"
            finally:
                ticker.cancel()
                self.drop()

    def send(self, *frames: str | bytes) -> None:
        """Tell every client, whatever it is."""
        wire = b"".join(map(_written, frames))
        for client in self._talks:
            client.transport.write(wire)

    def drop(self) -> None:
        """Break all connections off without a goodbye."""
        for client in list(self._talks):
            client.transport.abort()

    async def close(self, code: int, reason: str = "") -> None:
        """Close all connections."""
        for client in list(self._talks):
            await client.close(code, reason)

    def _door(self, _client: ServerConnection, _request: Request) -> Response | None:
        if self.status is None:
            return None
        return _client.respond(self.status, "no\n")

    async def _talk(self, client: ServerConnection) -> None:
        self.opened += 1
        told = self._talks[client] = {}
        try:
            async for text in client:
                said = cast("dict[str, list[str]]", json.loads(text))
                self.heard.append(said)
                for symbol in said.get("unsubscribe", ()):
                    told.pop(symbol, None)
                room = MOST_SYMBOLS - len(told)
                new = [each for each in said.get("subscribe", ()) if each not in told][:room]
                told.update({symbol: {} for symbol in new})
                self._tell(client)
        except json.JSONDecodeError:
            client.transport.abort()
        except (ConnectionClosed, RuntimeError):
            pass  # it closes, and takes nothing more
        finally:
            del self._talks[client]

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            for client in list(self._talks):
                with suppress(OSError, RuntimeError):  # one that closes takes nothing more
                    self._tell(client)

    def _tell(self, client: ServerConnection) -> None:
        """Tell a client what has changed since it was told last, and of it the changed fields."""
        told = self._talks[client]
        asked = {f"USD{s}" if s == "JPY=X" else s: s for s in told}
        for row in self._rows(asked) if not self.is_stalled else ():
            now = fields_of(row)
            before = told[asked[str(row["symbol"])]]
            changed = {name: value for name, value in now.items() if before.get(name) != value}
            if changed:
                before.update(now)
                client.transport.write(_written(frame(**{"id": now["id"], **changed})))


def _written(text: str | bytes) -> bytes:
    """Return a message of a server as it goes over the wire: text as it is, bytes as text too."""
    body = text.encode() if isinstance(text, str) else text
    size = len(body)
    head = bytes([size]) if size < 126 else b"\x7e" + size.to_bytes(2, "big")
    return b"\x81" + head + body
