"""Earnings: surprises against the consensus, how many beat it, and when reports come (METRICS 16).

A negative estimate that is missed by less is a beat: small biotechs live there. A percentage of
an estimate next to nothing says nothing and is not given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum

import msgspec

from market.earnings import BeatRate, Earnings, Timing

SMALLEST_ESTIMATE = 0.02
"""Dollars a share below which a surprise has no percentage."""
IN_LINE = 0.005
"""Dollars a share: less than this off the estimate is neither beat nor miss."""
BEAT_DAYS = 30
"""Calendar days a beat rate looks back."""
FEWEST_REPORTS = 20
"""Reports from which on a beat rate says something."""
_ROUNDING = 1e-9
"""Amounts are whole cents: what floating point makes of them must not decide."""


class Outcome(StrEnum):
    """How a report stands to its estimate."""

    BEAT = "beat"
    MISS = "miss"
    IN_LINE = "in line"


class Surprise(msgspec.Struct, frozen=True):
    """A report against its consensus."""

    outcome: Outcome
    share: float | None
    """The difference as a fraction of the estimate's size; None for one next to nothing."""
    changes_sign: bool
    """A profit where a loss was expected, or the reverse."""
    reason: str = ""


class Cadence(msgspec.Struct, frozen=True):
    """The reports of one day."""

    day: date
    by_sector: Mapping[str, int]
    by_timing: Mapping[Timing, int]

    @property
    def total(self) -> int:
        """All reports of the day."""
        return sum(self.by_timing.values())


def surprise(actual: float, estimate: float) -> Surprise:
    """Return how a report stands to its estimate, both in dollars a share."""
    difference = actual - estimate
    outcome = Outcome.BEAT if difference > 0 else Outcome.MISS
    if abs(difference) < IN_LINE - _ROUNDING:
        outcome = Outcome.IN_LINE
    changes_sign = actual * estimate < 0
    if abs(estimate) < SMALLEST_ESTIMATE - _ROUNDING:
        reason = "the estimate is too small for a percentage"
        return Surprise(outcome, None, changes_sign, reason)
    return Surprise(outcome, difference / abs(estimate), changes_sign)


def beat_rate(reports: Iterable[Earnings], day: date, days: int = BEAT_DAYS) -> BeatRate:
    """Return how the reports of some calendar days to a date, that one included, turned out."""
    counts: Counter[Outcome] = Counter()
    without = 0
    for report in reports:
        if report.actual is None or not day - timedelta(days=days) < report.day <= day:
            continue
        if report.estimate is None:
            without += 1
        else:
            counts[surprise(report.actual, report.estimate).outcome] += 1
    beats, judged = counts[Outcome.BEAT], counts.total()
    is_enough = judged >= FEWEST_REPORTS
    reason = "" if is_enough else f"{FEWEST_REPORTS} estimated reports are needed, {judged} are in"
    rate = beats / judged if is_enough else None
    return BeatRate(beats, counts[Outcome.MISS], counts[Outcome.IN_LINE], without, rate, reason)


def cadence(
    reports: Iterable[Earnings], sectors: Mapping[str, str], first: date, last: date
) -> tuple[Cadence, ...]:
    """Return the days from one to another on which anybody reports, soonest first.

    Args:
        reports: Those of other days are left out.
        sectors: GICS sector by symbol; whoever has none counts under an empty name.
        first: The first day.
        last: The last, included.
    """
    by_day: dict[date, list[Earnings]] = {}
    for report in reports:
        if first <= report.day <= last:
            by_day.setdefault(report.day, []).append(report)
    return tuple(
        Cadence(
            day,
            Counter(sectors.get(report.symbol, "") for report in by_day[day]),
            Counter(report.timing for report in by_day[day]),
        )
        for day in sorted(by_day)
    )
