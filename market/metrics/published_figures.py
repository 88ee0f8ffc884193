"""What published series say: newest values, their changes, inflation, jobs, claims and spreads.

A reading's time is its reference date at midnight, New York: `market/publications.py` knows when
a value of that date came out, and when the next one does. Rates are per cent on the wire and
fractions here; payrolls come in thousands and are persons here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import TypeAlias

from market.metrics import macro, rate_spreads
from market.metrics.catalogue_macro import COUNTS, RATES
from market.metrics.metric import Unit
from market.metrics.readings import Function
from market.metrics.subject import Subject, Unknown
from market.metrics.windows import months_before
from market.publications import Release, midnight, next_release
from market.published import NOT_PUBLISHED, FirstPrint, Published
from market.quotes import Key, Kind
from market.reading import Reading, sources

PERCENT, THOUSAND, BASIS_POINTS = 0.01, 1000.0, 100.0
SCHEDULED = ("CPIAUCNS", "PAYEMS", "ICSA")
"""What `macro.next_release` looks at: prices, jobs and claims."""
_WEEK = timedelta(weeks=1)
_LOOK_BACK = 16
"""Values before a reference date that a figure reads, at most: a year of three-month means."""

Series: TypeAlias = Mapping[date, float]
Figure: TypeAlias = Callable[[Series, date], float]
"""A figure of a series at its newest reference date, in the series' own unit."""


def document(subject: Subject) -> Published:
    """Return an instrument's series; Unknown without any value of it."""
    found = subject.snapshot.document(Key(Kind.PUBLISHED, subject.symbol), Published)
    if found is None or not found.days:
        raise Unknown(subject.why_not(Kind.PUBLISHED) or NOT_PUBLISHED)
    return found


def value(subject: Subject, *, scale: float = 1.0) -> Reading:
    """Return the newest published value times a factor."""
    told = document(subject)
    return _reading(told, scale * told.values[-1])


def figure(subject: Subject, *, of: Figure, scale: float = 1.0) -> Reading:
    """Return a figure of a series at its newest reference date, times a factor."""
    told = document(subject)
    return _reading(told, scale * of(_series(told), told.days[-1]))


def figures_to_date(metric: str, told: Published, count: int) -> tuple[float | None, ...]:
    """Return a figure as each of the newest reference dates has it, in the series' own unit.

    None where a month it needs was never collected; nothing at all of what other data are
    needed for, such as first prints.
    """
    if metric not in FIGURES:
        return ()
    tail = count + _LOOK_BACK
    return _to_date(metric, told.days[-tail:], told.values[-tail:], count)


@lru_cache(maxsize=64)
def _to_date(
    metric: str, days: tuple[date, ...], values: tuple[float, ...], count: int
) -> tuple[float | None, ...]:
    of, series = FIGURES[metric][0], dict(zip(days, values, strict=True))

    def at(day: date) -> float | None:
        try:
            return of(series, day)
        except Unknown:
            return None

    return tuple(map(at, days[-count:]))


def change_before(series: Series, day: date) -> float:
    """Return a daily rate less the one before it, which may be a long weekend older."""
    before = max((each for each in series if each < day), default=None)
    if before is None:
        raise Unknown("no value before it is known")
    if day - before > rate_spreads.LONGEST_REST:
        raise Unknown(f"the value before it is of {before.day} {before:%B %Y}")
    return series[day] - series[before]


def change_over_month(series: Series, day: date) -> float:
    """Return a daily rate less that of 20 sessions before."""
    return rate_spreads.change(series, day) / BASIS_POINTS


def change_over_week(series: Series, saturday: date) -> float:
    """Return a weekly count less that of the week before; Unknown if that is missing."""
    before = saturday - _WEEK
    if before not in series:
        raise Unknown(f"the week to {before.day} {before:%B %Y} is missing")
    return series[saturday] - series[before]


def first_change(subject: Subject) -> Reading:
    """Return the newest month's change of payrolls as it was first published, persons."""
    told = document(subject)
    change = _first(told, told.days[-1])
    return _reading(told, THOUSAND * change)


def change_of_month_before(series: Series, month: date) -> float:
    """Return the change of a level over the month before one, as it stands."""
    return macro.level_change(series, months_before(month, 1))


def revision(subject: Subject) -> Reading:
    """Return the month before the newest as it stands now, less its first print, persons."""
    told = document(subject)
    month = months_before(told.days[-1], 1)
    first = _first(told, month)
    return _reading(told, THOUSAND * (macro.level_change(_series(told), month) - first))


def _first(told: Published, month: date) -> float:
    found = next((each for each in told.first_prints if each.day == month), None)
    if found is None:
        raise Unknown(f"what was first published of {month:%B %Y} is not known")
    return _change_at_first(found)


def _change_at_first(told: FirstPrint) -> float:
    if told.before is None:
        raise Unknown("the value before it is not known as it was then")
    return told.value - told.before


def spread(subject: Subject, *, against: str) -> Reading:
    """Return a rate less another on the newest date of both, basis points."""
    ours, theirs = document(subject), document(subject.other(against))
    found = rate_spreads.spread(_series(ours), _series(theirs))
    source = sources(ours.source, theirs.source)
    return Reading(found.basis_points, midnight(found.day), source)


def awaited(subject: Subject) -> Reading:
    """Return when the next value of a series is to be published, in words."""
    told = document(subject)
    release = _release(subject, told)
    if release is None:
        raise Unknown("no day of its next release is known")
    return _reading(told, release.when, "" if release.is_official else "expected, not announced")


def awaited_next(subject: Subject) -> Reading:
    """Return what of prices, jobs and claims is published next, and when, in words."""
    known = [(told, release) for told in _known(subject) if (release := _release(subject, told))]
    if not known:
        raise Unknown(subject.why_not(Kind.PUBLISHED) or NOT_PUBLISHED)
    told, release = min(known, key=lambda each: each[1].at)
    reason = "" if release.is_official else "expected, not announced"
    return _reading(told, f"{release.title} {release.when}", reason)


def _known(subject: Subject) -> list[Published]:
    keys = (Key(Kind.PUBLISHED, symbol) for symbol in SCHEDULED)
    found = (subject.snapshot.document(key, Published) for key in keys)
    return [told for told in found if told is not None and told.days]


def _release(subject: Subject, told: Published) -> Release | None:
    snapshot, symbol = subject.snapshot, told.key.symbol
    known = snapshot.studies.release_days(symbol)
    return next_release(symbol, told.days[-1], snapshot.now, known)


def implied_rate(subject: Subject) -> Reading:
    """Return the mean federal funds rate that a future's last price stands for."""
    quote = subject.current()
    rate = PERCENT * (100 - quote.last)
    return Reading(rate, quote.as_of, quote.source, quote.delay_s)


def _series(told: Published) -> Series:
    return dict(zip(told.days, told.values, strict=True))


def _reading(told: Published, number: float | str, reason: str = "") -> Reading:
    return Reading(number, midnight(told.days[-1]), told.source, reason=reason)


def _over(months: int) -> Figure:
    return lambda series, month: macro.annualised(series, month, months)


def _as_it_is(series: Series, day: date) -> float:
    return series[day]


def _year_on_year_a_quarter_ago(series: Series, month: date) -> float:
    return macro.year_on_year(series, months_before(month, 3))


def _of_rate(slug: str) -> Mapping[str, Function]:
    return {
        f"{slug}.value": partial(value, scale=PERCENT),
        f"{slug}.value.change": partial(figure, of=change_before, scale=BASIS_POINTS),
        f"{slug}.value.change.20d": partial(figure, of=change_over_month, scale=BASIS_POINTS),
    }


def _change_of_count(slug: str, symbol: str, unit: Unit) -> Mapping[str, Function]:
    """The change of a weekly or monthly series; one of percentage points is in basis points."""
    change = change_over_week if symbol == "ICSA" else macro.level_change
    points = BASIS_POINTS if unit is Unit.FRACTION else _SCALES.get(symbol, 1.0)
    return {f"{slug}.value.change": partial(figure, of=change, scale=points)}


_SCALES = {"PAYEMS": THOUSAND, "UNRATE": PERCENT}
"""What turns the office's unit into captop's: thousands of persons, per cent."""
_PRICES: Mapping[str, Figure] = {
    "yoy": macro.year_on_year,
    "mom": macro.month_on_month,
    "3m": _over(3),
    "6m": _over(6),
}
FIGURES: Mapping[str, tuple[Figure, float]] = {
    **{
        f"macro.{name}.{over}": (of, 1.0)
        for name in ("cpi", "core_cpi")
        for over, of in _PRICES.items()
    },
    "macro.cpi.yoy.3m_ago": (_year_on_year_a_quarter_ago, 1.0),
    "macro.payrolls.change": (macro.level_change, THOUSAND),
    "macro.payrolls.change.previous": (change_of_month_before, THOUSAND),
    "macro.payrolls.change.3m": (macro.mean_level_change, THOUSAND),
    "macro.sahm_gap": (macro.sahm_gap, 1.0),
    "macro.claims.4w": (macro.four_week_mean, 1.0),
    **{
        f"{slug}.value": (_as_it_is, _SCALES.get(symbol, 1.0))
        for slug, (symbol, _) in COUNTS.items()
    },
}
"""What is worked out of one series alone, and what turns its unit into captop's."""

FUNCTIONS: Mapping[str, Function] = {
    **{name: f for slug in RATES for name, f in _of_rate(slug).items()},
    **{
        name: f
        for slug, (symbol, unit) in COUNTS.items()
        for name, f in _change_of_count(slug, symbol, unit).items()
    },
    "{slug}.next_release": awaited,
    **{name: partial(figure, of=of, scale=scale) for name, (of, scale) in FIGURES.items()},
    "macro.payrolls.change.first": first_change,
    "macro.payrolls.revision": revision,
    "macro.2y_minus_effr": partial(spread, against="EFFR"),
    "macro.curve.2s10s": partial(spread, against="DGS2"),
    "macro.curve.3m10y": partial(spread, against="DGS3MO"),
    "macro.sofr_minus_effr": partial(spread, against="EFFR"),
    "macro.sofr_minus_iorb": partial(spread, against="IORB"),
    "macro.next_release": awaited_next,
    "{slug}.implied_rate": implied_rate,
}
"""How each metric about what is published is worked out."""
