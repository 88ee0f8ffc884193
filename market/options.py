"""Option chains as values: what was bid and asked for the right to buy or sell at a strike."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One call or put of a chain; prices in the unit of the underlying."""

    strike: float
    bid: float | None = None
    ask: float | None = None
    iv: float | None = None
    """Implied volatility, a fraction a year; None on rows that the source has none for."""
    delta: float | None = None
    """Between 0 and 1 for calls, -1 and 0 for puts."""
    volume: float | None = None
    """Contracts of the day."""
    open_interest: float | None = None
    """Contracts open after the session before."""

    @property
    def mid(self) -> float | None:
        """The middle of bid and ask; None when nobody bids or nobody asks."""
        return (self.bid + self.ask) / 2 if self.bid and self.ask else None


class Expiry(msgspec.Struct, frozen=True):
    """All options of one chain that settle at one instant."""

    settles: datetime
    """When their value is fixed, UTC: the open or the close of the day of expiry."""
    calls: tuple[Option, ...]
    """By ascending strike, no two alike."""
    puts: tuple[Option, ...]
    """Likewise."""


class Chain(msgspec.Struct, frozen=True):
    """The options of one underlying at one instant."""

    symbol: str
    price: float
    """Of the underlying."""
    as_of: datetime
    """When the quotes were true, UTC: 15 minutes before the file, where a source is delayed."""
    source: str
    expiries: tuple[Expiry, ...]
    """Soonest first."""
