"""How easily members trade (METRICS 16). Closes in US dollars, volumes in shares.

Matrices are sessions x members, the newest session last; only the sessions named are looked
at. A member needs three quarters of them, or its answer is NaN. No trades (volume 0) is a
known volume; an unknown one is NaN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from market.census import LEAST_DOLLARS
from market.metrics.columns import divided, known_in, mean_of, previous_of

if TYPE_CHECKING:
    from market.metrics.columns import Column, Matrix

SESSIONS = 20
AMIHUD_SESSIONS = 21
PER_DOLLARS = 1e6
"""Amihud illiquidity is told per million dollars."""
_FEWEST = 0.7
"""Part of the sessions that must be known: 15 of 21, 14 of 20."""


def dollar_volume(closes: Matrix, volumes: Matrix, count: int = SESSIONS) -> Column:
    """Return ADV$ of each member: the mean of close x volume, dollars a session."""
    return _mean_down(_dollars(closes, volumes, count), count)


def median_dollar_volume(closes: Matrix, volumes: Matrix, count: int = SESSIONS) -> Column:
    """Return the median of close x volume, which one busy day cannot lift."""
    from market.metrics.participation import median_member

    dollars = _dollars(closes, volumes, count).T
    return _if_enough(median_member(dollars), known_in(dollars), count)


def amihud(closes: Matrix, volumes: Matrix, count: int = AMIHUD_SESSIONS) -> Column:
    """Return the mean of |return| / dollar volume over 21 sessions, per million dollars.

    Takes 22 sessions, for the return of the first. Sessions without trades are left out: how
    many there are is `zero_volume_share`.
    """
    import numpy as np

    ends = closes[-count - 1 :]
    moves = np.abs(divided(ends, previous_of(ends)) - 1)[-count:]
    dollars = _dollars(closes, volumes, count)
    return _mean_down(divided(moves, dollars), count) * PER_DOLLARS


def turnover(volume: Column, shares: Column) -> Column:
    """Return a session's volume over the shares outstanding, a fraction."""
    return divided(volume, shares)


def zero_volume_share(volumes: Matrix, count: int = SESSIONS) -> Column:
    """Return the part of the sessions in which a member did not trade at all, 0 to 1."""
    import numpy as np

    newest = volumes[-count:]
    idle = np.where(np.isnan(newest), np.nan, newest == 0)
    return _mean_down(idle, count)


def usual_volume(past: Matrix, count: int = SESSIONS) -> Column:
    """Return the mean volume of the newest 20 of completed sessions."""
    return _mean_down(past[-count:], count)


def relative_volume(volume: Column, usual: Column, usual_share: float | None) -> Column:
    """Return volume over the usual part of what a whole session usually has.

    There is no history of the members' volume by time of day: the index's fund's stands in
    (`market/metrics/day_curve.py`), since volume does not come evenly through the day.

    Args:
        volume: Shares of each member in the session so far.
        usual: Volume of a whole session (`usual_volume`).
        usual_share: Part of a session's volume that has usually been traded by then: 1 for
            whole sessions. Without any (None or 0) there is no answer.
    """
    import numpy as np

    if not usual_share:
        return np.full(len(volume), np.nan)
    return divided(volume, usual * usual_share)


def thin_share(dollar_volumes: Column, limit: float = LEAST_DOLLARS) -> float | None:
    """Return the part of the members that trade for less than a million dollars a day.

    Members whose dollar volume is unknown are on neither side; None without any.
    """
    import numpy as np

    known = dollar_volumes[~np.isnan(dollar_volumes)]
    return float(np.mean(known < limit)) if len(known) else None


def _dollars(closes: Matrix, volumes: Matrix, count: int) -> Matrix:
    """Dollars traded in the newest sessions; none where there were no trades."""
    import numpy as np

    shares = volumes[-count:]
    return np.where(shares == 0, 0.0, closes[-count:] * shares)


def _mean_down(values: Matrix, count: int) -> Column:
    """Each member's mean; NaN for those with too few values."""
    return _if_enough(mean_of(values.T), known_in(values.T), count)


def _if_enough(answer: Column, known: Column, count: int) -> Column:
    import numpy as np

    return np.where(known >= _FEWEST * count, answer, np.nan)
