"""`uv run python -m benchmarks.soak [--hours 8] [--speed 10] [--seed N] [--json]`.

captop runs against servers that misbehave at random, and what it tells is held against what they
know. It ends with a table, and with exit code 1 if anything was not as it should be.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.soak.report import document, table
from benchmarks.soak.run import Findings, Run
from benchmarks.soak.schedule import episodes
from benchmarks.soak.stage import stage
from benchmarks.soak.troubles import TROUBLES

START = "2026-08-04T10:32:00-04:00"
"""A Tuesday morning in New York; eight hours later the post-market trades."""


def main() -> int:
    """Run a soak, print what it found, and return the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.soak", description=__doc__)
    parser.add_argument("--hours", type=float, default=8.0, help="of the market")
    parser.add_argument("--speed", type=float, default=10.0, help="market seconds in one second")
    parser.add_argument("--seed", type=int, default=7, help="of prices and troubles")
    parser.add_argument("--start", type=datetime.fromisoformat, default=START, metavar="INSTANT")
    parser.add_argument("--json", action="store_true", help="print JSON")
    own = parser.parse_args()
    logging.disable()  # servers whose connections break off have much to say
    found = _soaked(own.start, own.hours, own.speed, own.seed)
    print(json.dumps(document(found), indent=2) if own.json else table(found))
    return 1 if found.failures else 0


def _soaked(start: datetime, hours: float, rate: float, seed: int) -> Findings:
    with tempfile.TemporaryDirectory() as folder, stage(Path(folder), start, rate, seed) as ready:
        run = Run(ready, lambda line: print(line, file=sys.stderr))
        end = start + timedelta(hours=hours)
        return run.go(episodes(seed, tuple(TROUBLES)), end)


if __name__ == "__main__":
    sys.exit(main())
