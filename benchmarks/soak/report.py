"""What a soak has found, as a table and as plain values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from benchmarks.soak.run import Findings, Outcome

MB = 2**20
MOST_LINES = 20
"""Of wrong numbers and errors, so many are told one by one."""
MOST_KINDS = 5
"""Of warnings, the most frequent: by a fast clock a loop that stands for 5 ms is told too."""
WIDTH = 160
_NUMBER = re.compile(r"\d+(\.\d+)?")
_HEAD = ("trouble", "injected", "survived", "recovered after (median)", "longest")


def document(found: Findings) -> dict[str, object]:
    """Return everything as plain values."""
    return {
        "troubles": [*_rows(found.outcomes)],
        "episodes": len(found.outcomes),
        "answers": found.answers,
        "checked": found.checked,
        "seen": found.seen,
        "wrong": [str(each) for each in found.wrong],
        "before": found.before,
        "bytes_halfway": _halfway(found),
        "after": found.after,
        "exit_code": found.exit_code,
        "errors": found.errors,
        "warnings": found.warnings,
        "failures": found.failures,
    }


def table(found: Findings) -> str:
    """Return a table for people, and what it comes to."""
    rows = [_HEAD, ["---"] * len(_HEAD), *(_cells(row) for row in _rows(found.outcomes))]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([*lines, "", *_summary(found)])


def _rows(outcomes: Sequence[Outcome]) -> Iterator[Mapping[str, object]]:
    names = sorted({act.name for outcome in outcomes for act in outcome.episode.acts})
    for name in names:
        met = [o for o in outcomes if any(act.name == name for act in o.episode.acts)]
        times = [o.recovered_s for o in met if o.recovered_s is not None]
        yield {
            "trouble": name,
            "injected": len(met),
            "survived": sum(outcome.is_survived for outcome in met),
            "median_s": round(median(times)) if times else None,
            "longest_s": round(max(times)) if times else None,
        }


def _cells(row: Mapping[str, object]) -> list[str]:
    *counts, middle, longest = row.values()
    return [*map(str, counts), *(f"{s} s" if s is not None else "never" for s in (middle, longest))]


def _summary(found: Findings) -> Iterator[str]:
    told = f"{found.checked} numbers told as live in {found.answers} answers"
    yield f"{told}, {found.seen} levels seen on the screen: {len(found.wrong)} wrong"
    if found.before and found.after:
        for name, count in found.before.items():
            left = _held(name, found.after[name])
            yield f"{name}: {_held(name, count)} at the start, {left} at the end"
    if found.outcomes:
        yield f"bytes: {_held('bytes', _halfway(found))} after half of the episodes"
    logged = f"{len(found.errors)} errors, {len(found.warnings)} warnings logged"
    yield f"exit code {found.exit_code}; {logged}"
    yield from (f"wrong: {each}" for each in found.wrong[:MOST_LINES])
    yield from (f"log: {each}" for each in found.errors[:MOST_LINES])
    kinds = Counter(_NUMBER.sub("N", each) for each in found.warnings)
    yield from (f"{n} times: {each[:WIDTH]}" for each, n in kinds.most_common(MOST_KINDS))
    yield found.last_sight
    yield f"FAILED: {'; '.join(found.failures)}" if found.failures else "passed"


def _halfway(found: Findings) -> int:
    """Return the memory after half of the episodes: by then all is loaded that ever will be."""
    return found.outcomes[len(found.outcomes) // 2].bytes if found.outcomes else 0


def _held(name: str, count: int) -> str:
    return f"{count / MB:.1f} MB" if name == "bytes" else str(count)
