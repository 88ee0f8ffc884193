"""The index's figures of one session: breadth, attribution, liquidity, each with its coverage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from market.census import WINDOWS, Group, Mark
from market.metrics.attribution import residual
from market.metrics.breadth import advancing_share, arms_index, ratio_adjusted_net, up_volume_share
from market.metrics.breadth_history import Sessions, mcclellan_of
from market.metrics.columns import Coverage, coverage
from market.metrics.concentration import effective_contributors, top_share_of_positive
from market.metrics.highs_lows import high_low_index
from market.metrics.liquidity import thin_share
from market.metrics.mcclellan import WARM_UP
from market.metrics.member_columns import Standing, Tail
from market.metrics.member_prices import Prices
from market.metrics.participation import cap_weight, equal_weight, median_member, participation
from market.reading import Reading

if TYPE_CHECKING:
    from market.metrics.columns import Column, Flags

BP = 1e4


class Scene(NamedTuple):
    """All that the figures of one census are made of."""

    prices: Prices
    stood: Standing
    tail: Tail
    above: Mapping[int, Column]
    """Per length: each member's last price over its average, less one."""
    highs: Column
    """1 where a member makes a new 52-week high, 0 where not, NaN where it has no year."""
    lows: Column
    sessions: Sessions
    """Breadth up to the session at hand."""
    index_returns: Mapping[str, float | None]
    dollar_volume: Column
    relative_volume: Column

    def reading(self, value: float | None, made_of: Coverage, reason: str = "") -> Reading:
        """Return a figure with its coverage; none if it stands for too little of the weight."""
        reason, shown = self._judged(value, made_of, reason)
        return Reading(
            value=shown,
            as_of=None if shown is None else self.prices.as_of,
            source="" if shown is None else self.prices.source,
            reason=reason,
            used=made_of.used,
            total=made_of.total,
            coverage=made_of.weight,
        )

    @staticmethod
    def _judged(value: float | None, made_of: Coverage, reason: str) -> tuple[str, float | None]:
        if not made_of.is_enough:
            words = f"only {made_of.used} of {made_of.total} members are known"
            return f"{words}, {made_of.weight:.0%} of the weight", None
        if value is None or not isfinite(value):
            return reason or "not defined for these members", None
        return reason, float(value)

    def covering(self, values: Column) -> Coverage:
        """Return what a column stands for."""
        return coverage(values, self.stood.weight)


def index_readings(scene: Scene, groups: tuple[Group, ...]) -> dict[str, Reading]:
    """Return the readings of the whole index and of its groups, by metric name."""
    readings = dict(_breadth(scene))
    readings.update(_marks(scene))
    readings.update(_liquidity(scene))
    for window in WINDOWS:
        readings.update(_attribution(scene, window))
    for group in groups:
        readings.update(_of_group(scene, group))
    return readings


def _breadth(scene: Scene) -> Iterator[tuple[str, Reading]]:
    sessions = scene.sessions
    counts, volume = sessions.counts, sessions.volume
    made_of = scene.covering(scene.stood.returns["1D"])
    newest: Mapping[str, Column] = {
        "advances": counts.advances,
        "declines": counts.declines,
        "unchanged": counts.unchanged,
        "advancing": advancing_share(counts),
        "net": counts.net,
        "rana": ratio_adjusted_net(counts),
        "up_volume": volume.up,
        "down_volume": volume.down,
        "up_volume_share": up_volume_share(volume),
        "trin": arms_index(counts, volume),
    }
    for name, values in newest.items():
        yield f"breadth.{name}", scene.reading(float(values[-1]), made_of)
    yield "breadth.ad_line", scene.reading(_sum(counts.net), made_of, "from the first session kept")
    yield from _averages(scene)
    yield from _mcclellan(scene, made_of)
    index = scene.index_returns.get("1D")
    share = float(
        participation(scene.stood.returns["1D"], float("nan") if index is None else index)
    )
    yield "breadth.participation", scene.reading(share, made_of)


def _sum(values: Column) -> float:
    import numpy as np

    return float(np.nansum(values))


def _averages(scene: Scene) -> Iterator[tuple[str, Reading]]:
    for length, away in scene.above.items():
        made_of = scene.covering(away)
        yield f"breadth.above_{length}dma", scene.reading(_share_above(away), made_of)
    for name, flags in (("new_highs", scene.highs), ("new_lows", scene.lows)):
        yield f"breadth.{name}", scene.reading(_sum(flags), scene.covering(flags))
    ratio = float(high_low_index(scene.sessions.extremes)[-1])
    made_of = scene.covering(scene.highs)
    words = "" if isfinite(ratio) else "needs ten sessions with extremes"
    yield "breadth.high_low_index", scene.reading(ratio, made_of, words)


def _share_above(away: Column) -> float | None:
    import numpy as np

    known = away[~np.isnan(away)]
    return float(np.mean(known > 1e-9)) if len(known) else None


def _mcclellan(scene: Scene, made_of: Coverage) -> Iterator[tuple[str, Reading]]:
    found = mcclellan_of(scene.sessions)
    words = f"warming: {found.end.sessions} of {WARM_UP} sessions" if found.is_warming else ""
    for name, values in (("mcclellan", found.oscillator), ("summation", found.summation)):
        value = None if found.is_warming else float(values[-1])
        yield f"breadth.{name}", scene.reading(value, made_of, words)


def _marks(scene: Scene) -> Iterator[tuple[str, Reading]]:
    made_of = scene.covering(scene.stood.weight)
    for mark in (Mark.SUSPECT, Mark.HALTED, Mark.MISSING, Mark.SPLIT):
        count = sum(each is mark for each in scene.prices.marks)
        yield f"breadth.{mark.value}", scene.reading(count, made_of)


def _liquidity(scene: Scene) -> Iterator[tuple[str, Reading]]:
    made_of = scene.covering(scene.dollar_volume)
    yield "liquidity.thin_share", scene.reading(thin_share(scene.dollar_volume), made_of)
    median = float(median_member(scene.dollar_volume))
    yield "liquidity.median_dollar_volume", scene.reading(median, made_of)
    today = scene.prices.last * scene.prices.volume
    share = top_share_of_positive(today)
    yield "liquidity.top10_share", scene.reading(share, scene.covering(today))
    busy = scene.relative_volume
    yield (
        "liquidity.relative_volume",
        scene.reading(float(median_member(busy)), scene.covering(busy)),
    )


def _attribution(scene: Scene, window: str) -> Iterator[tuple[str, Reading]]:
    returns, parts = scene.stood.returns[window], scene.stood.contributions[window]
    made_of = coverage(returns, scene.stood.weight)
    equal = float(equal_weight(returns))
    capped = float(cap_weight(scene.stood.starts[window], returns))
    index = scene.index_returns.get(window)
    note = scene.stood.notes.get(window, "")
    figures: Mapping[str, float | None] = {
        "equal_weight": equal,
        "cap_weight": capped,
        "median": float(median_member(returns)),
        "equal_less_cap": BP * (equal - (capped if index is None else index)),
        "top10_share": top_share_of_positive(parts),
        "contributors": effective_contributors(parts),
        "participation": None if index is None else float(participation(returns, index)),
        "residual": None if index is None else BP * residual(index, parts),
    }
    for name, value in figures.items():
        reason = note if value is not None else "waiting for the index's own return"
        yield f"attribution.{name}.{window.lower()}", scene.reading(value, made_of, reason)


def _of_group(scene: Scene, group: Group) -> Iterator[tuple[str, Reading]]:
    import numpy as np

    rows = np.asarray(group.rows, dtype=np.int64)
    weight = scene.stood.weight[rows]

    def reading(value: float | None, values: Column) -> Reading:
        return scene.reading(value, coverage(values, weight))

    daily = scene.stood.returns["1D"][rows]
    yield f"{group.slug}.weight", reading(float(np.nansum(weight)), weight)
    yield f"{group.slug}.members", reading(float(len(rows)), weight)
    yield f"{group.slug}.advancing", reading(_mean(daily > 0, daily), daily)
    for length in (50, 200):
        away = scene.above[length][rows]
        yield f"{group.slug}.above_{length}dma", reading(_share_above(away), away)
    for name, flags in (("new_highs", scene.highs[rows]), ("new_lows", scene.lows[rows])):
        yield f"{group.slug}.{name}", reading(_sum(flags), flags)
    busy = scene.relative_volume[rows]
    yield f"{group.slug}.typical_relative_volume", reading(float(median_member(busy)), busy)
    for window in WINDOWS:
        parts = scene.stood.contributions[window][rows]
        value = BP * _sum(parts)
        yield f"{group.slug}.contribution.{window.lower()}", reading(value, parts)


def _mean(flags: Flags, values: Column) -> float | None:
    import numpy as np

    known = ~np.isnan(values)
    return float(np.mean(flags[known])) if known.any() else None
