"""Return windows: which session's close a return over "1m" or "ytd" is measured from."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from market.sessions import session_on_or_before, sessions_back

WINDOWS = ("5d", "1w", "1m", "8w", "3m", "6m", "ytd", "1y")
"""All windows but "1d", as metric names spell them."""

MEANINGS = {
    "5d": "five sessions",
    "1w": "seven calendar days",
    "1m": "one calendar month",
    "8w": "eight weeks (56 calendar days)",
    "3m": "three calendar months",
    "6m": "six calendar months",
    "ytd": "the year to date",
    "1y": "one calendar year",
}

_WEEKS = {"1w": 1, "8w": 8}
_MONTHS = {"1m": 1, "3m": 3, "6m": 6, "1y": 12}


@lru_cache(maxsize=1024)
def window_base(window: str, day: date) -> date:
    """Return the session whose close is the base of a window that ends on `day`.

    Days count sessions back; weeks and months step back in the calendar (to the month's last
    day where it is shorter) and then to the last session on or before that date; the year to
    date begins at the previous year's last session. KeyError for an unknown window.
    """
    if window.endswith("d") and window[:-1].isdigit():
        return sessions_back(day, int(window[:-1]))
    return session_on_or_before(window_start(window, day))


def window_start(window: str, day: date) -> date:
    """Return the calendar date a week, month or year window begins on, session or not."""
    if window == "ytd":
        return date(day.year - 1, 12, 31)
    if window == "mtd":
        return day.replace(day=1) - timedelta(days=1)
    if window in _WEEKS:
        return day - timedelta(weeks=_WEEKS[window])
    return months_before(day, _MONTHS[window])


@lru_cache(maxsize=1024)
def months_before(day: date, months: int) -> date:
    """Return the same day of an earlier month, or that month's last day if it is shorter."""
    from calendar import monthrange

    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
