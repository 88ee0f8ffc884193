"""METRICS: every number on screen by name, with its unit, its meaning and its function."""

from __future__ import annotations

from market.metrics import implied, quote, ranges, realised, returns, strength
from market.metrics.metric import Metric

METRICS: tuple[Metric, ...] = (
    *quote.LINES,
    *returns.LINES,
    *ranges.LINES,
    *realised.LINES,
    *implied.LINES,
    *strength.LINES,
)
"""The lines of all families. A new family is one more line here."""
