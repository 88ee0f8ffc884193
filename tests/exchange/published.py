"""What offices have published by an instant: one truth behind FRED, New York Fed, Treasury."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from math import sin

from market.fomc import default_schedule
from market.publications import Frequency, Publication, is_business_day, publications
from market.sessions import exchange_date

DAY = timedelta(days=1)
FIRST = date(2019, 1, 1)
LAPSE = date(2025, 10, 1)
"""The month whose prices and unemployment were never collected."""
LEVELS = {
    "IORB": 3.65,
    "DGS3MO": 3.71,
    "DGS2": 4.14,
    "DGS10": 4.48,
    "DGS30": 4.97,
    "BAMLH0A0HYM2": 2.75,
    "CPIAUCNS": 331.0,
    "CPIAUCSL": 330.0,
    "CPILFESL": 335.0,
    "PAYEMS": 158_800.0,
    "UNRATE": 4.3,
    "ICSA": 215_000.0,
}
"""What each series is about; those of the federal funds rate follow its meetings."""
DECIMALS = {"PAYEMS": 0, "UNRATE": 1, "ICSA": 0, "CPIAUCNS": 3, "CPIAUCSL": 3, "CPILFESL": 3}
LOWEST = 3.5
"""The lower bound of the target range between meetings in January 2026 and after."""
GROWTH = {"CPIAUCNS": 0.031, "CPIAUCSL": 0.031, "CPILFESL": 0.029, "PAYEMS": 0.004}
"""How much a year some of them grow, about July 2026."""
_MIDDLE = date(2026, 7, 1)


def observations(symbol: str, since: date, now: datetime) -> Iterator[tuple[date, float | None]]:
    """Yield what is said of each reference date by an instant; None for a holiday or a lapse."""
    publication = publications()[symbol]
    day = max(since, FIRST)
    today = exchange_date(now)
    while day <= today:
        if _is_reference(publication, day) and is_out(publication, day, now):
            yield day, _value(publication, symbol, day)
        day += DAY


def is_out(publication: Publication, day: date, now: datetime) -> bool:
    """Return whether the value of a reference date has been published."""
    release = publication.release(day)
    if release is None:  # a month before the calendar's first
        return exchange_date(now) - day > timedelta(days=46)
    return release.until <= now


def lower_bound(day: date) -> float:
    """Return the lower bound of the target range on a day: a quarter less from each January on."""
    cuts = sum(each < day for each in default_schedule().days if each.month == 1)
    return LOWEST + 0.25 * (2 - cuts)


def _is_reference(publication: Publication, day: date) -> bool:
    match publication.frequency:
        case Frequency.DAILY:
            return day.weekday() < 5
        case Frequency.WEEKLY:
            return day.weekday() == 5
        case Frequency.MONTHLY:
            return day.day == 1


def _value(publication: Publication, symbol: str, day: date) -> float | None:
    if publication.frequency is Frequency.DAILY and not is_business_day(day, publication.calendar):
        return None
    if day == LAPSE and symbol in {"CPIAUCNS", "CPIAUCSL", "CPILFESL", "UNRATE"}:
        return None
    return _made(symbol, day)


@cache
def _made(symbol: str, day: date) -> float:
    match symbol:
        case "DFEDTARL":
            return lower_bound(day)
        case "DFEDTARU":
            return lower_bound(day) + 0.25
        case "EFFR":
            return round(lower_bound(day) + 0.13, 2)
        case "SOFR":
            return round(lower_bound(day) + 0.12 + 0.04 * sin(day.toordinal()), 2)
        case _:
            years = (day - _MIDDLE).days / 365.25
            grown = LEVELS[symbol] * (1 + GROWTH.get(symbol, 0.0)) ** years
            moved = grown * (1 + _SWAYS.get(symbol, 0.02) * sin(day.toordinal() / 9))
            return round(moved, DECIMALS.get(symbol, 2))


_SWAYS = {"CPIAUCNS": 0.001, "CPIAUCSL": 0.001, "CPILFESL": 0.0005, "PAYEMS": 0.0003, "IORB": 0.0}
"""How much they sway about it, as a part of their level."""
