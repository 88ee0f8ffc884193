"""Spreads and changes of daily rates, each with its own holidays (METRICS 13, 16).

Rates are per cent a year by their date; spreads and changes are basis points. Two rates are
joined by date, never by place: bonds rest on days on which shares trade, and the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import msgspec

from market.metrics.subject import Unknown
from market.sessions import sessions_back

MONTH = 20
"""Sessions of a change over a month."""
LONGEST_REST = timedelta(days=5)
"""A date without a value takes that of a date so much earlier at most: a long weekend."""


class Spread(msgspec.Struct, frozen=True):
    """One rate less another on a date for which both are known."""

    day: date
    basis_points: float


def spread(ours: Mapping[date, float], theirs: Mapping[date, float]) -> Spread:
    """Return one rate less another on the newest date that both have, basis points.

    Two years less EFFR, SOFR less EFFR, ten years less two: all of them are this.
    """
    day = max(ours.keys() & theirs.keys(), default=None)
    if day is None:
        raise Unknown("the two rates have no date in common")
    return Spread(day, 100 * (ours[day] - theirs[day]))


def change(rate: Mapping[date, float], day: date, sessions: int = MONTH) -> float:
    """Return a rate's change over some XNYS sessions to a date, basis points."""
    return 100 * (value_at(rate, day) - value_at(rate, sessions_back(day, sessions)))


def value_at(rate: Mapping[date, float], day: date) -> float:
    """Return a rate on a date, or on the nearest one before it if that was a holiday."""
    last = max((d for d in rate if day - LONGEST_REST <= d <= day), default=None)
    if last is None:
        raise Unknown(f"no value is known for {day.day} {day:%B %Y}")
    return rate[last]
