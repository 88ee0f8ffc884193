"""Which bars a chart shows: spans of the symbol screen, sessions, gaps and rebasing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from math import ceil

from market.quotes import Bars, Key, Kind
from market.sessions import Session, exchange_date, is_session, session_of, session_on_or_before
from market.snapshot import Snapshot

SPANS = ("1D", "5D", "1M", "6M", "YTD", "1Y", "5Y")
"""The ranges of the symbol screen, shortest first."""

PRE_SHOWN = timedelta(minutes=90)
"""How much of the pre-market stands left of a regular session."""


def intraday_of(snapshot: Snapshot, symbol: str) -> Bars | None:
    """Return the finest bars known of a symbol's current or last session."""
    return snapshot.series(symbol, Kind.INTRADAY, Kind.TRACE)


def bars_of(snapshot: Snapshot, symbol: str, span: str) -> Bars | None:
    """Return the bars that one span shows, cut to it."""
    if span == "1D":
        return intraday_of(snapshot, symbol)
    if span in ("5D", "1M"):
        fine = snapshot.bars.get(Key(Kind.CHART, symbol, span))
        if fine is not None:
            return fine
    daily = with_today(snapshot, symbol, snapshot.series(symbol, Kind.DAILY, Kind.CLOSES))
    return None if daily is None else daily.between(first_index(daily, span), len(daily))


def is_daily(bars: Bars) -> bool:
    """Return whether a bar spans a session."""
    return bars.interval_s >= 86_400


def with_today(snapshot: Snapshot, symbol: str, daily: Bars | None) -> Bars | None:
    """Return daily bars with the session under way as the last one, if its price is known."""
    quote = snapshot.quotes.get(symbol)
    if daily is None or quote is None or not len(daily):
        return daily
    if exchange_date(quote.as_of) <= exchange_date(datetime.fromtimestamp(daily.times[-1], UTC)):
        return daily
    known = (quote.open, quote.high, quote.low)
    opened, high, low = (quote.last if k is None else k for k in known)
    grown = daily.between(0, len(daily))
    grown.times.append(int(quote.as_of.timestamp()))
    grown.close.append(quote.last)
    if daily.has_range:
        grown.open.append(opened)
        grown.high.append(max(high, quote.last))
        grown.low.append(min(low, quote.last))
    if len(daily.volume) == len(daily):
        grown.volume.append(quote.volume or 0.0)
    return grown


def first_index(daily: Bars, span: str) -> int:
    """Return the index of the bar at which a daily span begins: the base of its return."""
    if not len(daily):
        return 0
    return max(0, bisect_right(daily.times, _base_s(daily.times[-1], span)) - 1)


@lru_cache(maxsize=256)
def _base_s(last: int, span: str) -> int:
    """When the day ends that a span begins with whose last bar is of an instant, both Unix s."""
    base = datetime.combine(base_date(day_of(last), span), datetime.max.time(), UTC)
    return int(base.timestamp())


@lru_cache(maxsize=1024)
def day_of(time: int) -> date:
    """Return the date in New York of an instant, Unix s."""
    return exchange_date(datetime.fromtimestamp(time, UTC))


def base_date(end: date, span: str) -> date:
    """Return the session whose close a window that ends on `end` starts from."""
    match span:
        case "YTD":
            return session_on_or_before(date(end.year - 1, 12, 31))
        case "1D" | "5D":
            day = end
            for _ in range(int(span[0])):
                day = session_on_or_before(day - timedelta(days=1))
            return day
        case "8W":
            return session_on_or_before(end - timedelta(weeks=8))
        case _:
            months = int(span[:-1]) * (12 if span.endswith("Y") else 1)
            return session_on_or_before(_months_back(end, months))


def _months_back(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    first = date(year, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last)


def session_of_bars(bars: Bars) -> Session | None:
    """Return the XNYS session most of the bars lie in; None for round-the-clock symbols."""
    if not len(bars):
        return None
    day = day_of(bars.times[-1])
    if not is_session(day):
        return None
    session = session_of(day)
    outside = session.pre_open.timestamp() > bars.times[0]
    return None if outside else session


def shown_part(bars: Bars, session: Session) -> tuple[int, int]:
    """Return the first and last instant (Unix s) that a session's chart has room for."""
    opens, closes = int(session.open.timestamp()), int(session.close.timestamp())
    start, stop = opens, closes
    if bars.times[0] < opens:
        early = int(PRE_SHOWN.total_seconds())
        only_pre = bars.times[-1] < opens
        start = int(session.pre_open.timestamp()) if only_pre else opens - early
        stop = opens if only_pre else closes
    if bars.times[-1] > closes:
        stop = closes + ceil((bars.times[-1] - closes) / 1800) * 1800
    return start, stop


def gap_after(bars: Bars) -> int:
    """Return the seconds without a bar from which on a line is broken."""
    return max(300, 3 * bars.interval_s)


def closes_at(bars: Bars, times: Sequence[int]) -> list[float | None]:
    """Return the last close of `bars` known at each of `times`; None before the first."""
    found = (bisect_right(bars.times, t + bars.interval_s - 1) - 1 for t in times)
    return [bars.close[i] if i >= 0 else None for i in found]


def moving_average(closes: Sequence[float], length: int) -> list[float | None]:
    """Return the mean of the last `length` closes at each bar; None until there are enough."""
    means: list[float | None] = []
    total = 0.0
    for i, close in enumerate(closes):
        total += close - (closes[i - length] if i >= length else 0.0)
        means.append(total / length if i >= length - 1 else None)
    return means
