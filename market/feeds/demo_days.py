"""The sessions of the simulated market: every one there is, whatever instant is asked for."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import msgspec

from market.sessions import session_of, sessions_between

FIRST_DAY = date(2019, 1, 2)
LAST_DAY = date(2028, 12, 29)
ANCHOR_DAY = date(2026, 7, 2)
"""The day on which every symbol stands at its model's anchor price."""
SESSIONS_A_YEAR = 252


class TradingDays(msgspec.Struct, frozen=True, eq=False):
    """The sessions of the simulation, one more than it can be asked about: the last night's end."""

    days: tuple[date, ...]
    index: dict[date, int]

    def __len__(self) -> int:
        """Return the number of sessions."""
        return len(self.days)

    def opened(self, start: int, stop: int) -> list[int]:
        """Return the Unix seconds of the regular opens of the sessions in [start, stop)."""
        return [int(session_of(day).open.timestamp()) for day in self.days[start:stop]]


@cache
def trading_days() -> TradingDays:
    """Return the sessions of the simulation."""
    days = tuple(sessions_between(FIRST_DAY, LAST_DAY + timedelta(days=7)))
    days = days[: days.index(LAST_DAY) + 2]
    return TradingDays(days, {day: i for i, day in enumerate(days)})
