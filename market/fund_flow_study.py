"""What the share counts of funds say: what flowed in and out, day by day and over sessions.

Units are shares of the fund, dollars these at the day's net asset value, and shares of assets
fractions; what flowed out is negative.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import msgspec


class Creation(msgspec.Struct, frozen=True, kw_only=True):
    """The net creation of shares between two counts; redemptions are negative."""

    day: date
    base: date
    """The day of the count before."""
    sessions: int
    """Sessions it covers: more than one where counts are missing between."""
    units: float
    dollars: float
    share: float
    """Dollars over the assets at the base."""
    assets: float
    """Dollars at the base."""
    remarks: tuple[str, ...] = ()
    """`2d`, `at the close`, `split 2:1`, `not whole creation units`."""


class LeftOut(msgspec.Struct, frozen=True):
    """A row that could not be used."""

    day: date
    reason: str


class Ledger(msgspec.Struct, frozen=True):
    """The creations of one fund, oldest first, and what is not among them."""

    creations: tuple[Creation, ...]
    left_out: tuple[LeftOut, ...] = ()
    pending: Creation | None = None
    """The newest change, too large to be believed before the next count confirms it."""


class FlowSum(msgspec.Struct, frozen=True, kw_only=True):
    """The net creations of some sessions together."""

    window: int
    """Sessions that were asked for."""
    sessions: int
    """Sessions it covers: a count rolled over days off the window's start is not cut."""
    dollars: float | None = None
    share: float | None = None
    """Dollars over the assets at the start, a fraction."""
    reason: str = ""
    """Why there is no sum; of one that is there, what it leaves open."""
    percentile: float | None = None
    """The part of a year's sums, in per cent of assets, that are not above it."""
    percentile_reason: str = ""
    """Why there is none."""


class FundFlows(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one fund's flows."""

    symbol: str
    source: str
    as_of: datetime
    """The close of the newest session whose count is believed."""
    day: date
    """That session."""
    fetched_at: datetime
    shares: float
    """Shares outstanding."""
    assets: float
    """Dollars."""
    sums: tuple[FlowSum, ...]
    """Over 1, 5 and 20 sessions."""
    ledger: Ledger
    is_recorded: bool = False
    """Whether captop put the counts together itself, day by day."""

    @property
    def sessions(self) -> int:
        """Sessions whose creations are known."""
        return sum(each.sessions for each in self.ledger.creations)

    def over(self, window: int) -> FlowSum:
        """Return the sum over some sessions; one that nobody works out is empty."""
        empty = FlowSum(window=window, sessions=0, reason=f"nobody sums up {window} sessions")
        return next((each for each in self.sums if each.window == window), empty)


class Flows(msgspec.Struct, frozen=True):
    """The flows of all funds whose counts are known, by symbol."""

    funds: Mapping[str, FundFlows]

    def of(self, symbol: str) -> FundFlows | None:
        """Return one fund's flows, None until they are known."""
        return self.funds.get(symbol)
