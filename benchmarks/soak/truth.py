"""What the servers know, and what of a pane's answer to other programs disagrees with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from market.health import Look
from market.instruments import Instrument, default_cast
from market.metrics.metric import STALE_AFTER, Cadence
from market.sessions import (
    exchange_date,
    previous_session,
    session_of,
    session_on_or_before,
    session_state,
)
from tests.exchange.cboe import DELAY
from tests.exchange.prices import Prices, last_trade
from tests.exchange.stream import STREAM
from tui.status_file import Table, table_of

SYMBOLS = (
    "^RUT", "IWM", "^GSPC", "SPY", "^VIX", "^VIX3M", "^RVX", "XBI", "PSCT", "KRE", "CRDO", "HIMS",
)  # fmt: skip
"""Whose numbers are held against the truth: indices, volatility, funds, stocks."""
NOT_STREAMED = frozenset({"^RVX"})
NUMBERS = ("last", "previous_close", "return.1d")
CENT = 0.0051
"""Half of the last decimal that is told."""
SECOND = timedelta(seconds=1)
"""Times are told in whole ones."""
GRACE = timedelta(seconds=30)
"""Between what the pane knows and when it is read."""
SKEW = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A number that was told as live and is none."""

    name: str
    value: float
    reason: str

    def __str__(self) -> str:
        return f"{self.name} = {self.value:g}: {self.reason}"


class Truth:
    """The prices of one seed, as the exchange plays them."""

    def __init__(self, seed: int, start: datetime) -> None:
        day = session_on_or_before(exchange_date(start))
        self._prices = Prices(seed, session_of(day).close)

    def last(self, symbol: str, at: datetime) -> float:
        """Return the price of the last regular trade up to an instant."""
        at = last_trade(symbol, at)
        session = session_of(session_on_or_before(exchange_date(at)))
        if at >= session.close:
            return self._prices.closes.at(symbol, session.day)
        return self._prices.price(symbol, at)

    def previous_close(self, symbol: str, at: datetime) -> float:
        """Return the close before the session of a trade."""
        day = session_on_or_before(exchange_date(last_trade(symbol, at)))
        return self._prices.closes.at(symbol, previous_session(day))


def names() -> Mapping[str, tuple[str, str]]:
    """Return the metrics that are looked at, each with its symbol and what it tells of it."""
    cast = default_cast()
    return {
        f"{cast[symbol].slug}.{number}": (symbol, number)
        for symbol in SYMBOLS
        for number in NUMBERS
    }


def is_well(answer: Table, now: datetime) -> bool:
    """Return whether an answer tells every price as live, in a session by the stream again."""
    told, is_open = table_of(answer.get("metrics")), session_state(now).is_open
    prices = [
        (symbol, table_of(told.get(name)))
        for name, (symbol, number) in names().items()
        if number == NUMBERS[0]
    ]
    return all(
        price.get("state") == Look.LIVE
        and (price.get("source") == STREAM or not is_open or symbol in NOT_STREAMED)
        for symbol, price in prices
    )


def count_live(answer: Table) -> int:
    """Return how many numbers an answer tells as live."""
    told = table_of(answer.get("metrics"))
    return sum(table_of(told.get(name)).get("state") == Look.LIVE for name in names())


def wrong_in(
    answer: Table, truth: Truth, now: datetime, ahead: timedelta = timedelta(0)
) -> Iterator[Wrong]:
    """Yield what an answer tells as live and is not so.

    Args:
        answer: What the pane tells other programs.
        truth: What the servers know.
        now: When it was told, by the right clock.
        ahead: By how much the pane's own clock was ahead of that.
    """
    told = table_of(answer.get("metrics"))
    for name, (symbol, number) in names().items():
        document = table_of(told.get(name))
        value = document.get("value")
        if document.get("state") != Look.LIVE or not isinstance(value, float | int):
            continue
        struck = table_of(told.get(f"{default_cast()[symbol].slug}.last")).get("as_of")
        if not isinstance(struck, str):
            yield Wrong(name, float(value), "nothing tells when it was struck")
            continue
        at = datetime.fromisoformat(struck)
        reason = _why_wrong(truth, symbol, number, float(value), at)
        if number == NUMBERS[0] and not reason:
            reason = _why_not_live(default_cast()[symbol], at, now, abs(ahead))
        if reason:
            yield Wrong(name, float(value), reason)


def _why_wrong(truth: Truth, symbol: str, number: str, value: float, at: datetime) -> str:
    """Return why a number of a price struck within a second is wrong, empty if it is right."""
    before = truth.previous_close(symbol, at)
    prices = [truth.last(symbol, instant) for instant in (at, at + SECOND)]
    lowest, highest = min(prices) - CENT, max(prices) + CENT
    low, high = {
        "last": (lowest, highest),
        "previous_close": (before - CENT, before + CENT),
        "return.1d": (lowest / before - 1, highest / before - 1),
    }[number]
    if low <= value <= high:
        return ""
    return f"it was {low:g} to {high:g} at {at:%d %b %H:%M:%S} UTC"


def _why_not_live(instrument: Instrument, at: datetime, now: datetime, astray: timedelta) -> str:
    """Return why a price struck at an instant cannot be live, empty if it can."""
    if at > now + SKEW + astray:
        return f"it was struck {at - now} from now"
    newest = last_trade(instrument.symbol, now)
    is_old = newest - at > longest_live(instrument, astray)
    return f"the newest trade is {newest - at} younger" if is_old else ""


def longest_live(instrument: Instrument, astray: timedelta) -> timedelta:
    """Return how old a price may be that is told as live, with a clock that is so far astray."""
    behind = DELAY if instrument.cboe else timedelta(0)
    return STALE_AFTER[Cadence.QUOTE] + behind + astray + GRACE
