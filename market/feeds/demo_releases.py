"""Economic releases of the simulated market: the usual ones on their usual days, made up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from random import Random
from typing import TypeAlias

import msgspec

from market.agenda import Impact, Release, Releases
from market.feeds.demo_fed import target_range
from market.feeds.demo_market import SOURCE, DemoMarket, Moment
from market.feeds.demo_published import is_told_on
from market.feeds.demo_release_figures import (
    CLAIMS,
    CORE_PRICES,
    JOBS,
    PRICES,
    PRICES_OF_YEAR,
    UNEMPLOYED,
    ReleaseFigure,
)
from market.fomc import default_schedule
from market.quotes import Key
from market.sessions import NEW_YORK, exchange_date, is_session, next_session

WEEKS = {"thisweek": 0, "nextweek": 7}
"""How many days later than this week each file's week begins."""
US = "US"

_Rule: TypeAlias = "Callable[[date], bool]"


class _Line(msgspec.Struct, frozen=True):
    """One release that comes again and again."""

    title: str
    at: time
    """New York."""
    impact: Impact
    is_due: _Rule
    level: float | ReleaseFigure
    """About what it says, where nothing else is known of it; else how it follows from a series."""
    spread: float
    form: str = "{:.1f}%"
    told_as: str = ""
    """Its name in the calendar that tells actuals; the same by default."""


def releases(market: DemoMarket, key: Key, moment: Moment) -> Releases | None:
    """Return a week's schedule, or a day with its actuals; None for another span."""
    if key.span in WEEKS:
        today = exchange_date(moment.at)
        first = today - timedelta(days=(today.weekday() + 1) % 7 - WEEKS[key.span])
        days = [first + timedelta(days=n) for n in range(7)]
        rows = (row for day in days for row in _day(market, day, moment, is_schedule=True))
    else:
        try:
            day = date.fromisoformat(key.span)
        except ValueError:
            return None
        rows = _day(market, day, moment, is_schedule=False)
    return Releases(key=key, source=SOURCE, fetched_at=moment.at, rows=tuple(rows))


def _day(market: DemoMarket, day: date, moment: Moment, *, is_schedule: bool) -> Iterator[Release]:
    """Yield a day's releases by time: as scheduled, or with the actuals that are out."""
    rests = not is_session(day)
    if rests and day.weekday() < 5 and is_schedule:
        yield Release(title="Bank Holiday", country=US, day=day, impact=Impact.HOLIDAY)
    due = (each for each in LINES if each.is_due(day) and (not rests or each.is_due in _OFFICES))
    for line in sorted(due, key=lambda line: line.at):
        at = datetime.combine(day, line.at, NEW_YORK).astimezone(UTC)
        before, told = _values(market, line, at, moment)
        guess = Random(f"{market.paths.seed}|guess|{line.title}|{day}").gauss(0, line.spread / 2)
        yield Release(
            title=line.title if is_schedule else line.told_as or line.title,
            country=US,
            day=day,
            at=at,
            impact=line.impact if is_schedule else Impact.UNKNOWN,
            previous=_formed(line, before),
            consensus=_formed(line, told - guess) if told is not None else "",
            actual="" if is_schedule or moment.at < at else _formed(line, told),
        )


def _values(
    market: DemoMarket, line: _Line, at: datetime, moment: Moment
) -> tuple[float | None, float | None]:
    """Return what a release is to replace, as that is known now, and what it says."""
    seed, day = market.paths.seed, exchange_date(at)
    if line.title == FUNDS_RATE:
        return _rates(seed, day)
    if not isinstance(line.level, float | int):
        return line.level.values(market, at, moment)
    level, occasion = line.level, _occasion(line, day)
    before, told = (
        level + Random(f"{seed}|{line.title}|{number}").gauss(0, line.spread)
        for number in (occasion - 1, occasion)
    )
    return before, told


def _formed(line: _Line, value: float | None) -> str:
    """Return a number in the release's words; nothing where it has none."""
    words = line.form.format(value) if value is not None else ""
    return words.removeprefix("-") if not set(words) & set("123456789") else words


def _occasion(line: _Line, day: date) -> int:
    """Return the number of a release: by the week for weekly ones, else by the month."""
    is_weekly = line.is_due is _wednesdays
    return day.toordinal() // 7 if is_weekly else 12 * day.year + day.month


def _rates(seed: int, day: date) -> tuple[float, float]:
    """The upper bound of the target range before and after a meeting, per cent."""
    after = target_range(seed, day + timedelta(days=1))
    return target_range(seed, day).upper_bp / 100, after.upper_bp / 100


def _nth_session(day: date, count: int) -> bool:
    """Whether a day is the n-th session of its month."""
    each = date.fromordinal(day.replace(day=1).toordinal() - 1)
    for _ in range(count):
        each = next_session(each)
    return each == day


def _on_session(count: int) -> _Rule:
    return lambda day: _nth_session(day, count)


def _with(symbol: str) -> _Rule:
    """On the days on which a published series has news."""
    return partial(is_told_on, symbol)


def _second_friday(day: date) -> bool:
    return day.weekday() == 4 and 8 <= day.day <= 14


def _last_friday(day: date) -> bool:
    return day.weekday() == 4 and (day + timedelta(days=7)).month != day.month


def _last_thursday(day: date) -> bool:
    return day.weekday() == 3 and (day + timedelta(days=7)).month != day.month


def _wednesdays(day: date) -> bool:
    return day.weekday() == 2


def _decides(day: date) -> bool:
    return day in default_schedule().days


_EARLY, _TEN, _TWO = time(8, 30), time(10), time(14)
_PRICES, _JOBS, _CLAIMS = _with("CPIAUCNS"), _with("PAYEMS"), _with("ICSA")
_UNEMPLOYED = _with("UNRATE")
_OFFICES = frozenset({_PRICES, _JOBS, _CLAIMS, _UNEMPLOYED})
"""Federal offices publish on Good Friday too."""
_HIGH, _MEDIUM, _LOW = Impact.HIGH, Impact.MEDIUM, Impact.LOW
FUNDS_RATE = "Federal Funds Rate"
LINES = (
    _Line("ISM Manufacturing PMI", _TEN, _HIGH, _on_session(1), 50.2, 1.4, "{:.1f}"),
    _Line("Construction Spending m/m", _TEN, _LOW, _on_session(1), 0.2, 0.3),
    _Line("JOLTS Job Openings", _TEN, _HIGH, _on_session(2), 7.2, 0.25, "{:.2f}M"),
    _Line("ISM Services PMI", _TEN, _HIGH, _on_session(3), 52.8, 1.2, "{:.1f}"),
    _Line(
        "Non-Farm Employment Change", _EARLY, _HIGH, _JOBS, JOBS, 55, "{:.0f}K",
        "Nonfarm Payrolls",
    ),
    _Line("Unemployment Rate", _EARLY, _HIGH, _UNEMPLOYED, UNEMPLOYED, 0.1),
    _Line("Average Hourly Earnings m/m", _EARLY, _HIGH, _JOBS, 0.3, 0.08),
    _Line("CPI m/m", _EARLY, _HIGH, _PRICES, PRICES, 0.1),
    _Line("CPI y/y", _EARLY, _HIGH, _PRICES, PRICES_OF_YEAR, 0.15),
    _Line("Core CPI m/m", _EARLY, _HIGH, _PRICES, CORE_PRICES, 0.08),
    _Line("PPI m/m", _EARLY, _HIGH, _on_session(9), 0.2, 0.2),
    _Line("Retail Sales m/m", _EARLY, _HIGH, _on_session(11), 0.3, 0.4),
    _Line(
        "Unemployment Claims", _EARLY, _MEDIUM, _CLAIMS, CLAIMS, 9, "{:.0f}K",
        "Initial Jobless Claims",
    ),
    _Line("Crude Oil Inventories", time(10, 30), _LOW, _wednesdays, -0.8, 3.0, "{:.1f}M"),
    _Line(
        "Prelim UoM Consumer Sentiment", _TEN, _MEDIUM, _second_friday, 58, 3, "{:.1f}",
        "Michigan Consumer Sentiment",
    ),
    _Line("Housing Starts", _EARLY, _MEDIUM, _on_session(12), 1.38, 0.06, "{:.2f}M"),
    _Line("Durable Goods Orders m/m", _EARLY, _MEDIUM, _on_session(18), 0.4, 2.0),
    _Line("Advance GDP q/q", _EARLY, _HIGH, _last_thursday, 2.1, 0.6, told_as="GDP q/q"),
    _Line("Core PCE Price Index m/m", _EARLY, _HIGH, _last_friday, 0.22, 0.07),
    _Line(
        FUNDS_RATE, _TWO, _HIGH, _decides, 0, 0, "{:.2f}%", "Fed Interest Rate Decision"
    ),
    _Line("FOMC Press Conference", time(14, 30), _HIGH, _decides, 0, 0, ""),
)  # fmt: skip
"""The releases that are simulated."""
