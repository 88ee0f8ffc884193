"""Companies' earnings reports as values: those to come and those that were."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec
from msgspec.structs import replace


class Timing(StrEnum):
    """When on its day a company reports."""

    BEFORE_OPEN = "before the open"
    AFTER_CLOSE = "after the close"
    UNKNOWN = "time unknown"


class Earnings(msgspec.Struct, frozen=True, kw_only=True):
    """One company's report for one quarter; amounts are US dollars a share."""

    symbol: str
    """As Yahoo spells it."""
    name: str = ""
    day: date
    timing: Timing = Timing.UNKNOWN
    quarter: str = ""
    """As the source names it: `Sep/2026`."""
    estimate: float | None = None
    """The consensus; very often there is none."""
    estimates: int | None = None
    """Analysts in the consensus."""
    actual: float | None = None
    earlier_days: tuple[date, ...] = ()
    """The days the report was announced for before, oldest first."""

    def moved(self, known: Earnings | None) -> Earnings:
        """Return this report with the history of days of what was known of it before."""
        if known is None or known.quarter != self.quarter:
            return self
        days = known.earlier_days
        return replace(self, earlier_days=days if known.day == self.day else (*days, known.day))


class BeatRate(msgspec.Struct, frozen=True):
    """How many of some reports beat their estimate."""

    beats: int
    misses: int
    in_line: int
    without_estimate: int
    """Reports that nobody had estimated; they count neither way."""
    rate: float | None
    """Beats of all that were estimated, a fraction; None with too few of them."""
    reason: str = ""

    @property
    def judged(self) -> int:
        """Reports with an estimate."""
        return self.beats + self.misses + self.in_line
