"""The 52-week range, drawdown, moving averages and relative volume."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from market.instruments import Role
from market.metrics.closes import count_before, day_in_words
from market.metrics.columns import mean_of
from market.metrics.day_curve import Measure, measure_of
from market.metrics.frames import before, frame_of, kept_with_bars
from market.metrics.quote import Told, session_high_low, session_volume
from market.metrics.readings import Function
from market.metrics.subject import Subject, Unknown, session_day
from market.quotes import Bars
from market.reading import FULL_DAYS
from market.reports import Reading
from market.sessions import is_session, session_of
from market.venues import Venue

if TYPE_CHECKING:
    from market.metrics.columns import Column

YEAR = 252
"""Sessions of a 52-week range, the one under way included."""
VOLUME_SESSIONS = 20
LISTED_FOR_A_YEAR = 250
"""Bars below which a range is said to cover fewer sessions than a year."""


class Range(msgspec.Struct, frozen=True):
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


def extremes(highs: Column, lows: Column, count: int) -> tuple[float, float]:
    """Return the highest high and the lowest low of the newest `count` bars."""
    return float(highs[-count:].max()), float(lows[-count:].min())


def drawdown(peak: float, last: float) -> float:
    """Return the fall of the last price from the highest close before it, 0 or less."""
    return last / max(peak, last) - 1


def simple_average(values: Column, count: int) -> float:
    """Return the mean of what is known of the newest `count` values; NaN for nothing."""
    return float(mean_of(values[-count:]))


def relative_volume(volume: float, usual: float) -> float:
    """Return a session's volume over what is usual."""
    if usual <= 0:
        raise Unknown("no shares were traded in the previous sessions")
    return volume / usual


@kept_with_bars
def _extremes_before(bars: Bars, day: date) -> tuple[float, float]:
    """The highest high and lowest low of the year but for its last session."""
    year = before(frame_of(bars), day)
    highs, lows = (year.high, year.low) if bars.has_range else (year.close, year.close)
    return extremes(highs, lows, YEAR - 1)


@kept_with_bars
def _peak_before(bars: Bars, day: date) -> float:
    return float(before(frame_of(bars), day).close.max())


@kept_with_bars
def _average_before(bars: Bars, day: date, count: int) -> float:
    return simple_average(before(frame_of(bars), day).close, count)


@kept_with_bars
def usual_volume(bars: Bars, day: date) -> float | None:
    """Return the mean volume of the 20 bars before a date; None without volumes."""
    frame = before(frame_of(bars), day)
    if len(frame.volume) < VOLUME_SESSIONS:
        return None
    return simple_average(frame.volume, VOLUME_SESSIONS)


def year_range(subject: Subject) -> Range:
    """Return the 52-week range: from intraday prices, else from the quote page, else closes."""
    bars = subject.daily
    if bars is not None and bars.has_range:
        return _intraday_range(subject)
    return _page_range(subject) or _closing_range(subject)


def _page_range(subject: Subject) -> Range | None:
    """The quote page's range; a page of an earlier session knows nothing of the days since."""
    page, last = subject.details, subject.last
    if page is None or page.week52_high is None or page.week52_low is None:
        return None
    earlier, (high, low) = dict(page.earlier), session_high_low(subject)
    told = min(earlier.get(side, page.as_of) for side in ("week52_high", "week52_low"))
    day = session_day(subject.venue, told, subject.daily)
    words = f"the quote page's of {day_in_words(day)}" if day < last.day else ""
    return Range(
        max(page.week52_high, high, last.price), min(page.week52_low, low, last.price), words
    )


def _intraday_range(subject: Subject) -> Range:
    last, (high, low) = subject.last.price, session_high_low(subject)
    return _with_the_year_before(subject, max(high, last), min(low, last))


def _closing_range(subject: Subject) -> Range:
    last = subject.last.price
    found = _with_the_year_before(subject, last, last)
    words = "; ".join(r for r in ("closing basis", found.reason) if r)
    return Range(found.high, found.low, words)


def _with_the_year_before(subject: Subject, high: float, low: float) -> Range:
    bars, day = subject.history(), subject.last.day
    known = min(count_before(bars, day), YEAR - 1)
    if known:
        past_high, past_low = _extremes_before(bars, day)
        high, low = max(high, past_high), min(low, past_low)
    return Range(high, low, _how_long(known + 1))


def _how_long(sessions: int) -> str:
    return "" if sessions >= LISTED_FOR_A_YEAR else f"{sessions} sessions are known"


def range_reading(value_of: Callable[[Range, float], float], subject: Subject) -> Reading:
    """Return a number of the 52-week range as a reading."""
    last, found = subject.last, year_range(subject)
    return last.reading(value_of(found, last.price), subject.daily, found.reason)


def new_extreme_reading(subject: Subject) -> Reading:
    """Return whether the session went beyond the year before it: high, low, both or none."""
    last, bars = subject.last, subject.history()
    if count_before(bars, last.day) < LISTED_FOR_A_YEAR - 1:
        raise Unknown("no year of daily bars is known")
    (high, low), (past_high, past_low) = session_high_low(subject), _extremes_before(bars, last.day)
    made = max(high, last.price) > past_high, min(low, last.price) < past_low
    return replace(last.reading(last.price, bars), value=_EXTREMES[made])


_EXTREMES = {
    (False, False): "none",
    (True, False): "high",
    (False, True): "low",
    (True, True): "both",
}
"""The word for whether a session has made a new high, and a new low."""


def drawdown_reading(subject: Subject) -> Reading:
    """Return the fall from the highest close of the known history."""
    bars, last = subject.history(), subject.last
    known = count_before(bars, last.day)
    peak = _peak_before(bars, last.day) if known else last.price
    return last.reading(drawdown(peak, last.price), bars, _how_long(known + 1))


def average_reading(count: int, subject: Subject) -> Reading:
    """Return the mean of the newest closes, the last price being the newest.

    Without any daily bars it is the quote page's, as far as that tells one of so many closes.
    """
    last, told = subject.last, _page_average(count, subject)
    if subject.daily is None and told is not None:
        return last.reading(told, reason="the quote page's")
    bars = subject.history()
    known = count_before(bars, last.day) + 1
    if known < count:
        raise Unknown(f"{count} closes are needed, {known} are known")
    past = _average_before(bars, last.day, count - 1)
    return last.reading((past * (count - 1) + last.price) / count, bars)


def _page_average(count: int, subject: Subject) -> float | None:
    page = subject.details
    return None if page is None else {50: page.average_50d, 200: page.average_200d}.get(count)


def relative_volume_reading(subject: Subject) -> Reading:
    """Return volume over its 20-session mean, else the quote page's: the part usual by then."""
    if subject.symbol.startswith("^") or subject.instrument.role is Role.VOLATILITY:
        raise Unknown("an index has no volume of its own")
    volume, bars = session_volume(subject), subject.daily
    measure = _measure(subject, volume)
    usual = usual_volume(bars, subject.last.day) if bars is not None else None
    if usual is not None:
        value = relative_volume(volume.value, usual * measure.share)
        return volume.reading(subject, value, bars, measure.words)
    average = subject.details.average_volume if subject.details is not None else None
    if not average or average <= 0:
        raise Unknown("no volumes of the previous 20 sessions")
    words = (measure.words, "against the three-month average volume")
    reason = "; ".join(w for w in words if w)
    return volume.reading(subject, volume.value / (average * measure.share), reason=reason)


def _measure(subject: Subject, volume: Told) -> Measure:
    """What a session's volume is held against; abroad nobody says what is usual by now."""
    day = subject.last.day
    if subject.venue is not Venue.XNYS or not is_session(day):
        return Measure(words=f"day so far {FULL_DAYS}" if _is_under_way(subject) else "")
    return measure_of(subject.snapshot, subject.symbol, day, _counted_until(subject, volume))


def _counted_until(subject: Subject, volume: Told) -> datetime:
    """Until when a volume was counted: told after the close, with the last price, it is whole."""
    last, closed = subject.last, session_of(subject.last.day).close
    told = subject.snapshot.now - timedelta(seconds=last.delay_s)
    return closed if told >= closed and volume.as_of >= last.as_of else volume.as_of


def _is_under_way(subject: Subject) -> bool:
    return subject.last.day >= session_day(subject.venue, subject.snapshot.now, subject.daily)


def _high(found: Range, _last: float) -> float:
    return found.high


def _low(found: Range, _last: float) -> float:
    return found.low


def _position(found: Range, last: float) -> float:
    return position(last, found.low, found.high)


FUNCTIONS: dict[str, Function] = {
    "{slug}.range52w.high": partial(range_reading, _high),
    "{slug}.range52w.low": partial(range_reading, _low),
    "{slug}.range52w.position": partial(range_reading, _position),
    "{slug}.range52w.new": new_extreme_reading,
    "{slug}.drawdown": drawdown_reading,
    "{slug}.average.50d": partial(average_reading, 50),
    "{slug}.average.200d": partial(average_reading, 200),
    "{slug}.relative_volume": relative_volume_reading,
}
