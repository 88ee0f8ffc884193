"""The cone of realised volatility: where today's stands in its own past, window by window.

Windows overlap: each session ends one of every length, so that neighbours share most of their
returns and the cone's percentiles are of far fewer independent samples than they count.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from market.metrics.ranks import percentile
from market.metrics.volatility import SESSIONS_A_YEAR
from market.volatility_study import Ring

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WINDOWS = (5, 10, 21, 42, 63, 126, 252)
"""Returns in a window."""
FEWEST = 200
"""Windows that must be known for a ring of the cone."""


def volatility_cone(
    closes: Sequence[float] | NDArray[np.float64], windows: Sequence[int] = WINDOWS
) -> tuple[Ring, ...]:
    """Return the cone of close-to-close volatility, a ring for each length of window.

    Args:
        closes: Of successive sessions, oldest first. A close that is not a positive number makes
            the windows it stands in unknown.
        windows: Returns in each window, two at least.
    """
    import numpy as np

    prices = np.asarray(closes, dtype=np.float64)
    logs = np.log(np.where(prices > 0, prices, np.nan))
    return tuple(_ring(window, _volatilities(np.diff(logs), window)) for window in windows)


def _volatilities(returns: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    """The volatility of every window, oldest first."""
    import numpy as np

    if len(returns) < window:
        return np.empty(0)
    views = np.lib.stride_tricks.sliding_window_view(returns, window)
    return np.sqrt(SESSIONS_A_YEAR * np.var(views, axis=1, ddof=1))


def _ring(window: int, volatilities: NDArray[np.float64]) -> Ring:
    import numpy as np

    known = volatilities[~np.isnan(volatilities)]
    now = float(volatilities[-1]) if len(known) and not np.isnan(volatilities[-1]) else None
    if len(known) < FEWEST:
        reason = f"{FEWEST} windows of {window} sessions are needed, {len(known)} are known"
        return Ring(window=window, count=len(known), now=now, reason=reason)
    low, lower, median, upper, high = np.quantile(known, (0, 0.25, 0.5, 0.75, 1)).tolist()
    return Ring(
        window=window,
        count=len(known),
        low=low,
        lower_quarter=lower,
        median=median,
        upper_quarter=upper,
        high=high,
        now=now,
        percentile=None if now is None else percentile(known, now),
        reason="" if now is not None else "a close of the newest window is missing",
    )
