"""Divergences: the index makes a new high or low that the advance-decline line does not make.

The level of the line is arbitrary (METRICS 5), so that each line is held against its own past only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from market.metrics.columns import Column

SESSIONS = 20
"""Of a new high or low, the session itself included."""


def divergences(index: Column, line: Column, count: int = SESSIONS) -> Column:
    """Return 1 where only the index is at a new high, −1 where only it is at a new low, else 0.

    A new high is above all other values of the newest `count` sessions; the line denies it where it
    is below one of its own. NaN where either line has a hole in these sessions, or begins later.
    """
    import numpy as np

    answer = np.full(len(index), np.nan)
    if len(index) < count:
        return answer
    ours, theirs = (
        np.lib.stride_tricks.sliding_window_view(values, count) for values in (index, line)
    )
    high = _is_beyond(ours) & (theirs[:, -1] < theirs.max(axis=1))
    low = _is_beyond(-ours) & (theirs[:, -1] > theirs.min(axis=1))
    known = ~np.isnan(ours).any(axis=1) & ~np.isnan(theirs).any(axis=1)
    answer[count - 1 :] = np.where(known, high.astype(np.float64) - low, np.nan)
    return answer


def _is_beyond(windows: Column) -> Column:
    """Whether the newest value of each window is above all before it."""
    return windows[:, -1] > windows[:, :-1].max(axis=1)
