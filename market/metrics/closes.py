"""Where a date stands among daily bars. A bar's date is its UTC date.

Daily bars start at a session's regular open, 13:30 or 14:30 UTC, so that the UTC date is
New York's. Working on whole days of Unix time keeps look-ups free of calendar conversions.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta

from market.quotes import Bars

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


def day_in_words(day: date) -> str:
    """Return a date for a sentence: `Thu 2 Jul 2026`."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def day_of_words(words: str) -> date | None:
    """Return the date that `day_in_words` told so, None if there are no words."""
    if not words:
        return None
    _, day, month, year = words.split()
    months = [f"{date(2000, number, 1):%b}" for number in range(1, 13)]
    return date(int(year), 1 + months.index(month), int(day))
