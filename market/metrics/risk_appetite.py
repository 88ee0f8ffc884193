"""Appetite for risk: ratios of two prices, and how far from their year's mean they stand.

HYG/LQD, IWM/SPY and HG/GC (copper over gold), from adjusted closes (METRICS 16).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from statistics import fmean, stdev

import msgspec

from market.metrics.subject import Unknown

SESSIONS = 252
FEWEST = 200
"""Ratios that must be known for a z-score over a year."""


class Appetite(msgspec.Struct, frozen=True):
    """A ratio of two prices on the newest day that both have."""

    day: date
    ratio: float
    z_score: float | None
    """Standard deviations from the mean of the year that ends with it."""
    reason: str = ""


def ratios(ours: Mapping[date, float], theirs: Mapping[date, float]) -> dict[date, float]:
    """Return one price over another on the days that both have, oldest first.

    A price that is not positive (a future's, once) has no ratio.
    """
    days = sorted(ours.keys() & theirs.keys())
    return {day: ours[day] / theirs[day] for day in days if ours[day] > 0 and theirs[day] > 0}


def appetite(ours: Mapping[date, float], theirs: Mapping[date, float]) -> Appetite:
    """Return the newest ratio and its z-score; Unknown without a day in common."""
    known = ratios(ours, theirs)
    if not known:
        raise Unknown("the two prices have no day in common")
    day, values = next(reversed(known)), list(known.values())
    try:
        return Appetite(day, values[-1], z_score(values))
    except Unknown as reason:
        return Appetite(day, values[-1], None, str(reason))


def z_score(values: Sequence[float], count: int = SESSIONS, fewest: int = FEWEST) -> float:
    """Return how many standard deviations the newest value is off the mean of the newest.

    Args:
        values: Oldest first.
        count: How many of them the mean is of, the newest included.
        fewest: How many must be known.
    """
    newest = values[-count:]
    if len(newest) < fewest:
        raise Unknown(f"{fewest} values are needed, {len(newest)} are known")
    width = stdev(newest)
    if width <= 1e-12 * abs(newest[-1]):
        raise Unknown("the values have not moved")
    return (newest[-1] - fmean(newest)) / width
