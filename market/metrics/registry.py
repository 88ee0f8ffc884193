"""FUNCTIONS: how every metric of METRICS is worked out, by its name."""

from __future__ import annotations

from collections.abc import Mapping

from market.metrics import (
    implied,
    member_liquidity,
    members,
    quote,
    ranges,
    realised,
    returns,
    strength,
    tracking,
)
from market.metrics.readings import Function

FUNCTIONS: Mapping[str, Function] = {
    **quote.FUNCTIONS,
    **returns.FUNCTIONS,
    **ranges.FUNCTIONS,
    **realised.FUNCTIONS,
    **implied.FUNCTIONS,
    **strength.FUNCTIONS,
    **members.FUNCTIONS,
    **member_liquidity.FUNCTIONS,
    **tracking.FUNCTIONS,
}
"""The functions of all families. A new family is one more line here."""
