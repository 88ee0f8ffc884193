"""The Federal Reserve of the simulated market: what it decides, and what is expected of it.

Invented: the decisions of a seed are no statement about any real one. What is expected of a
meeting wanders from day to day and comes ever nearer to what will be decided.
"""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from random import Random

from market.fomc import TargetRange, default_schedule

FIRST_RANGE = TargetRange(425, 450)
"""In force before the first decision that is known."""
CUTS = frozenset({date(2025, 9, 17), date(2025, 10, 29), date(2025, 12, 10)})
HELD_UNTIL = date(2026, 8, 1)
"""Decisions up to here are those above; later ones are drawn from the seed."""
ABOVE_LOWER = 0.13
"""Percentage points of the effective rate above the lower bound."""
LONGEST_VIEW = 330
"""Days before a meeting from which on something of its decision is guessed."""
STEP = 0.25


@lru_cache(maxsize=16)
def decisions(seed: int) -> Mapping[date, int]:
    """Return what each scheduled meeting decides, in steps of 25 basis points."""
    return {day: _decided(seed, day) for day in default_schedule().days}


def _decided(seed: int, day: date) -> int:
    if day < HELD_UNTIL:
        return -1 if day in CUTS else 0
    draw = Random(f"{seed}|fomc|{day}").random()
    return 1 if draw < 0.35 else -1 if draw > 0.92 else 0


def target_range(seed: int, day: date) -> TargetRange:
    """Return the range in force on a day: a decision holds from the day after it."""
    return FIRST_RANGE.moved(sum(steps for met, steps in decisions(seed).items() if met < day))


def effective_rate(seed: int, day: date) -> float:
    """Return the effective federal funds rate of a day, per cent."""
    return target_range(seed, day).lower_bp / 100 + ABOVE_LOWER


def expected_steps(seed: int, meeting: date, day: date, hour: float) -> float:
    """Return the move that is expected of a meeting, in steps.

    Args:
        seed: Of the simulated market.
        meeting: Its decision day, not before `day`.
        day: When it is expected, New York.
        hour: Of that day, 0 to 24.
    """
    usual, slow, quick = _mood(seed, meeting)
    at = day.toordinal() + hour / 24
    guess = usual + 0.22 * math.sin(slow + at / 19) + 0.05 * math.sin(quick + at / 1.7)
    left = meeting.toordinal() + 14 / 24 - at
    known = max(0.0, 1 - left / LONGEST_VIEW) ** 3
    return known * decisions(seed)[meeting] + (1 - known) * guess


@lru_cache(maxsize=256)
def _mood(seed: int, meeting: date) -> tuple[float, float, float]:
    """What is usually expected of a meeting, and where its slow and quick waves begin."""
    rng = Random(f"{seed}|expected|{meeting}")
    return rng.uniform(0.05, 0.45), rng.uniform(0, 6.3), rng.uniform(0, 6.3)


def average_rate(seed: int, month: date, day: date, hour: float = 16.0) -> float:
    """Return a month's mean effective rate as it is expected on a day, per cent.

    Args:
        seed: Of the simulated market.
        month: Any day of it.
        day: When it is expected, New York; days up to it count as they were.
        hour: Of that day, 0 to 24.
    """
    first, count = month.replace(day=1), monthrange(month.year, month.month)[1]
    last = first + timedelta(days=count - 1)
    passed = max(0, min(count, (day - first).days + 1))
    total = sum(effective_rate(seed, first + timedelta(days=n)) for n in range(passed))
    total += (count - passed) * effective_rate(seed, day)
    for met in default_schedule().days:
        if day <= met < last:
            after = min(count, (last - met).days)
            total += STEP * expected_steps(seed, met, day, hour) * after
    return total / count
