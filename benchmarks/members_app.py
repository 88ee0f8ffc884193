"""The table of 2,000 members, whose prices change five times a second: the program of `board`.

`--rows N` of them change a beat, `--sort COLUMN` orders them, `--report FILE` is where the longest
callback of the loop is written at the end, in milliseconds of CPU and by the clock.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
from array import array
from collections.abc import Sequence
from pathlib import Path
from random import Random
from time import perf_counter, thread_time
from typing import ClassVar

from msgspec.structs import replace
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType

from market.census import Members
from market.quotes import Bars, Key, Kind
from tests.clocks import THURSDAY_AFTERNOON
from tests.widgets.censuses import census
from widgets import plotting
from widgets.board import Board, Sort
from widgets.members_table import columns_for, member_rows

COUNT = 2_000
BEAT_S = 0.2
PICTURES = 24
"""Pictures of the market made beforehand and shown in turn: what is measured is the table."""
SETTLED_S = 3.0
SESSIONS = 70


class MembersApp(App[None]):
    """The table alone, and new prices at 5 Hz."""

    CSS: ClassVar[str] = "Board { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "move(1)"),
        Binding("k", "move(-1)"),
        Binding("x", "leave"),
    ]

    def __init__(self, changing: int, sort: str, report: str) -> None:
        super().__init__()
        self._sort, self._report = sort, report
        self._pictures = _pictures(changing)
        self._past = _past(census(COUNT).members.symbols)
        self._beats = 0
        self._longest = Longest()

    def compose(self) -> ComposeResult:
        """Show the table alone."""
        yield Board(columns_for("1D"))

    def on_mount(self) -> None:
        """Start the prices."""
        plotting.prepare()
        board = self.query_one(Board)
        if self._sort:
            board.sort = Sort(self._sort, reverse=self._sort != "symbol")
        self._renew()
        board.focus()
        gc.freeze()  # as captop does after its first paint
        self.set_interval(BEAT_S, self._renew)
        if self._report:
            self.set_timer(SETTLED_S, self._longest.begin)

    def action_move(self, rows: int) -> None:
        """Move the board's cursor."""
        self.query_one(Board).move(rows)

    def action_leave(self) -> None:
        """Write the report and end."""
        if self._report:
            Path(self._report).write_text(json.dumps(self._longest.milliseconds()))
        self.exit()

    def _renew(self) -> None:
        found = self._pictures[self._beats % PICTURES]
        self._beats += 1
        whole = replace(census(COUNT), members=found)
        rows = member_rows(whole, range(COUNT), "1D", self._past, level=3000.0)
        self.query_one(Board).show(rows)


class Longest:
    """The longest single callback of the loop, by CPU and by the clock."""

    def __init__(self) -> None:
        self._cpu = self._wall = 0.0

    def begin(self) -> None:
        """Watch every callback from now on."""
        longest, run = self, asyncio.Handle._run  # noqa: SLF001

        def timed(self: asyncio.Handle) -> None:
            cpu, wall = thread_time(), perf_counter()
            run(self)
            longest.note(thread_time() - cpu, perf_counter() - wall)

        asyncio.Handle._run = timed  # noqa: SLF001

    def note(self, cpu: float, wall: float) -> None:
        """Remember the longest."""
        self._cpu, self._wall = max(self._cpu, cpu), max(self._wall, wall)

    def milliseconds(self) -> dict[str, float]:
        """Return both."""
        return {"cpu": self._cpu * 1000, "wall": self._wall * 1000}


def _pictures(changing: int) -> Sequence[Members]:
    """The members again and again, each time with other prices for some of them."""
    random, found = Random(1), census(COUNT).members
    pictures: list[Members] = []
    for _ in range(PICTURES):
        found = _moved(found, random.sample(range(COUNT), changing), random)
        pictures.append(found)
    return pictures


def _moved(members: Members, rows: Sequence[int], random: Random) -> Members:
    """The members after some prices have moved, with return and contribution.

    Momentum stays: one member's new rank would be a new cell in many others' rows.
    """
    last, day = array("d", members.last), array("d", members.returns["1D"])
    gains = array("d", members.contributions["1D"])
    for row in rows:
        factor = 1 + random.gauss(0, 0.002)
        last[row] *= factor
        day[row] = (1 + day[row]) * factor - 1
        gains[row] = members.weight[row] * day[row]
    return replace(
        members,
        last=last,
        returns={**members.returns, "1D": day},
        contributions={**members.contributions, "1D": gains},
    )


def _past(symbols: Sequence[str]) -> dict[str, Bars]:
    random = Random(2)
    past: dict[str, Bars] = {}
    for symbol in symbols:
        closes = array("d", [50.0])
        while len(closes) < SESSIONS:
            closes.append(closes[-1] * (1 + random.gauss(0, 0.02)))
        past[symbol] = Bars(
            key=Key(Kind.PAST, symbol),
            interval_s=86_400,
            source="yahoo",
            as_of=THURSDAY_AFTERNOON,
            times=array("q", range(SESSIONS)),
            close=closes,
        )
    return past


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=COUNT)
    parser.add_argument("--sort", default="")
    parser.add_argument("--report", default="")
    arguments = parser.parse_args()
    MembersApp(arguments.rows, arguments.sort, arguments.report).run()


if __name__ == "__main__":
    main()
