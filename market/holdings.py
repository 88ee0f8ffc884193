"""What a fund holds on one day, and what a screener lists: columns of the wire, understood.

In a column of numbers NaN stands for a missing value. These columns are the only place where
it may: what is worked out of them says None and why.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache

import msgspec

WHOLE_MARKET = "US"
"""The symbol under which the listings of the whole market are asked for."""


def doubles(values: Iterable[float] = ()) -> array[float]:
    """Return a column of numbers."""
    return array("d", values)


class Holdings(msgspec.Struct, frozen=True, eq=False, kw_only=True, weakref=True):
    """The equity rows of one fund's holdings file, heaviest first, columns of equal length.

    Cash, margin, futures, rights and escrow rows are left out and counted. Of two rows with
    one ticker the heavier stays.
    """

    fund: str
    """Its symbol: IWM."""
    day: date
    """The exchange date the file speaks of; the file appears on the next business day."""
    source: str
    fetched_at: datetime
    symbols: tuple[str, ...]
    """As Yahoo spells them, no two alike."""
    names: tuple[str, ...]
    sectors: tuple[str, ...]
    """GICS sector names in the spelling of `market/subsectors.toml`."""
    market_value: array[float]
    """US dollars."""
    quantity: array[float]
    """Shares the fund holds."""
    price: array[float]
    """The file's own price of a share on its day."""
    shares_outstanding: float | None = None
    """Of the fund itself."""
    left_out: tuple[tuple[str, int], ...] = ()
    """What, and how many rows: ("cash", 5), ("futures", 1), ("rights and escrow", 4)."""

    def __len__(self) -> int:
        """Return the number of equity rows."""
        return len(self.symbols)


class Listings(msgspec.Struct, frozen=True, eq=False, kw_only=True, weakref=True):
    """Every stock a screener lists, as columns of equal length, in the screener's order."""

    as_of: datetime
    """When this content was first seen, UTC: the source tells no time. A body that says the same
    as the one before keeps the older time."""
    source: str
    symbols: tuple[str, ...]
    """As Yahoo spells them."""
    names: tuple[str, ...]
    industries: tuple[str, ...]
    """The screener's own industry words; empty where it has none."""
    last: array[float]
    change: array[float]
    """Last less previous close; NaN unknown."""
    volume: array[float]
    """Shares of the session."""
    market_cap: array[float]
    """US dollars; NaN where the source says 0 or nothing."""

    def __len__(self) -> int:
        """Return the number of stocks."""
        return len(self.symbols)


def rows_of(table: Holdings | Listings) -> Mapping[str, int]:
    """Return where each symbol of a table stands in its columns."""
    return _places(table.symbols)


@lru_cache(maxsize=8)
def _places(symbols: tuple[str, ...]) -> Mapping[str, int]:
    """The listings name the same symbols minute after minute."""
    return {symbol: row for row, symbol in enumerate(symbols)}
