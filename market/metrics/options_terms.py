"""Which expiries of a chain are shown, and what they mean for a fixed number of days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from math import sqrt

from market.metrics.option_forward import days_to
from market.metrics.subject import Unknown
from market.metrics.vix_method import ends_week
from market.option_study import ExpiryFigures
from market.options import Chain, Expiry
from market.sessions import exchange_date

WEEK, MONTH = 7, 30
"""Calendar days of the figures that have a name."""
MOST = 16
"""Expiries shown of a chain."""
NEAREST = 5
"""The soonest ones are shown whatever their day."""
WEEKS_TO = 45
"""Days ahead up to which each week's last expiry is shown, and from where on each month's."""


def ahead(chain: Chain) -> tuple[Expiry, ...]:
    """Return the expiries that are not past at the time of the quotes, soonest first."""
    return tuple(each for each in chain.expiries if each.settles > chain.as_of)


def shown(chain: Chain) -> tuple[Expiry, ...]:
    """Return the expiries to show, soonest first: the next days, then weeks, then months."""
    expiries = ahead(chain)
    by_rank = sorted(enumerate(expiries), key=lambda item: (_rank(*item, chain), item[0]))
    return tuple(expiries[place] for place, _ in sorted(by_rank[:MOST], key=_place))


def _place(item: tuple[int, Expiry]) -> int:
    return item[0]


def _rank(place: int, expiry: Expiry, chain: Chain) -> int:
    """0 is shown first; among equals the sooner one."""
    day = exchange_date(expiry.settles)
    if place < NEAREST:
        return 0
    if not ends_week(day):
        return 3
    if days_to(expiry.settles, chain.as_of) <= WEEKS_TO:
        return 1
    return 1 if _is_monthly(day) else 2


def _is_monthly(day: date) -> bool:
    """Whether a week's last session is the month's third Friday, or the day before it."""
    return 14 <= day.day <= 21


def iv_over(figures: Iterable[ExpiryFigures], days: int) -> float:
    """Return the volatility at the money over so many days, a fraction a year.

    Between the two expiries around them, along the straight line of the variance to expiry.
    """
    known = sorted((max(f.days, 1), f.iv) for f in figures if f.iv is not None)
    before = max((each for each in known if each[0] <= days), default=None)
    after = min((each for each in known if each[0] >= days), default=None)
    if before is None or after is None:
        raise Unknown(f"no two expiries with a volatility at the money enclose {days} days")
    if before[0] == after[0]:
        return before[1]
    (first, low), (last, high) = before, after
    share = (days - first) / (last - first)
    variance = low**2 * first * (1 - share) + high**2 * last * share
    return sqrt(variance / days)


def nearest_to(
    figures: Sequence[ExpiryFigures], days: int, has: Callable[[ExpiryFigures], bool]
) -> ExpiryFigures:
    """Return the expiry nearest to so many days away that has a figure; the sooner of two."""
    known = [each for each in figures if has(each)]
    if not known:
        raise Unknown("no expiry has it")
    return min(known, key=lambda each: abs(each.days - days))
