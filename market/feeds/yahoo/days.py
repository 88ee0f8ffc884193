"""Which trading day a daily row belongs to, and whether that day is over.

Yahoo's daily series ends with a row of the day under way, whose close is only the last
trade; its time may be the session's open or the last trade's.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

from market.feeds.yahoo.meta import on_united_states_time
from market.feeds.yahoo.series import Row
from market.feeds.yahoo.wire import ChartMeta, Period
from market.sessions import (
    NEW_YORK,
    is_session,
    last_completed_session,
    previous_session,
    session_of,
)

_ROUND_THE_CLOCK = frozenset({"CRYPTOCURRENCY", "CURRENCY"})
THIN = timedelta(minutes=30)
"""A thin fund's last trade of a session may be as long before the close."""
FUTURES_TAIL = timedelta(hours=1)
"""Futures go on trading for an hour after the stock market's close."""


class TradingDays(msgspec.Struct, frozen=True):
    """The days of one symbol's exchange."""

    zone: tzinfo
    on_xnys: bool
    """Whether it keeps the days of the New York Stock Exchange."""
    last: date
    """The newest day that is over."""

    def day(self, time: int) -> date:
        """Return the exchange's date of a Unix time."""
        return datetime.fromtimestamp(time, self.zone).date()

    def complete(self, rows: Iterable[Row]) -> list[Row]:
        """Return one row a day for the days that are over, stamped with their opens."""
        found: dict[date, Row] = {}
        for row in rows:
            day, opened, is_midway = self._placed(row.time)
            if day <= self.last and not is_midway and day not in found:
                found[day] = row if row.time == opened else row._replace(time=opened)
        return [row for _, row in sorted(found.items())]

    def _placed(self, time: int) -> tuple[date, int, bool]:
        return _on_xnys(time) if self.on_xnys else (self.day(time), time, False)

    def closed_at(self, row: Row, now: datetime) -> datetime:
        """Return when a complete row's close was struck, as well as it can be known."""
        day = self.day(row.time)
        if self.on_xnys and is_session(day):
            return session_of(day).close
        return min(datetime.fromtimestamp(row.time, UTC) + timedelta(days=1), now)


@lru_cache(maxsize=8192)  # thousands of members have their rows at the same times
def _on_xnys(time: int) -> tuple[date, int, bool]:
    """Return the day of a Unix time, its open, and whether it is that of a trade before the close.

    A row stamped with such a trade is of an unfinished day.
    """
    day = datetime.fromtimestamp(time, NEW_YORK).date()
    if not is_session(day):
        return day, time, False
    session = session_of(day)
    opened = session.open.timestamp()
    return day, int(opened), opened + 60 < time < session.close.timestamp()


def days_of_chart(meta: ChartMeta, now: datetime) -> TradingDays:
    """Return the trading days that a chart's meta describes."""
    kind = (meta.instrument_type or "").upper()
    on_xnys = on_united_states_time(meta) and kind not in _ROUND_THE_CLOCK
    zone = NEW_YORK if on_xnys else _zone(meta)
    period = meta.current_trading_period.regular if meta.current_trading_period else None
    if on_xnys:
        last = last_completed_session(now - FUTURES_TAIL if kind == "FUTURE" else now)
        last = _as_far_as_told(last, meta, kind)
        return TradingDays(zone, on_xnys, _before_end(last, period, now))
    return TradingDays(zone, on_xnys, _last_by_period(period, zone, now))


def days_of_symbol(symbol: str, now: datetime) -> TradingDays:
    """Return the trading days of a symbol about which nothing but its spelling is known.

    A suffix after a point names a foreign exchange (7203.T) or a futures exchange (ZQN26.CBT).
    """
    if symbol.endswith("=F"):
        return TradingDays(NEW_YORK, True, last_completed_session(now - FUTURES_TAIL))
    if "." in symbol or symbol.endswith(("=X", "-USD")):
        return TradingDays(UTC, False, (now - timedelta(days=1)).date())
    return TradingDays(NEW_YORK, True, last_completed_session(now))


def _before_end(last: date, period: Period | None, now: datetime) -> date:
    """The Cboe's indices close a quarter of an hour after the shares: wait for them."""
    if period is None or not is_session(last):
        return last
    session = session_of(last)
    ends_later = session.open.timestamp() <= period.start < session.close.timestamp()
    if ends_later and session.close <= now and now.timestamp() < period.end:
        return previous_session(last)
    return last


def _as_far_as_told(last: date, meta: ChartMeta, kind: str) -> date:
    """A source whose last trade is from before the close has not seen the session's end."""
    told = meta.regular_market_time
    if told is None or kind == "FUTURE" or not is_session(last):
        return last
    session = session_of(last)
    midway = session.open.timestamp() <= told < (session.close - THIN).timestamp()
    return previous_session(last) if midway else last


def _last_by_period(period: Period | None, zone: tzinfo, now: datetime) -> date:
    today = now.astimezone(zone).date()
    if period is None:
        return today - timedelta(days=1)
    try:
        day = datetime.fromtimestamp(period.start, zone).date()
    except (ValueError, OverflowError, OSError):
        return today - timedelta(days=1)
    return day if now.timestamp() >= period.end else day - timedelta(days=1)


def _zone(meta: ChartMeta) -> tzinfo:
    try:
        return ZoneInfo(meta.exchange_timezone_name or "")
    except (ValueError, OSError, LookupError):
        offset = meta.gmtoffset or 0
        return timezone(timedelta(seconds=offset)) if abs(offset) < 86_400 else UTC
