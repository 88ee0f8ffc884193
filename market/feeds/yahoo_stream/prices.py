"""From messages to quotes: the newest of each symbol, and what it says of its price."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta

from market.feeds.yahoo.identity import RATE, UNSAID
from market.feeds.yahoo_stream.frames import Pricing
from market.quotes import ExtendedPrint, Phase, Quote
from market.sessions import last_completed_session, session_of, session_state

SOURCE = "yahoo_stream"
EARLIEST_MS = 946_684_800_000
"""The year 2000: before it a time is none."""
SKEW = timedelta(minutes=1)
"""A price from further in the future is not believed: no other would ever be younger."""
LIVE = timedelta(minutes=20)
"""An older price is what a connection begins with, of a symbol that does not trade now."""
MOST_DECIMALS = 8
FLOAT32_DIGITS = 7
_DAY_MS = 86_400_000
_NIGHT_MS = 5 * 3_600_000
"""Midnight in New York is 04:00 or 05:00 UTC; nothing of one session is told after it."""
_OF_THE_SESSION = ("day_volume", "day_high", "day_low", "open_price", "previous_close")
_PHASES = {0: Phase.PRE, 1: Phase.REGULAR, 2: Phase.POST}
"""What `market_hours` says; of any other value the clock decides."""


class Newest:
    """The newest that was told of each symbol; ticks between two looks become one."""

    def __init__(self) -> None:
        self._known: dict[str, Pricing] = {}
        self._news: set[str] = set()

    def tell(self, name: str, tick: Pricing) -> None:
        """Learn of a tick: its fields count from now on, unless younger ones are known."""
        known = self._known.get(name)
        if known is None:
            self._known[name] = tick
        else:
            time, before = tick.time, known.time
            if time < before and tick.HasField("time"):
                return
            if time > before and _day(time) > _day(before):
                for field in _OF_THE_SESSION:
                    known.ClearField(field)
            known.MergeFrom(tick)
        self._news.add(name)

    def take(self, now: datetime) -> Iterator[Pricing]:
        """Yield what is new since the last look, each symbol once.

        What claims to be of the future is forgotten: all that comes after it would count as older.
        """
        news, self._news = self._news, set()
        latest = _latest_ms(now)
        for name in sorted(news):
            if self._known[name].time > latest:
                del self._known[name]
            else:
                yield self._known[name]

    def keep_only(self, names: Collection[str]) -> None:
        """Forget all symbols but some."""
        self._known = {name: known for name, known in self._known.items() if name in names}
        self._news.intersection_update(names)


def is_of_now(told: Pricing, now: datetime) -> bool:
    """Return whether a price was struck of late, so that the next ones come by themselves."""
    return told.time > (now - LIVE).timestamp() * 1000


def said_name(symbol: str) -> str:
    """Return what the stream calls a symbol: a rate of the dollar comes without its `USD`."""
    is_rate = symbol.endswith(RATE) and symbol != f"{UNSAID}{RATE}"
    return symbol.removeprefix(UNSAID) if is_rate else symbol


def quote_of(symbol: str, told: Pricing, now: datetime) -> Quote | None:
    """Return the price that a message tells, None if it tells none that can be used.

    Outside regular hours the message has the print alone. The price of the session before is what
    the print has changed from: when it was struck is not told, so that any other source's counts.
    """
    last, at = _price(told, "price"), _struck(told, now)
    if last is None or at is None:
        return None
    phase = _phase(told, at)
    if phase is Phase.REGULAR:
        return _quote(symbol, told, last, at)
    if phase is Phase.CLOSED or not told.HasField("change"):
        return None
    before = _rounded(told.price - told.change, told)
    if before <= 0:
        return None
    return Quote(
        symbol=symbol,
        last=before,
        as_of=session_of(last_completed_session(at)).close,
        source=SOURCE,
        is_first_seen=True,
        extended=ExtendedPrint(phase, last, at),
    )


def _quote(symbol: str, told: Pricing, last: float, at: datetime) -> Quote:
    return Quote(
        symbol=symbol,
        last=last,
        as_of=at,
        source=SOURCE,
        open=_price(told, "open_price"),
        high=_price(told, "day_high"),
        low=_price(told, "day_low"),
        volume=float(told.day_volume) if told.day_volume > 0 else None,
        reported_previous_close=_price(told, "previous_close"),
    )


def _price(told: Pricing, field: str) -> float | None:
    value: float = getattr(told, field)
    return _rounded(value, told) if math.isfinite(value) and value > 0 else None


def _rounded(value: float, told: Pricing) -> float:
    """Undo what float32 made of a price: 307.20001220703125 is 307.2."""
    if told.HasField("price_hint") and 0 <= told.price_hint <= MOST_DECIMALS:
        return round(value, told.price_hint)
    return float(f"{value:.{FLOAT32_DIGITS}g}")


def _struck(told: Pricing, now: datetime) -> datetime | None:
    if not EARLIEST_MS <= told.time <= _latest_ms(now):
        return None
    return datetime.fromtimestamp(told.time / 1000, UTC)


def _latest_ms(now: datetime) -> float:
    return (now + SKEW).timestamp() * 1000


def _phase(told: Pricing, at: datetime) -> Phase:
    known = _PHASES.get(told.market_hours) if told.HasField("market_hours") else None
    return known if known is not None else session_state(at).phase


def _day(time: int) -> int:
    """Return a count of New York's days, good enough to tell two sessions apart."""
    return (time - _NIGHT_MS) // _DAY_MS
