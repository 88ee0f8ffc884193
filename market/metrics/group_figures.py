"""The figures of the index's groups: each group's weight, breadth, return and contribution."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from market.census import WINDOWS, Group
from market.metrics.attribution import group_sums
from market.metrics.columns import coverages
from market.metrics.participation import median_member
from market.metrics.scene import Scene, share_above
from market.reading import Reading

if TYPE_CHECKING:
    from market.metrics.columns import Column, Matrix

BP = 1e4
_SPANS = tuple(window.lower() for window in WINDOWS)
_AVERAGES = (50, 200)


class _Tables(NamedTuple):
    """What the groups' figures are made of, one table x members for what is alike."""

    weight: Column
    starts: Matrix
    """Weights at the windows' starts."""
    returns: Matrix
    standing: Matrix
    """Away from the averages, new highs, new lows, relative volume, weight."""


def group_readings(scene: Scene, groups: tuple[Group, ...]) -> dict[str, Reading]:
    """Return the readings of all groups by metric name, all windows of a group at once."""
    import numpy as np

    stood = scene.stood
    away = [scene.above[length] for length in _AVERAGES]
    tables = _Tables(
        stood.weight,
        np.stack([stood.starts[window] for window in WINDOWS]),
        np.stack([stood.returns[window] for window in WINDOWS]),
        np.stack([*away, scene.highs, scene.lows, scene.relative_volume, stood.weight]),
    )
    readings: dict[str, Reading] = {}
    for group in groups:
        readings.update(_standing(scene, group, tables))
        readings.update(_over_windows(scene, group, tables))
    return readings


def _standing(scene: Scene, group: Group, tables: _Tables) -> Iterator[tuple[str, Reading]]:
    """How many members, what they weigh, and how they stand today."""
    import numpy as np

    own = np.take(tables.standing, group.rows, axis=1)
    *covered, of_volume, of_weight = coverages(own, own[-1])
    sums = np.nansum(own, axis=1).tolist()
    shares = [share_above(away) for away in own[: len(_AVERAGES)]]
    note, slug = group.note, group.slug
    words = "; ".join(w for w in (scene.volume_words, note) if w)
    yield f"{slug}.weight", scene.reading(sums[-1], of_weight, note)
    yield f"{slug}.members", scene.reading(float(len(group.rows)), of_weight, note)
    names = (*(f"above_{length}dma" for length in _AVERAGES), "new_highs", "new_lows")
    for name, value, made_of in zip(names, (*shares, *sums[2:4]), covered, strict=True):
        yield f"{slug}.{name}", scene.reading(value, made_of, note)
    busy = float(median_member(own[-2]))
    yield f"{slug}.typical_relative_volume", scene.reading(busy, of_volume, words)


def _over_windows(scene: Scene, group: Group, tables: _Tables) -> Iterator[tuple[str, Reading]]:
    """What the members gained and gave, by window."""
    import numpy as np

    note, slug = group.note, group.slug
    returns, weight = np.take(tables.returns, group.rows, axis=1), tables.weight[group.rows]
    sums = group_sums(np.take(tables.starts, group.rows, axis=1), returns)
    covered = coverages(returns, weight)
    columns = (BP * sums.contribution, sums.median, sums.advancing)
    rows = zip(_SPANS, covered, *(each.tolist() for each in columns), strict=True)
    for span, made_of, contribution, median, advancing in rows:
        yield f"{slug}.contribution.{span}", scene.reading(contribution, made_of, note)
        yield f"{slug}.median.{span}", scene.reading(median, made_of, note)
        yield f"{slug}.advancing.{span}", scene.reading(advancing, made_of, note)
    yield f"{slug}.advancing", scene.reading(sums.advancing.tolist()[0], covered[0], note)
