"""The forward level an option chain implies by put-call parity, and the time to an expiry."""

from __future__ import annotations

from datetime import datetime
from math import exp

from market.metrics.subject import Unknown
from market.options import Expiry
from market.sessions import NEW_YORK, exchange_date

DAYS_A_YEAR = 365
MINUTES_A_YEAR = 525_600


def minutes_to(settles: datetime, now: datetime) -> int:
    """Return the whole minutes to a settlement on New York's clock, days counting 24 hours.

    Not positive once it is past.
    """
    start, end = (t.astimezone(NEW_YORK).replace(tzinfo=None) for t in (now, settles))
    return int((end - start).total_seconds() // 60)


def days_to(settles: datetime, now: datetime) -> int:
    """Return the calendar days to the date of a settlement; Unknown once it is past."""
    if settles <= now:
        raise Unknown("the expiry is past")
    return (exchange_date(settles) - exchange_date(now)).days


def years_to(days: int) -> float:
    """Return the years that so many days count for options: on the last day, one day."""
    return max(days, 1) / DAYS_A_YEAR


def growth(rate: float, years: float) -> float:
    """Return what one unit grows to at a continuously compounded rate, a fraction a year."""
    return exp(rate * years)


def parity(strike: float, call: float, put: float, grown: float) -> float:
    """Return the forward level from a call and a put of one strike.

    Args:
        strike: Of both.
        call: Its price.
        put: Its price.
        grown: What one unit grows to until expiry.
    """
    return strike + grown * (call - put)


def forward_level(expiry: Expiry, grown: float) -> float:
    """Return the forward level at the strike where call and put cost most nearly the same.

    Only strikes at which both are bid and asked for count; Unknown if there is none.
    """
    puts = {option.strike: option.mid for option in expiry.puts}
    pairs = [
        (abs(call.mid - put), call.strike, call.mid, put)
        for call in expiry.calls
        if call.mid is not None and (put := puts.get(call.strike)) is not None
    ]
    if not pairs:
        raise Unknown("no strike has both a call and a put that are bid and asked for")
    _difference, strike, call, put = min(pairs)
    return parity(strike, call, put, grown)
