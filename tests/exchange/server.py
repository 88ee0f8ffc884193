"""A real HTTP server on 127.0.0.1 that plays the sources, healthy or with faults."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from tests.exchange.faults import Fault
from tests.exchange.ledger import Ledger
from tests.exchange.routes import ROOTS, Request, Routes
from tests.exchange.stream import STREAM, StreamPlayer
from tests.exchange.talks import Talks

SOURCES = tuple(ROOTS)
"""Every one is played on a port of its own; all ports answer all paths."""
PATIENCE_S = 10.0
"""How long the thread may take to start and to end."""


class Exchange:
    """The server in its own thread: `with Exchange(now=...) as exchange: ... exchange.url`.

    `now` is an instant of any zone that stands still, or a function that is asked at every request.
    All methods may be called from any thread.
    """

    def __init__(
        self,
        *,
        now: datetime | Callable[[], datetime],
        seed: int = 7,
        port: int = 0,
        routes: Routes | None = None,
    ) -> None:
        self._ask = lambda: (now() if callable(now) else now).astimezone(UTC)
        self.routes = routes or Routes(seed, self._ask())
        self._ports = [port + place if port else 0 for place in range(len(SOURCES) + 1)]
        self.stream = StreamPlayer(lambda symbols: self.routes.rows(symbols, self._ask()))
        """The player of Yahoo's stream, which has the last port; see `in_stream`."""
        self._ledger = Ledger()
        self._talks = Talks(self.routes, self._ask, self._ledger)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="exchange", daemon=True)
        self._started: Future[list[int]] = Future()
        self._stop = asyncio.Event()

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
        return self._ledger.requests

    def asked(self, part: str) -> list[Request]:
        """Return the requests whose path has `part` in it."""
        return [request for request in self.requests if part in request.path]

    def fault(self, pattern: str, fault: Fault, times: int | None = None) -> None:
        """Answer paths that contain or match `pattern` ("*" is all) wrongly, `times` times.

        The newest order wins.
        """
        self._ledger.order(pattern, fault, times)

    def in_stream(self, work: Callable[[StreamPlayer], None]) -> None:
        """Have something done to the stream, on its own loop."""
        self._loop.call_soon_threadsafe(work, self.stream)

    def heal(self) -> None:
        """Answer well from now on."""
        self._ledger.heal()

    def release(self) -> None:
        """Let answers go that `held` keeps back, now and later."""
        self._loop.call_soon_threadsafe(self._talks.release)

    @property
    def consent(self) -> bool:
        """Whether the way to the cookie leads over a consent form."""
        return self.routes.consent

    @consent.setter
    def consent(self, value: bool) -> None:
        self.routes.consent = value

    @property
    def crumb(self) -> str:
        """The crumb that is taken; setting another makes those given out invalid."""
        return self.routes.crumb

    @crumb.setter
    def crumb(self, value: str) -> None:
        self.routes.crumb = value

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
        talk, ports = self._talks.talk, self._ports[:-1]
        doors = [await asyncio.start_server(talk, "127.0.0.1", port) for port in ports]
        ports = [int(door.sockets[0].getsockname()[1]) for door in doors]
        self._started.set_result([*ports, self.stream.port])
        await self._stop.wait()
        for door in doors:
            door.close()
        await self._talks.end()
