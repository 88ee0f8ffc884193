"""`captop snapshot`: one pass over all feeds, printed as JSON or as a table."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from market.basket_check import empty_baskets
from market.clock import Clock, SimulatedClock, WallClock
from market.engine import Engine
from market.freshness import freshness
from market.interest_rooms import one_pass_keys
from market.metrics.compute import metric_named, metric_names
from market.reading import Reading
from market.sessions import SessionState, phase_in_words
from market.snapshot import Mode, Snapshot
from tui.output import complain, say
from tui.settings import Settings
from tui.snapshot_text import snapshot_text
from tui.watchlists import Watchlists
from tui.wiring import demo_engine, demo_start, live_engine

PASS_TIMEOUT_S = 60.0
"""How long one pass may take; what has not arrived by then is reported as it is."""
OK, NOTHING_FETCHED = 0, 1
DIGITS = 12
"""Significant digits of a number in JSON."""


def run_snapshot(
    settings: Settings,
    *,
    demo: bool,
    at: datetime | None,
    as_json: bool,
    clock: Clock | None = None,
) -> int:
    """Print what one pass over all feeds gave, and return the exit code.

    Args:
        settings: The settings.
        demo: Ask the simulated market instead of the feeds.
        at: The demo's instant, which stands still.
        as_json: JSON instead of a table.
        clock: Where time comes from.
    """
    wall = clock if clock is not None else WallClock()
    watched = Watchlists.from_settings(settings, None).symbols
    engine = _engine(settings, wall, at, watched, demo=demo)
    engine.want(one_pass_keys(engine.latest))
    snapshot = engine.run_once(PASS_TIMEOUT_S)
    engine.stop()
    for notice in engine.notices:
        complain(notice)
    for basket, why in empty_baskets(snapshot):
        complain(f"the basket {basket.slug} is empty: {why}")
    say(snapshot_json(snapshot, watched) if as_json else snapshot_text(snapshot, watched))
    has_answers = any(health.answers for health in snapshot.feeds.values())
    return OK if has_answers else NOTHING_FETCHED


def _engine(
    settings: Settings, wall: Clock, at: datetime | None, watched: Iterable[str], *, demo: bool
) -> Engine:
    if not demo:
        return live_engine(settings, wall, watched)
    still = SimulatedClock(at if at is not None else demo_start(wall.now()), speed=0.0)
    return demo_engine(settings, still, watched, settings.demo.seed)


def snapshot_json(snapshot: Snapshot, watched: Iterable[str]) -> str:
    """Return a snapshot as JSON, keys sorted, times ISO UTC, returns as fractions.

    Args:
        snapshot: What is known.
        watched: Symbols outside the cast whose metrics are told too.
    """
    document = {
        "as_of": instant(snapshot.now),
        "mode": "demo" if snapshot.mode is Mode.DEMO else "live",
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
        "metrics": {n: _metric(snapshot, n) for n in metric_names(snapshot.cast, watched)},
    }
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def instant(at: datetime | None) -> str | None:
    """Return an instant as ISO UTC with a Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at is not None else None


def _session(state: SessionState, now: datetime) -> dict[str, str | None]:
    return {
        "phase": str(state.phase),
        "reason": state.reason,
        "day": state.session.day.isoformat(),
        "until": instant(state.until),
        "next_open": instant(state.next_open),
        "words": phase_in_words(state, now),
    }


def _metric(snapshot: Snapshot, name: str) -> dict[str, float | str | None]:
    reading, fresh = snapshot.reading(name), freshness(snapshot, name)
    found = metric_named(name, snapshot.cast)
    return {
        **_made_of(reading),
        "value": rounded(reading.value),
        "unit": str(found[0].unit) if found is not None else "",
        "as_of": instant(reading.as_of),
        "source": reading.source,
        "state": str(fresh.look),
        "reason": fresh.reason or reading.reason,
    }


def _made_of(reading: Reading) -> dict[str, float | str | None]:
    """How many members an aggregate is made of, of how many, and their part of the weight."""
    if reading.total is None:
        return {}
    return {"used": reading.used, "total": reading.total, "coverage": rounded(reading.coverage)}


def rounded(value: float | str | None) -> float | str | None:
    """Return a number without the last digits of its double, which arithmetic has made up."""
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value
