"""What the simulated market answers of single symbols: quotes, pages, bars."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from market.feeds.demo_market import DemoMarket, Moment
from market.feeds.demo_models import is_known
from market.feeds.demo_outside import AroundTheClock, OutsideHours
from market.feeds.demo_rate_futures import RateFutures
from market.feeds.demo_vix_futures import marks
from market.instruments import FUTURE, Cast, Role
from market.quotes import Bars, Details, Key, Kind, Quote
from market.reports import Arrived

_PRICED = frozenset({Kind.QUOTE, Kind.INTRADAY, Kind.TRACE, Kind.DETAILS})


class SymbolAnswers:
    """Tells of each symbol what its kind of market knows: hours, the night, contracts."""

    def __init__(self, market: DemoMarket, cast: Cast, seed: int) -> None:
        self._market = market
        self._cast = cast
        self._outside = OutsideHours(market)
        self._future = AroundTheClock(market)
        self._contracts = RateFutures(seed)

    def knows(self, symbol: str, moment: Moment) -> bool:
        """Return whether there is such a symbol."""
        if self._is_contract(symbol):
            return self._contracts.knows(symbol, moment)
        return is_known(symbol)

    def told(self, feed: str, keys: Sequence[Key], moment: Moment) -> Arrived:
        """Return what a feed of that name tells of some symbols."""
        quotes = (self._quote(key.symbol, moment) for key in keys if key.kind in _PRICED)
        details = (self._details(k.symbol, moment) for k in keys if k.kind is Kind.DETAILS)
        return Arrived(
            feed=feed,
            at=moment.at,
            keys=(),
            quotes=tuple(quotes),
            details=tuple(details),
            bars=tuple(b for key in keys if (b := self._bars(key, moment)) is not None),
        )

    def _is_contract(self, symbol: str) -> bool:
        return self._cast[symbol].role is Role.RATE_FUTURE

    def _quote(self, symbol: str, moment: Moment) -> Quote:
        if symbol == FUTURE:
            return self._future.quote(moment)
        if self._is_contract(symbol):
            return self._contracts.quote(symbol, moment)
        return self._outside.quote(symbol, moment)

    def _details(self, symbol: str, moment: Moment) -> Details:
        if self._is_contract(symbol):
            return self._contracts.details(symbol, moment)
        details = self._market.details(symbol, moment)
        quote = self._quote(symbol, moment)
        return replace(details, as_of=quote.as_of, volume=quote.volume)

    def _bars(self, key: Key, moment: Moment) -> Bars | None:
        if self._is_contract(key.symbol):
            return self._contracts.bars(key, moment)
        match key.kind:
            case Kind.DAILY | Kind.CLOSES:
                return self._daily(key, moment)
            case Kind.INTRADAY:
                return self._minutes(key.symbol, moment)
            case Kind.TRACE | Kind.DAY:
                return replace(self._trace(key.symbol, moment), key=key)
            case Kind.CHART:
                return self._market.chart(key, moment)
            case _:
                return None

    def _daily(self, key: Key, moment: Moment) -> Bars:
        if self._cast[key.symbol].role is Role.VOLATILITY_FUTURE:
            return marks(self._market, key, moment)
        return self._market.daily(key.symbol, key.kind, moment)

    def _minutes(self, symbol: str, moment: Moment) -> Bars:
        if symbol == FUTURE:
            return self._future.minutes(moment)
        return self._outside.minutes(symbol, moment)

    def _trace(self, symbol: str, moment: Moment) -> Bars:
        if symbol == FUTURE:
            return self._future.trace(moment)
        return self._market.trace(symbol, moment)
