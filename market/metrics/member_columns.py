"""The members' columns: returns, contributions, liquidity, momentum and where they stand."""

from __future__ import annotations

from array import array
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from market.census import WINDOWS, Members
from market.holdings import Holdings
from market.metrics.attribution import contributions, weights_of
from market.metrics.averages import distances
from market.metrics.columns import column, divided, packed
from market.metrics.day_curve import Measure
from market.metrics.highs_lows import positions
from market.metrics.liquidity import relative_volume
from market.metrics.member_prices import Prices
from market.metrics.momentum import competition_ranks, may_lead_of, relative_momentum
from market.metrics.year import Year
from market.taxonomy import default_taxonomy

if TYPE_CHECKING:
    from market.metrics.columns import Column


class Standing(NamedTuple):
    """What follows from the completed sessions and the last prices, as columns of numbers."""

    weight: Column
    returns: dict[str, Column]
    contributions: dict[str, Column]
    starts: dict[str, Column]
    """Per window: the weights at its start."""
    notes: dict[str, str]
    """Per window: what should be known of its start weights, if anything."""


def standing(file: Holdings, prices: Prices, year: Year, shares: Column) -> Standing:
    """Return weights, returns and contributions over all windows.

    Args:
        file: The holdings.
        prices: The last prices.
        year: What is known of the completed sessions.
        shares: What the file holds, in the shares of the prices' session.
    """
    import numpy as np

    base = np.where(np.isnan(prices.previous), column(file.price), prices.previous)
    weight = weights_of(shares, base)
    returns = {"1D": divided(prices.taken, prices.previous) - 1}
    starts = {"1D": weight}
    for window, start in year.starts.items():
        returns[window] = divided(prices.taken, start.closes) - 1
        starts[window] = start.weight
    parts = {window: contributions(starts[window], returns[window]) for window in WINDOWS}
    notes = {window: start.note for window, start in year.starts.items()}
    return Standing(weight, returns, parts, starts, notes)


@lru_cache(maxsize=2)
def _subsectors(
    sectors: tuple[str, ...], industries: tuple[str, ...], symbols: tuple[str, ...]
) -> tuple[str, ...]:
    """Names of the members' sub-sectors, which are the same minute after minute."""
    taxonomy = default_taxonomy()
    return tuple(map(taxonomy.subsector_of, sectors, industries, symbols))


def members_of(
    file: Holdings, prices: Prices, stood: Standing, year: Year, index: Column, *, measure: Measure
) -> Members:
    """Return the members as the census shows them.

    Args:
        file: The holdings.
        prices: The last prices.
        stood: Weights, returns and contributions.
        year: What is known of the completed sessions.
        index: The index's closes, its last price at the end.
        measure: What the volumes are held against.
    """
    last, share = prices.taken, measure.share
    away = distances(last, year.sums)
    momentum = _momentum(prices, year, index)
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
        subsectors=_subsectors(file.sectors, prices.industries, prices.symbols),
        industries=prices.industries,
        marks=prices.marks,
        weight=packed(stood.weight),
        last=packed(prices.last),
        previous_close=packed(prices.previous),
        volume=packed(prices.volume),
        market_cap=packed(prices.market_cap),
        returns={w: packed(values) for w, values in stood.returns.items()},
        contributions={w: packed(values) for w, values in stood.contributions.items()},
        relative_volume=packed(relative_volume(prices.volume, year.usual_volume, share)),
        volume_words=measure.words,
        dollar_volume=packed(year.dollar_volume),
        amihud=packed(year.amihud),
        momentum=momentum.values,
        ranks=momentum.ranks,
        ranks_with_thin=momentum.ranks_with_thin,
        week52_position=packed(positions(last, year.span)),
        above={length: packed(values) for length, values in away.items()},
    )


class _Momentum(NamedTuple):
    """How far the members have risen against the index, per length in sessions."""

    values: dict[int, array[float]]
    ranks: dict[int, array[float]]
    """Of those that may lead."""
    ranks_with_thin: dict[int, array[float]]


def _momentum(prices: Prices, year: Year, index: Column) -> _Momentum:
    import numpy as np

    bases = year.bases.items()
    risen = {n: relative_momentum(prices.taken, base, index, n) for n, base in bases}
    leads = may_lead_of(prices.last, year.known, year.dollar_volume)
    return _Momentum(
        {n: packed(values) for n, values in risen.items()},
        {n: _ranked(np.where(leads, values, np.nan)) for n, values in risen.items()},
        {n: _ranked(values) for n, values in risen.items()},
    )


def _ranked(values: Column) -> array[float]:
    return packed(competition_ranks(values))
