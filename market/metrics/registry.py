"""FUNCTIONS: how every metric of METRICS is worked out, by its name."""

from __future__ import annotations

from collections.abc import Mapping

from market.metrics import (
    calendar_figures,
    flow_readings,
    halts,
    implied,
    member_liquidity,
    members,
    options_readings,
    policy,
    published_figures,
    quote,
    ranges,
    realised,
    returns,
    strength,
    tracking,
    volatility_depth,
    volatility_term,
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
    **options_readings.FUNCTIONS,
    **member_liquidity.FUNCTIONS,
    **tracking.FUNCTIONS,
    **policy.FUNCTIONS,
    **published_figures.FUNCTIONS,
    **calendar_figures.FUNCTIONS,
    **halts.FUNCTIONS,
    **flow_readings.FUNCTIONS,
    **volatility_depth.FUNCTIONS,
    **volatility_term.FUNCTIONS,
}
"""The functions of all families. A new family is one more line here."""
