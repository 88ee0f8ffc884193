"""What the figures of one census are made of, and how they become readings with a coverage."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor, isfinite
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from market.metrics.breadth_history import Sessions
from market.metrics.columns import ENOUGH, Coverage, coverage
from market.metrics.index_session import WAITING, IndexSession
from market.metrics.mcclellan import McClellan
from market.metrics.member_columns import Standing
from market.metrics.member_prices import Prices
from market.metrics.trading_past import TradingPast
from market.reading import Reading, sources
from market.sessions import previous_session

if TYPE_CHECKING:
    from market.metrics.columns import Column

LEAST_ABOVE = 1e-9
"""A price is above its average by at least this part of it."""


class Scene(NamedTuple):
    """All that the figures of one census are made of."""

    prices: Prices
    stood: Standing
    above: Mapping[int, Column]
    """Per length: each member's last price over its average, less one."""
    highs: Column
    """1 where a member makes a new 52-week high, 0 where not, NaN where it has no year."""
    lows: Column
    sessions: Sessions
    """Breadth up to the session at hand."""
    mcclellan: McClellan
    """Of these sessions."""
    traded: TradingPast
    """Dollar volume of the completed sessions."""
    benchmark: IndexSession
    """The index in the members' session."""
    dollar_volume: Column
    relative_volume: Column
    volume_words: str = ""
    """What the volumes are held against, unless it is whole sessions like their own."""

    def reading(self, value: float | None, made_of: Coverage, reason: str = "") -> Reading:
        """Return a figure with its coverage; none if it stands for too little of the weight."""
        prices, (used, total, weight) = self.prices, made_of
        is_shown = weight >= ENOUGH and value is not None and isfinite(value)
        if not is_shown:
            reason = _why_none(made_of, reason)
        if prices.note:
            reason = f"{reason}; {prices.note}" if reason else prices.note
        if value is None or not is_shown:
            return Reading(None, reason=reason, used=used, total=total, coverage=weight)
        return Reading(float(value), prices.as_of, prices.source, 0, reason, used, total, weight)

    def of_run(self, value: float | None, made_of: Coverage, reason: str = "") -> Reading:
        """Return a figure of a run of sessions; none while the one before this is not known."""
        if not self.sessions.follows_a_gap:
            return self.reading(value, made_of, reason)
        day = previous_session(self.prices.day)
        return self.reading(None, made_of, f"{day:%a} {day.day} {day:%b} is not known yet")

    def against_index(
        self, value: float | None, window: str, made_of: Coverage, reason: str = ""
    ) -> Reading:
        """Return a figure held against the index: as old as the older of the two prices."""
        index = self.benchmark.returns[window]
        if index.value is None or index.as_of is None:
            return self.reading(None, made_of, index.reason or WAITING)
        found = self.reading(value, made_of, reason)
        if found.as_of is None:
            return found
        as_of, source = min(found.as_of, index.as_of), sources(found.source, index.source)
        return replace(found, as_of=as_of, source=source, delay_s=index.delay_s)

    def weakest(self, today: Coverage, count: int = 0) -> Coverage:
        """Return the coverage of what follows from many sessions: that of the least known.

        Args:
            today: The coverage of the session at hand.
            count: How many of the newest sessions count, all by default. Those of which too
                little is known for breadth have no part in it.
        """
        import numpy as np

        issues, weight = self.sessions.counts.issues[-count:], self.sessions.weight[-count:]
        known = np.flatnonzero(~np.isnan(issues))
        if not len(known):
            return today
        row = known[np.argmin(weight[known])]
        past = Coverage(int(issues[row]), today.total, float(weight[row]))
        return min(today, past, key=lambda each: each.weight)

    def covering(self, values: Column) -> Coverage:
        """Return what a column stands for."""
        return coverage(values, self.stood.weight)


def _why_none(made_of: Coverage, reason: str) -> str:
    """Why there is no figure: too few members are known, or it has no sense for these."""
    if made_of.is_enough:
        return reason or "not defined for these members"
    known = f"{floor(made_of.weight * 100)} % of the weight known"
    members = f"{made_of.used:,} of {made_of.total:,} members"
    return f"{known} ({members}), {ENOUGH * 100:.0f} % needed"


def share_above(away: Column) -> float | None:
    """Return the part of the members above their average; None where none has one."""
    import numpy as np

    known = away[~np.isnan(away)]
    return float(np.count_nonzero(known > LEAST_ABOVE)) / len(known) if len(known) else None


def sum_of(values: Column) -> float:
    """Return the sum of what is known."""
    import numpy as np

    return float(np.nansum(values))
