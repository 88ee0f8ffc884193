"""The contracts on the federal funds rate: how they are spelt, and which are wanted now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from market.fomc import Schedule, default_schedule
from market.sessions import sessions_back

MOST = 18
"""Contracts that are asked for: further ones hardly trade."""
WEEK = 5
"""Sessions back to the path of last week, which needs the contracts of its own day."""
FARTHEST_ANCHOR = 2
"""Months before the first one among which a month without a meeting is looked for."""

_MONTHS = "FGHJKMNQUVXZ"
_SPELT = re.compile(rf"ZQ([{_MONTHS}])([0-9]{{2}})\.CBT")


def contract_of(month: date) -> str:
    """Return the symbol of the contract on a date's month, as Yahoo spells it: `ZQZ26.CBT`."""
    return f"ZQ{_MONTHS[month.month - 1]}{month.year % 100:02}.CBT"


def month_of(symbol: str) -> date | None:
    """Return the first day of the month a contract is on; None for any other symbol."""
    spelt = _SPELT.fullmatch(symbol)
    if spelt is None:
        return None
    return date(2000 + int(spelt[2]), _MONTHS.index(spelt[1]) + 1, 1)


def wanted_months(day: date, schedule: Schedule | None = None) -> tuple[date, ...]:
    """Return the months whose contracts the path of a day and that of last week are made of.

    They go as far as the meetings are known. Where no month ahead is without a meeting the first
    meetings are solved forward, from such a month before.
    """
    known = schedule or default_schedule()
    first = sessions_back(day, WEEK).replace(day=1)
    months = tuple(_covered(first, known))[:MOST]
    if all(map(known.in_month, months)):
        return (*_anchor_before(first, known), *months)
    return months


def wanted_contracts(day: date, schedule: Schedule | None = None) -> tuple[str, ...]:
    """Return the symbols of those that trade still, the nearest first.

    Of a contract whose month is over nobody tells any more: what is kept of it has to do.
    """
    this_month = day.replace(day=1)
    months = wanted_months(day, schedule)
    return tuple(contract_of(month) for month in months if month >= this_month)


def _covered(month: date, schedule: Schedule) -> Iterator[date]:
    while schedule.covers(month):
        yield month
        month = _moved(month, 1)


def _anchor_before(first: date, schedule: Schedule) -> tuple[date, ...]:
    """The months from the nearest one without a meeting up to the first, which is left out."""
    before = [_moved(first, -back) for back in range(1, FARTHEST_ANCHOR + 1)]
    for count, month in enumerate(before, 1):
        if schedule.covers(month) and not schedule.in_month(month):
            return tuple(reversed(before[:count]))
    return ()


def _moved(month: date, count: int) -> date:
    whole = month.year * 12 + month.month - 1 + count
    return date(whole // 12, whole % 12 + 1, 1)
