"""Inflation, jobs and claims from the statisticians' series, with their holes kept (METRICS 14).

A monthly series is a mapping from the first day of a month to its value. A month that is absent
although a later one is there was never collected (October 2025), and whatever is measured from it
or through it is Unknown: nothing is interpolated. Changes are fractions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from statistics import fmean

from market.metrics.returns import simple_return
from market.metrics.subject import Unknown
from market.metrics.windows import months_before

_MONTHS_OF_MEAN, _FEWEST_OF_MEAN = 3, 2
_WEEKS_OF_MEAN = 4
_WEEK = timedelta(weeks=1)


def year_on_year(index: Mapping[date, float], month: date) -> float:
    """Return an index over that of twelve months before, less one."""
    return _change(index, month, 12)


def month_on_month(index: Mapping[date, float], month: date) -> float:
    """Return an index over that of the month before, less one."""
    return _change(index, month, 1)


def annualised(index: Mapping[date, float], month: date, months: int) -> float:
    """Return the change over some months at a yearly rate; every month between must be known.

    Args:
        index: Seasonally adjusted.
        month: The last month.
        months: Three or six, as a rule.
    """
    for each in _months_to(month, months):
        _value(index, each)
    return (1 + _change(index, month, months)) ** (12 / months) - 1


def eases(index: Mapping[date, float], month: date, months: int = 3) -> bool:
    """Return whether the yearly change is lower than it was some months before."""
    return year_on_year(index, month) < year_on_year(index, months_before(month, months))


def level_change(levels: Mapping[date, float], month: date) -> float:
    """Return the change of a level over its month, in its own unit (payrolls: thousands)."""
    return _value(levels, month) - _base(levels, month, 1)


def mean_level_change(levels: Mapping[date, float], month: date, months: int = 3) -> float:
    """Return the mean monthly change over some months; every month between must be known."""
    return fmean(level_change(levels, months_before(month, back)) for back in range(months))


def three_month_mean(rate: Mapping[date, float], month: date) -> float:
    """Return the mean of the three months to one, of which two at least must be known."""
    known = [rate[m] for m in _months_to(month, _MONTHS_OF_MEAN - 1) if m in rate]
    if len(known) < _FEWEST_OF_MEAN:
        raise Unknown(f"two of the three months to {month:%B %Y} are missing")
    return fmean(known)


def sahm_gap(unemployment: Mapping[date, float], month: date) -> float:
    """Return the three-month mean less its lowest of the twelve months before, points.

    Negative where unemployment is lower than it has been all year.
    """
    _value(unemployment, month)
    year = [three_month_mean(unemployment, months_before(month, back)) for back in range(1, 13)]
    return three_month_mean(unemployment, month) - min(year)


def four_week_mean(claims: Mapping[date, float], saturday: date) -> float:
    """Return the mean of the four weeks to one, each named by its Saturday."""
    weeks = [saturday - back * _WEEK for back in range(_WEEKS_OF_MEAN)]
    missing = min((week for week in weeks if week not in claims), default=None)
    if missing is not None:
        raise Unknown(f"the week to {_day(missing)} is missing")
    return fmean(claims[week] for week in weeks)


def newest(series: Mapping[date, float]) -> date:
    """Return the newest date of a series; Unknown if it is empty."""
    if not series:
        raise Unknown("no value is known")
    return max(series)


def _change(index: Mapping[date, float], month: date, months: int) -> float:
    base = _base(index, month, months)
    return simple_return(_value(index, month), base)


def _base(series: Mapping[date, float], month: date, months: int) -> float:
    """The value some months before; its absence counts before that of the month itself."""
    base = months_before(month, months)
    if base not in series:
        raise Unknown(f"no base: {_absence(series, base)}")
    return series[base]


def _value(series: Mapping[date, float], month: date) -> float:
    if month not in series:
        raise Unknown(_absence(series, month))
    return series[month]


def _absence(series: Mapping[date, float], month: date) -> str:
    """Why a month has no value, from the months that have."""
    if not series or month > max(series):
        return f"{month:%B %Y} is not published yet"
    if month < min(series):
        return f"the series begins with {min(series):%B %Y}"
    return f"{month:%B %Y} was never collected"


def _months_to(month: date, back: int) -> Iterator[date]:
    """A month and some before it, newest first."""
    return (months_before(month, each) for each in range(back + 1))


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
