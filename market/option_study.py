"""What option chains mean, as values: expected moves, put/call, skew, a model index.

Implied volatilities are fractions a year, moves in the unit of the underlying, days are calendar
days, prices of the chain's own instant. Worked out in `market/metrics/options_study.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec


class PutCall(msgspec.Struct, frozen=True):
    """Contracts of puts against those of calls, of one expiry or of several together."""

    puts: float
    calls: float

    @property
    def ratio(self) -> float | None:
        """Puts over calls; None without a call."""
        return self.puts / self.calls if self.calls else None


class Straddle(msgspec.Struct, frozen=True):
    """A call and a put of the strike nearest to the forward level."""

    strike: float
    price: float


class ExpiryFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What the chain says of one expiry; None where it cannot tell."""

    settles: datetime
    days: int
    forward: float | None = None
    iv: float | None = None
    """At the money: interpolated at the forward level, of calls and puts."""
    move: float | None = None
    """One standard deviation to expiry by that volatility."""
    straddle: Straddle | None = None
    straddle_move: float | None = None
    """One standard deviation to expiry by the straddle's price."""
    skew: float | None = None
    """Implied volatility of the 25-delta put less that of the 25-delta call."""
    reason: str = ""
    """What is missing, and why."""


class ExpiryRow(msgspec.Struct, frozen=True, kw_only=True):
    """One expiry with its figures and its contracts."""

    figures: ExpiryFigures
    is_morning: bool
    """Whether it settles at the open, as the index's options of third Fridays do."""
    volume: PutCall
    open_interest: PutCall
    relative_move: float | None = None
    """The expected move as a fraction of the underlying's price."""


class ModelVix(msgspec.Struct, frozen=True, kw_only=True):
    """A 30-day volatility index by Cboe's method from the chain: a model, never Cboe's own."""

    value: float | None = None
    """Volatility points; None with a reason."""
    terms: tuple[datetime, ...] = ()
    """When the two expiries settle that it is made of."""
    strikes: tuple[int, ...] = ()
    """How many strikes of each count."""
    reason: str = ""


class ChainStudy(msgspec.Struct, frozen=True, kw_only=True):
    """What the options of one underlying say."""

    symbol: str
    price: float
    """Of the underlying."""
    as_of: datetime
    """When the quotes were true, UTC."""
    fetched_at: datetime
    source: str
    delay_s: int
    rows: tuple[ExpiryRow, ...]
    """The expiries that are ahead, soonest first."""
    volume: PutCall
    """Contracts traded in the day, of all expiries."""
    open_interest: PutCall
    """Contracts open, of all expiries ahead."""
    week: float | None = None
    """Implied volatility at the money over 7 days, between the expiries around them."""
    month: float | None = None
    """The same over 30 days."""
    skew: float | None = None
    """25-delta skew of the expiry nearest to 30 days away."""
    model: ModelVix = ModelVix()
    rate: float = 0.0
    """Interest that is reckoned with, continuously compounded, a fraction a year."""
    is_rate_known: bool = False
    """Whether somebody published it; without, none is reckoned with."""


class OptionStudy(msgspec.Struct, frozen=True):
    """The chains that are known, by underlying: ^RUT, IWM."""

    chains: Mapping[str, ChainStudy]

    def of(self, symbol: str) -> ChainStudy | None:
        """Return what the options of one underlying say, None until its chain is known."""
        return self.chains.get(symbol)
