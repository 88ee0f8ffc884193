"""What published series say: newest values, their changes, inflation, jobs, claims and spreads.

A reading's time is its reference date at midnight, New York: `market/publications.py` knows when
a value of that date came out, and when the next one does. Rates are per cent on the wire and
fractions here; payrolls come in thousands and are persons here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import TypeAlias

from market.metrics import macro, rate_spreads
from market.metrics.catalogue_macro import COUNTS, RATES
from market.metrics.metric import Unit
from market.metrics.readings import Function
from market.metrics.subject import Subject, Unknown, sources
from market.metrics.windows import months_before
from market.publications import Release, midnight, next_release
from market.published import FirstPrint, Published
from market.quotes import Key, Kind
from market.reading import Reading

PERCENT, THOUSAND, BASIS_POINTS = 0.01, 1000.0, 100.0
SCHEDULED = ("CPIAUCNS", "PAYEMS", "ICSA")
"""What `macro.next_release` looks at: prices, jobs and claims."""
_NOT_PUBLISHED = "waiting for the published series"
_WEEK = timedelta(weeks=1)

Series: TypeAlias = Mapping[date, float]
Figure: TypeAlias = Callable[[Series, date], float]
"""A figure of a series at its newest reference date, in the series' own unit."""


def document(subject: Subject) -> Published:
    """Return an instrument's series; Unknown without any value of it."""
    found = subject.snapshot.document(Key(Kind.PUBLISHED, subject.symbol), Published)
    if found is None or not found.days:
        raise Unknown(subject.why_not(Kind.PUBLISHED) or _NOT_PUBLISHED)
    return found


def value(subject: Subject, *, scale: float = 1.0) -> Reading:
    """Return the newest published value times a factor."""
    told = document(subject)
    return _reading(told, scale * told.values[-1])


def figure(subject: Subject, *, of: Figure, scale: float = 1.0) -> Reading:
    """Return a figure of a series at its newest reference date, times a factor."""
    told = document(subject)
    return _reading(told, scale * of(_series(told), told.days[-1]))


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


def change_of_month_before(subject: Subject) -> Reading:
    """Return the change of payrolls in the month before the newest, as it stands, persons."""
    told = document(subject)
    month = months_before(told.days[-1], 1)
    return _reading(told, THOUSAND * macro.level_change(_series(told), month))


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
        raise Unknown(subject.why_not(Kind.PUBLISHED) or _NOT_PUBLISHED)
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


def _year_on_year_a_quarter_ago(series: Series, month: date) -> float:
    return macro.year_on_year(series, months_before(month, 3))


def _of_rate(slug: str) -> Mapping[str, Function]:
    return {
        f"{slug}.value": partial(value, scale=PERCENT),
        f"{slug}.value.change": partial(figure, of=change_before, scale=BASIS_POINTS),
        f"{slug}.value.change.20d": partial(figure, of=change_over_month, scale=BASIS_POINTS),
    }


def _of_count(slug: str, symbol: str, unit: Unit) -> Mapping[str, Function]:
    """Of a weekly or monthly series; its change is one of percentage points in basis points."""
    scale = _SCALES.get(symbol, 1.0)
    change = change_over_week if symbol == "ICSA" else macro.level_change
    points = BASIS_POINTS if unit is Unit.FRACTION else scale
    return {
        f"{slug}.value": partial(value, scale=scale),
        f"{slug}.value.change": partial(figure, of=change, scale=points),
    }


def _of_inflation(name: str) -> Mapping[str, Function]:
    return {
        f"{name}.mom": partial(figure, of=macro.month_on_month),
        f"{name}.3m": partial(figure, of=_over(3)),
        f"{name}.6m": partial(figure, of=_over(6)),
    }


_SCALES = {"PAYEMS": THOUSAND, "UNRATE": PERCENT}
"""What turns the office's unit into captop's: thousands of persons, per cent."""

FUNCTIONS: Mapping[str, Function] = {
    **{name: f for slug in RATES for name, f in _of_rate(slug).items()},
    **{
        name: f
        for slug, (symbol, unit) in COUNTS.items()
        for name, f in _of_count(slug, symbol, unit).items()
    },
    "{slug}.next_release": awaited,
    "macro.cpi.yoy": partial(figure, of=macro.year_on_year),
    "macro.cpi.yoy.3m_ago": partial(figure, of=_year_on_year_a_quarter_ago),
    **_of_inflation("macro.cpi"),
    "macro.core_cpi.yoy": partial(figure, of=macro.year_on_year),
    **_of_inflation("macro.core_cpi"),
    "macro.payrolls.change": partial(figure, of=macro.level_change, scale=THOUSAND),
    "macro.payrolls.change.first": first_change,
    "macro.payrolls.change.previous": change_of_month_before,
    "macro.payrolls.revision": revision,
    "macro.payrolls.change.3m": partial(figure, of=macro.mean_level_change, scale=THOUSAND),
    "macro.sahm_gap": partial(figure, of=macro.sahm_gap),
    "macro.claims.4w": partial(figure, of=macro.four_week_mean),
    "macro.2y_minus_effr": partial(spread, against="EFFR"),
    "macro.curve.2s10s": partial(spread, against="DGS2"),
    "macro.curve.3m10y": partial(spread, against="DGS3MO"),
    "macro.sofr_minus_effr": partial(spread, against="EFFR"),
    "macro.sofr_minus_iorb": partial(spread, against="IORB"),
    "macro.next_release": awaited_next,
    "{slug}.implied_rate": implied_rate,
}
"""How each metric about what is published is worked out."""
