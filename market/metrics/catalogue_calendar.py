"""METRICS of the calendar: who reports, how the last reports turned out, what comes next."""

from __future__ import annotations

from market.holdings import WHOLE_MARKET
from market.instruments import INDEX, Role
from market.metrics.metric import Cadence, Metric, Unit

_OF = (WHOLE_MARKET,)
"""Calendars are asked for under the symbol of the whole market."""


def _calendar(name: str, unit: Unit, meaning: str) -> Metric:
    """A figure of the index's calendar."""
    return Metric(
        name=f"calendar.{name}",
        unit=unit,
        cadence=Cadence.CALENDAR,
        meaning=meaning,
        only=INDEX,
        symbols=_OF,
    )


OF_THE_CALENDAR = (
    _calendar("earnings.today", Unit.COUNT, "Members that report today, New York."),
    _calendar("earnings.7d", Unit.COUNT, "Members that report within seven days, today included."),
    _calendar(
        "earnings.weight.7d",
        Unit.FRACTION,
        "The part of the index that reports within seven days, today included.",
    ),
    _calendar(
        "beat_rate.30d",
        Unit.FRACTION,
        "Members' reports of the last 30 days above their estimate, of all that had one; four "
        "in five of the sessions must be known.",
    ),
    _calendar(
        "next_release", Unit.WORD, "The next economic release of weight, and when, New York."
    ),
    _calendar("next_fomc", Unit.WORD, "When the Federal Reserve decides next, New York."),
    Metric(
        name="{slug}.earnings.next",
        unit=Unit.WORD,
        cadence=Cadence.CALENDAR,
        meaning="When the company reports next: the day, and whether before or after trading.",
        roles=frozenset({Role.WATCHED}),
        symbols=_OF,
    ),
    Metric(
        name="{slug}.earnings.sessions",
        unit=Unit.COUNT,
        cadence=Cadence.CALENDAR,
        meaning="Sessions until the company reports: 0 on the day itself, 1 on the session before.",
        roles=frozenset({Role.WATCHED}),
        symbols=_OF,
    ),
)
