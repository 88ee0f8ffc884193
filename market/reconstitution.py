"""The days on which the Russell indices change many members at once, from the calendar alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from market.sessions import next_session

_FRIDAY = 4
_WEEK = timedelta(days=7)
_FIRST_NOVEMBER = 2026
"""The first year in which Russell indices are reconstituted a second time."""


class Reconstitution(msgspec.Struct, frozen=True):
    """One reconstitution of the Russell indices."""

    day: date
    """The last session of the old members: the index trades into the new ones at its close."""
    effective: date
    """The first session of the new members."""


def reconstitutions(first: date, last: date) -> Iterator[Reconstitution]:
    """Yield the reconstitutions whose day lies between two days, both included, oldest first.

    The fourth Friday of June, and from 2026 the second Friday of November (METRICS 19).
    """
    for year in range(first.year, last.year + 1):
        for day in _fridays(year):
            if first <= day <= last:
                yield Reconstitution(day, next_session(day))


def _fridays(year: int) -> list[date]:
    june = _friday(year, 6, 4)
    return [june, _friday(year, 11, 2)] if year >= _FIRST_NOVEMBER else [june]


def _friday(year: int, month: int, count: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(_FRIDAY - first.weekday()) % 7) + (count - 1) * _WEEK
