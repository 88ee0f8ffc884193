"""What is said beside a published value: its reference date, and when the next one comes."""

from __future__ import annotations

from datetime import timedelta

from market.publications import Release, day_of, next_release
from market.published import Published
from market.quotes import Key, Kind
from market.sessions import exchange_date
from market.snapshot import Snapshot
from widgets.mark import cause_of
from widgets.strips import MISSING, plain
from widgets.values import Value

KEPT = 60
"""Newest values that a sparkline is of."""
_YEAR = timedelta(days=365)


def why_absent(snapshot: Snapshot, value: Value) -> tuple[str, ...]:
    """Return what stands in a row in place of a value that is absent: why; none if it is known."""
    return () if value.known or not value.reason else wordings(snapshot, value.reason)


def wordings(snapshot: Snapshot, reason: str) -> tuple[str, ...]:
    """Return a reason ever shorter, at last an em dash: a row takes the first that fits.

    A feed's trouble is told in two or three words, as in a panel's border: many rows share it.
    """
    troubles = snapshot.troubles.values()
    found = next((each for each in troubles if plain(each.text) == reason), None)
    words = (reason, reason.partition(": ")[0]) if found is None else (cause_of(found),)
    return tuple(dict.fromkeys((*words, MISSING)))


def newest_series(snapshot: Snapshot, symbol: str) -> Published | None:
    """Return a series if anything is known of it."""
    series = snapshot.document(Key(Kind.PUBLISHED, symbol), Published)
    return series if series is not None and len(series) else None


def reference_day(snapshot: Snapshot, symbol: str, back: int = 0) -> str:
    """Return what the newest value is of: `2 Jul`, of a month `Jul`; empty if unknown.

    A month of more than a year ago has its year.

    Args:
        snapshot: What is known.
        symbol: Of the series.
        back: How many values before the newest one is meant.
    """
    series = newest_series(snapshot, symbol)
    if series is None or len(series) <= back:
        return ""
    day = series.days[-1 - back]
    words = day_of(symbol, day)
    is_recent = exchange_date(snapshot.now) - day < _YEAR
    return words.removesuffix(f" {day.year}") if is_recent else words


def metric_day(snapshot: Snapshot, metric: str) -> str:
    """Return the date that a metric of daily series is of: of two, the newest that both have."""
    as_of = snapshot.reading(metric).as_of
    return "" if as_of is None else f"{as_of.day} {as_of:%b}"


def next_words(snapshot: Snapshot, symbol: str) -> str:
    """Return where the next value stands: `8 d`, `17 h`, `due`, `late`; empty if unknown."""
    release = _awaited(snapshot, symbol)
    return "" if release is None else release.words(snapshot.now)


def next_when(snapshot: Snapshot, symbol: str) -> str:
    """Return the day and time of the next value, New York; with a tilde if only expected."""
    release = _awaited(snapshot, symbol)
    if release is None:
        return ""
    return release.when if release.is_official else f"~{release.when}"


def _awaited(snapshot: Snapshot, symbol: str) -> Release | None:
    series = newest_series(snapshot, symbol)
    known = snapshot.studies.release_days(symbol)
    return next_release(symbol, series.days[-1] if series else None, snapshot.now, known)
