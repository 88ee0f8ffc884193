"""A server of ticks in a process of its own: for `stream`.

It speaks to one client on 127.0.0.1 and is told what to do by lines on its standard input: how
many ticks a second it tells from now on, or `flat out`. To each it answers with a line of JSON:
how many it has told until then, and the last price of each symbol.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import cycle, islice

from market.clock import Clock, SimulatedClock
from tests.exchange.routes import Routes
from tests.exchange.stream import StreamPlayer, fields_of, frame

BEAT_S = 0.02
"""Seconds between two bunches of ticks."""
BREATH_S = 0.001
"""Until a client that is behind is looked at again: who it shares a processor with must run."""
SEED = 7
STEPS = 40
"""Ticks after which a price is where it was."""
BUNCH = 2_000
"""Ticks in a bunch when there are as many as the client takes."""
FLAT_OUT = "flat out"


class Ticker:
    """Moves the prices of all symbols that the client wants, one after the other."""

    def __init__(self, player: StreamPlayer, clock: Clock) -> None:
        self._player = player
        self._clock = clock
        self._routes = Routes(SEED, clock.now())
        self._rows: dict[str, dict[str, object]] = {}
        self._order: Iterator[str] = iter(())
        self._wanted: set[str] = set()
        self.rate: float | None = 0.0
        """Ticks a second; None for as many as are taken."""
        self.told = 0
        self.last: dict[str, float] = {}
        """The last price of each symbol."""

    async def run(self) -> None:
        """Tell ticks until cancelled."""
        loop = asyncio.get_running_loop()
        begun, owed = loop.time(), 0.0
        while True:
            await asyncio.sleep(self._rest_s())
            now = loop.time()
            owed += (self.rate or 0.0) * (now - begun)
            begun = now
            count = int(owed) if self.rate is not None else BUNCH
            owed -= int(owed)
            if self._wants() and count and not self._player.is_behind:
                self._player.send(*self._ticks(count))

    def _rest_s(self) -> float:
        """Return seconds until the next bunch: none if as many are told as are taken."""
        if self.rate is None:
            return BREATH_S if self._player.is_behind else 0.0
        return BEAT_S

    def _wants(self) -> bool:
        """Learn what the client wants; return whether it is anything."""
        wanted = self._player.subscribed
        if wanted != self._wanted:
            asked = {f"USD{each}" if each == "JPY=X" else each for each in wanted}
            rows = self._routes.rows(sorted(asked), self._clock.now())
            known = (fields_of(row) for row in rows)
            self._rows = {str(fields["id"]): fields for fields in known}
            self._wanted, self._order = wanted, cycle(self._rows)
        return bool(self._rows)

    def _ticks(self, count: int) -> Iterable[str]:
        time = int(self._clock.now().timestamp() * 1000)
        for name in islice(self._order, count):
            self.told += 1
            step = self.told // len(self._rows) % STEPS
            fields = self._rows[name]
            price = round(float(str(fields["price"])) * (1 + step / 10_000), 2)
            self.last[name] = price
            yield frame(**{**fields, "price": price, "time": time})


async def _obeyed(ticker: Ticker) -> None:
    """Do as each line says, and answer it."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        ticker.rate = None if line.strip() == FLAT_OUT else float(line)
        print(json.dumps({"told": ticker.told, "last": ticker.last}), flush=True)


async def _served(at: datetime) -> None:
    player = StreamPlayer()
    async with player.served() as url, asyncio.TaskGroup() as group:
        print(url, flush=True)
        ticker = Ticker(player, SimulatedClock(at))
        work = group.create_task(ticker.run())
        await _obeyed(ticker)
        work.cancel()


def main() -> None:
    """Serve until the standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--at", type=datetime.fromisoformat, required=True)
    asyncio.run(_served(parser.parse_args().at))


if __name__ == "__main__":
    main()
