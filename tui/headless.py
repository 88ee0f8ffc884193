"""Commands without a screen: one pass over the feeds, told as a table, JSON, CSV or lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Literal

from msgspec.structs import replace

from market.basket_check import empty_baskets
from market.clock import Clock, WallClock
from market.engine import Engine
from market.interest_metrics import keys_by_metric
from market.interest_rooms import day_curve_keys, one_pass_keys
from market.metrics.compute import metric_names
from market.quotes import Key
from market.readers import names_told
from market.reading import Reading
from market.sessions import SessionState, phase_in_words
from market.snapshot import Snapshot
from tui.metric_document import Document, instant, metric_document
from tui.metric_lines import csv_text, ndjson_text
from tui.output import LACKING, OK, Complaints, complain, say
from tui.pass_progress import told_progress
from tui.settings import Settings
from tui.snapshot_text import snapshot_text
from tui.watchlists import Watchlists
from tui.wiring import engine_of

PASS_TIMEOUT_S = 60.0
"""How long one pass may take; what has not arrived by then is reported as it is."""
NOT_ASKED = Reading(None, reason="one pass does not ask for it")
NOT_ANSWERED = Reading(None, reason=f"no answer came within the {PASS_TIMEOUT_S:g} s of one pass")
Form = Literal["text", "json", "csv", "ndjson"]
"""How a snapshot is printed."""


def run_snapshot(
    settings: Settings,
    *,
    demo: bool,
    at: datetime | None,
    form: Form = "text",
    clock: Clock | None = None,
) -> int:
    """Print what one pass over all feeds gave, and return the exit code.

    Args:
        settings: The settings.
        demo: Ask the simulated market instead of the feeds.
        at: The demo's instant, which stands still.
        form: As a table, one JSON document, or one metric a line.
        clock: Where time comes from.
    """
    wall = clock if clock is not None else WallClock()
    watched = Watchlists.from_settings(settings, None).symbols
    engine, _ = engine_of(settings, wall, at, watched, demo=demo, is_still=True)
    first = engine.latest
    engine.want(one_pass_keys(first) | day_curve_keys(first))
    snapshot = explained(passed(engine), watched)
    for basket, why in empty_baskets(snapshot):
        complain(f"the basket {basket.slug} is empty: {why}")
    say(_FORMS[form](snapshot, watched))
    return OK if is_answered(snapshot) else LACKING


def is_answered(snapshot: Snapshot) -> bool:
    """Return whether any feed told something in this run."""
    return any(health.answers for health in snapshot.feeds.values())


def passed(engine: Engine, decides: Callable[[str], bool] = lambda _: True) -> Snapshot:
    """Return what one pass over all feeds gave; complain of what the engine has to tell.

    Args:
        engine: It is stopped then.
        decides: Whether a line of a story is decided, by the name of its state.
    """
    with told_progress(lambda: engine.latest, PASS_TIMEOUT_S):
        snapshot = engine.run_once(PASS_TIMEOUT_S, decides=decides)
    engine.stop()
    Complaints().make(engine.notices)
    return snapshot


def explained(snapshot: Snapshot, watched: Iterable[str]) -> Snapshot:
    """Return a snapshot after its one pass: what did not come then is not waited for any more.

    Args:
        snapshot: What the pass gave.
        watched: Symbols outside the cast whose metrics are told too.
    """
    names = metric_names(snapshot.cast, watched)
    absent = [name for name in names if snapshot.reading(name).value is None]
    heard_of = snapshot.fetched.keys() | snapshot.troubles.keys() | snapshot.absences.keys()
    reasons: dict[str, Reading] = {}
    for name, keys in keys_by_metric(absent, snapshot).items():
        if unasked := keys - snapshot.wanted:
            reasons[name] = _why_unasked(unasked, keys, snapshot)
        elif not keys <= heard_of:
            reasons[name] = NOT_ANSWERED
    return replace(snapshot, readings={**snapshot.readings, **reasons})


def _why_unasked(unasked: Iterable[Key], keys: Iterable[Key], snapshot: Snapshot) -> Reading:
    """Return why there is no value: data of the same kind failed, or nobody asked for it."""
    kinds = {key.kind for key in unasked}
    tried = (snapshot.troubles.get(key) for key in keys if key.kind in kinds)
    failed = sorted(trouble.text for trouble in tried if trouble is not None)
    return Reading(None, reason=failed[0]) if failed else NOT_ASKED


def snapshot_json(snapshot: Snapshot, watched: Iterable[str]) -> str:
    """Return a snapshot as JSON, keys sorted, times ISO UTC, returns as fractions.

    Args:
        snapshot: What is known.
        watched: Symbols outside the cast whose metrics are told too.
    """
    document = {
        "as_of": instant(snapshot.now),
        "mode": str(snapshot.mode),
        "session": _session(snapshot.session, snapshot.now),
        "feeds": [
            {
                "name": name,
                "state": str(health.state),
                "last_ok": instant(health.last_ok),
                "reason": health.reason,
            }
            for name, health in sorted(snapshot.feeds.items())
        ],
        "metrics": documents(snapshot, watched),
    }
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def documents(snapshot: Snapshot, watched: Iterable[str]) -> Mapping[str, Document]:
    """Return all metrics of the cast and of further symbols, and all states, by name."""
    return {name: metric_document(snapshot, name) for name in names_told(snapshot, watched)}


def _session(state: SessionState, now: datetime) -> dict[str, str | None]:
    return {
        "phase": str(state.phase),
        "reason": state.reason,
        "day": state.session.day.isoformat(),
        "until": instant(state.until),
        "next_open": instant(state.next_open),
        "words": phase_in_words(state, now),
    }


_FORMS: Mapping[Form, Callable[[Snapshot, Iterable[str]], str]] = {
    "text": snapshot_text,
    "json": snapshot_json,
    "csv": lambda snapshot, watched: csv_text(documents(snapshot, watched)),
    "ndjson": lambda snapshot, watched: ndjson_text(documents(snapshot, watched)),
}
