"""Option chains made by hand, and by Black's formula where a whole one is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from math import erf, exp, log, sqrt

from msgspec.structs import replace

from market.options import Chain, Expiry, Option
from market.sessions import NEW_YORK

NOON = datetime(2026, 8, 4, 16, 0, tzinfo=UTC)
"""Noon in New York on a Tuesday."""


def settles(day: date, clock: time = time(16, 0)) -> datetime:
    return datetime.combine(day, clock, NEW_YORK).astimezone(UTC)


def quoted(strike: float, price: float, half: float = 0.0) -> Option:
    """An option with a bid and an ask around a price; not positive means no quote."""
    if price <= half:
        return Option(strike=strike, bid=0.0, ask=0.05)
    return Option(strike=strike, bid=price - half, ask=price + half)


def options_of(rows: Iterable[Sequence[float]]) -> tuple[Option, ...]:
    """Options of strike, bid and ask."""
    return tuple(Option(strike=strike, bid=bid, ask=ask) for strike, bid, ask in rows)


def expiry_of(
    calls: Iterable[Option], puts: Iterable[Option], at: datetime | None = None
) -> Expiry:
    return Expiry(at or settles(date(2026, 8, 28)), tuple(calls), tuple(puts))


def black(forward: float, iv: float, years: float, strikes: Sequence[float]) -> Expiry:
    """A chain of one volatility without interest, its deltas and volatilities with it."""
    pairs = [_pair(forward, iv, years, strike) for strike in strikes]
    return expiry_of([call for call, _ in pairs], [put for _, put in pairs])


def _pair(forward: float, iv: float, years: float, strike: float) -> tuple[Option, Option]:
    width = iv * sqrt(years)
    above = log(forward / strike) / width + width / 2
    call = forward * _normal(above) - strike * _normal(above - width)
    delta = _normal(above)
    return (
        replace(quoted(strike, call), iv=iv, delta=delta),
        replace(quoted(strike, call - forward + strike), iv=iv, delta=delta - 1),
    )


def _normal(value: float) -> float:
    return (1 + erf(value / sqrt(2))) / 2


def chain_of(*expiries: Expiry, as_of: datetime = NOON, price: float = 100.0) -> Chain:
    return Chain("IWM", price, as_of, "test", expiries)


def growth_of(rate: float, years: float) -> float:
    return exp(rate * years)
