"""Prices that are beyond belief beside the daily closes around them (METRICS 18)."""

from __future__ import annotations

from datetime import timedelta
from math import isfinite, log

from market.instruments import Instrument, Role
from market.metrics.closes import bar_day
from market.quotes import Bars, Quote
from market.sessions import exchange_date

INDEX_LIMIT = log(2)
ABSURD_LIMIT = log(20)
"""Logarithmic moves that no day brings: to an index, to anything else."""
LEAST_WITNESSES, WITNESSES = 3, 5
"""Daily closes that must all contradict a price: one of them may be the absurd number itself."""
RECENT = timedelta(days=12)
"""Older closes are no witnesses; no exchange is closed for longer."""


def limit_of(instrument: Instrument) -> float:
    """Return how far apart two neighbouring prices of an instrument may be, as a logarithm."""
    is_index = instrument.role in {Role.INDEX, Role.BENCHMARK}
    return INDEX_LIMIT if is_index else ABSURD_LIMIT


def absurdity(quote: Quote, daily: Bars | None, instrument: Instrument) -> str:
    """Return why a last price cannot be true, or nothing if it can.

    A price is believed unless all of the newest daily closes are beyond the limit from it.

    Args:
        quote: The last price.
        daily: Completed daily bars.
        instrument: Whose they are.
    """
    if daily is None or exchange_date(quote.as_of) - bar_day(daily, len(daily) - 1) > RECENT:
        return ""
    closes = [close for close in daily.close[-WITNESSES:] if close > 0 and isfinite(close)]
    limit, level = limit_of(instrument), log(quote.last)
    if len(closes) < LEAST_WITNESSES or any(abs(level - log(close)) <= limit for close in closes):
        return ""
    return (
        f"{quote.source}'s last price {quote.last:,.10g} is not used: it cannot be true beside"
        f" the daily close {closes[-1]:,.10g}"
    )
