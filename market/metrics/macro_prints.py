"""First prints and revisions: what was published of a month at first, and what is said of it now.

The first print of a month is what the release that ends with it says. What was published of it
before captop looked is not known, and stays so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from market.metrics.macro import level_change
from market.metrics.subject import Unknown


class Print(msgspec.Struct, frozen=True):
    """One month's change as first published and as it stands."""

    month: date
    first: float | None
    """None when captop saw the month only after a later one was out."""
    latest: float
    seen: date
    """The day on which `latest` was first seen."""

    @property
    def revision(self) -> float | None:
        """Latest less first; None while the first is not known."""
        return None if self.first is None else self.latest - self.first


def with_release(
    log: Mapping[date, Print], levels: Mapping[date, float], seen: date
) -> dict[date, Print]:
    """Return the log with what a series says now; a first print is never overwritten.

    Args:
        log: Prints by month.
        levels: The series as published now, by month (PAYEMS, thousands).
        seen: Today's date.
    """
    known = dict(log)
    newest = max(levels, default=None)
    for month in sorted(levels):
        try:
            change = level_change(levels, month)
        except Unknown:
            continue
        known[month] = _print(known.get(month), month, change, month == newest, seen)
    return known


def _print(before: Print | None, month: date, change: float, is_newest: bool, seen: date) -> Print:
    if before is None:
        return Print(month, change if is_newest else None, change, seen)
    if before.latest == change:
        return before
    return Print(month, before.first, change, seen)
