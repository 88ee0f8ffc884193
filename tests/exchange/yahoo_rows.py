"""What Yahoo tells of a symbol at one instant: the head of its chart, its row of quotes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from market.quotes import Phase
from market.sessions import (
    exchange_date,
    previous_session,
    session_of,
    session_on_or_before,
    session_state,
)
from tests.exchange.listing import Json, listing, market_state, offset, trading_period
from tests.exchange.prices import Prices, last_trade, stamp
from tests.exchange.profiles import Profile, profile_of


class Rows:
    """Tells of symbols by one seed's prices, as if no share had ever been split."""

    def __init__(self, prices: Prices) -> None:
        self._prices = prices
        self._extremes = lru_cache(maxsize=2048)(self._of_the_year_before)

    def meta(self, profile: Profile, now: datetime) -> Json:
        """Return what a chart tells before its bars."""
        at = last_trade(profile.symbol, now)
        day = session_on_or_before(exchange_date(at))
        bar = self._prices.day_so_far(profile.symbol, at) or self._prices.day_bar(
            profile.symbol, previous_session(day)
        )
        return {
            **listing(profile),
            "regularMarketTime": stamp(at),
            **offset(now),
            "exchangeTimezoneName": "America/New_York",
            "regularMarketPrice": self.last(profile.symbol, at),
            **self._year_range(profile.symbol, now),
            "regularMarketDayHigh": bar.high,
            "regularMarketDayLow": bar.low,
            "regularMarketVolume": bar.volume,
            "longName": profile.name,
            "shortName": profile.name[:30],
            "priceHint": 2,
            "currentTradingPeriod": trading_period(session_state(now).session),
        }

    def last(self, symbol: str, at: datetime) -> float:
        """Return the price of a trade: the close once there is one."""
        session = session_of(session_on_or_before(exchange_date(at)))
        closed = at >= session.close and profile_of(symbol).quote_type != "FUTURE"
        if closed:
            return self._prices.closes.at(symbol, session.day)
        return self._prices.price(symbol, at)

    def quote(self, profile: Profile, now: datetime) -> Json:
        """Return all fields of a row of the quote answer."""
        symbol, prices = profile.symbol, self._prices
        meta = self.meta(profile, now)
        at = last_trade(symbol, now)
        day = session_on_or_before(exchange_date(at))
        bar = prices.day_so_far(symbol, at) or prices.day_bar(symbol, previous_session(day))
        before, last = prices.closes.before(symbol, day), self.last(symbol, at)
        row: Json = {
            "language": "en-US", "region": "US", "quoteType": profile.quote_type,
            "symbol": symbol, "currency": "USD", "exchange": meta["exchangeName"],
            "shortName": profile.name[:30], "longName": profile.name,
            "fullExchangeName": meta["fullExchangeName"], "marketState": market_state(now),
            "exchangeTimezoneName": "America/New_York", "exchangeDataDelayedBy": 0,
            "sourceInterval": 15, "priceHint": 2, "hasPrePostMarketData": profile.has_extended,
            "regularMarketPrice": last, "regularMarketTime": stamp(at),
            "regularMarketChange": round(last - before, 6),
            "regularMarketChangePercent": round(100 * (last / before - 1), 6),
            "regularMarketPreviousClose": before, "regularMarketOpen": bar.open,
            "regularMarketDayHigh": bar.high, "regularMarketDayLow": bar.low,
            "regularMarketVolume": bar.volume, **self._year_range(symbol, now),
            **self._averages(profile),
        }  # fmt: skip
        return row | self._extended(profile, now)

    def _averages(self, profile: Profile) -> Json:
        closes = list(self._prices.closes.of(profile.symbol).values())
        row: Json = {
            "fiftyDayAverage": round(sum(closes[-50:]) / 50, 4),
            "twoHundredDayAverage": round(sum(closes[-200:]) / 200, 4),
        }
        if profile.daily_shares:
            row["averageDailyVolume3Month"] = round(profile.daily_shares)
        if profile.quote_type == "EQUITY":
            row["marketCap"] = round(profile.level * profile.daily_shares * 120)
        return row

    def _extended(self, profile: Profile, now: datetime) -> Json:
        state = session_state(now)
        name = {Phase.PRE: "pre", Phase.POST: "post"}.get(state.phase)
        if profile.quote_type not in {"ETF", "EQUITY"} or name is None:
            return {}
        price = self._prices.price(profile.symbol, now)
        return {f"{name}MarketPrice": price, f"{name}MarketTime": stamp(now)}

    def _year_range(self, symbol: str, now: datetime) -> Json:
        high, low = self._extremes(symbol, exchange_date(now))
        return {"fiftyTwoWeekHigh": high, "fiftyTwoWeekLow": low}

    def _of_the_year_before(self, symbol: str, day: date) -> tuple[float, float]:
        return self._prices.extremes(symbol, day - timedelta(days=365), previous_session(day))
