"""Measurements: `uv run python -m benchmarks [NAME...]`. Figures are ratios within one run."""
