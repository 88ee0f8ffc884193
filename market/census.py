"""The census: the whole index at one instant, its members as columns, its groups, its breadth.

It is worked out off the event loop (`market/metrics/census_*.py`) from holdings, listings and
the members' past, and comes into the snapshot as one value. NaN in a column is a missing value.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from itertools import count
from math import inf, isfinite
from weakref import WeakKeyDictionary

import msgspec

from market.holdings import doubles
from market.reading import Reading


def _integers(values: Iterable[int] = ()) -> array[int]:
    return array("q", values)


def _no_columns() -> dict[str, array[float]]:
    return {}


def _no_ranks() -> dict[int, array[float]]:
    return {}


WINDOWS = ("1D", "5D", "1M", "8W", "3M", "6M", "YTD", "1Y")
"""Windows that members, groups and attribution have columns for."""
MOMENTA = (21, 63, 126)
"""Sessions of the leaders' momentum."""


class Mark(StrEnum):
    """Why a member's price is not taken at its word."""

    FINE = ""
    MISSING = "missing"
    """No price of the session under way or last ended from any source."""
    IDLE = "idle"
    """No trade today, whether halted or only thin: the last price is kept and takes no part in
    advances and declines."""
    SUSPECT = "suspect"
    """A move that no second source or split confirms, or a previous close of which two sources
    tell widely different things: left out of every aggregate."""
    SPLIT = "split"
    """The past is being asked for anew since the share was split."""


class Members(msgspec.Struct, frozen=True, eq=False, weakref=True, kw_only=True):
    """The index's members as columns of equal length, in the order of the holdings file."""

    as_of: datetime
    """When the prices were struck or first seen, UTC."""
    source: str
    """Where prices came from: `nasdaq`, `nasdaq+yahoo`."""
    day: date
    """The session the prices belong to."""
    holdings_day: date
    listed: date | None = None
    """The session that the listings speak of, which may be older than `day`; None without any, or
    if that cannot be known."""
    note: str = ""
    """What should be known of the prices: that the listings are of no known session."""
    symbols: tuple[str, ...]
    names: tuple[str, ...]
    sectors: tuple[str, ...]
    subsectors: tuple[str, ...]
    """Names of captop's sub-sectors; empty is unmapped."""
    industries: tuple[str, ...]
    """The screener's words; empty where it has none."""
    marks: tuple[Mark, ...]
    weight: array[float]
    """Fraction of the index at the previous close; all weights add up to 1."""
    last: array[float]
    previous_close: array[float]
    volume: array[float]
    """Shares of the session so far."""
    market_cap: array[float]
    returns: Mapping[str, array[float]]
    """Per window of WINDOWS: last over the base close, less one."""
    contributions: Mapping[str, array[float]]
    """Per window: weight at the window's start times return, a fraction of the index."""
    relative_volume: array[float]
    """Volume so far over what is usual by then, of the mean of the previous 20 full sessions."""
    volume_words: str = ""
    """What that is held against, unless it is whole sessions like their own."""
    dollar_volume: array[float]
    """ADV$: mean of close x volume over 20 sessions, US dollars."""
    amihud: array[float]
    """Amihud illiquidity over 21 sessions, per million dollars."""
    momentum: Mapping[int, array[float]]
    """Per count of MOMENTA: relative momentum against the index."""
    ranks: Mapping[int, array[float]] = msgspec.field(default_factory=_no_ranks)
    """Per count of MOMENTA: the place among the members that may lead, the strongest 1; equals
    share one and the next is left out. NaN for members that have none."""
    ranks_with_thin: Mapping[int, array[float]] = msgspec.field(default_factory=_no_ranks)
    """The same among all members."""
    week52_position: array[float]
    """0 at the lowest, 1 at the highest of 252 sessions."""
    above: Mapping[int, array[float]]
    """Per length 20, 50, 200: last over the simple average, less one."""

    def __len__(self) -> int:
        """Return the number of members."""
        return len(self.symbols)


class GroupKind(StrEnum):
    """What binds the members of a group."""

    SECTOR = "sector"
    SUBSECTOR = "subsector"
    BASKET = "basket"


class Group(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """Members that are looked at together. Its figures are readings of its instrument."""

    symbol: str
    """Of its instrument in the cast: `@biotechnology`, `@sector:health-care`, `@basket:ai`."""
    slug: str
    """How metric names begin: `subsector.biotechnology`."""
    name: str
    kind: GroupKind
    sector: str
    """The sector it belongs to, its own name for a sector, empty for a basket."""
    rows: array[int]
    """Indices into the members' columns, heaviest first."""
    proxies: tuple[str, ...] = ()
    """Funds that are shown beside it, never instead."""
    rule: str = ""
    """A basket's rule in words."""
    as_of: date | None = None
    """When a basket's membership was written down."""
    note: str = ""
    """What of a basket's rule picks nobody yet: funds not known, symbols that are no members."""


class BreadthHistory(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """Breadth by session, oldest first, as columns of equal length; the last may be under way."""

    times: array[int] = msgspec.field(default_factory=_integers)
    """The sessions' regular opens, Unix seconds UTC."""
    columns: Mapping[str, array[float]] = msgspec.field(default_factory=_no_columns)
    """index (^RUT close), advances, declines, unchanged, ad_line, rana, mcclellan, summation,
    up_volume, down_volume, trin, above_20, above_50, above_200 (fractions), new_highs, new_lows,
    high_low_index, equal_weight, cap_weight (levels, 100 at first), used (members)."""


class Trail(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """One group's way over the rotation plot, oldest first; approximate by definition."""

    symbol: str
    name: str
    ratio: array[float] = msgspec.field(default_factory=doubles)
    momentum: array[float] = msgspec.field(default_factory=doubles)


class Change(msgspec.Struct, frozen=True):
    """One member that came or went between two holdings files."""

    symbol: str
    name: str
    is_addition: bool
    day: date
    """The day of the newer file."""
    renamed_to: str = ""


class Census(msgspec.Struct, frozen=True, eq=False, weakref=True, kw_only=True):
    """The whole index at one instant."""

    members: Members
    groups: tuple[Group, ...]
    readings: Mapping[str, Reading]
    """Figures by metric name: `breadth.advances`, `subsector.biotechnology.contribution.1d`."""
    breadth: BreadthHistory
    trails: tuple[Trail, ...]
    changes: tuple[Change, ...] = ()
    """Newest first, as far back as holdings files were kept."""
    files: int = 1
    """How many days of holdings files are kept."""
    unmapped: int = 0
    """Members without a sub-sector."""

    def group(self, symbol: str) -> Group | None:
        """Return the group of an instrument's symbol."""
        return next((g for g in self.groups if g.symbol == symbol), None)

    def row_of(self, symbol: str) -> int | None:
        """Return a member's row in the columns."""
        return _rows(self.members).get(symbol)


LOWEST_PRICE, FEWEST_SESSIONS, LEAST_DOLLARS = 1.0, 60, 1e6
"""Below any of these a member is no leader: dollars a share, sessions known, dollars a day."""


def heaviest_first(members: Members, rows: Iterable[int] | None = None) -> array[int]:
    """Return rows of the columns, all by default, by weight; of one weight by symbol.

    The holdings file is ordered by what its rows were worth on its own day, which is not today's.
    """
    if rows is None:
        return _heaviest_first(members.weight.tobytes(), members.symbols)
    weight, symbols = members.weight, members.symbols

    def place(row: int) -> tuple[float, str]:
        return (-weight[row] if isfinite(weight[row]) else inf), symbols[row]

    return _integers(sorted(rows, key=place))


@lru_cache(maxsize=4)
def _heaviest_first(weight: bytes, symbols: tuple[str, ...]) -> array[int]:
    """The order of all members, which stays through a session: the weights are of its start."""
    heavy = (-value if isfinite(value) else inf for value in array("d", weight))
    return _integers(row for *_, row in sorted(zip(heavy, symbols, count(), strict=False)))


def _rows(members: Members) -> Mapping[str, int]:
    if members not in _ROWS:
        _ROWS[members] = {symbol: row for row, symbol in enumerate(members.symbols)}
    return _ROWS[members]


_ROWS: WeakKeyDictionary[Members, dict[str, int]] = WeakKeyDictionary()
