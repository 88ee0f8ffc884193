"""Net creations of a fund over 1, 5 and 20 sessions, and their place in the fund's own year.

Only what was counted is known. Where there is too little of it, the sum is not shortened or filled
in: it says how far the collecting has come.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from market.fund_flow_study import Creation, FlowSum, Ledger
from market.metrics.ranks import percentile
from market.metrics.subject import Unknown

YEAR, FEWEST = 252, 200
"""Sums a percentile looks at, and how many of them must be known."""


def flow_sum(known: Ledger, window: int) -> FlowSum:
    """Return the sum over the newest sessions of a fund's ledger."""
    found = _sum(known.creations, window)
    if known.pending is not None and found.dollars is not None:
        day = known.pending.day
        words = f"the count of {day.day} {day:%b} awaits confirmation"
        return msgspec.structs.replace(found, reason=words)
    return found


def flow_percentile(known: Ledger, window: int) -> float:
    """Return the share of a year's sums, each in per cent of assets, that are not above the last.

    Unknown until enough of them have been collected.
    """
    ends = range(max(0, len(known.creations) - YEAR), len(known.creations))
    sums = [_sum(known.creations[max(0, end + 1 - window) : end + 1], window).share for end in ends]
    shares = [share for share in sums if share is not None]
    if len(shares) < FEWEST:
        raise Unknown(f"collecting, {len(shares)} of {FEWEST} days")
    return percentile(shares, shares[-1])


def _sum(creations: Sequence[Creation], window: int) -> FlowSum:
    covered, dollars = 0, 0.0
    for each in reversed(creations):
        covered += each.sessions
        dollars += each.dollars
        if covered >= window:
            share = dollars / each.assets
            return FlowSum(window=window, sessions=covered, dollars=dollars, share=share)
    return FlowSum(
        window=window, sessions=covered, reason=f"collecting, {covered} of {window} days"
    )
