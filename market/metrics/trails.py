"""The ways of the groups over the rotation plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from market.census import GroupKind, Trail
from market.metrics.columns import packed
from market.metrics.group_series import Levels, Series
from market.metrics.rotation import rotation

if TYPE_CHECKING:
    from market.metrics.columns import Column

TRAIL = 10
"""Points of a trail: two weeks."""


def trails_of(levels: Levels, series: Series, index: Column) -> tuple[Trail, ...]:
    """Return the ways of the sub-sectors and baskets, those that have one."""
    import numpy as np

    places = [p for p, g in enumerate(levels.groups) if g.kind is not GroupKind.SECTOR]
    before = len(index) - 1
    table = np.vstack((levels.closes[:before], series.last))[:, places]
    found = rotation(table[-60:], index[-60:])
    return tuple(
        Trail(
            symbol=levels.groups[place].symbol,
            name=levels.groups[place].name,
            ratio=packed(found.ratio[-TRAIL:, at].copy()),
            momentum=packed(found.momentum[-TRAIL:, at].copy()),
        )
        for at, place in enumerate(places)
        if np.isfinite(found.momentum[-1, at])
    )
