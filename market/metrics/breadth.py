"""Breadth: how many members rise and fall, and the volume that stands behind them (METRICS 5).

The functions look at the rows of sessions x members and answer with a column, a value per
session; of a single column of members they answer with one number. NaN is missing: a member
without a price today or before, or without a trade, is on neither side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from market.metrics.columns import divided

if TYPE_CHECKING:
    from market.metrics.columns import Column, Matrix

SCALE = 1000
"""Of ratio-adjusted net advances."""


class Tally(NamedTuple):
    """Members by direction, a value per session."""

    advances: Column
    declines: Column
    unchanged: Column

    @property
    def net(self) -> Column:
        """Advances less declines."""
        return self.advances - self.declines

    @property
    def issues(self) -> Column:
        """All members that traded."""
        return self.advances + self.declines + self.unchanged


class VolumeSplit(NamedTuple):
    """The volume of advancing and of declining members, in the unit of the volumes given."""

    up: Column
    down: Column


def to_tick(prices: Matrix) -> Matrix:
    """Return prices rounded to the cent, below a dollar to a hundredth of a cent."""
    import numpy as np

    rounded = np.round(prices, 2)
    is_small = prices < 1
    rounded[is_small] = np.round(prices[is_small], 4)
    return rounded


def directions(last: Matrix, previous: Matrix, volume: Matrix | None = None) -> Matrix:
    """Return 1 for an advance, -1 for a decline, 0 for no change after rounding to the tick.

    `previous` is the close of the session before (`columns.previous_of`). A volume of 0 is no
    trade and gives NaN; an unknown volume (NaN) says nothing.
    """
    import numpy as np

    signs = np.sign(to_tick(last) - to_tick(previous))
    if volume is not None:
        signs[volume == 0] = np.nan
    return signs


def tally(signs: Matrix) -> Tally:
    """Return advances, declines and unchanged members of `directions`."""
    import numpy as np

    counts = (np.count_nonzero(signs == way, axis=-1) for way in (1, -1, 0))
    return Tally(*(np.asarray(count, dtype=np.float64) for count in counts))


def advancing_share(counts: Tally) -> Column:
    """Return advances over all members that traded, 0 to 1."""
    return divided(counts.advances, counts.issues)


def advance_decline_ratio(counts: Tally) -> Column:
    """Return advances over declines; NaN where nothing declined."""
    return divided(counts.advances, counts.declines)


def ratio_adjusted_net(counts: Tally) -> Column:
    """Return 1000 (A - D) / (A + D), which a changing number of members leaves comparable."""
    return SCALE * divided(counts.net, counts.advances + counts.declines)


def advance_decline_line(counts: Tally, start: float = 0.0) -> Column:
    """Return the running sum of A - D after each session. Only its slope means anything."""
    import numpy as np

    return start + np.cumsum(counts.net)


def split_volume(signs: Matrix, volumes: Matrix) -> VolumeSplit:
    """Return the volume of the members that advance and of those that decline."""
    import numpy as np

    known = np.nan_to_num(volumes, nan=0.0)
    up, down = (np.einsum("...i,...i->...", signs == way, known) for way in (1, -1))
    return VolumeSplit(np.asarray(up), np.asarray(down))


def up_volume_share(volume: VolumeSplit) -> Column:
    """Return up volume over up and down volume, 0 to 1; NaN where there is neither."""
    return divided(volume.up, volume.up + volume.down)


def arms_index(counts: Tally, volume: VolumeSplit) -> Column:
    """Return TRIN, (A / D) / (UV / DV): above 1 the volume sits in the decliners.

    NaN where any of the four is 0; no earlier value stands in for it.
    """
    import numpy as np

    ratio = divided(divided(counts.advances, counts.declines), divided(volume.up, volume.down))
    return np.where(ratio > 0, ratio, np.nan)
