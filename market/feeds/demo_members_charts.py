"""One member of the simulated index as a symbol like any other: model, daily path, tape."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from market.feeds.demo_days import trading_days
from market.feeds.demo_members_day import MemberDays
from market.feeds.demo_models import MARKET, SIZE, Model
from market.feeds.demo_values import Ranges, Tape

if TYPE_CHECKING:
    from market.feeds.demo_members import Column

PRINTS = 0.3
"""Part of the pre- and post-market minutes with a trade."""


class MemberCharts:
    """What the rest of the simulated market draws of members: the same prices as the index's."""

    def __init__(self, days: MemberDays) -> None:
        self._days = days
        self._paths = days.paths
        self._roster = days.paths.roster

    def knows(self, symbol: str) -> bool:
        """Return whether a symbol is or was a member's."""
        return symbol in self._roster.row_of

    def model(self, symbol: str) -> Model:
        """Return what moves a member."""
        row, figures = self._roster.row_of[symbol], self._roster.figures
        beta = float(figures.beta[row])
        sector = (self._roster.factors[row], float(figures.sector_load[row]))
        return Model(
            symbol=symbol,
            name=f"{self._roster.names[row]} (simulated)",
            quote_type="EQUITY",
            anchor=float(figures.price[row]),
            loads=((MARKET, beta), (SIZE, beta), sector),
            own=float(figures.own[row]),
            average_volume=float(figures.average_volume[row]),
            shares=float(figures.shares[row]),
            prints=PRINTS,
        )

    def closes(self, symbol: str) -> list[float]:
        """Return the log close of every session."""
        row = self._roster.row_of[symbol]
        return _logs(self._paths.closes(0, len(trading_days()), slice(row, row + 1)))

    def ranges(self, symbol: str) -> Ranges:
        """Return log open, high and low, and the volume of every session."""
        row = self._roster.row_of[symbol]
        found = self._paths.ranges(1, len(trading_days()), slice(row, row + 1))
        first = self.closes(symbol)[:1]
        opens, highs, lows = (first + _logs(column) for column in found[:3])
        return Ranges(opens, highs, lows, [0.0, *(float(x) for x in found.volume[:, 0])])

    def tape(self, symbol: str, index: int) -> Tape:
        """Return the tape of a session."""
        return self._days.tape(self._roster.row_of[symbol], index)

    def listed_since(self, symbol: str, index: int) -> int:
        """Return the session in which it came to market, seen from another one."""
        return self._roster.listed_since(self._roster.row_of[symbol], index)


def _logs(prices: Column) -> list[float]:
    return [math.log(float(price)) for price in prices[:, 0]]
