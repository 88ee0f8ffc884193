"""Rates, prices and jobs of the simulated market, as far as they are published at a moment.

Invented: levels are plausible, and no statement about any real month. The effective rate follows
the decisions of `demo_fed.py`, payrolls are revised twice, October 2025 was never collected.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from random import Random
from statistics import fmean

from market.feeds.demo_fed import effective_rate, target_range
from market.feeds.demo_market import SOURCE, DemoMarket, Moment
from market.publications import (
    Frequency,
    Publication,
    is_business_day,
    publications,
)
from market.published import FirstPrint, Published
from market.quotes import Key
from market.sessions import NEW_YORK, exchange_date

FIRST_MONTH = date(2015, 1, 1)
DAYS_BACK, YEARS_BACK = timedelta(days=3 * 366), 6
"""How much history is told: of daily series, and of the others."""
LAPSE = date(2025, 10, 1)
"""The month in which neither prices nor unemployment were collected."""
USUALLY = 12
"""The day of the next month from which figures of a month that the calendar does not know came."""
DAYS_IN = {"CPI": 2}
"""How many business days after the first of its days a release comes; at once by default."""
LONGEST_WAIT = timedelta(days=120)
"""No value comes out later than that after its reference date."""
PRINTS = 24
"""Months of which the first print is told."""
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)


def published(market: DemoMarket, key: Key, moment: Moment) -> Published | None:
    """Return a series as it is known at a moment; None of one that is not made up."""
    publication, seed = publications().get(key.symbol), market.paths.seed
    if publication is None or key.symbol not in _VALUES:
        return None
    days = tuple(_days(key.symbol, publication, moment.at))
    values = tuple(_VALUES[key.symbol](seed, day) for day in days)
    prints: tuple[FirstPrint, ...] = ()
    if key.symbol == "PAYEMS":
        values = _revised(seed, days, values)
        prints = tuple(_print(seed, publication, day) for day in days[-PRINTS:])
    return Published(
        key=key,
        source=SOURCE,
        fetched_at=moment.at,
        days=days,
        values=values,
        first_prints=prints,
    )


def _days(symbol: str, publication: Publication, now: datetime) -> Iterator[date]:
    """Yield the reference dates whose values are out, oldest first."""
    today = exchange_date(now)
    match publication.frequency:
        case Frequency.DAILY:
            day, step = today - DAYS_BACK, _DAY
        case Frequency.WEEKLY:
            day = date(today.year - YEARS_BACK, 1, 1)
            day, step = day + (5 - day.weekday()) % 7 * _DAY, _WEEK
        case Frequency.MONTHLY:
            yield from _months(symbol, publication, now)
            return
    daily = publication.frequency is Frequency.DAILY
    while day <= today and _is_out(publication, day, now):
        if not daily or is_business_day(day, publication.calendar):
            yield day
        day += step


def _months(symbol: str, publication: Publication, now: datetime) -> Iterator[date]:
    month = date(exchange_date(now).year - YEARS_BACK, 1, 1)
    while _is_out(publication, month, now):
        if month != LAPSE or symbol == "PAYEMS":
            yield month
        month = _after(month)


def _is_out(publication: Publication, day: date, now: datetime) -> bool:
    return day < now.date() - LONGEST_WAIT or told_at(publication, day) <= now


def is_told_on(symbol: str, day: date) -> bool:
    """Return whether a weekly or monthly series of the simulated market has news on a day."""
    publication = publications()[symbol]
    if publication.frequency is Frequency.WEEKLY:
        saturdays = (day - (day.weekday() + 2) % 7 * _DAY - n * _WEEK for n in range(2))
        return any(exchange_date(told_at(publication, each)) == day for each in saturdays)
    month = (day.replace(day=1) - _DAY).replace(day=1)
    is_collected = month != LAPSE or symbol == "PAYEMS"
    return is_collected and exchange_date(told_at(publication, month)) == day


def told_at(publication: Publication, day: date) -> datetime:
    """Return when a value comes out: within the days on which it may, in the middle of its time."""
    release = publication.release(day)
    if release is None:
        usual = _on_business_day(_after(day).replace(day=USUALLY), publication)
        return datetime.combine(usual, publication.at, NEW_YORK).astimezone(UTC)
    first = exchange_date(release.at)
    for _ in range(DAYS_IN.get(publication.title, 0)):
        first = _on_business_day(first + _DAY, publication)
    times = publication.at, publication.until
    begin, end = (datetime.combine(first, time, NEW_YORK).astimezone(UTC) for time in times)
    return begin + (end - begin) / 2


def _on_business_day(day: date, publication: Publication) -> date:
    while not is_business_day(day, publication.calendar):
        day += _DAY
    return day


def _after(month: date) -> date:
    return (month + 31 * _DAY).replace(day=1)


def _wave(seed: int, name: str, day: date, spread: float, *periods: float) -> float:
    """A slow movement about zero, some percentage points wide, the longest wave the highest."""
    phases = _phases(seed, name, len(periods))
    at = day.toordinal()
    waves = (
        math.sin(phase + 2 * math.pi * at / period) / (n + 1)
        for n, (phase, period) in enumerate(zip(phases, periods, strict=True))
    )
    return spread * sum(waves)


@lru_cache(maxsize=64)
def _phases(seed: int, name: str, count: int) -> tuple[float, ...]:
    rng = Random(f"{seed}|published|{name}")
    return tuple(rng.uniform(0, 2 * math.pi) for _ in range(count))


@lru_cache(maxsize=8192)
def _noise(seed: int, name: str, day: date) -> float:
    return Random(f"{seed}|{name}|{day}").gauss(0, 1)


def _effr(seed: int, day: date) -> float:
    return round(effective_rate(seed, day), 2)


def _sofr(seed: int, day: date) -> float:
    turn = 0.07 if (day + 2 * _DAY).month != day.month else 0.0
    return round(effective_rate(seed, day) + turn + 0.02 * _noise(seed, "SOFR", day), 2)


@lru_cache(maxsize=8192)
def _ahead(seed: int, day: date, span: int) -> float:
    """The mean policy rate of so many days from a day on."""
    return fmean(effective_rate(seed, day + n * span / 6 * _DAY) for n in range(7))


def _yield_of(
    name: str, above: float, spread: float, span: int = 360
) -> Callable[[int, date], float]:
    """A yield so far above the policy rate of so many days ahead, more or less."""

    def value(seed: int, day: date) -> float:
        level = _ahead(seed, day, span) + above
        waves = _wave(seed, "yields", day, spread, 700, 190, 61)
        own = _wave(seed, name, day, spread / 4, 330, 83)
        return round(level + waves + own + 0.02 * _noise(seed, name, day), 2)

    return value


def _spread(seed: int, day: date) -> float:
    waves = _wave(seed, "OAS", day, 0.35, 700, 190, 53)
    return round(3.05 + waves + 0.025 * _noise(seed, "OAS", day), 2)


def _claims(seed: int, saturday: date) -> float:
    waves = _wave(seed, "claims", saturday, 9.0, 700, 190)
    return 1000.0 * round(214 + waves + 5 * _noise(seed, "claims", saturday))


def _unemployment(seed: int, month: date) -> float:
    return round(4.25 + _wave(seed, "unemployment", month, 0.18, 1100, 330), 1)


@lru_cache(maxsize=32)
def _levels(
    seed: int, name: str, first: float, change: Callable[[int, date], float]
) -> Mapping[date, float]:
    """Return a level by month, from what it changes by in each."""
    levels, month, level = dict[date, float](), FIRST_MONTH, first
    while month.year < 2029:
        levels[month] = level
        month = _after(month)
        level += change(seed, month) * (level if name != "PAYEMS" else 1.0)
    return levels


def _prices_change(seed: int, month: date) -> float:
    trend = 0.0028 + _wave(seed, "prices", month, 0.0004, 1300, 420)
    return trend + 0.0006 * _noise(seed, "prices", month)


def _core_change(seed: int, month: date) -> float:
    trend = 0.0026 + _wave(seed, "prices", month, 0.0003, 1300, 420)
    return trend + 0.0003 * _noise(seed, "core", month)


def _jobs_change(seed: int, month: date) -> float:
    return round(65 + _wave(seed, "jobs", month, 55, 1500, 400) + 30 * _noise(seed, "jobs", month))


def _prices(seed: int, month: date) -> float:
    return round(_levels(seed, "CPI", 234.7, _prices_change)[month], 3)


def _prices_unadjusted(seed: int, month: date) -> float:
    season = 0.002 * math.sin(2 * math.pi * (month.month - 3) / 12)
    return round(_levels(seed, "CPI", 234.7, _prices_change)[month] * (1 + season), 3)


def _core(seed: int, month: date) -> float:
    return round(_levels(seed, "core", 239.8, _core_change)[month], 3)


def _jobs(seed: int, month: date) -> float:
    return float(_levels(seed, "PAYEMS", 149_900.0, _jobs_change)[month])


def _revised(seed: int, days: tuple[date, ...], values: tuple[float, ...]) -> tuple[float, ...]:
    """Return payrolls with the newest two months as they were said before their revisions."""
    last = (*(_error(seed, day, n) for n, day in zip((1, 0), days[-2:], strict=False)),)
    return (*values[:-2], *(v + e for v, e in zip(values[-2:], last, strict=True)))


def _error(seed: int, month: date, revision: int) -> float:
    """By how much a month's level was first misjudged, and how much was left after a revision."""
    return float(round((40, 15)[revision] * _noise(seed, "first print", month)))


def _print(seed: int, publication: Publication, month: date) -> FirstPrint:
    """What was first said of a month, with the month before as it had been revised once."""
    before = (month - _DAY).replace(day=1)
    return FirstPrint(
        day=month,
        value=_jobs(seed, month) + _error(seed, month, 0),
        seen_at=told_at(publication, month),
        before=_jobs(seed, before) + _error(seed, before, 1),
    )


_VALUES: Mapping[str, Callable[[int, date], float]] = {
    "EFFR": _effr,
    "SOFR": _sofr,
    "DFEDTARL": lambda seed, day: target_range(seed, day).lower_bp / 100,
    "DFEDTARU": lambda seed, day: target_range(seed, day).upper_bp / 100,
    "IORB": lambda seed, day: target_range(seed, day).lower_bp / 100 + 0.15,
    "DGS3MO": _yield_of("DGS3MO", 0.1, 0.05, 90),
    "DGS2": _yield_of("DGS2", 0.35, 0.3),
    "DGS10": _yield_of("DGS10", 0.75, 0.4),
    "DGS30": _yield_of("DGS30", 1.25, 0.4),
    "BAMLH0A0HYM2": _spread,
    "CPIAUCNS": _prices_unadjusted,
    "CPIAUCSL": _prices,
    "CPILFESL": _core,
    "PAYEMS": _jobs,
    "UNRATE": _unemployment,
    "ICSA": _claims,
}
"""What is made up, by series, in the unit its office uses."""
