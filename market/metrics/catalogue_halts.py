"""METRICS of trading halts."""

from __future__ import annotations

from market.holdings import WHOLE_MARKET
from market.instruments import INDEX, Role
from market.metrics.metric import Cadence, Metric, Unit

LISTED = frozenset({Role.TRACKER, Role.BENCHMARK, Role.SECTOR, Role.THEME, Role.WATCHED})
"""Instruments that trade on an exchange of stocks."""

OF_HALTS = (
    Metric(
        name="halts.members",
        unit=Unit.COUNT,
        cadence=Cadence.CENSUS,
        meaning="Members whose trading an exchange has halted, traded today or not.",
        only=INDEX,
        symbols=(WHOLE_MARKET,),
    ),
    Metric(
        name="{slug}.halt",
        unit=Unit.WORD,
        cadence=Cadence.CENSUS,
        meaning="Whether an exchange has halted trading: halted or trading.",
        words=("halted", "trading"),
        roles=LISTED,
        symbols=(WHOLE_MARKET,),
    ),
)
