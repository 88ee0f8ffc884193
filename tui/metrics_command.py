"""`captop metrics`: every named metric with its unit, its meaning and its value kept last."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec.structs import replace

from market.clock import Clock, WallClock
from market.metrics.compute import metric_named, metric_names
from market.metrics.metric import Unit
from market.named_states import state_told
from market.snapshot import Snapshot
from tui.known_names import known_names, states_told
from tui.metric_document import rounded
from tui.output import LACKING, OK, complain, say
from tui.settings import Settings
from tui.watchlists import Watchlists
from tui.wiring import live_engine
from widgets.metric_text import metric_text

TITLES = ("name", "unit", "value", "meaning")


class Told(msgspec.Struct, frozen=True):
    """One metric."""

    name: str
    unit: str
    meaning: str
    value: float | str | None
    """In its unit, as kept in the last picture."""
    text: str
    """The value as captop shows it."""


def run_metrics(
    settings: Settings, *, search: str = "", as_json: bool = False, clock: Clock | None = None
) -> int:
    """Print the named metrics, and return the exit code.

    Args:
        settings: The settings.
        search: Words that must all occur in name or meaning.
        as_json: As JSON instead of a table.
        clock: Where time comes from.
    """
    wall = clock if clock is not None else WallClock()
    watched = Watchlists.from_settings(settings, None).symbols
    engine = live_engine(settings, wall, ())
    snapshot = engine.latest.at(wall.now())
    engine.stop()
    known = known_names(settings)
    shown = replace(snapshot, cast=known.cast)
    states = states_told(known.stories)
    found = [*metrics_told(shown, watched, states, search)]
    if as_json:
        say(json.dumps([_document(each) for each in found], ensure_ascii=False, indent=2) + "\n")
    elif found:
        say(_table(found))
    if not found:
        complain(f'no metric has "{search}" in its name or its meaning')
    return OK if found else LACKING


def metrics_told(
    snapshot: Snapshot, watched: Iterable[str], states: Iterable[tuple[str, str]], search: str
) -> Iterator[Told]:
    """Yield what has all words of a search in its name or its meaning.

    Args:
        snapshot: Knows the cast and what was kept.
        watched: Further symbols.
        states: Named states with their meanings.
        search: The words.
    """
    words = search.casefold().split()
    for name, unit, meaning in (*_metrics(snapshot, watched), *_words(states)):
        hay = f"{name} {meaning}".casefold()
        if all(word in hay for word in words):
            seen = state_told(snapshot, name)
            value = snapshot.reading(name).value if seen is None else seen.value
            yield Told(name, str(unit), meaning, value, metric_text(snapshot, name, value))


def _metrics(snapshot: Snapshot, watched: Iterable[str]) -> Iterator[tuple[str, Unit, str]]:
    for name in metric_names(snapshot.cast, watched):
        found = metric_named(name, snapshot.cast, watched)
        if found is not None:
            yield name, found[0].unit, found[0].meaning


def _words(states: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Unit, str]]:
    return ((name, Unit.WORD, meaning) for name, meaning in states)


def _document(told: Told) -> dict[str, float | str | None]:
    value = rounded(told.value)
    return {"name": told.name, "unit": told.unit, "value": value, "meaning": told.meaning}


def _table(found: Sequence[Told]) -> str:
    rows = [TITLES, *((each.name, each.unit, each.text, each.meaning) for each in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "".join(
        f"{name.ljust(widths[0])}  {unit.ljust(widths[1])}  {value.rjust(widths[2])}  {meaning}\n"
        for name, unit, value, meaning in rows
    )
