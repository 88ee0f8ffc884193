"""`captop get NAME...`: the values of named metrics, for scripts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from market.clock import Clock, WallClock
from market.freshness import freshness
from market.health import Look
from market.instruments import Cast, Role
from market.interest_metrics import metric_keys_at_once
from market.metrics.compute import metric_named
from market.readers import keys_behind
from market.rules.written import RuleError
from market.snapshot import Snapshot
from tui.headless import passed
from tui.known_names import KnownNames, known_names
from tui.metric_document import Document, metric_document
from tui.output import LACKING, OK, WRONG, complain, say
from tui.settings import Settings
from tui.status_words import ABSENT
from tui.wiring import engine_of
from widgets.strips import plain


def run_get(
    settings: Settings,
    names: Sequence[str],
    *,
    demo: bool = False,
    at: datetime | None = None,
    as_json: bool = False,
    clock: Clock | None = None,
) -> int:
    """Print the values of metrics, and return the exit code.

    Args:
        settings: The settings.
        names: Of the metrics.
        demo: Ask the simulated market instead of the feeds.
        at: The demo's instant, which stands still.
        as_json: As one JSON object by name, instead of one value a line.
        clock: Where time comes from.
    """
    known = known_names(settings)
    for name in names:
        try:
            known.writing.require(name, "captop get")
        except RuleError as error:
            complain(str(error))
            return WRONG
    wall = clock if clock is not None else WallClock()
    snapshot = _answered(settings, known, names, wall, at, demo=demo)
    told = {name: metric_document(snapshot, name, known.cast) for name in dict.fromkeys(names)}
    say(json.dumps(told, ensure_ascii=False, indent=2) + "\n" if as_json else _lines(told))
    return _complained(told)


def _answered(
    settings: Settings,
    known: KnownNames,
    names: Sequence[str],
    wall: Clock,
    at: datetime | None,
    *,
    demo: bool,
) -> Snapshot:
    """Return what the captop that runs has kept, if it is fresh, else what one pass gives.

    A pass asks for nothing but what the metrics are made of.
    """
    cast = known.cast
    engine, _ = engine_of(settings, wall, at, _others(names, cast), demo=demo, is_still=True)
    kept = engine.latest.at(wall.now())
    if not demo and all(_is_fresh(kept, name, cast) for name in names):
        engine.stop()
        return kept
    known_now = replace(engine.latest, cast=cast, baskets=known.baskets)
    keys = keys_behind(names, known.stories, known_now, metric_keys_at_once)
    engine.want(keys, alone=True)
    return passed(engine, decides=names.__contains__)


def _others(names: Iterable[str], cast: Cast) -> tuple[str, ...]:
    """The symbols outside the cast that metrics are of."""
    found = (metric_named(name, cast) for name in names)
    symbols = dict.fromkeys(each[1].symbol for each in found if each is not None)
    return tuple(symbol for symbol in symbols if symbol not in cast.by_symbol)


def _is_fresh(kept: Snapshot, name: str, cast: Cast) -> bool:
    """Whether a kept value is as young as it should be.

    A figure of members ages with the holdings, which only a pass looks at.
    """
    found = metric_named(name, cast)
    if found is None or found[0].of_members or found[1].role is Role.GROUP:
        return False
    return freshness(kept, name).look is Look.LIVE


def _lines(told: Mapping[str, Document]) -> str:
    """One value alone, or each behind its name."""
    values = {name: _value(document) for name, document in told.items()}
    if len(values) == 1:
        return "".join(f"{value}\n" for value in values.values())
    width = max(map(len, values))
    return "".join(f"{name.ljust(width)}  {value}\n" for name, value in values.items())


def _value(document: Document) -> str:
    value = document["value"]
    return ABSENT if value is None else plain(value) if isinstance(value, str) else f"{value:.12g}"


def _complained(told: Mapping[str, Document]) -> int:
    """Say what is absent and why, and return the exit code."""
    absent = {name: each["reason"] for name, each in told.items() if each["value"] is None}
    for name, reason in absent.items():
        complain(f"{name} is absent: {reason}")
    return LACKING if absent else OK
