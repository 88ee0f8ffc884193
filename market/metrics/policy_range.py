"""The target range in force on a day, from the two series of its bounds (METRICS 13).

FRED tells the bounds of a day on its morning, the New York Fed a day late. Between two known days
the range is the same if no meeting decided in between, and where one did it is unknown rather than
guessed.
"""

from __future__ import annotations

from datetime import date

from market.fomc import Schedule, TargetRange
from market.metrics.closes import day_in_words
from market.metrics.subject import Unknown
from market.published import Published
from market.quotes import Key, Kind
from market.snapshot import Snapshot

LOWER, UPPER = "DFEDTARL", "DFEDTARU"


def range_in_force(snapshot: Snapshot, day: date, schedule: Schedule) -> TargetRange:
    """Return the target range in force on a day; Unknown with the reason where nobody tells."""
    lower, upper = (_bound(snapshot, symbol, day, schedule) for symbol in (LOWER, UPPER))
    return TargetRange(round(100 * lower), round(100 * upper))


def _bound(snapshot: Snapshot, symbol: str, day: date, schedule: Schedule) -> float:
    key = Key(Kind.PUBLISHED, symbol)
    series = snapshot.document(key, Published)
    if series is None or not len(series):
        trouble = snapshot.troubles.get(key)
        raise Unknown(
            trouble.text if trouble else "the target range of the federal funds rate is not known"
        )
    value = bound_on(series, day, schedule)
    if value is None:
        raise Unknown(f"the target range in force on {day_in_words(day)} is not published yet")
    return value


def bound_on(series: Published, day: date, schedule: Schedule) -> float | None:
    """Return a bound on a day, or on the nearest known day from which no decision parts it.

    What a meeting decides is in force from the day after.
    """
    from bisect import bisect_right

    place = bisect_right(series.days, day)
    near = [n for n in (place - 1, place) if 0 <= n < len(series)]
    for n in near:
        first, last = sorted((series.days[n], day))
        if not any(first <= decided < last for decided in schedule.days):
            return series.values[n]
    return None
