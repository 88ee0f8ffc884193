"""The index's figures of one session: breadth, attribution, liquidity, each with its coverage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import TYPE_CHECKING

from market.census import WINDOWS, Group, Mark
from market.metrics.attribution import residual
from market.metrics.breadth import (
    advance_decline_ratio,
    advancing_share,
    arms_index,
    ratio_adjusted_net,
    up_volume_share,
)
from market.metrics.columns import ENOUGH, Coverage, coverage, coverages
from market.metrics.concentration import (
    effective_contributors,
    effective_members,
    effective_positive,
    top_share_of_net,
    top_share_of_positive,
)
from market.metrics.group_figures import group_readings
from market.metrics.highs_lows import high_low_index
from market.metrics.liquidity import thin_share
from market.metrics.mcclellan import WARM_UP
from market.metrics.participation import cap_weight, equal_weight, median_member, participation
from market.metrics.scene import Scene, share_above, sum_of
from market.metrics.trading_past import crowding, over_quarter
from market.reading import Reading

if TYPE_CHECKING:
    from market.metrics.columns import Column

BP = 1e4
AD_SESSIONS = 20
"""Sessions over which the slope of the advance-decline line is told."""
_TOO_SHORT = "too few sessions of the members' volume are known"
_WHY_NOT = {"top10_of_net": "the net move is under 25 basis points"}
"""Why a figure over a window has no value although enough members are known."""


def index_readings(scene: Scene, groups: tuple[Group, ...]) -> dict[str, Reading]:
    """Return the readings of the whole index and of its groups, by metric name."""
    readings = dict(_breadth(scene))
    readings.update(_marks(scene))
    readings.update(_liquidity(scene))
    readings.update(_attribution(scene))
    readings.update(index_held_against(scene))
    readings.update(group_readings(scene, groups))
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
    yield from _line(scene, made_of)
    yield from _averages(scene)
    yield from _mcclellan(scene, made_of)
    weight = scene.stood.weight
    yield (
        "breadth.effective_members",
        scene.reading(effective_members(weight), scene.covering(weight)),
    )


def _line(scene: Scene, made_of: Coverage) -> Iterator[tuple[str, Reading]]:
    net = scene.sessions.counts.net
    known, count = _known(net), _since_start(net)
    words = f"sessions since its start: {known:,}" + (f" of {count:,}" if known < count else "")
    level = sum_of(net) if known >= ENOUGH * count else None
    yield "breadth.ad_line", scene.of_run(level, scene.weakest(made_of), words)
    known = _known(net[-AD_SESSIONS:])
    is_whole = known == AD_SESSIONS
    words = "" if is_whole else f"{known} of {AD_SESSIONS} sessions known"
    change = sum_of(net[-AD_SESSIONS:]) if is_whole else None
    weakest = scene.weakest(made_of, AD_SESSIONS)
    yield "breadth.ad_line.change.20d", scene.of_run(change, weakest, words)


def _known(values: Column) -> int:
    """How many sessions are known."""
    import numpy as np

    return int(np.count_nonzero(~np.isnan(values)))


def _since_start(values: Column) -> int:
    """How many sessions there are from the first known one on."""
    import numpy as np

    return len(values) - int(np.argmin(np.isnan(values)))


def _averages(scene: Scene) -> Iterator[tuple[str, Reading]]:
    for length, away in scene.above.items():
        made_of = scene.covering(away)
        yield f"breadth.above_{length}dma", scene.reading(share_above(away), made_of)
    for name, flags in (("new_highs", scene.highs), ("new_lows", scene.lows)):
        yield f"breadth.{name}", scene.of_run(sum_of(flags), scene.covering(flags))
    ratio = float(high_low_index(scene.sessions.extremes)[-1])
    made_of = scene.covering(scene.highs)
    words = "" if isfinite(ratio) else "needs ten sessions with extremes"
    yield "breadth.high_low_index", scene.of_run(ratio, made_of, words)


def _mcclellan(scene: Scene, made_of: Coverage) -> Iterator[tuple[str, Reading]]:
    found, known = scene.mcclellan, _known(scene.sessions.counts.net[-WARM_UP:])
    words = "" if known == WARM_UP else f"{known} of the last {WARM_UP} sessions known"
    if found.is_warming:
        words = f"warming: {found.end.sessions} of {WARM_UP} sessions"
    is_enough = known >= ENOUGH * WARM_UP and not found.is_warming
    named = (("mcclellan", found.oscillator, WARM_UP), ("summation", found.summation, 0))
    for name, values, count in named:
        value = float(values[-1]) if is_enough else None
        yield f"breadth.{name}", scene.of_run(value, scene.weakest(made_of, count), words)


def _marks(scene: Scene) -> Iterator[tuple[str, Reading]]:
    made_of = scene.covering(scene.stood.weight)
    for mark in (Mark.SUSPECT, Mark.IDLE, Mark.MISSING, Mark.SPLIT):
        count = scene.prices.marks.count(mark)
        yield f"breadth.{mark.value}", scene.reading(count, made_of)


def _liquidity(scene: Scene) -> Iterator[tuple[str, Reading]]:
    made_of = scene.covering(scene.dollar_volume)
    yield "liquidity.thin_share", scene.reading(thin_share(scene.dollar_volume), made_of)
    median = float(median_member(scene.dollar_volume))
    yield "liquidity.median_dollar_volume", scene.reading(median, made_of)
    yield (
        "liquidity.median_dollar_volume.over_60d",
        _if_long_enough(scene, over_quarter(median, scene.traded), made_of),
    )
    today = scene.prices.last * scene.prices.volume
    share = top_share_of_positive(today)
    yield "liquidity.top10_share", scene.reading(share, scene.covering(today))
    rank = None if share is None else crowding(share, scene.traded)
    yield (
        "liquidity.top10_share.percentile.1y",
        _if_long_enough(scene, rank, scene.covering(today)),
    )
    busy = scene.relative_volume
    yield (
        "liquidity.relative_volume",
        scene.reading(float(median_member(busy)), scene.covering(busy), scene.volume_words),
    )


def _if_long_enough(scene: Scene, value: float | None, made_of: Coverage) -> Reading:
    return scene.reading(value, made_of, "" if value is not None else _TOO_SHORT)


def _attribution(scene: Scene) -> Iterator[tuple[str, Reading]]:
    """How broad the members' moves are, and on how few they rest, by window."""
    import numpy as np

    stood = scene.stood
    returns = np.stack([stood.returns[window] for window in WINDOWS])
    starts = np.stack([stood.starts[window] for window in WINDOWS])
    columns = (equal_weight(returns), cap_weight(starts, returns), median_member(returns))
    rows = zip(
        WINDOWS,
        np.stack(columns).T.tolist(),
        coverages(returns, stood.weight),
        strict=True,
    )
    for window, (equal, capped, median), made_of in rows:
        parts, note = stood.contributions[window], stood.notes.get(window, "")
        figures: Mapping[str, float | None] = {
            "equal_weight": equal,
            "cap_weight": capped,
            "median": median,
            "top10_share": top_share_of_positive(parts),
            "top10_of_net": top_share_of_net(parts),
            "contributors": effective_contributors(parts),
            "positive_contributors": effective_positive(parts),
        }
        for name, value in figures.items():
            why = note if value is not None else _WHY_NOT.get(name, "")
            yield f"attribution.{name}.{window.lower()}", scene.reading(value, made_of, why)


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
