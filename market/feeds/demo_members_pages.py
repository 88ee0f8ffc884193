"""Single members of the simulated index: their quote pages and their bars."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from market.feeds.demo_days import SESSIONS_A_YEAR, trading_days
from market.feeds.demo_market import DAY_S, QUARTER, SOURCE, Moment
from market.feeds.demo_members_day import Day
from market.feeds.demo_members_paths import MemberPaths
from market.quotes import Bars, Details, Key, Kind, Profile, Quote
from market.sessions import session_of

if TYPE_CHECKING:
    from market.feeds.demo_members import Column

TWO_YEARS = 506
"""Sessions of the past: two years, and the close before them."""


class Pages:
    """The quote pages of all members at a moment."""

    def __init__(self, paths: MemberPaths, day: Day, moment: Moment) -> None:
        stop = moment.completed + 1
        self._figures = paths.roster.figures
        self._names = paths.roster.names
        self._day, self._moment = day, moment
        self._last, self._volume = day.price(moment.second), day.shares(moment.second)
        self._closes = paths.closes(max(stop - SESSIONS_A_YEAR, 1), stop)
        self._usual = paths.ranges(max(stop - QUARTER, 1), stop).volume.mean(axis=0).round()

    def profile(self, symbol: str, row: int) -> Profile:
        """Return one member's page."""
        return Profile(
            symbol=symbol, quote=self._quote(symbol, row), details=self._details(symbol, row)
        )

    def _quote(self, symbol: str, row: int) -> Quote:
        return Quote(
            symbol=symbol,
            last=float(self._last[row]),
            as_of=self._day.struck(self._moment.second),
            source=SOURCE,
            volume=float(self._volume[row]),
            reported_previous_close=float(self._day.before[row]),
        )

    def _details(self, symbol: str, row: int) -> Details:
        year, last = self._closes[:, row], float(self._last[row])
        return Details(
            symbol=symbol,
            as_of=self._day.struck(self._moment.second),
            source=SOURCE,
            name=self._names[row],
            currency="USD",
            quote_type="EQUITY",
            exchange="Simulated",
            price_decimals=2,
            week52_high=max(float(year.max()), last),
            week52_low=min(float(year.min()), last),
            average_volume=float(self._usual[row]),
            average_50d=float(year[-50:].mean()),
            average_200d=float(year[-200:].mean()),
            market_cap=float(round(last * self._figures.shares[row])),
            volume=float(self._volume[row]),
        )


class Shelf:
    """Two years of all members up to a completed session, from which the bars of one are cut."""

    def __init__(self, paths: MemberPaths, kind: Kind, completed: int) -> None:
        import numpy as np

        stop = completed + 1
        self._kind, self._first = kind, max(stop - TWO_YEARS, 1)
        closes = paths.closes(self._first, stop)
        told = (closes, *paths.ranges(self._first, stop)) if kind is Kind.PAST_BARS else (closes,)
        self._columns = tuple(np.ascontiguousarray(matrix.T) for matrix in told)
        self._times = array("q", trading_days().opened(self._first, stop))
        self._as_of = session_of(trading_days().days[completed]).close

    def bars(self, symbol: str, row: int, *, since: int = 0, scale: float = 1.0) -> Bars:
        """Return the bars of one member.

        Args:
            symbol: As it is asked for.
            row: Which company.
            since: The session in which it came to market.
            scale: How many times its prices of today those of the past are, before a split.
        """
        skipped = min(max(since - self._first, 0), len(self._times))
        close, *rest = (column[row, skipped:] for column in self._columns)
        empty = array("d")
        opens, highs, lows = (packed(each * scale) for each in rest[:3]) if rest else (empty,) * 3
        return Bars(
            key=Key(self._kind, symbol),
            interval_s=DAY_S,
            source=SOURCE,
            as_of=self._as_of,
            times=self._times[skipped:],
            close=packed(close * scale),
            open=opens,
            high=highs,
            low=lows,
            volume=packed(rest[3] / scale) if rest else empty,
        )


def packed(values: Column) -> array[float]:
    """Return a column as the array that values of the market are kept in."""
    return array("d", values.tobytes())
