"""Contracts on the federal funds rate in the simulated market, priced from what it expects.

A contract trades until its month is over; afterwards nobody tells of it. Prices are rounded to
the tick, and struck up to the instant they are asked at.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from market.fed_funds_contracts import month_of
from market.feeds.demo_days import trading_days
from market.feeds.demo_fed import average_rate
from market.feeds.demo_market import CHARTS, DAY_S, SOURCE, YEARS, Moment
from market.quotes import Bars, Details, Key, Kind, Quote
from market.sessions import NEW_YORK, exchange_date, session_of
from market.venues import futures_last_open, futures_trade_date

TICK = 0.0025
LISTED_MONTHS = 24
"""Months ahead of which there are contracts."""
KEPT_SESSIONS = 63
"""Sessions of which closes are told."""
INTERVALS = {Kind.INTRADAY: 60, Kind.TRACE: 300}


class RateFutures:
    """All contracts of one seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def knows(self, symbol: str, moment: Moment) -> bool:
        """Return whether a symbol is a contract that trades at a moment."""
        month = month_of(symbol)
        if month is None:
            return False
        today = exchange_date(moment.at)
        ahead = 12 * (month.year - today.year) + month.month - today.month
        return 0 <= ahead < LISTED_MONTHS

    def quote(self, symbol: str, moment: Moment) -> Quote:
        """Return the newest price."""
        at = futures_last_open(moment.at)
        day = trading_days().days[moment.completed]
        return Quote(
            symbol=symbol,
            last=self._price(symbol, at),
            as_of=at,
            source=SOURCE,
            reported_previous_close=self._settled(symbol, day),
        )

    def details(self, symbol: str, moment: Moment) -> Details:
        """Return what a quote page would say."""
        month = month_of(symbol)
        name = f"30-Day Federal Funds {month:%b %Y} (simulated)" if month else symbol
        return Details(
            symbol=symbol,
            as_of=futures_last_open(moment.at),
            source=SOURCE,
            name=name,
            currency="USD",
            quote_type="FUTURE",
            exchange="Simulated",
            price_decimals=4,
        )

    def bars(self, key: Key, moment: Moment) -> Bars | None:
        """Return closes by day, or of the session by the minutes of the kind."""
        if key.kind in YEARS:
            return self._daily(key, moment)
        if key.kind in INTERVALS:
            return self._intraday(key, moment, 1, INTERVALS[key.kind])
        if key.kind is Kind.CHART:
            return self._intraday(key, moment, *CHARTS[key.span])
        return None

    def _daily(self, key: Key, moment: Moment) -> Bars:
        days = trading_days().days[: moment.completed + 1]
        recent = days[-KEPT_SESSIONS:]
        return _closes(
            key,
            DAY_S,
            session_of(recent[-1]).close,
            [int(session_of(day).open.timestamp()) for day in recent],
            lambda n: self._settled(key.symbol, recent[n]),
        )

    def _intraday(self, key: Key, moment: Moment, sessions: int, interval: int) -> Bars:
        last = futures_last_open(moment.at)
        days = trading_days().days[max(0, moment.index - sessions + 1) : moment.index + 1]
        times = [at for day in days for at in _steps(day, last, interval)]
        ends = [datetime.fromtimestamp(at + interval, NEW_YORK) for at in times]
        return _closes(
            key, interval, last, times, lambda n: self._price(key.symbol, min(ends[n], last))
        )

    def _settled(self, symbol: str, day: date) -> float:
        """The price at the close of a session."""
        return self._price(symbol, datetime.combine(day, time(16), NEW_YORK))

    def _price(self, symbol: str, at: datetime) -> float:
        local = at.astimezone(NEW_YORK)
        month = month_of(symbol) or local.date()
        traded = futures_trade_date(at)
        # The evening counts for the next day, whose decisions are no more known than before.
        hour = 0.0 if traded > local.date() else local.hour + local.minute / 60
        rate = average_rate(self._seed, month, traded, hour)
        return round(round((100 - rate) / TICK) * TICK, 4)


def _steps(day: date, until: datetime, interval: int) -> Iterator[int]:
    """The starts of a session's bars up to an instant."""
    session = session_of(day)
    at, end = session.open, min(until, session.close)
    while at < end:
        yield int(at.timestamp())
        at += timedelta(seconds=interval)


def _closes(
    key: Key, interval: int, as_of: datetime, times: list[int], close: Callable[[int], float]
) -> Bars:
    return Bars(
        key=key,
        interval_s=interval,
        source=SOURCE,
        as_of=as_of,
        times=array("q", times),
        close=array("d", (close(n) for n in range(len(times)))),
    )
