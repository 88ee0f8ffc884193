"""The Federal Open Market Committee: its decision days and the target range it sets."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import msgspec

from market.shipped import shipped

STEP_BP = 25
"""Basis points by which the target range is wide, and by which it moves."""
FEWEST_AHEAD = 3
"""With fewer decision days ahead than these, the file wants its next year."""


class TargetRange(msgspec.Struct, frozen=True, order=True):
    """The range the federal funds rate is held in, basis points."""

    lower_bp: int
    upper_bp: int

    @property
    def label(self) -> str:
        """The range as it is written everywhere: `350-375`."""
        return f"{self.lower_bp}-{self.upper_bp}"

    def moved(self, steps: int) -> TargetRange:
        """Return the range so many steps of 25 basis points higher, or lower if negative."""
        shift = steps * STEP_BP
        return TargetRange(self.lower_bp + shift, self.upper_bp + shift)


class Schedule(msgspec.Struct, frozen=True):
    """The decision days that are known (`fomc.toml`), oldest first."""

    source: str
    as_of: date
    """When the list was last compared with its source."""
    covers_from: date
    covers_to: date
    """The last day up to which no scheduled meeting is missing from the list."""
    days: tuple[date, ...]

    def covers(self, month: date) -> bool:
        """Return whether all meetings of a date's month are known."""
        first, last = month.replace(day=1), self.covers_to
        return self.covers_from.replace(day=1) <= first <= last.replace(day=1)

    def in_month(self, month: date) -> tuple[date, ...]:
        """Return the decision days of a date's month."""
        wanted = (month.year, month.month)
        return tuple(day for day in self.days if (day.year, day.month) == wanted)

    def from_day(self, day: date) -> tuple[date, ...]:
        """Return the decision days that are not before a day."""
        return tuple(each for each in self.days if each >= day)

    def notice(self, day: date) -> str:
        """Return a warning when the list runs out, nothing otherwise."""
        left = len(self.from_day(day))
        if left >= FEWEST_AHEAD:
            return ""
        days = {0: "no FOMC day is", 1: "only one FOMC day is"}.get(
            left, f"only {left} FOMC days are"
        )
        return f"{days} known from here on: the list ends in {self.covers_to:%B %Y}, update captop"


@cache
def default_schedule() -> Schedule:
    """Return the decision days that captop ships."""
    return shipped(_FILE, Schedule)


_FILE = Path(__file__).with_name("fomc.toml")
