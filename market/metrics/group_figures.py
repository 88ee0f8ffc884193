"""The figures of the index's groups: each group's weight, breadth, return and contribution."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from market.census import WINDOWS, Group
from market.metrics.attribution import group_sums
from market.metrics.columns import divided
from market.metrics.scene import LEAST_ABOVE, Scene
from market.metrics.side_by_side import SideBySide, side_by_side
from market.reading import Reading

if TYPE_CHECKING:
    from market.metrics.columns import Column

BP = 1e4
_SPANS = tuple(window.lower() for window in WINDOWS)
_AVERAGES = (50, 200)
_TODAY = (*(f"above_{length}dma" for length in _AVERAGES), "new_highs", "new_lows")


def group_readings(scene: Scene, groups: tuple[Group, ...]) -> dict[str, Reading]:
    """Return the readings of all groups by metric name, worked out all at once."""
    members = side_by_side(group.rows for group in groups)
    weight = members.of(scene.stood.weight)
    readings: dict[str, Reading] = {}
    for found in (
        _standing(scene, groups, members, weight),
        _moves(scene, groups, members, weight),
    ):
        readings.update(found)
    return readings


def _standing(
    scene: Scene, groups: tuple[Group, ...], members: SideBySide, weight: Column
) -> Iterator[tuple[str, Reading]]:
    """How many members, what they weigh, and how they stand today."""
    import numpy as np

    away = members.of(np.stack([scene.above[length] for length in _AVERAGES]))
    above = divided(members.counts(away > LEAST_ABOVE), members.counts(~np.isnan(away)))
    extremes = members.of(np.stack((scene.highs, scene.lows)))
    busy = members.of(scene.relative_volume)
    table = np.vstack((away, extremes, busy, weight))
    figures = np.vstack(
        (
            above,
            members.sums(np.nan_to_num(extremes)),
            members.medians(busy),
            members.sums(np.nan_to_num(weight)),
        )
    )
    covered = members.coverages(table, weight)
    for group, values, made_of in zip(groups, figures.T.tolist(), covered, strict=True):
        slug, note, of_weight = group.slug, group.note, made_of[-1]
        words = "; ".join(w for w in (scene.volume_words, note) if w)
        yield f"{slug}.weight", scene.reading(values[-1], of_weight, note)
        yield f"{slug}.members", scene.reading(float(len(group.rows)), of_weight, note)
        for name, value, known in zip(_TODAY, values, made_of, strict=False):
            yield f"{slug}.{name}", scene.reading(value, known, note)
        busiest = scene.reading(values[-2], made_of[-2], words)
        yield f"{slug}.typical_relative_volume", busiest


def _moves(
    scene: Scene, groups: tuple[Group, ...], members: SideBySide, weight: Column
) -> Iterator[tuple[str, Reading]]:
    """What the members gained and gave, by window."""
    import numpy as np

    stood = scene.stood
    returns = members.of(np.stack([stood.returns[window] for window in WINDOWS]))
    starts = members.of(np.stack([stood.starts[window] for window in WINDOWS]))
    sums = group_sums(starts, returns, members)
    covered = members.coverages(returns, weight)
    figures = np.stack((BP * sums.contribution, sums.median, sums.advancing)).T.tolist()
    for group, windows, known in zip(groups, figures, covered, strict=True):
        slug, note = group.slug, group.note
        for span, values, made_of in zip(_SPANS, windows, known, strict=True):
            contribution, median, advancing = values
            yield f"{slug}.contribution.{span}", scene.reading(contribution, made_of, note)
            yield f"{slug}.median.{span}", scene.reading(median, made_of, note)
            yield f"{slug}.advancing.{span}", scene.reading(advancing, made_of, note)
        yield f"{slug}.advancing", scene.reading(windows[0][2], known[0], note)
