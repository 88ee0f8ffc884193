"""What is said beside a published value: its reference date, and when the next one comes."""

from __future__ import annotations

from datetime import timedelta

from market.freshness import freshness
from market.publications import Release, day_of, next_release
from market.published import NOT_PUBLISHED, Published
from market.quotes import Key, Kind
from market.sessions import exchange_date
from market.snapshot import NOT_COMPUTED, Snapshot
from widgets.mark import cause_of
from widgets.strips import MISSING
from widgets.values import WORKING_OUT, Value

KEPT = 60
"""Newest values that a sparkline is of."""
_YEAR = timedelta(days=365)
_AWAITED = frozenset({NOT_COMPUTED.reason, NOT_PUBLISHED})


def why_absent(
    snapshot: Snapshot, metric: str, value: Value, *, is_published: bool = False
) -> tuple[str, ...]:
    """Return what stands in a row in place of a value that is absent, ever shorter.

    At last an em dash: the row takes the first that fits. A feed's trouble is told in two or
    three words, as in a panel's border: many rows share it.

    Args:
        snapshot: What is known.
        metric: Whose value it is.
        value: None of these words if it is known.
        is_published: Whether the series that it is made of are known.
    """
    if value.known or not value.reason:
        return ()
    trouble = freshness(snapshot, metric).trouble
    if trouble is not None:
        return cause_of(trouble), MISSING
    is_on_its_way = is_published and value.reason in _AWAITED
    reason = WORKING_OUT if is_on_its_way else value.reason
    return tuple(dict.fromkeys((reason, reason.partition(": ")[0], MISSING)))


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
