"""What a named metric is: its name, unit, meaning, and how often it is renewed."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from market.instruments import PRICED, Instrument, Role
from market.venues import Venue, venue_of


class Unit(StrEnum):
    """The unit of a value as it is kept; the screen turns fractions into percent."""

    PRICE = "price"
    POINTS = "points"
    """Index points or volatility points."""
    FRACTION = "fraction"
    """0.01 is one percent."""
    RATIO = "ratio"
    SHARES = "shares"
    COUNT = "count"
    DOLLARS = "dollars"
    """US dollars."""
    BASIS_POINTS = "basis points"
    """Hundredths of a percent."""
    WORD = "word"


class Cadence(StrEnum):
    """How often a value is renewed when all is well; the stale limit follows from it."""

    QUOTE = "quote"
    """With each trade in regular hours: late after 2 minutes of session time plus its delay."""
    DAILY = "daily"
    """With each official close: late when the next session's 18:00 New York has passed."""
    EXTENDED = "extended"
    """With each trade before and after regular hours: late after 15 minutes of 04:00 to 20:00
    in which nobody confirmed it."""
    CENSUS = "census"
    """With each answer about all members: late after 5 minutes of session time."""
    PUBLISHED = "published"
    """With each publication of its office; late by that office's own calendar."""
    FUND = "fund"
    """With each day's count of a fund's shares: late after 3 sessions."""
    RATE_FUTURE = "rate future"
    """With each trade of futures on the federal funds rate: late after a trading day of theirs."""
    CHAIN = "chain"
    """With each answer about an option chain: late after 10 minutes of session time."""
    CALENDAR = "calendar"
    """With the calendar of a day or a week: late after 2 days."""
    ALWAYS = "always"
    """Futures: late after 15 minutes outside the weekend and the daily break."""


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """One line of METRICS. A name with `{slug}` stands for one metric per instrument."""

    name: str
    unit: Unit
    """For `Unit.PRICE`: points where the instrument is an index."""
    cadence: Cadence
    meaning: str
    """One sentence: what it is, over which window, from what."""
    roles: frozenset[Role] = PRICED
    """The instruments it exists for."""
    only: str = ""
    """The one symbol it exists for; empty for every instrument of `roles`."""
    among: frozenset[str] = frozenset()
    """The symbols it exists for; empty for every instrument of `roles`."""
    symbols: tuple[str, ...] = ()
    """Further symbols it reads, besides the instrument's own."""
    words: tuple[str, ...] = ()
    """Of `Unit.WORD`: all that it can be; empty where any words may stand."""
    beyond_price: bool = False
    """Whether it takes more than prices and closes: a session's range or volume, which only
    charts and quote pages tell."""

    of_members: bool = False
    """Whether it is made of the index's members."""

    def exists_for(self, instrument: Instrument) -> bool:
        """Return whether the instrument has this metric."""
        if self.among:
            return instrument.symbol in self.among
        return instrument.symbol == self.only if self.only else instrument.role in self.roles

    def name_for(self, instrument: Instrument) -> str:
        """Return the name for one instrument: `{slug}.last` -> `rut.last`."""
        return self.name.replace("{slug}", instrument.slug)

    def of(self, instrument: Instrument) -> Metric:
        """Return this metric of one instrument: its own name, unit and cadence."""
        unit, cadence = self.unit, self.cadence
        if unit is Unit.PRICE and instrument.symbol.startswith("^"):
            unit = Unit.POINTS
        if cadence is Cadence.QUOTE and venue_of(instrument) is Venue.FUTURES:
            cadence = Cadence.ALWAYS
        return replace(self, name=self.name_for(instrument), unit=unit, cadence=cadence)


STALE_AFTER = {
    Cadence.QUOTE: timedelta(minutes=2),
    Cadence.CENSUS: timedelta(minutes=5),
    Cadence.CHAIN: timedelta(minutes=10),
    Cadence.ALWAYS: timedelta(minutes=15),
}
