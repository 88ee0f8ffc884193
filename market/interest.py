"""Which data a screen needs: the keys that the engine is asked to keep fresh."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from market.instruments import FUTURE, INDEX, TRACKER, Cast, Instrument, Role
from market.quotes import Key, Kind


class Wishes(msgspec.Struct, frozen=True):
    """What the engine is asked to keep fresh, and how fast."""

    visible: frozenset[Key] | None = None
    """What is on screen; None stands for the overview."""
    watched: tuple[str, ...] = ()
    """Symbols of the watchlists."""
    focused: bool = True
    """Whether the terminal has the focus."""
    pace: float = 1.0
    """Factor on all beats: 2 asks half as often."""


CHART_SPANS = ("5D", "1M")
"""Ranges of the symbol screen that need bars of their own; 1D and the long ones do not."""


def overview_keys(cast: Cast) -> frozenset[Key]:
    """Return what the overview shows."""
    kinds_of = {
        Role.INDEX: (Kind.INTRADAY, Kind.DAILY),
        Role.TRACKER: (Kind.INTRADAY, Kind.DAILY),
        Role.FUTURE: (Kind.TRACE, Kind.CLOSES),
        Role.BENCHMARK: (Kind.TRACE, Kind.CLOSES),
        Role.SECTOR: (Kind.TRACE, Kind.CLOSES),
        Role.THEME: (Kind.TRACE, Kind.CLOSES),
        Role.VOLATILITY: (Kind.QUOTE, Kind.DAILY),
    }
    return frozenset(
        Key(kind, instrument.symbol)
        for instrument in cast.by_symbol.values()
        for kind in kinds_of.get(instrument.role, ())
    )


def watch_keys(symbols: Iterable[str], cast: Cast) -> frozenset[Key]:
    """Return what rows of a watchlist show."""
    return frozenset(
        Key(kind, symbol) for symbol in symbols for kind in _watched_kinds(cast[symbol])
    )


def sector_keys(sector: str, cast: Cast) -> frozenset[Key]:
    """Return what a sector screen shows: its funds and the index."""
    rows = cast.in_sector(sector)
    own = {Key(kind, row.symbol) for row in rows for kind in (Kind.TRACE, Kind.CLOSES)}
    lead = {Key(kind, row.symbol) for row in rows[:1] for kind in (Kind.INTRADAY, Kind.DAILY)}
    return frozenset(own | lead | {Key(Kind.INTRADAY, INDEX), Key(Kind.DAILY, INDEX)})


def symbol_keys(symbol: str, span: str, cast: Cast, *, compare: bool) -> frozenset[Key]:
    """Return what the symbol screen shows over one range, with the index beside if compared."""
    keys = {Key(Kind.INTRADAY, symbol), Key(Kind.DAILY, symbol), Key(Kind.DAILY, INDEX)}
    if cast[symbol].role not in {Role.VOLATILITY, Role.INDEX, Role.FUTURE}:
        keys.add(Key(Kind.DETAILS, symbol))
    compared = (symbol, INDEX) if compare else (symbol,)
    if span in CHART_SPANS:
        keys |= {Key(Kind.CHART, each, span) for each in compared}
    if compare:
        keys |= {Key(Kind.INTRADAY, INDEX)}
    return frozenset(keys)


def _watched_kinds(instrument: Instrument) -> tuple[Kind, ...]:
    if instrument.role is Role.VOLATILITY:
        return (Kind.QUOTE, Kind.DAILY)
    if instrument.symbol in {INDEX, TRACKER}:
        return (Kind.INTRADAY, Kind.DAILY, Kind.DETAILS)
    if instrument.symbol == FUTURE or instrument.role is Role.BENCHMARK:
        return (Kind.TRACE, Kind.CLOSES)
    return (Kind.TRACE, Kind.CLOSES, Kind.DETAILS)
