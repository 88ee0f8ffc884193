"""captop on pictures that change at every frame, as fast as they can be painted: for `memory`.

`--frames N` are painted after `--warm-up N`; what is held before and after is written to `--report
FILE`: unshared bytes, tasks and due callbacks of the loop, threads, open files.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import threading
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from random import Random

from msgspec.structs import replace

from market.reading import Reading
from market.snapshot import Snapshot
from tests.tui.fakes import Stage, live_picture
from tui.app import CaptopApp

PICTURES = 24
SETTLE_S = 5.0
"""Until all is loaded, and after the last frame until its marks have gone."""


class Run:
    """One run of the app over its frames."""

    def __init__(self, warm_up: int, frames: int, report: Path) -> None:
        self._counts = warm_up, frames
        self._report = report
        self._stage = Stage()
        self._pictures = cycle(_pictures(live_picture()))

    def run(self) -> None:
        """Run the app until all frames are painted and the report is written."""
        app = self._stage.app
        app.call_later(lambda: app.run_worker(self._work(), description="frames"))
        app.run()

    async def _work(self) -> None:
        held: list[dict[str, int]] = []
        for count in self._counts:
            await asyncio.sleep(SETTLE_S)
            await self._paint(count)
            await asyncio.sleep(SETTLE_S)
            held.append(_held())
        self._report.write_text(json.dumps(held))
        self._stage.app.exit()

    async def _paint(self, count: int) -> None:
        """Show one picture after the other, each a second younger; let each be painted."""
        stage = self._stage
        for picture in islice(self._pictures, count):
            stage.clock.jump(1)
            stage.engine.latest = replace(picture, now=stage.clock.now())
            stage.app.beat()
            await _painted(stage.app)


async def _painted(app: CaptopApp) -> None:
    """Wait until what is due is painted."""
    done = asyncio.Event()
    app.call_after_refresh(done.set)
    await done.wait()


def _pictures(known: Snapshot) -> Iterator[Snapshot]:
    """Yield the market again and again, each time with other numbers everywhere."""
    random = Random(1)
    for _ in range(PICTURES):
        readings = {n: _moved(r, random.gauss(1, 0.01)) for n, r in known.readings.items()}
        yield replace(known, readings=readings)


def _moved(reading: Reading, factor: float) -> Reading:
    value = reading.value
    return replace(reading, value=value * factor) if isinstance(value, float) else reading


def _held() -> dict[str, int]:
    """Return what the program holds now."""
    gc.collect()
    loop = asyncio.get_running_loop()
    return {
        "bytes": unshared_bytes(os.getpid()),
        "tasks": len(asyncio.all_tasks(loop)),
        "timers": len(getattr(loop, "_scheduled")),  # noqa: B009 - not in its stub
        "threads": threading.active_count(),
        "handles": len(list(Path("/proc/self/fd").iterdir())),
    }


def unshared_bytes(pid: int) -> int:
    """Return the memory that would be free were a program to end: its USS (Linux)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warm-up", type=int, required=True)
    parser.add_argument("--frames", type=int, required=True)
    parser.add_argument("--report", type=Path, required=True)
    own = parser.parse_args()
    Run(own.warm_up, own.frames, own.report).run()


if __name__ == "__main__":
    main()
