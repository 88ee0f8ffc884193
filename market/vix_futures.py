"""VIX futures: which month's contract settles when, and how their closing marks are spelt.

Cboe keeps one series of closing marks for each month of the year, `_UZF` to `_UZZ`: those of this
year's contract follow those of last year's, and end on the eve of its settlement.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

import msgspec

from market.sessions import is_session, previous_session

NEAR = 8
"""Contracts that are looked at: further ones hardly trade."""
AHEAD = timedelta(days=30)
"""From a contract's settlement to the expiry of the options that it is made of."""
LISTED_FOR = timedelta(days=330)
"""A mark so long before a settlement is of the contract that settled a year earlier."""

_MONTHS = "FGHJKMNQUVXZ"
_FRIDAY = 4


class Contract(msgspec.Struct, frozen=True):
    """The contract of one month."""

    symbol: str
    """Of the series that its marks stand in: `^UZQ`."""
    settles: date
    """It settles at this day's open; its last mark is of the session before."""

    def has_mark_of(self, day: date) -> bool:
        """Return whether a mark of a day, in its series, is this contract's."""
        return self.settles - LISTED_FOR < day < self.settles


def near_contracts(day: date, count: int = NEAR) -> tuple[Contract, ...]:
    """Return the contracts that settle after a day, the nearest first."""
    return tuple(islice(_contracts_after(day), count))


def contract_of(symbol: str, day: date) -> Contract:
    """Return the contract that the mark of a day is of, in the series of one month.

    ValueError for a symbol that is no such series.
    """
    month = _MONTHS.index(symbol.removeprefix("^UZ")) + 1
    years = (day.year, day.year + 1)
    return next(Contract(symbol, settles) for y in years if (settles := settlement(y, month)) > day)


def settlement(year: int, month: int) -> date:
    """Return the day at whose open a month's contract settles.

    30 days before the third Friday of the month after, and on the session before that day where
    it or that Friday is a holiday.
    """
    friday = _third_friday(year + month // 12, month % 12 + 1)
    wednesday = friday - AHEAD
    both = is_session(wednesday) and is_session(friday)
    return wednesday if both else previous_session(wednesday)


def _third_friday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(_FRIDAY - first.weekday()) % 7 + 14)


def _contracts_after(day: date) -> Iterator[Contract]:
    year, month = day.year, day.month
    while True:
        settles = settlement(year, month)
        if settles > day:
            yield Contract(f"^UZ{_MONTHS[month - 1]}", settles)
        year, month = year + month // 12, month % 12 + 1
