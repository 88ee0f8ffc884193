"""Which data a screen needs: the keys that the engine is asked to keep fresh."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from market.holdings import WHOLE_MARKET
from market.instruments import FUTURE, INDEX, PRICED, RVX, TRACKER, VIX, Cast, Instrument, Role
from market.quotes import TICKED, Key, Kind
from market.spellings import is_stock

if TYPE_CHECKING:
    from market.baskets import Basket


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
    alone: bool = False
    """Whether nothing is wanted but what is visible and watched."""


CHART_SPANS = ("5D", "1M")
"""Ranges of the symbol screen that need bars of their own; 1D and the long ones do not."""


INDEX_KEYS = frozenset(
    {
        Key(Kind.HOLDINGS, TRACKER),
        Key(Kind.LISTINGS, WHOLE_MARKET),
        Key(Kind.HALTS, WHOLE_MARKET),
    }
)
"""What the census is taken from, and which members are halted: every screen about members,
sectors or breadth wants it."""

OF_POLICY = ("EFFR", "DFEDTARL", "DFEDTARU", "DGS2")
"""The federal funds rate, the bounds of its range, and the yield that stands in for its path."""

GROUP_SIGN = "@"
"""What the symbols of captop's own groups begin with; no feed is ever asked for them."""


def is_group(symbol: str) -> bool:
    """Return whether a symbol is of a sector, a sub-sector or a basket made of members."""
    return symbol.startswith(GROUP_SIGN)


def overview_keys(cast: Cast, funds: Iterable[str] = ()) -> frozenset[Key]:
    """Return what the overview shows.

    Args:
        cast: The instruments.
        funds: Funds whose holdings the baskets' rules speak of.
    """
    kinds_of = {
        # Cboe's minutes lack the session's first: only its quote tells the open.
        Role.INDEX: (Kind.INTRADAY, Kind.QUOTE, Kind.DAILY),
        Role.TRACKER: (Kind.INTRADAY, Kind.DAILY),
        Role.FUTURE: (Kind.TRACE, Kind.CLOSES),
        Role.BENCHMARK: (Kind.TRACE, Kind.CLOSES),
        Role.SECTOR: (Kind.TRACE, Kind.CLOSES),
        Role.THEME: (Kind.TRACE, Kind.CLOSES),
        Role.VOLATILITY: (Kind.QUOTE, Kind.DAILY),
    }
    shown = (
        Key(kind, instrument.symbol)
        for instrument in cast.by_symbol.values()
        for kind in kinds_of.get(instrument.role, ())
    )
    return INDEX_KEYS.union(shown, (Key(Kind.HOLDINGS, fund) for fund in funds))


def is_at_first_look(key: Key, instrument: Instrument) -> bool:
    """Return whether a panel of the overview waits for a datum to have a picture at all.

    All else that is wanted with it adds to the picture: what stories are judged by, pages,
    halts, funds of baskets, what the volatility panel shows the level of alone.
    """
    match key.kind:
        case Kind.DAILY:
            return instrument.role is not Role.VOLATILITY or key.symbol in _CHANGES_SHOWN
        case Kind.HOLDINGS:
            return key.symbol == TRACKER
        case Kind.PUBLISHED:
            return key.symbol in OF_POLICY
        case kind:
            return kind in _PRICES or kind is Kind.LISTINGS


_PRICES = frozenset({Kind.INTRADAY, Kind.QUOTE, Kind.TRACE, Kind.CLOSES})
_CHANGES_SHOWN = frozenset({VIX, RVX})


def streamed_symbols(
    visible: Iterable[Key], watched: Iterable[str], wanted: Iterable[Key], cast: Cast
) -> tuple[str, ...]:
    """Return whose ticks are wanted, the most urgent first: the index, what is shown, the lists.

    Args:
        visible: What is on screen.
        watched: Symbols of the watchlists.
        wanted: All that is kept fresh.
        cast: The instruments.
    """
    shown, others = (
        sorted(key.symbol for key in keys if key.kind in TICKED) for keys in (visible, wanted)
    )
    priced = frozenset((*shown, *others))
    first = (each for each in (INDEX, *shown, *watched, *others) if each in priced)
    return tuple(each for each in dict.fromkeys(first) if "yahoo" in cast[each].sources)


def basket_funds(baskets: Iterable[Basket]) -> tuple[str, ...]:
    """Return the funds that rules of baskets speak of, each once."""
    return tuple(dict.fromkeys(fund for basket in baskets for fund in basket.members.funds))


def watch_keys(symbols: Iterable[str], cast: Cast) -> frozenset[Key]:
    """Return what rows of a watchlist show."""
    return frozenset(
        Key(kind, symbol) for symbol in symbols for kind in _watched_kinds(cast[symbol])
    )


def row_keys(symbols: Iterable[str]) -> frozenset[Key]:
    """Return what rows of members want beside the census: that they tick."""
    return frozenset(Key(Kind.TICK, symbol) for symbol in symbols)


def sector_keys(sector: str, cast: Cast) -> frozenset[Key]:
    """Return what a sector screen shows: its funds, the index and its members."""
    rows = [row for row in cast.in_sector(sector) if not is_group(row.symbol)]
    own = _prices_of(row.symbol for row in rows)
    lead = frozenset(
        Key(kind, row.symbol) for row in rows[:1] for kind in (Kind.INTRADAY, Kind.DAILY)
    )
    return own | lead | _OF_THE_INDEX | INDEX_KEYS


def group_keys(proxies: Iterable[str] = ()) -> frozenset[Key]:
    """Return what the screen of a group shows: its members, the index and its proxies."""
    return INDEX_KEYS | _OF_THE_INDEX | _prices_of(proxies)


def symbol_keys(
    symbol: str, span: str, cast: Cast, *, compare: bool, proxies: Iterable[str] = ()
) -> frozenset[Key]:
    """Return what the symbol screen shows over one range, with the index beside if compared.

    Args:
        symbol: Of an instrument, or of a group, whose own prices no feed has.
        span: A range of the screen.
        cast: The instruments.
        compare: Whether the index is drawn over it.
        proxies: Funds shown beside a group.
    """
    if is_group(symbol):
        others = (Key(Kind.CHART, INDEX, span),) if compare and span in CHART_SPANS else ()
        return group_keys(proxies).union(others)
    keys = {Key(Kind.INTRADAY, symbol), Key(Kind.DAILY, symbol), Key(Kind.DAILY, INDEX)}
    if cast[symbol].role not in {Role.VOLATILITY, Role.INDEX, Role.FUTURE}:
        keys.add(Key(Kind.DETAILS, symbol))
    keys |= story_keys(symbol, cast)
    compared = (symbol, INDEX) if compare else (symbol,)
    if span in CHART_SPANS:
        keys |= {Key(Kind.CHART, each, span) for each in compared}
    if compare:
        keys |= {Key(Kind.INTRADAY, INDEX)}
    return frozenset(keys)


def story_keys(symbol: str, cast: Cast) -> frozenset[Key]:
    """Return what is written about a symbol: only companies file, contracts have no headlines."""
    role = cast[symbol].role
    if is_group(symbol) or role not in PRICED:
        return frozenset()
    keys = {Key(Kind.HEADLINES, symbol)}
    if role is Role.WATCHED and is_stock(symbol):
        keys |= {Key(Kind.FILINGS, symbol), Key(Kind.HALTS, WHOLE_MARKET)}
    return frozenset(keys)


def _prices_of(symbols: Iterable[str]) -> frozenset[Key]:
    """What a row of a list shows of funds and stocks."""
    return frozenset(Key(kind, symbol) for symbol in symbols for kind in (Kind.TRACE, Kind.CLOSES))


def _watched_kinds(instrument: Instrument) -> tuple[Kind, ...]:
    if is_group(instrument.symbol):
        return ()
    if instrument.role is Role.VOLATILITY:
        return (Kind.QUOTE, Kind.DAILY)
    if instrument.symbol == INDEX:
        return (Kind.INTRADAY, Kind.DAILY, Kind.DETAILS)
    if instrument.symbol == TRACKER:  # before the open its bars are the pre-market's alone
        return (Kind.INTRADAY, Kind.TRACE, Kind.DAILY, Kind.DETAILS)
    if instrument.symbol == FUTURE or instrument.role is Role.BENCHMARK:
        return (Kind.TRACE, Kind.CLOSES)
    return (Kind.TRACE, Kind.CLOSES, Kind.DETAILS)


_OF_THE_INDEX = frozenset({Key(Kind.INTRADAY, INDEX), Key(Kind.DAILY, INDEX)})
