"""What the volatility screen shows that is more than a number: the futures' curve and the cone.

Worked out in `market/metrics/volatility_depth.py`.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec


class FuturesPoint(msgspec.Struct, frozen=True, kw_only=True):
    """One contract's closing marks, volatility points; None where the series has none."""

    symbol: str
    settles: date
    now: float | None = None
    week: float | None = None
    """Seven calendar days before."""
    month: float | None = None
    """One calendar month before."""


class FuturesCurve(msgspec.Struct, frozen=True, kw_only=True):
    """The near VIX contracts at the closes of three days, the nearest first."""

    points: tuple[FuturesPoint, ...]
    day: date
    """The session whose marks are the newest."""
    week_day: date
    month_day: date
    source: str
    as_of: datetime
    """The close of that session, UTC."""

    @property
    def missing(self) -> int:
        """How many of the contracts have no mark of the newest session."""
        return sum(point.now is None for point in self.points)


class Ring(msgspec.Struct, frozen=True, kw_only=True):
    """The cone at one length of window; volatilities are fractions a year."""

    window: int
    count: int
    """Windows of this length in the past, today's included."""
    low: float | None = None
    lower_quarter: float | None = None
    median: float | None = None
    upper_quarter: float | None = None
    high: float | None = None
    now: float | None = None
    """Of the window that ends with the newest close."""
    percentile: float | None = None
    """The share of windows that are not above today's, 0 to 1."""
    reason: str = ""


class VolatilityStudy(msgspec.Struct, frozen=True, kw_only=True):
    """The curve of VIX futures, and the cone of IWM's realised volatility."""

    futures: FuturesCurve | None = None
    cone: tuple[Ring, ...] = ()
    """By length of window, shortest first; empty until the tracker's daily bars are known."""
