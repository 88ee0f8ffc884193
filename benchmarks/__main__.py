"""`uv run python -m benchmarks [NAME...] [--json]`: measure and print a table."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable

from benchmarks import board, chain, idle, keys, members, start, status
from benchmarks.samples import Measurement

BENCHMARKS: dict[str, Callable[[], list[Measurement]]] = {
    "start": start.measure,
    "idle": idle.measure,
    "keys": keys.measure,
    "members": members.measure,
    "board": board.measure,
    "chain": chain.measure,
    "status": status.measure,
}


def main() -> None:
    """Run the named benchmarks, or all."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], metavar="NAME")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    rows = [m.row() for name in arguments.names or BENCHMARKS for m in BENCHMARKS[name]()]
    if arguments.json:
        print(json.dumps(rows, indent=2))
        return
    print("| what | captop | control | ratio | goal |\n|---|---|---|---|---|")
    for row in rows:
        control = f"{row['control']} {row['unit']}" if "control" in row else ""
        ratio = f"{row['ratio']}x" if "ratio" in row else ""
        shown = f"{row['subject']} {row['unit']}"
        print(f"| {row['name']} | {shown} | {control} | {ratio} | {row['goal']} |")


if __name__ == "__main__":
    main()
