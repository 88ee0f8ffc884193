"""The agenda as worked out: what comes on which day, and how the reports behind us turned out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

import msgspec

from market.agenda import Impact, Release
from market.earnings import BeatRate, Earnings

IMPORTANT = frozenset({Impact.HIGH, Impact.MEDIUM})


class Occasion(StrEnum):
    """What the calendar alone knows of a day."""

    FOMC = "FOMC decision"
    EXPIRY = "options expire"
    RECONSTITUTION = "Russell reconstitution"
    EARLY_CLOSE = "half day"
    CLOSED = "closed"
    BONDS_CLOSED = "bond market closed"


class MarketDay(msgspec.Struct, frozen=True, order=True):
    """One occasion on one day."""

    day: date
    occasion: Occasion
    words: str
    """What it is, for a person: `closed, Thanksgiving`."""
    at: datetime | None = None
    """UTC; None for all day."""


class MemberReport(msgspec.Struct, frozen=True, kw_only=True):
    """A member of the index that reports."""

    earnings: Earnings
    name: str
    sector: str
    """GICS; empty where the holdings name none."""
    weight: float
    """Of the index, a fraction, by the newest holdings."""


class AgendaDay(msgspec.Struct, frozen=True, kw_only=True):
    """One day of the agenda."""

    day: date
    is_told: bool = False
    """Whether the members that report are known: of an empty day nobody may have been asked yet,
    or who is a member."""
    told_at: datetime | None = None
    """When that was asked last."""
    reports: tuple[MemberReport, ...] = ()
    """Members', heaviest first."""
    others: int = 0
    """Companies that report and are no members."""
    releases: tuple[Release, ...] = ()
    occasions: tuple[MarketDay, ...] = ()

    @property
    def weight(self) -> float:
        """The part of the index that reports, a fraction."""
        return sum(report.weight for report in self.reports)

    @property
    def by_sector(self) -> Mapping[str, int]:
        """How many members of each sector report."""
        return Counter(report.sector for report in self.reports)


class Agenda(msgspec.Struct, frozen=True, kw_only=True):
    """What is ahead, day by day, and how the last 30 days' reports turned out."""

    days: tuple[AgendaDay, ...]
    """Every weekday from the day it was worked out on, for some weeks, oldest first."""
    beat: BeatRate
    beat_days: int
    """Sessions of the last 30 days, today included, of which the results are known."""
    beat_days_due: int
    """Sessions of the last 30 days."""
    reports: Mapping[str, Earnings]
    """The next report of each company that has one ahead, member or not, by symbol."""
    source: str
    """Who told the reports."""
    as_of: datetime | None
    """When the oldest part of the days ahead was asked; None as long as nothing was."""
    schedule_as_of: datetime | None = None
    """When the releases were asked last."""
    schedule_source: str = ""
    """Who told the releases: `forexfactory+nasdaq`."""
    release_days: Mapping[str, tuple[datetime, ...]] = {}
    """When published series stand in the calendar of releases, by symbol, UTC, oldest first."""

    @property
    def is_told(self) -> bool:
        """Whether any calendar is known: some days come without one."""
        return self.as_of is not None or self.schedule_as_of is not None

    def on(self, day: date) -> AgendaDay | None:
        """Return one day, None if it is not among them."""
        return next((each for each in self.days if each.day == day), None)

    def ahead(self, today: date, last: date) -> tuple[AgendaDay, ...]:
        """Return the days between two, both included."""
        return tuple(each for each in self.days if today <= each.day <= last)
