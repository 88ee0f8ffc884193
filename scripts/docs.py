"""Write the generated parts of the documents: `uv run python scripts/docs.py`.

A document says where a generated part goes with a pair of comments, `<!-- keys: ... -->` and
`<!-- /keys -->`; what stands between them is replaced, everything else is written by hand.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path

import market.quotes
import market.reports
from market.clock import SimulatedClock
from market.feeds.beats import BEATS
from market.feeds.slots import NOT_BEFORE_S
from market.instruments import default_cast
from market.metrics.describe import metrics_table
from market.quotes import Kind
from market.reports import ErrorKind
from market.snapshot import Snapshot
from tui.headless import snapshot_json
from tui.keys import keys_table
from tui.settings import Settings
from tui.settings_show import settings_table
from tui.snapshot_text import snapshot_text
from tui.wiring import demo_engine

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = (
    "README.md",
    "docs/configuration.md",
    "docs/feeds.md",
    "docs/keys.md",
    "docs/metrics.md",
)
"""The documents that have generated parts."""

AT = datetime(2026, 8, 4, 18, 32, tzinfo=UTC)
"""The simulated market of the examples: Tuesday 4 August 2026, 14:32 in New York."""
PASS_TIMEOUT_S = 60.0
TOLD_FAMILIES = ("Index", "Sub-sectors", "Volatility")
ROWS_TOLD = 3
TOLD_FURTHER = (
    "vix.regime",
    "vix.percentile.1y",
    "vix.term.state",
    "rvx.vix_ratio",
    "rut.drawdown",
)
SELDOM: Mapping[Kind, str] = {
    Kind.TICK: "never",
    Kind.HOLDINGS: "at 07:30, 09:00 and 12:00 New York",
    Kind.FUND: "at 07:30, 09:00 and 12:00 New York",
    Kind.PROFILE: "once a session",
    Kind.PAST: "where it is missing",
    Kind.PAST_BARS: "where it is missing",
    Kind.PUBLISHED: "by its office's calendar",
}
"""When data are asked for that have neither a beat nor a close."""
TOLD_METRICS = ("rut.last", "vix.term.state")
"""Those whose values are exact: others may differ in the last digit between processors."""


def beats_table() -> str:
    """Return every kind of datum with the time between two asks, as Markdown."""
    meanings = member_docs(Kind, inspect.getsource(market.quotes))
    rows = [f"| `{kind}` | {meanings[kind.name]} | {_beat(kind)} |" for kind in Kind]
    return "\n".join(["| datum | what it is | asked again |", "|---|---|---|", *rows])


def _beat(kind: Kind) -> str:
    if kind in BEATS:
        return f"every {BEATS[kind].total_seconds():g} s"
    return SELDOM.get(kind, "before the open, after the close, and in the evening")


def failures_table() -> str:
    """Return every kind of failure with its first and longest pause, as Markdown."""
    meanings = member_docs(ErrorKind, inspect.getsource(market.reports))
    rows = [
        f"| `{kind}` | {meanings[kind.name]} | {_pause(first)} | {_pause(longest)} |"
        for kind, (first, longest) in NOT_BEFORE_S.items()
    ]
    head = ("| kind | what happened | first pause | longest pause |", "|---|---|---|---|")
    return "\n".join([*head, *rows])


def _pause(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes:g} min" if minutes and not rest else f"{seconds:g} s"


def cast_table() -> str:
    """Return the shipped instruments: how metrics name them, and who is asked, as Markdown."""
    rows = [
        f"| `{i.slug}` | `{i.symbol}` | {i.name or i.group} | {i.role} | {', '.join(i.sources)} |"
        for i in default_cast().by_symbol.values()
    ]
    head = ("| slug | symbol | name | role | asked, in order |", "|---|---|---|---|---|")
    return "\n".join([*head, *rows])


def member_docs(kinds: type[StrEnum], source: str) -> Mapping[str, str]:
    """Return the docstring under each member of an enumeration, by the member's name.

    Args:
        kinds: The enumeration.
        source: The text of its module.
    """
    tree = ast.parse(source)
    named = (n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == kinds.__name__)
    (body,) = (node.body for node in named)
    docs: dict[str, str] = {}
    for member, text in pairwise(body):
        if isinstance(member, ast.Assign) and isinstance(text, ast.Expr):
            (target,) = member.targets
            docs[ast.unparse(target)] = " ".join(str(ast.literal_eval(text.value)).split())
    return docs


@cache
def example_snapshot() -> Snapshot:
    """Return the simulated market of the examples, asked once."""
    settings = Settings()
    clock = SimulatedClock(AT, speed=0.0)
    engine = demo_engine(settings, clock, _watched(), settings.demo.seed)
    snapshot = engine.run_once(PASS_TIMEOUT_S)
    engine.stop()
    return snapshot


def _watched() -> tuple[str, ...]:
    lists = Settings().watchlists
    return lists.lists[lists.active]


def text_example() -> str:
    """Return the first lines of each part of `captop snapshot --text`."""
    lines = snapshot_text(example_snapshot(), _watched()).splitlines()
    starts = [lines.index(title) for title in TOLD_FAMILIES]
    further = next(n for n, line in enumerate(lines) if line.startswith(TOLD_FURTHER[0]))
    parts = [lines[: starts[0]], *(_begun(lines[start:]) for start in starts), [""]]
    told = [line for line in lines[further:] if line.startswith(TOLD_FURTHER)]
    return _fenced("text", [line for part in parts for line in part] + [*told, "…"])


def _begun(family: list[str]) -> list[str]:
    return [*family[: 1 + ROWS_TOLD], "  …"]


def json_example() -> str:
    """Return a few metrics of `captop snapshot --json`."""
    document = json.loads(snapshot_json(example_snapshot(), _watched()))
    told = {name: document["metrics"][name] for name in TOLD_METRICS}
    return _fenced("json", json.dumps(told, indent=2, ensure_ascii=False).splitlines())


def _fenced(language: str, lines: Iterable[str]) -> str:
    return "\n".join([f"```{language}", *lines, "```"])


PARTS: Mapping[str, Callable[[], str]] = {
    "beats": beats_table,
    "cast": cast_table,
    "failures": failures_table,
    "json": json_example,
    "keys": keys_table,
    "metrics": lambda: metrics_table(default_cast()),
    "settings": settings_table,
    "text": text_example,
}
"""What can be put into a document, by the name in its comments."""

_PART = re.compile(r"(<!-- (?P<name>[a-z]+): [^\n]* -->\n).*?(<!-- /(?P=name) -->\n)", re.DOTALL)


def parts_of(text: str) -> list[str]:
    """Return the names of a document's generated parts, in their order."""
    return [match["name"] for match in _PART.finditer(text)]


def renewed(text: str) -> str:
    """Return a document with its generated parts as they are now; KeyError for an unknown one."""
    return _PART.sub(lambda m: f"{m[1]}\n{PARTS[m['name']]().strip()}\n\n{m[3]}", text)


def main() -> None:
    """Renew all documents."""
    for name in DOCUMENTS:
        path = ROOT / name
        before = path.read_text(encoding="utf-8")
        after = renewed(before)
        path.write_text(after, encoding="utf-8")
        print(f"{name}: {'as it was' if after == before else 'renewed'}")


if __name__ == "__main__":
    main()
