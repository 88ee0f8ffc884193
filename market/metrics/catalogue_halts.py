"""METRICS of trading halts."""

from __future__ import annotations

from market.holdings import WHOLE_MARKET
from market.instruments import INDEX
from market.metrics.metric import Cadence, Metric, Unit

OF_HALTS = (
    Metric(
        name="halts.members",
        unit=Unit.COUNT,
        cadence=Cadence.CENSUS,
        meaning="Members whose trading an exchange has halted, traded today or not.",
        only=INDEX,
        symbols=(WHOLE_MARKET,),
    ),
)
