"""What trading was like session by session: against it today's liquidity and crowding are held."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from market.metrics.columns import divided, known_in
from market.metrics.concentration import TOP

if TYPE_CHECKING:
    from market.metrics.columns import Column, Matrix

MONTH, QUARTER, YEAR = 20, 60, 252
"""Sessions of ADV$, of its own average, and of a rank."""
ENOUGH = 0.8
"""The part of the members whose volume must be known of a session, and of the sessions."""


class TradingPast(NamedTuple):
    """Figures of completed sessions, oldest first; NaN where too little is known."""

    median_dollar_volume: Column
    """The median member's mean dollar volume of 20 sessions, at the newest 60 of them."""
    top10_share: Column
    """The ten busiest members' part of all dollar volume, in the newest 252 sessions."""


def trading_past(closes: Matrix, volumes: Matrix) -> TradingPast:
    """Return what trading was like.

    Args:
        closes: Sessions x members, the newest session last.
        volumes: Shares, of the same.
    """
    traded = closes[-YEAR:] * volumes[-YEAR:]
    return TradingPast(_medians(traded[-QUARTER - MONTH + 1 :]), _top_shares(traded))


def over_quarter(now: float, past: TradingPast) -> float | None:
    """Return today's median ADV$ over its average of 60 sessions; None while that is not known."""
    import numpy as np

    known = past.median_dollar_volume[~np.isnan(past.median_dollar_volume)]
    return now / float(known.mean()) if len(known) >= ENOUGH * QUARTER else None


def crowding(now: float, past: TradingPast) -> float | None:
    """Return the part of a year's sessions in which the ten busiest had no larger a share."""
    import numpy as np

    known = past.top10_share[~np.isnan(past.top10_share)]
    return float(np.mean(known <= now)) if len(known) >= ENOUGH * YEAR else None


def _medians(traded: Matrix) -> Column:
    """The median over members of their 20-session means, at each session that has 20."""
    import numpy as np

    known = ~np.isnan(traded)
    sums = np.cumsum(np.where(known, traded, 0.0), axis=0)
    counts = np.cumsum(known, axis=0, dtype=np.float64)
    for table in (sums, counts):
        table[MONTH:] -= table[:-MONTH].copy()
    enough = counts >= ENOUGH * MONTH
    means = np.where(enough, sums / np.maximum(counts, 1), np.nan)[MONTH - 1 :]
    return _where_known(means, lambda rows: np.asarray(np.nanmedian(rows, axis=1)))


def _top_shares(traded: Matrix) -> Column:
    return _where_known(traded, _top_share)


def _top_share(traded: Matrix) -> Column:
    import numpy as np

    filled = np.nan_to_num(traded)
    count = min(TOP, filled.shape[1])
    busiest = np.partition(filled, -count, axis=1)[:, -count:]
    return divided(busiest.sum(axis=1), filled.sum(axis=1))


def _where_known(rows: Matrix, figure: Callable[[Matrix], Column]) -> Column:
    """A figure of each session of which enough members are known."""
    import numpy as np

    answer = np.full(len(rows), np.nan)
    told = known_in(rows) >= ENOUGH * rows.shape[1]
    if told.any():
        answer[told] = figure(rows[told])
    return answer
