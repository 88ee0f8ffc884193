"""A volatility index from an option chain, by Cboe's methodology of 2025 (METRICS 11).

Not Cboe's own index: a model, of delayed quotes. The options out of the money on both sides of
the forward level are walked outward; a quote without bid or without ask is skipped, and two such
in succession end the walk. Their weighted sum is the variance of one term; two terms that enclose
30 days are interpolated. Nothing is made up: an empty wing, or a strike at the money without a
quote, means no index.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from math import sqrt

import msgspec

from market.metrics.option_forward import MINUTES_A_YEAR, forward_level, growth, minutes_to
from market.metrics.subject import Unknown
from market.options import Chain, Expiry, Option
from market.quotes import Phase
from market.sessions import NEW_YORK, exchange_date, session_on_or_before, session_state

MINUTES_A_DAY = 1_440
HORIZON = 30 * MINUTES_A_DAY
"""Minutes the index looks ahead."""
NEAREST, FARTHEST = 23 * MINUTES_A_DAY, 37 * MINUTES_A_DAY
"""The near term is farther away than the first, the next term no farther than the second."""
SETTLED_QUOTES = time(9, 45)
"""New York time from which on the opening's quotes are to be trusted."""
_FRIDAY = 4


class Strike(msgspec.Struct, frozen=True):
    """One strike of a strip and the price it counts with."""

    strike: float
    price: float


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """One expiry's variance and what it was made of."""

    settles: datetime
    minutes: int
    forward: float
    at_strike: float
    """The strike at or just below the forward level."""
    strip: tuple[Strike, ...]
    variance: float
    """A year's."""


class ModelIndex(msgspec.Struct, frozen=True):
    """The index with its two terms."""

    value: float
    """Volatility points."""
    near: Term
    next: Term


def chain_index(chain: Chain, rate: float, is_weekly: bool = True) -> ModelIndex:
    """Return the index of a chain at the time of its quotes; Unknown, with a reason, if none.

    Args:
        chain: With its expiries.
        rate: Continuously compounded, of about a month, a fraction a year.
        is_weekly: Whether only the expiries of Fridays count, as they do in Cboe's indices.
    """
    _refuse_unless_trading(chain.as_of)
    expiries = [e for e in chain.expiries if not is_weekly or ends_week(exchange_date(e.settles))]
    near, following = near_and_next(expiries, chain.as_of)
    terms = term(near, chain.as_of, rate), term(following, chain.as_of, rate)
    return ModelIndex(interpolated(*terms), *terms)


def ends_week(day: date) -> bool:
    """Return whether a day is a Friday, or the session before one that is a holiday."""
    return session_on_or_before(day + timedelta(days=_days_to_friday(day))) == day


def near_and_next(expiries: Iterable[Expiry], now: datetime) -> tuple[Expiry, Expiry]:
    """Return the two expiries that enclose 30 days, out of those 23 to 37 days away.

    An expiry that a holiday has moved ahead stands for its Friday.
    """
    ahead = [(_minutes_by_week(each.settles, now), each) for each in expiries]
    near = [pair for pair in ahead if NEAREST < pair[0] <= HORIZON]
    far = [pair for pair in ahead if HORIZON < pair[0] <= FARTHEST]
    if not near or not far:
        side = "23 to 30" if not near else "30 to 37"
        raise Unknown(f"no expiry is {side} days away")
    return max(near, key=_minutes)[1], min(far, key=_minutes)[1]


def term(expiry: Expiry, now: datetime, rate: float) -> Term:
    """Return one expiry's variance; Unknown where the chain does not give it."""
    minutes = minutes_to(expiry.settles, now)
    if minutes <= 0:
        raise Unknown("the expiry is past")
    years = minutes / MINUTES_A_YEAR
    grown = growth(rate, years)
    forward = forward_level(expiry, grown)
    at_strike, strip = selected(expiry, forward)
    return Term(
        settles=expiry.settles,
        minutes=minutes,
        forward=forward,
        at_strike=at_strike,
        strip=strip,
        variance=variance(strip, forward, at_strike, years, grown),
    )


def selected(expiry: Expiry, forward: float) -> tuple[float, tuple[Strike, ...]]:
    """Return the strike at the money and the strip of options, by ascending strike."""
    both = {option.strike for option in expiry.puts} & {option.strike for option in expiry.calls}
    at_strike = max((strike for strike in both if strike <= forward), default=None)
    if at_strike is None:
        raise Unknown(f"no strike is at or below the forward level of {forward:,.2f}")
    puts = walked(o for o in reversed(expiry.puts) if o.strike < at_strike)
    calls = walked(o for o in expiry.calls if o.strike > at_strike)
    if not puts or not calls:
        wing = "put below" if not puts else "call above"
        raise Unknown(f"no {wing} {at_strike:,g} is bid and asked for")
    middle = Strike(at_strike, _middle_price(expiry, at_strike))
    return at_strike, (*reversed(puts), middle, *calls)


def walked(outward: Iterable[Option]) -> list[Strike]:
    """Return the quoted options of a wing, given from the money outward, up to the cut.

    Two in succession that lack a bid or an ask end it, whatever is quoted beyond them.
    """
    kept: list[Strike] = []
    lacking = 0
    for option in outward:
        if (mid := option.mid) is None:
            lacking += 1
            if lacking == 2:
                break
            continue
        lacking = 0
        kept.append(Strike(option.strike, mid))
    return kept


def spacings(strikes: Sequence[float]) -> list[float]:
    """Return half the distance between each strike's neighbours; at the ends the whole to one."""
    gaps = [higher - lower for lower, higher in pairwise(strikes)]
    inner = [(left + right) / 2 for left, right in pairwise(gaps)]
    return [gaps[0], *inner, gaps[-1]]


def strip_sum(strip: Sequence[Strike]) -> float:
    """Return the sum of price x spacing / strike squared over at least two strikes."""
    widths = spacings([each.strike for each in strip])
    return sum(
        width * each.price / each.strike**2 for each, width in zip(strip, widths, strict=True)
    )


def variance(
    strip: Sequence[Strike], forward: float, at_strike: float, years: float, grown: float
) -> float:
    """Return the variance a year that a strip of options means; Unknown if it is not positive.

    Args:
        strip: Prices by ascending strike, the mean of call and put at the money.
        forward: The forward level.
        at_strike: The strike at or just below it.
        years: To expiry.
        grown: What one unit grows to until expiry.
    """
    correction = (forward / at_strike - 1) ** 2
    value = (2 * grown * strip_sum(strip) - correction) / years
    if value <= 0:
        raise Unknown("the quotes mean a variance that is not positive")
    return value


def interpolated(near: Term, following: Term) -> float:
    """Return the volatility over 30 days between two terms, points."""
    return thirty_day_index(near.minutes, near.variance, following.minutes, following.variance)


def thirty_day_index(
    near_minutes: int, near_variance: float, next_minutes: int, next_variance: float
) -> float:
    """Return the volatility over 30 days from the variances of two terms, points."""
    width = next_minutes - near_minutes
    near = near_minutes * near_variance * (next_minutes - HORIZON) / width
    following = next_minutes * next_variance * (HORIZON - near_minutes) / width
    return 100 * sqrt((near + following) / HORIZON)


def _middle_price(expiry: Expiry, at_strike: float) -> float:
    """The mean of call and put at the money, both of which must be quoted."""
    options = [o for o in (*expiry.calls, *expiry.puts) if o.strike == at_strike]
    mids = [mid for o in options if (mid := o.mid) is not None]
    if len(mids) < 2:
        raise Unknown(f"call or put at {at_strike:,g}, at the money, is not bid and asked for")
    return sum(mids) / 2


def _refuse_unless_trading(as_of: datetime) -> None:
    """Mids before the open and after the close are of nobody's making."""
    is_early = as_of.astimezone(NEW_YORK).time() < SETTLED_QUOTES
    if session_state(as_of).phase is not Phase.REGULAR or is_early:
        raise Unknown("the chain's quotes are not of regular trading, from 09:45 New York on")


def _minutes(pair: tuple[int, Expiry]) -> int:
    return pair[0]


def _minutes_by_week(settles: datetime, now: datetime) -> int:
    day = exchange_date(settles)
    moved = _days_to_friday(day) if ends_week(day) else 0
    return minutes_to(settles, now) + moved * MINUTES_A_DAY


def _days_to_friday(day: date) -> int:
    return (_FRIDAY - day.weekday()) % 7
