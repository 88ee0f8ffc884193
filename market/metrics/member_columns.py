"""The members' columns: returns, contributions, liquidity, momentum and where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from market.census import MOMENTA, WINDOWS, Members
from market.holdings import Holdings
from market.membership import accepted_splits
from market.metrics.attribution import contributions, weights_of
from market.metrics.averages import distances
from market.metrics.columns import column, divided, packed
from market.metrics.day_curve import Measure
from market.metrics.highs_lows import YEAR, positions
from market.metrics.liquidity import amihud, dollar_volume, relative_volume
from market.metrics.member_prices import Prices
from market.metrics.momentum import relative_momentum
from market.metrics.panel import Panel
from market.metrics.windows import window_base
from market.taxonomy import default_taxonomy

if TYPE_CHECKING:
    from market.metrics.columns import Column, Matrix


class Standing(NamedTuple):
    """What follows from the completed sessions and the last prices, as columns of numbers."""

    weight: Column
    returns: dict[str, Column]
    contributions: dict[str, Column]
    starts: dict[str, Column]
    """Per window: the weights at its start."""
    notes: dict[str, str]
    """Per window: what should be known of its start weights."""


class Tail(NamedTuple):
    """The year up to the last prices, sessions x members; the last row is the session at hand."""

    closes: Matrix
    highs: Matrix
    lows: Matrix
    volumes: Matrix


def tail_of(panel: Panel, prices: Prices) -> Tail:
    """Return the 252 sessions before the prices' own, and the prices as one more row."""
    import numpy as np

    end = _rows_before(panel, prices.day)
    rows = slice(max(0, end - YEAR), end)
    last = np.where(prices.usable, prices.last, np.nan)
    unknown = np.full(len(last), np.nan)
    scale = prices.scale
    return Tail(
        np.vstack((panel.closes[rows] * scale, last)),
        np.vstack((panel.highs[rows] * scale, unknown)),
        np.vstack((panel.lows[rows] * scale, unknown)),
        np.vstack((panel.volumes[rows] / scale, prices.volume)),
    )


def _rows_before(panel: Panel, day: date) -> int:
    row = panel.row_on_or_before(day)
    if row is None:
        return 0
    return row if panel.days[row] == day else row + 1


def standing(file: Holdings, earlier: Iterable[Holdings], panel: Panel, prices: Prices) -> Standing:
    """Return weights, returns and contributions over all windows."""
    import numpy as np

    quantity = column(file.quantity)
    base = np.where(np.isnan(prices.previous), column(file.price), prices.previous)
    weight = weights_of(quantity, base)
    last = np.where(prices.usable, prices.last, np.nan)
    returns = {"1D": divided(last, prices.previous) - 1}
    starts = {"1D": weight}
    notes: dict[str, str] = {}
    files = sorted((file, *earlier), key=lambda each: each.day, reverse=True)
    for window in WINDOWS[1:]:
        day = window_base(window.lower(), prices.day)
        row = panel.row_on_or_before(day)
        is_known = row is not None and panel.days[row] == day
        start = panel.closes_at(row) if row is not None and is_known else np.full(len(last), np.nan)
        start *= prices.scale
        returns[window] = divided(last, start) - 1
        held = _quantities(files, file, day)
        starts[window] = weights_of(held, start)
        if files[-1].day > day:
            notes[window] = f"members and shares as of {file.day:%d %b %Y}"
    parts = {window: contributions(starts[window], returns[window]) for window in WINDOWS}
    return Standing(weight, returns, parts, starts, notes)


def _quantities(files: list[Holdings], today: Holdings, day: date) -> Column:
    """The shares held at a window's start: of the last file before it, else today's.

    They are told in today's shares, as the past's prices are.
    """
    import numpy as np

    before = next((file for file in files if file.day <= day), today)
    if before is today:
        return column(today.quantity)
    held = dict(zip(before.symbols, before.quantity, strict=True))
    split = _splits(before, today)
    return np.array([held.get(s, np.nan) * split.get(s, 1.0) for s in today.symbols])


@lru_cache(maxsize=len(WINDOWS))
def _splits(older: Holdings, newer: Holdings) -> Mapping[str, float]:
    return accepted_splits(older, newer)


def members_of(
    file: Holdings,
    prices: Prices,
    stood: Standing,
    tail: Tail,
    index: Column,
    *,
    measure: Measure,
) -> Members:
    """Return the members as the census shows them.

    Args:
        file: The holdings.
        prices: The last prices.
        stood: Weights, returns and contributions.
        tail: The year up to the last prices.
        index: The index's closes of the tail's sessions, its last price at the end.
        measure: What the volumes are held against.
    """
    taxonomy = default_taxonomy()
    named = zip(file.sectors, prices.industries, prices.symbols, strict=True)
    away = distances(tail.closes)
    return Members(
        as_of=prices.as_of,
        source=prices.source,
        day=prices.day,
        holdings_day=file.day,
        listed=prices.listed,
        note=prices.note,
        symbols=prices.symbols,
        names=prices.names,
        sectors=file.sectors,
        subsectors=tuple(taxonomy.subsector_of(*each) for each in named),
        industries=prices.industries,
        marks=prices.marks,
        weight=packed(stood.weight),
        last=packed(prices.last),
        previous_close=packed(prices.previous),
        volume=packed(prices.volume),
        market_cap=packed(prices.market_cap),
        returns={w: packed(values) for w, values in stood.returns.items()},
        contributions={w: packed(values) for w, values in stood.contributions.items()},
        relative_volume=packed(relative_volume(prices.volume, tail.volumes[:-1], measure.share)),
        volume_words=measure.words,
        dollar_volume=packed(dollar_volume(tail.closes[:-1], tail.volumes[:-1])),
        amihud=packed(amihud(tail.closes[:-1], tail.volumes[:-1])),
        momentum={n: packed(relative_momentum(tail.closes, index, n)) for n in MOMENTA},
        week52_position=packed(positions(tail.closes, tail.highs, tail.lows)),
        above={length: packed(values) for length, values in away.items()},
    )
