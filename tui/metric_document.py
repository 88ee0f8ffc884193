"""One named metric as other programs are told it: plain values, fractions, ISO times."""

from __future__ import annotations

from datetime import UTC, datetime

from market.freshness import freshness
from market.health import Look
from market.instruments import Cast
from market.metrics.compute import metric_named
from market.metrics.metric import Unit
from market.named_states import state_told
from market.reading import Reading
from market.rules.judging import Seen
from market.snapshot import Snapshot

DIGITS = 12
"""Significant digits of a number."""
Document = dict[str, float | str | None]


def metric_document(snapshot: Snapshot, name: str, cast: Cast | None = None) -> Document:
    """Return value, unit, time, source, state and reason of a metric or a named state.

    Args:
        snapshot: What is known.
        name: Of the metric.
        cast: Knows instruments that the snapshot knows nothing of yet.
    """
    if (seen := state_told(snapshot, name)) is not None:
        return _state(seen)
    reading, fresh = snapshot.reading(name), freshness(snapshot, name)
    found = metric_named(name, snapshot.cast if cast is None else cast)
    return {
        **_made_of(reading),
        "value": rounded(reading.value),
        "unit": str(found[0].unit) if found is not None else "",
        "as_of": instant(reading.as_of),
        "source": reading.source,
        "state": str(fresh.look),
        "reason": fresh.reason or reading.reason,
    }


def _state(seen: Seen) -> Document:
    """A state of a feed or of a story's line (`market/named_states.py`), which is of no instant."""
    is_known = seen.value is not None
    look = Look.ABSENT if not is_known else Look.LATE if seen.is_stale else Look.LIVE
    return {
        "value": seen.value,
        "unit": str(Unit.WORD),
        "as_of": None,
        "source": "captop" if is_known else "",
        "state": str(look),
        "reason": seen.reason,
    }


def _made_of(reading: Reading) -> Document:
    """How many members an aggregate is made of, of how many, and their part of the weight."""
    if reading.total is None:
        return {}
    return {"used": reading.used, "total": reading.total, "coverage": rounded(reading.coverage)}


def rounded(value: float | str | None) -> float | str | None:
    """Return a number without the last digits of its double, which arithmetic has made up."""
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def instant(at: datetime | None) -> str | None:
    """Return an instant as ISO UTC with a Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at is not None else None
