"""What a named metric is, and what its function gets and gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from market.instruments import Instrument, Role
from market.quotes import Bars, Kind, Quote
from market.reports import Reading
from market.snapshot import Snapshot


class Unit(StrEnum):
    """The unit of a value as it is kept; the screen turns fractions into percent."""

    PRICE = "price"
    POINTS = "points"
    """Index points or volatility points."""
    FRACTION = "fraction"
    """0.01 is one percent."""
    RATIO = "ratio"
    SHARES = "shares"
    WORD = "word"


class Cadence(StrEnum):
    """How often a value is renewed when all is well; the stale limit follows from it."""

    QUOTE = "quote"
    """With each trade in regular hours: late after 2 minutes of session time plus its delay."""
    DAILY = "daily"
    """With each official close: late when the next session's 18:00 New York has passed."""
    ALWAYS = "always"
    """Futures: late after 15 minutes outside the weekend and the daily break."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a metric function sees: one instrument within one snapshot."""

    snapshot: Snapshot
    instrument: Instrument

    @property
    def symbol(self) -> str:
        """The instrument's symbol."""
        return self.instrument.symbol

    @property
    def quote(self) -> Quote | None:
        """Its last price."""
        return self.snapshot.quotes.get(self.symbol)

    @property
    def daily(self) -> Bars | None:
        """Its completed daily bars: with open, high, low and volume if known, else closes."""
        return self.snapshot.series(self.symbol, Kind.DAILY, Kind.CLOSES)

    def other(self, symbol: str) -> Subject:
        """Return the same view of another instrument."""
        return Subject(self.snapshot, self.snapshot.cast[symbol])


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One line of METRICS. A name with `{slug}` stands for one metric per instrument."""

    name: str
    unit: Unit
    cadence: Cadence
    meaning: str
    """One sentence: what it is, over which window, from what."""
    function: Callable[[Subject], Reading]
    roles: frozenset[Role] = frozenset(Role)
    """The instruments it exists for."""
    symbols: tuple[str, ...] = ()
    """Further symbols it reads, besides the instrument's own."""

    def name_for(self, instrument: Instrument) -> str:
        """Return the name for one instrument: `{slug}.last` -> `rut.last`."""
        return self.name.replace("{slug}", instrument.slug)


def absent(reason: str) -> Reading:
    """Return the reading of a value that cannot be known, with the reason."""
    return Reading(None, reason=reason)


STALE_AFTER = {Cadence.QUOTE: timedelta(minutes=2), Cadence.ALWAYS: timedelta(minutes=15)}


def newest(*instants: datetime | None) -> datetime | None:
    """Return the newest of the known instants."""
    return max((i for i in instants if i is not None), default=None)
