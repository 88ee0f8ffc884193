"""What releases of the simulated market say of its published series: one source for both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import msgspec
from msgspec.structs import replace

from market.feeds.demo_market import DemoMarket, Moment
from market.feeds.demo_published import published
from market.quotes import Key, Kind


class ReleaseFigure(msgspec.Struct, frozen=True, kw_only=True):
    """A figure of a series: its value, or how that differs from an earlier one."""

    symbol: str
    scale: float = 1.0
    """What turns the series' unit into the release's."""
    months: int = 0
    """Since when it is measured: 0 for the value itself."""
    is_growth: bool = False
    """Whether it is the change as a part of the earlier value, not in the series' own unit."""
    is_weekly: bool = False

    def values(
        self, market: DemoMarket, at: datetime, now: Moment
    ) -> tuple[float | None, float | None]:
        """Return the figure before a release, as it is known now, and the one that is released.

        Args:
            market: Whose series it is.
            at: When the series has news.
            now: Until the release the newest figure is the one before; the release may revise it.
        """
        series = self._series(market, replace(now, at=at))
        newest = max(series)
        if at <= now.at:
            return self._of(series, self._before(newest)), self._of(series, newest)
        known = self._series(market, now)
        return self._of(known, max(known)), self._of(series, newest)

    def _series(self, market: DemoMarket, moment: Moment) -> Mapping[date, float]:
        found = published(market, Key(Kind.PUBLISHED, self.symbol), moment)
        return dict(zip(found.days, found.values, strict=True)) if found is not None else {}

    def _before(self, day: date) -> date:
        return day - timedelta(weeks=1) if self.is_weekly else months_before(day, 1)

    def _of(self, series: Mapping[date, float], day: date) -> float | None:
        """Return the figure at a reference date; None where a value of it was never collected."""
        value, base = series.get(day), series.get(months_before(day, self.months))
        if value is None or base is None:
            return None
        change = value - base if self.months else value
        return self.scale * (change / base if self.is_growth else change)


def months_before(month: date, count: int) -> date:
    """Return the same day so many months before."""
    year, index = divmod(12 * month.year + month.month - 1 - count, 12)
    return month.replace(year=year, month=index + 1)


PRICES = ReleaseFigure(symbol="CPIAUCSL", scale=100, months=1, is_growth=True)
PRICES_OF_YEAR = ReleaseFigure(symbol="CPIAUCNS", scale=100, months=12, is_growth=True)
CORE_PRICES = ReleaseFigure(symbol="CPILFESL", scale=100, months=1, is_growth=True)
JOBS = ReleaseFigure(symbol="PAYEMS", months=1)
UNEMPLOYED = ReleaseFigure(symbol="UNRATE")
CLAIMS = ReleaseFigure(symbol="ICSA", scale=0.001, is_weekly=True)
