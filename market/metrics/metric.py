"""What a named metric is, and what its function gets and gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import isfinite

from market.instruments import Instrument, Role
from market.metrics.subject import Subject, Unknown, sources
from market.reports import Reading
from market.snapshot import NOT_COMPUTED
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
    WORD = "word"


class Cadence(StrEnum):
    """How often a value is renewed when all is well; the stale limit follows from it."""

    QUOTE = "quote"
    """With each trade in regular hours: late after 2 minutes of session time plus its delay."""
    DAILY = "daily"
    """With each official close: late when the next session's 18:00 New York has passed."""
    EXTENDED = "extended"
    """With each trade before and after regular hours; late by regular session time."""
    ALWAYS = "always"
    """Futures: late after 15 minutes outside the weekend and the daily break."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One line of METRICS. A name with `{slug}` stands for one metric per instrument."""

    name: str
    unit: Unit
    """For `Unit.PRICE`: points where the instrument is an index."""
    cadence: Cadence
    meaning: str
    """One sentence: what it is, over which window, from what."""
    function: Callable[[Subject], Reading]
    """May raise Unknown with the reason; `read` turns that into an absent reading."""
    roles: frozenset[Role] = frozenset(Role)
    """The instruments it exists for."""
    only: str = ""
    """The one symbol it exists for; empty for every instrument of `roles`."""
    symbols: tuple[str, ...] = ()
    """Further symbols it reads, besides the instrument's own."""

    def exists_for(self, instrument: Instrument) -> bool:
        """Return whether the instrument has this metric."""
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

    def read(self, subject: Subject) -> Reading:
        """Return its value; whatever the data are, at worst absent with a reason."""
        try:
            reading = self.function(subject)
        except Unknown as unknown:
            return absent(str(unknown))
        except (ArithmeticError, ValueError):
            return absent("the prices it is made of make no sense")
        if isinstance(reading.value, float) and not isfinite(reading.value):
            return absent("the prices it is made of make no sense")
        return reading


def absent(reason: str) -> Reading:
    """Return the reading of a value that cannot be known, with the reason."""
    return Reading(None, reason=reason)


def number(reading: Reading) -> float:
    """Return a reading's number; Unknown if it has none."""
    if isinstance(reading.value, str) or reading.value is None:
        raise Unknown(reading.reason or NOT_COMPUTED.reason)
    return reading.value


def combined(value: float | str, *parts: Reading, reason: str = "") -> Reading:
    """Return a value made of several readings: as old as the oldest, as delayed as the worst."""
    instants = [p.as_of for p in parts if p.as_of is not None]
    return Reading(
        value,
        min(instants, default=None),
        sources(*(p.source for p in parts)),
        max((p.delay_s for p in parts), default=0),
        "; ".join(dict.fromkeys(r for r in (reason, *(p.reason for p in parts)) if r)),
    )


STALE_AFTER = {Cadence.QUOTE: timedelta(minutes=2), Cadence.ALWAYS: timedelta(minutes=15)}


def newest(*instants: datetime | None) -> datetime | None:
    """Return the newest of the known instants."""
    return max((i for i in instants if i is not None), default=None)


def has_role(*roles: Role) -> frozenset[Role]:
    """Return roles as a metric line wants them."""
    return frozenset(roles)
