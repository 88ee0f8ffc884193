"""The groups' levels as series: daily closes, a trace of the day, and a last price.

With these a group is an instrument like any other: returns, ranges, charts and comparisons
need to know nothing of members.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from market.census import Group, GroupKind
from market.membership import reconstitutions
from market.metrics.columns import divided
from market.metrics.levels import equal_weight_basket, group_levels, rebalanced_on
from market.metrics.member_prices import Prices
from market.metrics.panel import Panel
from market.quotes import Bars, Key, Kind, Quote
from market.sessions import previous_session, session_of

if TYPE_CHECKING:
    from market.metrics.columns import Column, Matrix

TRACE_S = 300
DAY_S = 86_400


class Levels(NamedTuple):
    """The groups' levels at the completed sessions of a panel."""

    groups: tuple[Group, ...]
    closes: Matrix
    """Sessions x groups."""
    daily: tuple[Bars, ...]
    """The same as bars."""


class Series(NamedTuple):
    """What the groups' instruments know."""

    quotes: tuple[Quote, ...]
    bars: tuple[Bars, ...]
    last: Column
    """The groups' levels at the last prices."""


def levels_of(groups: tuple[Group, ...], panel: Panel, quantity: Column) -> Levels:
    """Return the levels: what is held times price, for a basket equal parts renewed at times."""
    import numpy as np

    days = panel.days
    renewed = rebalanced_on(days, [r.day for r in reconstitutions(days[0], days[-1])])
    weighted = [np.asarray(g.rows, dtype=np.int64) for g in groups if not _is_basket(g)]
    chained = iter(group_levels(panel.closes, quantity, weighted).T)
    columns = [
        equal_weight_basket(panel.closes[:, np.asarray(g.rows, dtype=np.int64)], renewed)
        if _is_basket(g)
        else next(chained)
        for g in groups
    ]
    closes = np.column_stack(columns) if columns else np.empty((len(days), 0))
    daily = (_daily(group, panel, closes[:, place]) for place, group in enumerate(groups))
    return Levels(groups, closes, tuple(daily))


def _is_basket(group: Group) -> bool:
    return group.kind is GroupKind.BASKET


def series_of(
    levels: Levels, panel: Panel, prices: Prices, weight: Column, known: Mapping[Key, Bars]
) -> Series:
    """Return the groups' quotes and bars at the last prices.

    A basket's members weigh what they have come to since its last renewal only by their
    previous day's parts: within a day the difference is of second order.
    """
    import numpy as np

    row = panel.row_on_or_before(previous_session(prices.day))
    before = levels.closes[row] if row is not None else np.full(len(levels.groups), np.nan)
    before = np.where(np.isnan(before), 100.0, before)
    moves = np.array([_move(g, prices, weight) for g in levels.groups])
    last = before * (1 + moves)
    quotes: list[Quote] = []
    bars = list(levels.daily)
    for place, group in enumerate(levels.groups):
        if np.isfinite(last[place]):
            quotes.append(_quote(group, float(last[place]), float(before[place]), prices))
            trace = known.get(Key(Kind.TRACE, group.symbol))
            bars.append(_trace(group, trace, float(last[place]), float(before[place]), prices))
    return Series(tuple(quotes), tuple(bars), last)


def _move(group: Group, prices: Prices, weight: Column) -> float:
    """The group's return since the previous close, by weight or in equal parts."""
    import numpy as np

    rows = np.asarray(group.rows, dtype=np.int64)
    ratio = divided(prices.last[rows], prices.previous[rows]) - 1
    ratio[~prices.usable[rows]] = np.nan
    part = np.ones(len(rows)) if _is_basket(group) else weight[rows]
    known = ~np.isnan(ratio)
    whole = float(part[known].sum())
    return float((part * ratio)[known].sum()) / whole if whole > 0 else float("nan")


def _quote(group: Group, last: float, before: float, prices: Prices) -> Quote:
    return Quote(
        symbol=group.symbol,
        last=last,
        as_of=prices.as_of,
        source=prices.source,
        open=None,
        reported_previous_close=before,
    )


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


def _trace(group: Group, known: Bars | None, last: float, before: float, prices: Prices) -> Bars:
    """The day's levels as far as they were seen, one for each five minutes."""
    session = session_of(prices.day)
    opened = int(session.open.timestamp())
    now = int(min(max(prices.as_of, session.open), session.close).timestamp())
    slot = min(now, int(session.close.timestamp()) - 1) // TRACE_S * TRACE_S
    times, close = array("q", [opened]), array("d", [before])
    if known is not None and len(known) and known.times[0] == opened:
        kept = [row for row, time in enumerate(known.times) if time < slot]
        times = array("q", (known.times[row] for row in kept)) or times[:0]
        close = array("d", (known.close[row] for row in kept)) or close[:0]
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
