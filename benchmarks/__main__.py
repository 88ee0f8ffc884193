"""`uv run python -m benchmarks [NAME...] [--json] [--compare=REV]`: measure and print a table."""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext

from benchmarks import (
    board,
    chain,
    idle,
    keys,
    memory,
    opening,
    paint,
    refresh,
    requests,
    sparks,
    stalled,
    start,
    status,
    stream,
)
from benchmarks.compare import Row, revision
from benchmarks.samples import Measurement

BENCHMARKS: dict[str, Callable[[], list[Measurement]]] = {
    "start": start.measure,
    "idle": idle.measure,
    "paint": paint.measure,
    "refresh": refresh.measure,
    "sparks": sparks.measure,
    "keys": keys.measure,
    "stream": stream.measure,
    "stalled": stalled.measure,
    "opening": opening.measure,
    "board": board.measure,
    "chain": chain.measure,
    "status": status.measure,
    "memory": memory.measure,
    "requests": requests.measure,
}


def main() -> None:
    """Run the named benchmarks, or all."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    named = ", ".join(BENCHMARKS)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], metavar="NAME", help=named)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--compare", metavar="REV", help="measure an older revision beside")
    arguments = parser.parse_args()
    logging.disable()  # servers whose programs are ended in mid-answer have much to say
    rows = list(_rows(arguments.names or list(BENCHMARKS), arguments.compare))
    if arguments.json:
        print(json.dumps(rows, indent=2))
        return
    before = [arguments.compare] if arguments.compare else []
    head = ["what", "captop", "control", "ratio", "goal", *before]
    print("\n".join(map(_line, [head, ["---"] * len(head)])))
    for row in rows:
        print(_line([*_cells(row), row["goal"], *(_before(row) for _ in before)]))


def _rows(names: Sequence[str], compared: str | None) -> Iterator[Row]:
    """Yield what each benchmark finds, and under `before` what an older revision's does."""
    with revision(compared) if compared else nullcontext() as older:
        for name in names:
            rows = [measurement.row() for measurement in BENCHMARKS[name]()]
            known = older.rows(name) if older is not None else {}
            for row in rows:
                found = known.get(str(row["name"]))
                yield row if found is None else {**row, "before": found}


def _line(cells: Sequence[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _cells(row: Row) -> list[str]:
    """Return what was measured, of captop and of the control, and the ratio."""
    control = f"{row['control']} {row['unit']}" if "control" in row else ""
    ratio = f"{row['ratio']}x" if "ratio" in row else ""
    return [str(row["name"]), f"{row['subject']} {row['unit']}".strip(), control, ratio]


def _before(row: Row) -> str:
    """Return what the older revision took, and its ratio."""
    found = row.get("before")
    if not isinstance(found, dict):
        return ""
    _, subject, _, ratio = _cells(found)
    return f"{subject} {ratio}".strip()


if __name__ == "__main__":
    main()
