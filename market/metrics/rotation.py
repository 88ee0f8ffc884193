"""Rotation: relative strength against its own average, and which way it is going (METRICS 7).

The measure is captop's own approximation of a kind of plot whose formulas are not published:
values stand around 100 and say how many standard deviations a group is from its own recent
mean, not how it compares with other groups. It is shown as approximate.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from market.metrics.columns import divided

if TYPE_CHECKING:
    from market.metrics.columns import Column, Matrix

SESSIONS = 14
"""Of the averages and deviations. A point needs 28 sessions, and a second point 29."""
RATIO_CENTRE, MOMENTUM_CENTRE = 100.0, 101.0
BOUND = 100.0
"""Where the quadrants meet, on both scales."""
_ROUNDING = 1e-12
"""A deviation of less than this part of the mean is rounding, not movement."""


class Quadrant(StrEnum):
    """Where a group stands, in the order in which they are usually passed through."""

    IMPROVING = "improving"
    LEADING = "leading"
    WEAKENING = "weakening"
    LAGGING = "lagging"


class Rotation(NamedTuple):
    """The way of groups over the plot, sessions x groups; NaN before there is enough."""

    ratio: Matrix
    momentum: Matrix


def rotation(levels: Matrix, benchmark: Column, count: int = SESSIONS) -> Rotation:
    """Return ratio and momentum of every group against a benchmark.

    rs = 100 level / benchmark; ratio = 100 + (rs - mean) / deviation over 14 sessions; the
    session's rate of change of the ratio, standardised likewise around 101, is the momentum.
    A hole makes NaN of the sessions whose averages it falls into.

    Args:
        levels: Sessions x groups.
        benchmark: One level per session.
        count: Sessions of the averages.
    """
    import numpy as np

    strength = 100 * divided(levels, benchmark[:, None])
    ratio = RATIO_CENTRE + _standardised(strength, count)
    change = np.full_like(ratio, np.nan)
    change[1:] = 100 * (divided(ratio[1:], ratio[:-1]) - 1)
    return Rotation(ratio, MOMENTUM_CENTRE + _standardised(change, count))


def quadrant(ratio: float, momentum: float) -> Quadrant:
    """Return the quadrant of a point; on a bound it belongs to the upper side."""
    if ratio >= BOUND:
        return Quadrant.LEADING if momentum >= BOUND else Quadrant.WEAKENING
    return Quadrant.IMPROVING if momentum >= BOUND else Quadrant.LAGGING


def _standardised(values: Matrix, count: int) -> Matrix:
    """How many sample deviations each value is above the mean of the newest `count`."""
    import numpy as np

    answer = np.full_like(values, np.nan)
    if len(values) >= count:
        windows = np.lib.stride_tricks.sliding_window_view(values, count, axis=0)
        mean, spread = windows.mean(axis=-1), windows.std(axis=-1, ddof=1)
        spread[spread <= np.abs(mean) * _ROUNDING] = 0.0
        answer[count - 1 :] = divided(values[count - 1 :] - mean, spread)
    return answer
