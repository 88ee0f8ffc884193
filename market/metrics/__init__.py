"""METRICS: every number on screen by name, with its unit, its meaning and its function."""

from market.metrics.registry import METRICS

__all__ = ["METRICS"]
