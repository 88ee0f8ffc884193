"""Daily bars by date: the bar of a day, the closes before it. A bar's date is its UTC date.

Daily bars start at a session's regular open, 13:30 or 14:30 UTC, so that the UTC date is
New York's. Working on whole days of Unix time keeps look-ups free of calendar conversions.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from market.quotes import Bars
from market.sessions import is_session

DAY_S = 86_400
_EPOCH = date(1970, 1, 1).toordinal()


def midnight(day: date) -> int:
    """Return a date's first Unix second, UTC."""
    return (day.toordinal() - _EPOCH) * DAY_S


def bar_day(bars: Bars, index: int) -> date:
    """Return the date of one daily bar."""
    return date.fromordinal(bars.times[index] // DAY_S + _EPOCH)


def count_before(bars: Bars, day: date) -> int:
    """Return how many bars are older than a date."""
    return bisect_left(bars.times, midnight(day))


def index_on_or_before(bars: Bars, day: date) -> int | None:
    """Return the newest bar that is not after a date."""
    count = count_before(bars, day + timedelta(days=1))
    return count - 1 if count else None


def index_on(bars: Bars, day: date) -> int | None:
    """Return the bar of a date."""
    index = index_on_or_before(bars, day)
    return index if index is not None and bars.times[index] >= midnight(day) else None


def closes_before(bars: Bars, day: date, count: int) -> Sequence[float]:
    """Return up to `count` closes of the bars before a date, oldest first."""
    stop = count_before(bars, day)
    return bars.close[max(0, stop - count) : stop]


def session_indices(bars: Bars) -> list[int]:
    """Return the bars that lie on XNYS sessions: Cboe also prints values on holidays."""
    return [i for i, start in enumerate(bars.times) if _is_session_number(start // DAY_S)]


@lru_cache(maxsize=8192)
def _is_session_number(number: int) -> bool:
    return is_session(date.fromordinal(number + _EPOCH))


def day_in_words(day: date) -> str:
    """Return a date for a sentence: `Thu 2 Jul 2026`."""
    return f"{day:%a} {day.day} {day:%b %Y}"
