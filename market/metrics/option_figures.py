"""What an option chain says besides its price: expected moves, put/call ratios, skew (METRICS 12).

Implied volatilities are fractions a year, moves in the unit of the underlying, days are calendar
days. What a chain cannot tell is Unknown, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from math import pi, sqrt
from typing import TypeVar

from market.metrics.option_forward import days_to, forward_level, growth, years_to
from market.metrics.subject import Unknown
from market.option_study import ExpiryFigures, PutCall, Straddle
from market.options import Chain, Expiry, Option

SIGMAS_A_STRADDLE = sqrt(pi / 2)
"""Standard deviations in the price of a straddle at the forward: it is their mean distance."""
WING_DELTA = 0.25

T = TypeVar("T")


def expected_move(price: float, iv: float, years: float) -> float:
    """Return one standard deviation of a price over some time, in its unit.

    Args:
        price: Of the underlying.
        iv: Implied volatility, a fraction a year.
        years: By `years_to`, which is never less than a day.
    """
    return price * iv * sqrt(years)


def straddle_move(price: float, grown: float = 1.0) -> float:
    """Return the standard deviation that a straddle at the forward means, in its unit.

    Args:
        price: Of call and put together, paid today.
        grown: What one unit grows to until expiry.
    """
    return SIGMAS_A_STRADDLE * price * grown


def straddle_at(expiry: Expiry, forward: float) -> Straddle:
    """Return the straddle nearest to the forward level of those with both legs quoted."""
    puts = {option.strike: option.mid for option in expiry.puts}
    pairs = [
        Straddle(call.strike, call.mid + put)
        for call in expiry.calls
        if call.mid is not None and (put := puts.get(call.strike)) is not None
    ]
    if not pairs:
        raise Unknown("no strike has both a call and a put that are bid and asked for")
    return min(pairs, key=lambda each: abs(each.strike - forward))


def put_call_volume(expiries: Iterable[Expiry]) -> PutCall:
    """Return the contracts traded in the day."""
    return _put_call(expiries, lambda option: option.volume)


def put_call_open_interest(expiries: Iterable[Expiry]) -> PutCall:
    """Return the contracts open after the session before."""
    return _put_call(expiries, lambda option: option.open_interest)


def _put_call(expiries: Iterable[Expiry], count: Callable[[Option], float | None]) -> PutCall:
    puts = calls = 0.0
    for expiry in expiries:
        puts += sum(count(option) or 0.0 for option in expiry.puts)
        calls += sum(count(option) or 0.0 for option in expiry.calls)
    return PutCall(puts, calls)


def at_the_money_iv(expiry: Expiry, forward: float) -> float:
    """Return the implied volatility at the forward level, between the strikes around it.

    At each strike the mean of call and put, or the one of them that has a volatility.
    """
    known: dict[float, list[float]] = {}
    for option in (*expiry.calls, *expiry.puts):
        if option.iv:
            known.setdefault(option.strike, []).append(option.iv)
    points = sorted((strike, sum(ivs) / len(ivs)) for strike, ivs in known.items())
    return _between(points, forward, "strikes with an implied volatility do not enclose the money")


def skew_25(expiry: Expiry) -> float:
    """Return the implied volatility of the 25-delta put less the 25-delta call's, a fraction."""
    sides = tuple(reversed(expiry.puts)), expiry.calls
    put, call = (
        _between(_by_delta(outward), WING_DELTA, f"no {name}s enclose a delta of 25")
        for outward, name in zip(sides, ("put", "call"), strict=True)
    )
    return put - call


def _by_delta(outward: Iterable[Option]) -> list[tuple[float, float]]:
    """Volatilities by the size of delta, which falls with every strike farther out.

    Rows without either, and those that break the order, are of a quote gone wrong.
    """
    points: list[tuple[float, float]] = []
    smallest = 1.0
    for option in outward:
        size = abs(option.delta) if option.iv and option.delta is not None else 0.0
        if option.iv and 0 < size < smallest:
            points.append((size, option.iv))
            smallest = size
    return points


def _between(points: Sequence[tuple[float, float]], place: float, reason: str) -> float:
    """The value at a place by the straight line between the points around it."""
    below = max((point for point in points if point[0] <= place), default=None)
    above = min((point for point in points if point[0] >= place), default=None)
    if below is None or above is None:
        raise Unknown(reason)
    width = above[0] - below[0]
    share = (place - below[0]) / width if width else 0.0
    return below[1] + share * (above[1] - below[1])


def term_structure(chain: Chain, rate: float) -> tuple[ExpiryFigures, ...]:
    """Return the figures of every expiry that is not past, soonest first.

    Args:
        chain: With its expiries and the time of its quotes.
        rate: Continuously compounded, a fraction a year.
    """
    return tuple(
        figures_of(each, chain, rate) for each in chain.expiries if each.settles > chain.as_of
    )


def figures_of(expiry: Expiry, chain: Chain, rate: float) -> ExpiryFigures:
    """Return what a chain says of one of its expiries; Unknown if it is past."""
    days = days_to(expiry.settles, chain.as_of)
    years = years_to(days)
    grown, missing = growth(rate, years), list[str]()
    forward = _known(partial(forward_level, expiry, grown), missing)
    iv = straddle = None
    if forward is not None:
        iv = _known(partial(at_the_money_iv, expiry, forward), missing)
        straddle = _known(partial(straddle_at, expiry, forward), missing)
    return ExpiryFigures(
        settles=expiry.settles,
        days=days,
        forward=forward,
        iv=iv,
        move=None if iv is None else expected_move(chain.price, iv, years),
        straddle=straddle,
        straddle_move=None if straddle is None else straddle_move(straddle.price, grown),
        skew=_known(partial(skew_25, expiry), missing),
        reason="; ".join(missing),
    )


def _known(figure: Callable[[], T], missing: list[str]) -> T | None:
    """A figure, or None and its reason among those of what is missing."""
    try:
        return figure()
    except Unknown as reason:
        missing.append(str(reason))
        return None
