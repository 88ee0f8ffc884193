"""The expiries of a chain that are ahead, and what they mean for a fixed number of days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import sqrt

from market.metrics.subject import Unknown
from market.option_study import ExpiryFigures
from market.options import Chain, Expiry

WEEK, MONTH = 7, 30
"""Calendar days of the figures that have a name."""


def ahead(chain: Chain) -> tuple[Expiry, ...]:
    """Return the expiries that are not past at the time of the quotes, soonest first."""
    return tuple(each for each in chain.expiries if each.settles > chain.as_of)


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
