"""Run the server by hand: `uv run python -m tests.exchange --port 8900 --fault limited`.

It prints a line to export for each source: pasted into another terminal, they have `uv run captop`
ask this server and no real host.
"""

from __future__ import annotations

import argparse
import threading
from collections.abc import Callable
from datetime import datetime

from market.clock import SimulatedClock, WallClock
from tests.exchange.addresses import feed_variables
from tests.exchange.faults import BY_NAME
from tests.exchange.server import Exchange


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="tests.exchange", description="Plays all sources.")
    parser.add_argument("--port", type=int, default=8900)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--now", help="instant with offset at which time starts; default: now")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME[@PATTERN]",
        help=f"one of {', '.join(sorted(BY_NAME))}; PATTERN is a part of the path",
    )
    options = parser.parse_args()
    with Exchange(now=_clock(options.now), seed=options.seed, port=options.port) as exchange:
        for text in options.fault:
            name, _, pattern = str(text).partition("@")
            if name not in BY_NAME:
                parser.error(f"unknown fault {name!r}")
            exchange.fault(pattern or "*", BY_NAME[name]())
        for name, url in feed_variables(exchange).items():
            print(f"export {name}={url}")
        print("Ctrl-C ends")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print(f"{len(exchange.requests)} requests served")


def _clock(text: str | None) -> Callable[[], datetime]:
    if text is None:
        return WallClock().now
    start = datetime.fromisoformat(text)
    if start.tzinfo is None:
        raise SystemExit(f"--now {text} has no offset: write 2026-07-02T14:30:00-04:00")
    return SimulatedClock(start).now


if __name__ == "__main__":
    main()
