"""The 52-week range, drawdown, moving averages and relative volume."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import fmean

from market.instruments import Role
from market.metrics.closes import closes_before, count_before
from market.metrics.metric import Cadence, Metric, Unit
from market.metrics.quote import session_high_low, session_volume
from market.metrics.subject import Subject, Unknown
from market.reports import Reading
from market.sessions import is_session, session_of
from market.venues import Venue

YEAR = 252
"""Sessions of a 52-week range, the one under way included."""
VOLUME_SESSIONS = 20
LISTED_FOR_A_YEAR = 250
"""Bars below which a range is said to cover fewer sessions than a year."""


@dataclass(frozen=True, slots=True)
class Range:
    """The highest and lowest price of 52 weeks."""

    high: float
    low: float
    reason: str = ""
    """On which basis, where it is not that of intraday prices over a full year."""


def position(last: float, low: float, high: float) -> float:
    """Return where a price stands between low (0) and high (1); Unknown if they are one."""
    if high <= low:
        raise Unknown("highest and lowest price are the same")
    return (last - low) / (high - low)


def extremes(highs: Sequence[float], lows: Sequence[float], count: int) -> tuple[float, float]:
    """Return the highest high and the lowest low of the newest `count` bars."""
    return max(highs[-count:]), min(lows[-count:])


def drawdown(closes: Sequence[float], last: float) -> float:
    """Return the fall of the last price from the highest close up to and with it, 0 or less."""
    return last / max(max(closes, default=last), last) - 1


def deepest_drawdown(closes: Sequence[float]) -> tuple[float, int]:
    """Return the deepest fall from a running maximum of closes, and where it was reached."""
    peak, worst, place = closes[0], 0.0, 0
    for index, close in enumerate(closes):
        peak = max(peak, close)
        if close / peak - 1 < worst:
            worst, place = close / peak - 1, index
    return worst, place


def simple_average(closes: Sequence[float], count: int) -> float:
    """Return the mean of the newest `count` closes; Unknown if there are fewer."""
    if len(closes) < count:
        raise Unknown(f"{count} closes are needed, {len(closes)} are known")
    return fmean(closes[-count:])


def relative_volume(volume: float, previous: Sequence[float]) -> float:
    """Return a session's volume over the mean of the previous ones."""
    mean = fmean(previous)
    if mean <= 0:
        raise Unknown("no shares were traded in the previous sessions")
    return volume / mean


def year_range(subject: Subject) -> Range:
    """Return the 52-week range: from intraday prices, else from the quote page, else closes."""
    bars, details = subject.daily, subject.details
    if bars is not None and bars.has_range:
        return _intraday_range(subject)
    high = details.week52_high if details is not None else None
    low = details.week52_low if details is not None else None
    if high is not None and low is not None:
        last = subject.last.price
        return Range(max(high, last), min(low, last))
    return _closing_range(subject)


def _intraday_range(subject: Subject) -> Range:
    bars = subject.history()
    stop = count_before(bars, subject.last.day)
    start = max(0, stop - (YEAR - 1))
    last = subject.last.price
    today_high, today_low = session_high_low(subject)
    high = max(*bars.high[start:stop], today_high, last)
    low = min(*bars.low[start:stop], today_low, last)
    return Range(high, low, _how_long(stop - start + 1))


def _closing_range(subject: Subject) -> Range:
    closes = [*_previous_closes(subject, YEAR - 1), subject.last.price]
    words = "; ".join(r for r in ("closing basis", _how_long(len(closes))) if r)
    return Range(max(closes), min(closes), words)


def _how_long(sessions: int) -> str:
    return "" if sessions >= LISTED_FOR_A_YEAR else f"{sessions} sessions are known"


def _previous_closes(subject: Subject, count: int) -> Sequence[float]:
    return closes_before(subject.history(), subject.last.day, count)


def range_reading(value_of: Callable[[Range, float], float], subject: Subject) -> Reading:
    """Return a number of the 52-week range as a reading."""
    last, found = subject.last, year_range(subject)
    return last.reading(value_of(found, last.price), subject.daily, found.reason)


def drawdown_reading(subject: Subject) -> Reading:
    """Return the fall from the highest close of the known history."""
    bars, last = subject.history(), subject.last
    return last.reading(drawdown(_previous_closes(subject, len(bars)), last.price), bars)


def average_reading(count: int, subject: Subject) -> Reading:
    """Return the mean of the newest closes, the last price being the newest."""
    closes = [*_previous_closes(subject, count - 1), subject.last.price]
    return subject.last.reading(simple_average(closes, count), subject.history())


def relative_volume_reading(subject: Subject) -> Reading:
    """Return the session's volume over its 20-session mean, else over the quote page's mean."""
    if subject.symbol.startswith("^") or subject.instrument.role is Role.VOLATILITY:
        raise Unknown("an index has no volume of its own")
    volume, previous = session_volume(subject), _previous_volumes(subject)
    if len(previous) == VOLUME_SESSIONS:
        value = relative_volume(volume, previous)
        return subject.last.reading(value, subject.history(), _half_day(subject))
    average = subject.details.average_volume if subject.details is not None else None
    if not average or average <= 0:
        raise Unknown("no volumes of the previous 20 sessions")
    return subject.last.reading(volume / average, None, "against the three-month average volume")


def _previous_volumes(subject: Subject) -> Sequence[float]:
    bars = subject.daily
    if bars is None or len(bars.volume) != len(bars):
        return ()
    stop = count_before(bars, subject.last.day)
    return bars.volume[max(0, stop - VOLUME_SESSIONS) : stop]


def _half_day(subject: Subject) -> str:
    day = subject.last.day
    if subject.venue is not Venue.XNYS or not is_session(day):
        return ""
    return "half day against full days" if session_of(day).is_early_close else ""


def _high(found: Range, _last: float) -> float:
    return found.high


def _low(found: Range, _last: float) -> float:
    return found.low


def _position(found: Range, last: float) -> float:
    return position(last, found.low, found.high)


def _line(name: str, unit: Unit, function: Callable[[Subject], Reading], meaning: str) -> Metric:
    return Metric(
        name="{slug}." + name,
        unit=unit,
        cadence=Cadence.QUOTE,
        meaning=meaning,
        function=function,
    )


LINES = (
    _line(
        "range52w.high",
        Unit.PRICE,
        partial(range_reading, _high),
        "The highest intraday price of 252 sessions, today's included.",
    ),
    _line(
        "range52w.low",
        Unit.PRICE,
        partial(range_reading, _low),
        "The lowest intraday price of 252 sessions, today's included.",
    ),
    _line(
        "range52w.position",
        Unit.FRACTION,
        partial(range_reading, _position),
        "Where the last price stands between the 52-week low (0) and high (1).",
    ),
    _line(
        "drawdown",
        Unit.FRACTION,
        drawdown_reading,
        "Last over the highest close of the known history (up to five years), less one.",
    ),
    _line(
        "average.50d",
        Unit.PRICE,
        partial(average_reading, 50),
        "The mean of the newest 50 closes, the last price being the newest.",
    ),
    _line(
        "average.200d",
        Unit.PRICE,
        partial(average_reading, 200),
        "The mean of the newest 200 closes, the last price being the newest.",
    ),
    _line(
        "relative_volume",
        Unit.RATIO,
        relative_volume_reading,
        "The session's volume so far over the mean of the previous 20 full sessions.",
    ),
)
