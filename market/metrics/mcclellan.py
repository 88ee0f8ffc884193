"""The McClellan oscillator and its summation, from net advances (METRICS 5)."""

from __future__ import annotations

from math import isfinite, nan
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from market.metrics.columns import Column

FAST, SLOW = 0.1, 0.05
"""Part of the newest value in each average: the 10 % and the 5 % trend, "19 and 39 days"."""
WARM_UP = 100
"""Sessions before which the start still shows: 0.95 ** 100 is 0.6 % of it."""


class State(NamedTuple):
    """Both averages, the sum and how many sessions have gone into them: all that is kept.

    A new one begins with a market of no direction.
    """

    fast: float = 0.0
    slow: float = 0.0
    summation: float = 0.0
    sessions: int = 0

    @property
    def is_warming(self) -> bool:
        """Whether the values still depend on where the averages began."""
        return self.sessions < WARM_UP

    def after(self, net: float) -> State:
        """Return the state one session later."""
        fast = self.fast + FAST * (net - self.fast)
        slow = self.slow + SLOW * (net - self.slow)
        return State(fast, slow, self.summation + fast - slow, self.sessions + 1)


class McClellan(NamedTuple):
    """Oscillator and summation after each session, in the unit of the net advances."""

    oscillator: Column
    summation: Column
    sessions: Column
    """Sessions that had gone in."""
    end: State
    """What to go on from."""

    @property
    def is_warming(self) -> bool:
        """Whether the newest value still depends on where the averages began."""
        return self.end.is_warming

    def settled(self) -> McClellan:
        """Return the same with NaN for the sessions of the warm-up."""
        import numpy as np

        is_warm = self.sessions >= WARM_UP
        return self._replace(
            oscillator=np.where(is_warm, self.oscillator, np.nan),
            summation=np.where(is_warm, self.summation, np.nan),
        )


def mcclellan(net: Column, start: State = State()) -> McClellan:  # noqa: B008 - it is immutable
    """Return the oscillator, 10 % less 5 % average, and its running sum after each session.

    Args:
        net: A - D, or ratio-adjusted net advances for thresholds that fit any number of
            members; a session without them (NaN) is stepped over and has no values.
        start: Where an earlier calculation ended.
    """
    import numpy as np

    state, told = start, list[tuple[float, float, int]]()
    for value in net.tolist():
        if isfinite(value):
            state = state.after(value)
            told.append((state.fast - state.slow, state.summation, state.sessions))
        else:
            told.append((nan, nan, state.sessions))
    table = np.array(told, dtype=np.float64).reshape(-1, 3)
    return McClellan(table[:, 0], table[:, 1], table[:, 2], state)
