"""What renews a value, and which failed renewals it suffers from."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from market.fed_funds_contracts import contract_of
from market.health import Trouble
from market.instruments import Instrument
from market.metrics.metric import Cadence, Metric
from market.quotes import Key, Kind
from market.sessions import exchange_date
from market.snapshot import Serving, Snapshot

PRICE_KINDS = (Kind.QUOTE, Kind.INTRADAY, Kind.TRACE)
FIGURE_KINDS = (Kind.INTRADAY, Kind.QUOTE, Kind.DETAILS)
"""What tells more than prices: a trace has no range, no volume, no print outside the session."""
DAILY_KINDS = (Kind.DAILY, Kind.CLOSES)
KINDS_OF = {
    Cadence.DAILY: DAILY_KINDS,
    Cadence.PUBLISHED: (Kind.PUBLISHED,),
    Cadence.FUND: (Kind.FUND,),
    Cadence.CHAIN: (Kind.CHAIN,),
    Cadence.CALENDAR: (Kind.EARNINGS, Kind.RELEASES),
}
"""What renews a value that no trade renews."""


class Renewal(msgspec.Struct, frozen=True, eq=False):
    """What renews one named metric of one instrument, as far as a snapshot knows."""

    snapshot: Snapshot
    metric: Metric
    instrument: Instrument

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols it is made of, its own first; of many futures the nearest stands for all."""
        if self.metric.cadence is Cadence.RATE_FUTURE:
            return (contract_of(exchange_date(self.snapshot.now)),)
        return (self.instrument.symbol, *self.metric.symbols)

    @property
    def serving(self) -> list[Serving]:
        """Who gives the prices it is made of now."""
        serving = self.snapshot.serving
        return [serving[symbol] for symbol in self.symbols if symbol in serving]

    @property
    def keys(self) -> tuple[Key, ...]:
        """The data whose renewal keeps it fresh, as far as they were ever asked for."""
        return tuple(key for symbol in self.symbols for key in self._keys_of(symbol))

    def _keys_of(self, symbol: str) -> tuple[Key, ...]:
        return next(
            (keys for kinds in self._kinds(symbol) if (keys := self._asked(symbol, kinds))), ()
        )

    def _kinds(self, symbol: str) -> tuple[tuple[Kind, ...], ...]:
        """What a value of a symbol is renewed by; the later ones where the first were not asked."""
        if (kinds := KINDS_OF.get(self.metric.cadence)) is not None:
            return (kinds,)
        takes_figures = self.metric.beyond_price or self.metric.cadence is Cadence.EXTENDED
        if takes_figures and symbol == self.instrument.symbol:
            return FIGURE_KINDS, PRICE_KINDS
        return PRICE_KINDS, (Kind.DETAILS,)

    def _asked(self, symbol: str, kinds: Sequence[Kind]) -> tuple[Key, ...]:
        known, troubles = self.snapshot.fetched, self.snapshot.troubles
        keys = (Key(kind, symbol) for kind in kinds)
        return tuple(key for key in keys if key in known or key in troubles)

    def trouble(self) -> Trouble | None:
        """Return why it cannot be renewed: a symbol of which nothing came since it failed."""
        if not self.snapshot.troubles:
            return None
        troubles = (self._trouble_with(symbol) for symbol in self.symbols)
        return next((trouble for trouble in troubles if trouble is not None), None)

    def _trouble_with(self, symbol: str) -> Trouble | None:
        """Return the newest trouble of a symbol, unless another of its data came since."""
        keys, known = self._keys_of(symbol), self.snapshot.troubles
        troubles = [trouble for key in keys if (trouble := known.get(key)) is not None]
        if not troubles:
            return None
        newest = max(troubles, key=lambda trouble: trouble.since)
        if self._is_told_since(symbol, newest):
            return None
        # A quote page has a price too, though prices are not asked for there.
        page = () if self.metric.cadence in KINDS_OF else (Key(Kind.DETAILS, symbol),)
        others = {key for key in (*keys, *page) if key not in known}
        came = (at for key in others if (at := self.snapshot.fetched.get(key)) is not None)
        return None if any(at >= newest.since for at in came) else newest

    def _is_told_since(self, symbol: str, trouble: Trouble) -> bool:
        """Return whether the listings or a stream have told a price since its own feed failed."""
        quote, serving = self.snapshot.quotes.get(symbol), self.snapshot.serving.get(symbol)
        if quote is None or self.metric.cadence in KINDS_OF or self.metric.beyond_price:
            return False
        if quote.is_first_seen:
            return quote.as_of >= trouble.since
        if serving is None or serving.feed == trouble.feed:
            return False
        return quote.source == serving.feed and serving.at >= trouble.since
