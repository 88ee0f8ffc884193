"""Where an axis has its ticks and what stands at them: values and New York session time."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import pairwise

from market.sessions import NEW_YORK
from widgets.picture import Tick

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_GAP = 2
"""Cells that stay empty between two labels."""
_LEAST_RANGE = 1e-290
"""Ranges below are flat: their steps leave the numbers that have all their digits."""
_LEAST_PART = 1e-9
"""Ranges that are a lesser part of their values are flat: steps drown in the last digits."""


def nice_ticks(low: float, high: float, count: int) -> list[float]:
    """Return at most `count` round values in [low, high], a 1, 2, 2.5 or 5 apart, rising.

    Fewer where no round step gives more; one value at least when the range is not empty, and
    only its lower end where the range is so small that no step can be told from it.
    """
    extent = high - low
    if not math.isfinite(extent) or extent < 0 or count < 1:
        return []
    if extent <= max(_LEAST_RANGE, _LEAST_PART * max(abs(low), abs(high))):
        return [low]
    step = _first_step(extent / count)
    ticks = _multiples(low, high, step)
    while len(ticks) > count:
        step = _first_step(step * 1.01)
        ticks = _multiples(low, high, step)
    return ticks or [(low + high) / 2]


def _first_step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * step for step in _STEPS if power * step >= least * 0.999999)


def _multiples(low: float, high: float, step: float) -> list[float]:
    """Return the multiples of a step in the range, each free of the noise of adding up."""
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    digits = max(0, 1 - math.floor(math.log10(step)))
    return [round(index * step, min(digits, 300)) + 0.0 for index in range(first, last + 1)]


def value_labels(
    ticks: Sequence[float], decimals: int = 2, *, percent: bool = False
) -> tuple[str, ...]:
    """Return the ticks as words: all with the same decimals, and never two alike.

    Whole steps show no decimals; finer ones at least `decimals`. With `percent` the values are
    fractions and come out signed in percent.
    """
    shown = label_decimals(ticks, decimals, percent=percent)
    return tuple(value_label(tick, shown, percent=percent) for tick in ticks)


def label_decimals(ticks: Sequence[float], decimals: int = 2, *, percent: bool = False) -> int:
    """Return how many decimals the words of all ticks have."""
    if not ticks:
        return decimals
    needed = _decimals([tick * 100 for tick in ticks] if percent else ticks)
    return needed if percent or needed == 0 else max(needed, decimals)


def value_label(value: float, decimals: int, *, percent: bool = False) -> str:
    """Return one value with thousands separators, a true minus sign, and never a minus zero."""
    number = round(value * 100 if percent else value, decimals) + 0.0
    sign = "−" if number < 0 else "+" if percent and number > 0 else ""
    return f"{sign}{abs(number):,.{decimals}f}{' %' if percent else ''}"


def _decimals(values: Sequence[float]) -> int:
    """Return how many decimals tell the values apart and show their step exactly."""
    steps = [abs(after - before) for before, after in pairwise(values)] or [abs(values[0])]
    step = min(steps)
    for decimals in range(9):
        if abs(round(step, decimals) - step) <= step * 1e-6:
            return decimals
    return 9


Moment = tuple[int, int, int, int, int]
"""New York year, month, day, hour, weekday (Monday is 0) of one bar."""

_Level = tuple[Callable[[Moment], object], Callable[[Moment], str], bool]
"""(what period a bar belongs to, its label, whether the first bar begins a period)."""


def _hours(every: int) -> _Level:
    return (lambda m: (m[:3], m[3] // every), lambda m: f"{m[3]:02d}:00", False)


def _weeks(every: int) -> _Level:
    def period(m: Moment) -> object:
        return (datetime(*m[:3], tzinfo=UTC).toordinal() - 1) // 7 // every

    return (period, lambda m: f"{m[2]} {_MONTHS[m[1] - 1]}", False)


def _months(every: int) -> _Level:
    def label(m: Moment) -> str:
        return str(m[0]) if m[1] == 1 else _MONTHS[m[1] - 1]

    return (lambda m: (m[0], (m[1] - 1) // every), label, False)


_DAYS: _Level = (lambda m: m[:3], lambda m: f"{_WEEKDAYS[m[4]]} {m[2]}", True)
_YEARS: _Level = (lambda m: m[0], lambda m: str(m[0]), False)
_LONG = (_months(1), _months(3), _YEARS)

_LEVELS: dict[str, tuple[_Level, ...]] = {
    "1D": (_hours(1), _hours(2), _hours(3), _hours(6)),
    "5D": (_DAYS,),
    "1M": (_weeks(1), _weeks(2), _months(1)),
    "8W": (_weeks(1), _weeks(2), _months(1)),
    "3M": (_weeks(2), *_LONG),
    "6M": _LONG,
    "YTD": (_months(1), _weeks(2), *_LONG[1:]),
    "1Y": _LONG,
    "2Y": _LONG[1:],
    "5Y": (_YEARS,),
}
"""Span -> the periods its axis may be divided into, best first."""


def session_ticks(
    times: Sequence[int], width: int, span: str, *, positions: Sequence[float] | None = None
) -> tuple[Tick, ...]:
    """Return the ticks of bars, labelled in New York time: "10:00", "Mon 29", "6 Jul", "Mar".

    Args:
        times: starts of the bars, Unix seconds, rising.
        width: cells the whole axis may take; labels keep two cells between them.
        span: a range of the symbol screen ("1D", "5D", "1M", "8W", "3M", "6M", "YTD", "1Y",
            "5Y"); an unknown one is divided by months.
        positions: where each bar stands on the axis; its index when not given, which leaves
            no gaps for nights and weekends.
    """
    if not times or width < 4:
        return ()
    places = range(len(times)) if positions is None else positions
    moments = [_moment(time) for time in times]
    room = float(width) / max(places[-1] - places[0], 1e-9)
    levels: list[tuple[Tick, ...]] = []
    for level in _LEVELS.get(span, _LONG):
        ticks = _at_level(moments, places, level)
        if len(ticks) > 1 and _fits(ticks, room):
            return ticks
        levels.append(ticks)
    return max((_thinned(ticks, room) for ticks in levels), key=len)


def _moment(time: int) -> Moment:
    at = datetime.fromtimestamp(time, NEW_YORK)
    return at.year, at.month, at.day, at.hour, at.weekday()


def _at_level(
    moments: Sequence[Moment], places: Sequence[float], level: _Level
) -> tuple[Tick, ...]:
    period, label, first_begins = level
    ticks: list[Tick] = []
    before = object() if first_begins else period(moments[0])
    for moment, place in zip(moments, places, strict=False):
        now = period(moment)
        if now != before:
            ticks.append(Tick(float(place), label(moment)))
        before = now
    return tuple(ticks)


def _fits(ticks: Sequence[Tick], room: float) -> bool:
    return all(
        (after.x - before.x) * room >= (len(before.label) + len(after.label)) / 2 + _GAP
        for before, after in pairwise(ticks)
    )


def _thinned(ticks: Sequence[Tick], room: float) -> tuple[Tick, ...]:
    """Return every n-th tick, n the least that lets the labels stand apart."""
    for every in range(1, len(ticks) + 1):
        kept = tuple(ticks[::every])
        if _fits(kept, room):
            return kept
    return ()
