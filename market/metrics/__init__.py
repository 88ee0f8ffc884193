"""The named metrics: what they are (METRICS), and their functions by family."""

from market.metrics.catalogue import METRICS

__all__ = ["METRICS"]
