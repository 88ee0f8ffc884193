"""Breadth by session: worked out once of the completed sessions, then one more row at a time."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple

from market.census import BreadthHistory
from market.metrics.averages import LENGTHS, shares_above
from market.metrics.breadth import (
    Tally,
    VolumeSplit,
    advance_decline_line,
    arms_index,
    directions,
    ratio_adjusted_net,
    split_volume,
    tally,
)
from market.metrics.columns import ENOUGH, divided, packed, previous_of
from market.metrics.divergences import divergences
from market.metrics.highs_lows import HighsLows, high_low_index, new_highs_lows
from market.metrics.mcclellan import McClellan, mcclellan
from market.metrics.panel import Panel, detail_of
from market.metrics.participation import equal_weight

if TYPE_CHECKING:
    from market.metrics.columns import Column, Matrix


class Sessions(NamedTuple):
    """Breadth of sessions, a value for each."""

    counts: Tally
    volume: VolumeSplit
    above: dict[int, Column]
    extremes: HighsLows
    equal: Column
    """The mean return of the members."""
    capped: Column
    """The weighted mean return."""
    weight: Column
    """The part of the members' weight that is known of each."""

    @property
    def follows_a_gap(self) -> bool:
        """Whether the session before the newest is not known, so that no run ends with it."""
        import numpy as np

        return bool(np.isnan(self.counts.net[-2:-1]).any())


def completed(panel: Panel, quantity: Column, worth: Column) -> Sessions:
    """Return the breadth of a panel's sessions, NaN where too little of the weight is known.

    Args:
        panel: The past of the members.
        quantity: Shares held of each: with the closes before a session they are its weights.
        worth: What each member weighs today, in any unit.
    """
    import numpy as np

    previous = previous_of(panel.closes)
    highs, lows, volumes = detail_of(panel)
    signs = directions(panel.closes, previous, volumes)
    returns = panel.closes / previous - 1
    counts = tally(signs)
    weight = _known_part(signs, worth)
    known, enough = weight >= ENOUGH, ENOUGH * counts.issues
    shares = shares_above(panel.closes)

    def shown(values: Column) -> Column:
        return np.where(known, values, np.nan)

    found = new_highs_lows(panel.closes, highs, lows)
    volume = split_volume(signs, volumes)
    return Sessions(
        Tally(*(shown(each) for each in counts)),
        VolumeSplit(shown(volume.up), shown(volume.down)),
        {n: shown(np.where(s.used >= enough, s.share, np.nan)) for n, s in shares.items()},
        HighsLows(
            shown(np.where(found.used >= enough, found.highs, np.nan)),
            shown(np.where(found.used >= enough, found.lows, np.nan)),
            found.used,
        ),
        shown(equal_weight(returns)),
        shown(_cap_weighted(previous * quantity, returns)),
        weight,
    )


def _known_part(values: Matrix, worth: Column) -> Column:
    """The part of the weight of the members that have a value in each row."""
    import numpy as np

    whole = np.nan_to_num(worth)
    return divided(~np.isnan(values) @ whole, whole.sum())


def _cap_weighted(values: Matrix, returns: Matrix) -> Column:
    """The mean return of each session, weighted by the members' values before it."""
    import numpy as np

    known = ~np.isnan(values) & ~np.isnan(returns)
    parts = np.where(known, values, 0.0)
    moves = np.where(known, returns, 0.0)
    return divided(np.einsum("ij,ij->i", parts, moves), parts.sum(axis=1))


def appended(past: Sessions, today: Sessions, keep: int) -> Sessions:
    """Return the first `keep` sessions of the past and those of today."""
    import numpy as np

    def both(one: Column, other: Column) -> Column:
        return np.concatenate((one[:keep], other))

    return Sessions(
        Tally(*(both(a, b) for a, b in zip(past.counts, today.counts, strict=True))),
        VolumeSplit(*(both(a, b) for a, b in zip(past.volume, today.volume, strict=True))),
        {n: both(past.above[n], today.above[n]) for n in LENGTHS},
        HighsLows(*(both(a, b) for a, b in zip(past.extremes, today.extremes, strict=True))),
        both(past.equal, today.equal),
        both(past.capped, today.capped),
        both(past.weight, today.weight),
    )


def mcclellan_of(sessions: Sessions) -> McClellan:
    """Return the McClellan figures of ratio-adjusted net advances."""
    return mcclellan(ratio_adjusted_net(sessions.counts))


def history_of(
    sessions: Sessions, found: McClellan, opened: array[int], index: Column
) -> BreadthHistory:
    """Return breadth over time as the census shows it.

    Args:
        sessions: The sessions' breadth.
        found: The McClellan figures of these.
        opened: Their regular opens, Unix seconds.
        index: The index's close of each.
    """
    import numpy as np

    oscillator = found.settled()
    counts, volume, extremes = sessions.counts, sessions.volume, sessions.extremes
    has_run = ~np.isnan(counts.net)
    has_run[-1:] &= not sessions.follows_a_gap
    line = np.where(
        ~has_run,
        np.nan,
        advance_decline_line(counts._replace(advances=np.nan_to_num(counts.advances),
                                             declines=np.nan_to_num(counts.declines))),
    )  # fmt: skip
    columns = {
        "index": index,
        "advances": counts.advances,
        "declines": counts.declines,
        "unchanged": counts.unchanged,
        "ad_line": line,
        "divergence": divergences(index, line),
        "rana": ratio_adjusted_net(counts),
        "mcclellan": np.where(has_run, oscillator.oscillator, np.nan),
        "summation": np.where(has_run, oscillator.summation, np.nan),
        "up_volume": volume.up,
        "down_volume": volume.down,
        "trin": arms_index(counts, volume),
        "above_20": sessions.above[20],
        "above_50": sessions.above[50],
        "above_200": sessions.above[200],
        "new_highs": extremes.highs,
        "new_lows": extremes.lows,
        "high_low_index": high_low_index(extremes),
        "equal_weight": _level(sessions.equal),
        "cap_weight": _level(sessions.capped),
        "used": counts.issues,
    }
    return BreadthHistory(times=opened, columns={n: packed(c) for n, c in columns.items()})


def _level(returns: Column) -> Column:
    import numpy as np

    level = 100 * np.cumprod(1 + np.nan_to_num(returns))
    return np.where(np.isnan(returns), np.nan, level)
