"""What is said beside a published value: its reference date, and when the next one comes."""

from __future__ import annotations

from market.publications import day_of, next_release
from market.published import Published
from market.quotes import Key, Kind
from market.snapshot import Snapshot
from widgets.strips import MISSING
from widgets.values import Value

KEPT = 60
"""Newest values that a sparkline is of."""


def whole_or_less(value: Value) -> tuple[str, ...]:
    """Return what stands in a row in place of a value that is absent: why, or an em dash."""
    return () if value.known or not value.reason else wordings(value.reason)


def wordings(reason: str) -> tuple[str, ...]:
    """Return a reason ever shorter, at last an em dash: a row takes the first that fits."""
    return tuple(dict.fromkeys((reason, reason.partition(": ")[0], MISSING)))


def newest_series(snapshot: Snapshot, symbol: str) -> Published | None:
    """Return a series if anything is known of it."""
    series = snapshot.document(Key(Kind.PUBLISHED, symbol), Published)
    return series if series is not None and len(series) else None


def reference_day(snapshot: Snapshot, symbol: str, back: int = 0) -> str:
    """Return what the newest value is of: `2 Jul`, of a month `Jul 2026`; empty if unknown.

    Args:
        snapshot: What is known.
        symbol: Of the series.
        back: How many values before the newest one is meant.
    """
    series = newest_series(snapshot, symbol)
    if series is None or len(series) <= back:
        return ""
    return day_of(symbol, series.days[-1 - back])


def next_words(snapshot: Snapshot, symbol: str) -> str:
    """Return where the next value stands: `in 2 d 3 h`, `due`, `late`; empty if unknown."""
    series = newest_series(snapshot, symbol)
    release = next_release(symbol, series.days[-1] if series else None, snapshot.now)
    return "" if release is None else release.words(snapshot.now)


def next_when(snapshot: Snapshot, symbol: str) -> str:
    """Return the day and time of the next value, New York; with a tilde if only expected."""
    series = newest_series(snapshot, symbol)
    release = next_release(symbol, series.days[-1] if series else None, snapshot.now)
    if release is None:
        return ""
    return release.when if release.is_official else f"~{release.when}"
