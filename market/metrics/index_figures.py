"""The index's figures of one session: breadth, attribution, liquidity, each with its coverage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import floor, isfinite
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from market.census import WINDOWS, Group, Mark
from market.metrics.attribution import group_sums, residual
from market.metrics.breadth import (
    advance_decline_ratio,
    advancing_share,
    arms_index,
    ratio_adjusted_net,
    up_volume_share,
)
from market.metrics.breadth_history import Sessions, mcclellan_of
from market.metrics.columns import ENOUGH, Coverage, coverage
from market.metrics.concentration import (
    effective_contributors,
    effective_members,
    effective_positive,
    top_share_of_net,
    top_share_of_positive,
)
from market.metrics.highs_lows import high_low_index
from market.metrics.index_session import WAITING, IndexSession
from market.metrics.liquidity import thin_share
from market.metrics.mcclellan import WARM_UP
from market.metrics.member_columns import Standing, Tail
from market.metrics.member_prices import Prices
from market.metrics.participation import cap_weight, equal_weight, median_member, participation
from market.metrics.subject import sources
from market.reading import Reading

if TYPE_CHECKING:
    from market.metrics.columns import Column

BP = 1e4
_WHY_NOT = {"top10_of_net": "the net move is under 25 basis points"}
"""Why a figure over a window has no value although enough members are known."""


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
    benchmark: IndexSession
    """The index in the members' session."""
    dollar_volume: Column
    relative_volume: Column
    volume_words: str = ""
    """What the volumes are held against, unless it is whole sessions like their own."""

    def reading(self, value: float | None, made_of: Coverage, reason: str = "") -> Reading:
        """Return a figure with its coverage; none if it stands for too little of the weight."""
        reason, shown = self._judged(value, made_of, reason)
        reason = "; ".join(words for words in (reason, self.prices.note) if words)
        return Reading(
            value=shown,
            as_of=None if shown is None else self.prices.as_of,
            source="" if shown is None else self.prices.source,
            reason=reason,
            used=made_of.used,
            total=made_of.total,
            coverage=made_of.weight,
        )

    def against_index(
        self, value: float | None, window: str, made_of: Coverage, reason: str = ""
    ) -> Reading:
        """Return a figure held against the index: as old as the older of the two prices."""
        index = self.benchmark.returns[window]
        if index.value is None or index.as_of is None:
            return self.reading(None, made_of, index.reason or WAITING)
        found = self.reading(value, made_of, reason)
        if found.as_of is None:
            return found
        as_of, source = min(found.as_of, index.as_of), sources(found.source, index.source)
        return replace(found, as_of=as_of, source=source, delay_s=index.delay_s)

    @staticmethod
    def _judged(value: float | None, made_of: Coverage, reason: str) -> tuple[str, float | None]:
        if not made_of.is_enough:
            known = f"{floor(made_of.weight * 100)} % of the weight known"
            members = f"{made_of.used:,} of {made_of.total:,} members"
            return f"{known} ({members}), {ENOUGH * 100:.0f} % needed", None
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
    readings.update(index_held_against(scene))
    for group in groups:
        readings.update(_of_group(scene, group))
    return readings


def index_held_against(scene: Scene) -> dict[str, Reading]:
    """Return the readings that the index's own price goes into, by metric name."""
    readings: dict[str, Reading] = {}
    for window in WINDOWS:
        readings.update(_against_index(scene, window))
    readings["breadth.participation"] = readings["attribution.participation.1d"]
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
        "ad_ratio": advance_decline_ratio(counts),
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
    weight = scene.stood.weight
    yield (
        "breadth.effective_members",
        scene.reading(effective_members(weight), scene.covering(weight)),
    )


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
        scene.reading(float(median_member(busy)), scene.covering(busy), scene.volume_words),
    )


def _attribution(scene: Scene, window: str) -> Iterator[tuple[str, Reading]]:
    returns, parts = scene.stood.returns[window], scene.stood.contributions[window]
    made_of = coverage(returns, scene.stood.weight)
    note = scene.stood.notes.get(window, "")
    figures: Mapping[str, float | None] = {
        "equal_weight": float(equal_weight(returns)),
        "cap_weight": float(cap_weight(scene.stood.starts[window], returns)),
        "median": float(median_member(returns)),
        "top10_share": top_share_of_positive(parts),
        "top10_of_net": top_share_of_net(parts),
        "contributors": effective_contributors(parts),
        "positive_contributors": effective_positive(parts),
    }
    for name, value in figures.items():
        yield (
            f"attribution.{name}.{window.lower()}",
            scene.reading(value, made_of, note if value is not None else _WHY_NOT.get(name, "")),
        )


def _against_index(scene: Scene, window: str) -> Iterator[tuple[str, Reading]]:
    returns, parts = scene.stood.returns[window], scene.stood.contributions[window]
    made_of = coverage(returns, scene.stood.weight)
    index = scene.benchmark.number(window)
    note = scene.stood.notes.get(window, "")
    figures: Mapping[str, float] = {} if index is None else {
        "index": index,
        "equal_less_cap": BP * (float(equal_weight(returns)) - index),
        "participation": float(participation(returns, index)),
        "residual": BP * residual(index, parts),
    }  # fmt: skip
    for name in ("index", "equal_less_cap", "participation", "residual"):
        found = scene.against_index(figures.get(name), window, made_of, note)
        yield f"attribution.{name}.{window.lower()}", found


def _of_group(scene: Scene, group: Group) -> Iterator[tuple[str, Reading]]:
    import numpy as np

    rows = np.asarray(group.rows, dtype=np.int64)
    weight = scene.stood.weight[rows]

    def reading(value: float | None, values: Column) -> Reading:
        return scene.reading(value, coverage(values, weight), group.note)

    yield f"{group.slug}.weight", reading(float(np.nansum(weight)), weight)
    yield f"{group.slug}.members", reading(float(len(rows)), weight)
    for length in (50, 200):
        away = scene.above[length][rows]
        yield f"{group.slug}.above_{length}dma", reading(_share_above(away), away)
    for name, flags in (("new_highs", scene.highs[rows]), ("new_lows", scene.lows[rows])):
        yield f"{group.slug}.{name}", reading(_sum(flags), flags)
    busy = scene.relative_volume[rows]
    words = "; ".join(w for w in (scene.volume_words, group.note) if w)
    yield (
        f"{group.slug}.typical_relative_volume",
        scene.reading(float(median_member(busy)), coverage(busy, weight), words),
    )
    for window in WINDOWS:
        returns = scene.stood.returns[window]
        sums = group_sums(scene.stood.starts[window], returns, rows)
        made_of = coverage(returns[rows], weight)
        for name, value in (
            ("contribution", BP * sums.contribution),
            ("median", sums.median),
            ("advancing", sums.advancing),
        ):
            yield f"{group.slug}.{name}.{window.lower()}", scene.reading(value, made_of, group.note)
        if window == "1D":
            yield f"{group.slug}.advancing", scene.reading(sums.advancing, made_of, group.note)
