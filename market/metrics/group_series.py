"""The groups' levels as series: daily closes, a trace of the day, and a last price.

With these a group is an instrument like any other: returns, ranges, charts and comparisons
need to know nothing of members.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from market.census import Group, GroupKind
from market.metrics.columns import ENOUGH, column, divided
from market.metrics.group_days import Holders, days_of_members, levels_at
from market.metrics.levels import (
    BASE,
    equal_weight_basket,
    group_levels,
    rebalanced_on,
    shares_held,
)
from market.metrics.member_prices import Prices
from market.metrics.panel import Panel
from market.metrics.side_by_side import SideBySide, side_by_side
from market.quotes import Bars, Key, Kind, Quote
from market.reconstitution import reconstitutions
from market.sessions import previous_session, session_of

if TYPE_CHECKING:
    from market.metrics.columns import Column, Flags, Matrix, Rows

TRACE_S = 300
DAY_S = 86_400
GAP = 12
"""Sessions back in which a level is looked for that enough members' past stands behind."""


class Levels(NamedTuple):
    """The groups' levels at the completed sessions of a panel."""

    groups: tuple[Group, ...]
    closes: Matrix
    """Sessions x groups."""
    daily: tuple[Bars, ...]
    """The same as bars."""
    renewed: Flags
    """Per session, whether baskets are renewed at its close."""
    members: SideBySide


class Series(NamedTuple):
    """What the groups' instruments know."""

    quotes: tuple[Quote, ...]
    bars: tuple[Bars, ...]
    last: Column
    """The groups' levels at the last prices."""


class _Past(NamedTuple):
    """The members' past, and their last closes before the prices' session on the same scale."""

    panel: Panel
    newest: Column
    row: int
    """The session that these are of."""


class _Base(NamedTuple):
    """A group at the close before the prices' own session."""

    level: float
    sessions: int
    """How many sessions of the panel lead up to it without a gap that members' past leaves."""
    is_told: bool
    """Whether it follows from the previous closes that came with the prices, not from the past."""


def levels_of(groups: tuple[Group, ...], panel: Panel, quantity: Column) -> Levels:
    """Return the levels: what is held times price, for a basket equal parts renewed at times."""
    import numpy as np

    days, members = panel.days, side_by_side(group.rows for group in groups)
    rows = [members.rows[members.of_group(place)] for place in range(len(groups))]
    renewed = rebalanced_on(days, [r.day for r in reconstitutions(days[0], days[-1])])
    weighted = [own for own, group in zip(rows, groups, strict=True) if not _is_basket(group)]
    chained = iter(group_levels(panel.closes, quantity, weighted).T)
    columns = [
        equal_weight_basket(panel.closes[:, own], renewed) if _is_basket(group) else next(chained)
        for own, group in zip(rows, groups, strict=True)
    ]
    closes = np.column_stack(columns) if columns else np.empty((len(days), 0))
    daily = (_daily(group, panel, closes[:, place]) for place, group in enumerate(groups))
    return Levels(groups, closes, tuple(daily), renewed, members)


def _is_basket(group: Group) -> bool:
    return group.kind is GroupKind.BASKET


def series_of(
    levels: Levels, panel: Panel, prices: Prices, weight: Column, known: Mapping[Key, Bars]
) -> Series:
    """Return the groups' quotes and bars at the last prices.

    The day is known as soon as the members' own is: while their past is not in, a group's level
    at the previous close is a beginning, and the one session before that it has.

    Args:
        levels: The groups at the completed sessions.
        panel: The members' past.
        prices: Their last prices.
        weight: What each member weighs in the index at the previous close.
        known: What is in the snapshot, for the day's traces and the members' own days.
    """
    row = panel.row_on_or_before(previous_session(prices.day)) or 0
    past = _Past(panel, panel.closes_at(row) * prices.scale, row)
    parts = _parts(levels, weight, past, prices)
    is_whole, moves = _are_whole(levels, past, prices, parts), _moves(levels, prices, parts)
    days = days_of_members(prices, known)
    quotes: list[Quote] = []
    bars: list[Bars] = []
    last: list[float] = []
    for place, group in enumerate(levels.groups):
        at = levels.members.of_group(place)
        rows, own = levels.members.rows[at], parts[at]
        told = levels.closes[: row + 1, place]
        base = (
            _Base(float(told[-1]), row + 1, is_told=False)
            if is_whole[place]
            else _base(told, rows, past, prices, own)
        )
        bars.append(_daily_until(base, levels, place, past))
        last.append(base.level * (1 + moves[place]))
        if isfinite(last[-1]):
            quotes.append(_quote(group, last[-1], base.level, prices))
            seen = _trace(group, known, last[-1], base.level, prices)
            bars.append(_whole(seen, Holders(rows, own, base.level), prices, days))
    return Series(tuple(quotes), tuple(bars), column(last))


def _parts(levels: Levels, weight: Column, past: _Past, prices: Prices) -> Column:
    """What each member of the groups is worth at the previous close, in any unit.

    A basket's members have drifted apart since its last renewal, as their past tells. Of whom
    no past is known yet is taken to have come along with the rest.
    """
    import numpy as np

    members, until = levels.members, slice(past.row + 1)
    parts = np.nan_to_num(members.of(weight))
    for place, group in enumerate(levels.groups):
        if _is_basket(group):
            rows = members.rows[members.of_group(place)]
            own = past.panel.closes[until, rows]
            held = shares_held(own, levels.renewed[until])
            worth = divided(held * prices.previous[rows], prices.scale[rows])
            usual = float(np.nanmean(worth)) if np.isfinite(worth).any() else 1.0
            drifted = np.where(np.isnan(own).all(axis=0), usual, worth)
            parts[members.of_group(place)] = np.nan_to_num(drifted)
    return parts


def _are_whole(levels: Levels, past: _Past, prices: Prices, parts: Column) -> list[bool]:
    """Whether enough members' past leads up to the previous close, by group."""
    import numpy as np

    members = levels.members
    # Who did not trade has the last close before for its previous close: there is no gap.
    is_known = ~np.isnan(past.panel.closes[past.row]) | (past.newest == prices.previous)
    stands_for = members.sums(np.where(members.of(is_known), parts, 0.0))
    is_enough = stands_for >= ENOUGH * members.sums(parts)
    return (np.isfinite(levels.closes[past.row]) & is_enough).tolist()


def _base(levels: Column, rows: Rows, past: _Past, prices: Prices, parts: Column) -> _Base:
    """A group's level at the previous close, across sessions that too few have a past of."""
    import numpy as np

    count, oldest = len(levels), max(0, len(levels) - GAP)
    is_known = ~np.isnan(past.panel.closes[oldest:count, rows])
    whole = np.flatnonzero(is_known @ parts >= ENOUGH * parts.sum())
    if not len(whole):
        is_begun = np.isfinite(levels[-1])
        return _Base(float(levels[-1]) if is_begun else BASE, 0, is_told=not is_begun)
    newest = oldest + int(whole[-1])
    then = past.panel.closes_at(newest)[rows] * prices.scale[rows]
    worth = divided(parts * then, prices.previous[rows])
    both = ~np.isnan(worth)
    growth = parts[both].sum() / worth[both].sum()
    return _Base(float(levels[newest] * growth), newest + 1, is_told=True)


def _moves(levels: Levels, prices: Prices, parts: Column) -> list[float]:
    """The groups' returns since the previous close; members without a price take no part."""
    import numpy as np

    members, ratio = levels.members, divided(prices.last, prices.previous) - 1
    known = members.of(prices.usable & ~np.isnan(ratio))
    whole = members.sums(np.where(known, parts, 0.0))
    gained = members.sums(np.where(known, parts * members.of(ratio), 0.0))
    return divided(gained, whole).tolist()


def _quote(group: Group, last: float, before: float, prices: Prices) -> Quote:
    return Quote(
        symbol=group.symbol,
        last=last,
        as_of=prices.as_of,
        source=prices.source,
        open=None,
        reported_previous_close=before,
    )


def _daily_until(base: _Base, levels: Levels, place: int, past: _Past) -> Bars:
    """The daily closes; up to a gap in the past, and the previous close that the prices tell."""
    import numpy as np

    if not base.is_told:
        return levels.daily[place]
    closes = np.full(len(past.panel.days), np.nan)
    closes[: base.sessions] = levels.closes[: base.sessions, place]
    closes[past.row] = base.level
    return _daily(levels.groups[place], past.panel, closes)


def _daily(group: Group, panel: Panel, closes: Column) -> Bars:
    import numpy as np

    known = np.flatnonzero(~np.isnan(closes)).tolist()
    return Bars(
        key=Key(Kind.CLOSES, group.symbol),
        interval_s=DAY_S,
        source=panel.source,
        as_of=session_of(panel.days[-1]).close,
        times=array("q", (panel.opened[row] for row in known)),
        close=array("d", (float(closes[row]) for row in known)),
    )


def _whole(seen: Bars, holders: Holders, prices: Prices, days: Mapping[int, Bars]) -> Bars:
    """The day's levels as they were seen, and in the gaps what the members' own days tell."""
    slots = range(seen.times[0] + TRACE_S, seen.times[-1], TRACE_S)
    missing = sorted({*slots}.difference(seen.times))
    if not missing or not (told := levels_at(missing, holders, prices, days)):
        return seen
    levels = {**told, **dict(zip(seen.times, seen.close, strict=True))}
    times = array("q", sorted(levels))
    return replace(seen, times=times, close=array("d", (levels[time] for time in times)))


def _trace(
    group: Group, bars: Mapping[Key, Bars], last: float, before: float, prices: Prices
) -> Bars:
    """The day's levels as far as they were seen, one for each five minutes."""
    known = bars.get(Key(Kind.TRACE, group.symbol))
    session = session_of(prices.day)
    opened = int(session.open.timestamp())
    now = int(min(max(prices.as_of, session.open), session.close).timestamp())
    slot = min(now, int(session.close.timestamp()) - 1) // TRACE_S * TRACE_S
    times, close = array("q", [opened]), array("d", [before])
    if known is not None and len(known) and known.times[0] == opened:
        kept = [row for row, time in enumerate(known.times) if time < slot]
        # Levels begin anew with more of the past: what was seen of the day is brought to theirs.
        scale = before / known.close[0]
        times = array("q", (known.times[row] for row in kept)) or times[:0]
        close = array("d", (known.close[row] * scale for row in kept)) or close[:0]
    if not len(times) or times[-1] < slot:
        times.append(slot)
        close.append(last)
    return Bars(
        key=Key(Kind.TRACE, group.symbol),
        interval_s=TRACE_S,
        source=prices.source,
        as_of=prices.as_of,
        times=times,
        close=close,
    )
